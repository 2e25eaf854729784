//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All loops are described before any code is built, and all workers are built
// before any loop is changed: what is cloned is always the program's own code.
//
//===----------------------------------------------------------------------===//
#include "Offload.h"
#include "../runtime/abi.h"
#include "Remarks.h"
#include "Shape.h"
#include "SharedWorker.h"
#include "Site.h"
#include "Work.h"
#include "Worker.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include <cstdlib>

using namespace llvm;

namespace ferry {

namespace {

constexpr const char *DoneFlag = "ferry.done";

struct Plan {
  Shape S;
  Worker W;
  SiteValues V;
};

struct FunctionPlan {
  Function *F;
  std::vector<std::unique_ptr<Plan>> Plans;
};

bool isHostModule(const Module &M) {
  const Triple &T = M.getTargetTriple();
  return T.isOSLinux() && M.getDataLayout().getPointerSizeInBits() == 64 &&
         (T.isX86_64() || T.isAArch64() || T.isRISCV64());
}

class FunctionPlanner {
public:
  FunctionPlanner(Function &F, FunctionAnalysisManager &FAM, OffloadOptions O)
      : C{F, FAM.getResult<LoopAnalysis>(F),
          FAM.getResult<ScalarEvolutionAnalysis>(F),
          FAM.getResult<DominatorTreeAnalysis>(F),
          FAM.getResult<TargetLibraryAnalysis>(F)},
        ORE(FAM.getResult<OptimizationRemarkEmitterAnalysis>(F)), Options(O) {}

  FunctionPlan plan() {
    FunctionPlan Out{&C.F, {}};
    Refusal Whole = examineFunction(C.F);
    for (Loop *L : C.LI)
      visit(*L, {}, Whole, Out);
    Said.emit(ORE);
    return Out;
  }

private:
  // The offloaded loop around a loop, if there is one.
  struct Around {
    Loop *L = nullptr;
    bool Independent = false;
  };

  // Loops inside a planned one may have sites of their own: they stay in the
  // original loop, which runs where the planned one is not independent.
  void visit(Loop &L, Around Planned, const Refusal &Whole, FunctionPlan &Out) {
    if (Planned.Independent) {
      Said.inside(L, *Planned.L);
      for (Loop *X : L.getSubLoops())
        visit(*X, Planned, Whole, Out);
      return;
    }
    auto P = std::make_unique<Plan>();
    Refusal R = Whole;
    if (!R)
      R = describe(L, C, P->S);
    if (!R)
      if (auto Work = largestWork(P->S, C.SE); Work && *Work <= Options.Threshold)
        R = {Reason::TooSmall, ""};
    if (Planned.L)
      Said.inside(L, *Planned.L);
    else if (R)
      Said.refused(L, R);
    else
      Said.offloaded(L, P->S.Parallel, !P->S.Independent);
    if (!R) {
      if (!Planned.L)
        Planned = {&L, P->S.Independent};
      Out.Plans.push_back(std::move(P));
    }
    for (Loop *X : L.getSubLoops())
      visit(*X, Planned, Whole, Out);
  }

  ShapeContext C;
  OptimizationRemarkEmitter &ORE;
  OffloadOptions Options;
  Remarks Said;
};

// The plan whose worker P can use as well. Outer loops come first.
Plan *findShared(FunctionPlan &FP, const Plan &P) {
  for (auto &Outer : FP.Plans)
    if (Outer.get() == &P)
      break;
    else if (Outer->S.L->contains(P.S.L) && canShareWorker(P.S, Outer->S))
      return Outer.get();
  return nullptr;
}

void buildWorkers(FunctionPlan &FP, ScalarEvolution &SE) {
  SCEVExpander Expander(SE, "ferry");
  for (auto &P : FP.Plans) {
    if (Plan *Outer = findShared(FP, *P)) {
      P->W = shareWorker(P->S, Outer->S, Outer->W);
      continue;
    }
    SmallVector<Value *, 4> Steps;
    Instruction *At = P->S.L->getLoopPreheader()->getTerminator();
    for (const Induction &I : P->S.Inductions)
      Steps.push_back(
          Expander.expandCodeFor(I.Step, I.Step->getType(), At->getIterator()));
    P->W = buildWorker(P->S, Steps);
  }
}

void insertSites(FunctionPlan &FP, ScalarEvolution &SE) {
  {
    SCEVExpander Expander(SE, "ferry");
    for (auto &P : FP.Plans)
      P->V = expandValues(P->S, P->W, Expander);
  }
  for (auto &P : FP.Plans)
    insertSite(P->S, P->W, P->V);
}

} // namespace

OffloadOptions optionsFromEnvironment() {
  OffloadOptions O{FERRY_DEFAULT_THRESHOLD};
  if (const char *Text = std::getenv("FERRY_THRESHOLD")) {
    int64_t Value;
    if (!StringRef(Text).getAsInteger(10, Value))
      O.Threshold = Value;
  }
  return O;
}

PreservedAnalyses OffloadPass::run(Module &M, ModuleAnalysisManager &MAM) {
  // -ffat-lto-objects runs the pipeline twice.
  if (!isHostModule(M) || M.getModuleFlag(DoneFlag))
    return PreservedAnalyses::all();
  auto &FAM = MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();

  std::vector<FunctionPlan> Functions;
  for (Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage() &&
        !FAM.getResult<LoopAnalysis>(F).empty())
      if (FunctionPlan FP = FunctionPlanner(F, FAM, Options).plan();
          !FP.Plans.empty())
        Functions.push_back(std::move(FP));
  nameJumps(M);
  if (Functions.empty())
    return PreservedAnalyses::all();

  auto evolution = [&](FunctionPlan &FP) -> ScalarEvolution & {
    return FAM.getResult<ScalarEvolutionAnalysis>(*FP.F);
  };
  for (FunctionPlan &FP : Functions)
    buildWorkers(FP, evolution(FP));
  for (FunctionPlan &FP : Functions) {
    insertSites(FP, evolution(FP));
    FAM.invalidate(*FP.F, PreservedAnalyses::none());
  }
  linkStub(M);
  for (FunctionPlan &FP : Functions)
    for (auto &P : FP.Plans)
      cleanWorker(*P->W.Run, FAM);
  M.addModuleFlag(Module::Max, DoneFlag, 1);
  return PreservedAnalyses::none();
}

void addFerryPasses(ModulePassManager &MPM, OffloadOptions O) {
  FunctionPassManager FPM;
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
  FPM.addPass(createFunctionToLoopPassAdaptor(
      LoopRotatePass(/*EnableHeaderDuplication=*/true, /*PrepareForLTO=*/false)));
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
  MPM.addPass(createModuleToFunctionPassAdaptor(std::move(FPM)));
  MPM.addPass(OffloadPass(O));
}

} // namespace ferry
