//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// print<ferry-shape>: what describe() says, for tests and for people.
//
//===----------------------------------------------------------------------===//
#include "Shape.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace ferry {

namespace {

const char *const Ids[] = {"",
#define FERRY_REASON(Identifier, Id, Sentence, Hint) Id,
#include "Reasons.def"
};

void printForm(const char *What, const AffineForm &A) {
  outs() << "  " << What << " " << *A.Base;
  for (auto [K, Stride] : enumerate(A.Strides))
    if (Stride)
      outs() << " + " << *Stride << " * i" << K;
}

void printShape(const Shape &S) {
  outs() << "parallel " << S.Parallel << " of " << S.Dims.size() << " dims"
         << (S.Independent ? ", independent" : "")
         << (S.Errno ? ", errno" : "") << (S.Uneven ? ", uneven" : "")
         << ", reductions " << S.Reductions.size() << ", private "
         << S.Private.size();
  if (!S.Previous.empty())
    outs() << ", previous " << S.Previous.size();
  if (!S.Kept.empty())
    outs() << ", kept " << S.Kept.size();
  outs() << "\n";
  for (auto [K, D] : enumerate(S.Dims)) {
    printForm("trip", D.Trip);
    if (is_contained(S.Stages, K))
      outs() << ", stage";
    if (D.Origin >= 0)
      outs() << ", from " << D.Origin;
    outs() << "\n";
  }
  for (const Access &A : S.Accesses) {
    static const char *const Roles[] = {"read", "index", "unsigned index",
                                        "pointer", "low", "cell", "apart"};
    printForm(A.Write && A.Is == Access::Plain ? "write" : Roles[A.Is], A.Address);
    outs() << " : " << *A.Width << " bytes";
    if (A.Source >= 0)
      outs() << ", at pointer " << A.Source;
    if (A.Certain)
      outs() << ", certain";
    outs() << "\n";
  }
  for (const Scratch &X : S.Scratches)
    outs() << "  scratch " << *X.Object << " from " << *X.Begin << ", " << *X.Size
           << " bytes, " << X.Uses.size() << " uses\n";
  for (const WrapCondition &W : S.Wraps) {
    printForm(W.Signed ? "signed" : "unsigned", W.Form);
    outs() << " in " << W.Bits << " bits\n";
  }
}

} // namespace

PreservedAnalyses ShapePrinterPass::run(Function &F,
                                        FunctionAnalysisManager &FAM) {
  ShapeContext C{F, FAM.getResult<LoopAnalysis>(F),
                 FAM.getResult<ScalarEvolutionAnalysis>(F),
                 FAM.getResult<DominatorTreeAnalysis>(F),
                 FAM.getResult<TargetLibraryAnalysis>(F)};
  outs() << "shapes of '" << F.getName() << "':\n";
  for (Loop *L : C.LI.getLoopsInPreorder()) {
    outs() << " loop %" << L->getHeader()->getName() << ": ";
    Shape S;
    Refusal R = examineFunction(F);
    if (!R)
      R = describe(*L, C, S);
    if (!R)
      printShape(S);
    else
      outs() << "refused [" << Ids[unsigned(R.Why)] << "]"
             << (R.Detail.empty() ? "" : " ") << R.Detail << "\n";
  }
  return PreservedAnalyses::all();
}

} // namespace ferry
