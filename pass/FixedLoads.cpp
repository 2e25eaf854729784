//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedLoads.h"
#include "Calls.h"
#include "FixedPlaces.h"
#include "LoopCopy.h"
#include "Shape.h"
#include "Work.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxCloned = 40000; // instructions, for one function

// Nothing helps where something else has to happen in order.
bool onlyComputes(const Loop &L, const TargetLibraryInfo &TLI) {
  return all_of(L.blocks(), [&](BasicBlock *B) {
    return all_of(*B, [&](Instruction &I) {
      auto *Call = dyn_cast<CallBase>(&I);
      return !I.isVolatile() && !I.isAtomic() &&
             (!Call || isa<MemIntrinsic>(Call) || Call->isLifetimeStartOrEnd() ||
              effectOf(*Call, TLI) != CallEffect::Refused);
    });
  });
}

bool hasForm(const Loop &L) {
  return L.isLoopSimplifyForm() && L.getExitingBlock() == L.getLoopLatch() &&
         L.getUniqueExitBlock() && isa<BranchInst>(L.getLoopLatch()->getTerminator());
}

Loop *copyOf(const Loop &L, const LoopInfo &LI) {
  Loop *Parent = L.getParentLoop();
  return findCopy(L, Parent ? ArrayRef<Loop *>(Parent->getSubLoops())
                            : ArrayRef<Loop *>(LI.getTopLevelLoops()));
}

// The header of the copy that a loop has or gets.
BasicBlock *makeCopy(Function &F, FunctionAnalysisManager &FAM,
                     BasicBlock &Header) {
  LoopInfo &LI = FAM.getResult<LoopAnalysis>(F);
  Loop *L = LI.getLoopFor(&Header);
  if (Loop *Copy = copyOf(*L, LI))
    return hasForm(*Copy) ? Copy->getHeader() : nullptr;
  BasicBlock *New = copyLoop(*L, FAM.getResult<DominatorTreeAnalysis>(F)).front();
  FAM.invalidate(F, PreservedAnalyses::none());
  return New;
}

class Fixer {
public:
  Fixer(Function &F, FunctionAnalysisManager &FAM, int64_t Threshold,
        FixedLoads &Out)
      : F(F), FAM(FAM), Threshold(Threshold), Out(Out) {}

  bool run() {
    SmallVector<BasicBlock *, 8> Won;
    for (Loop *L : FAM.getResult<LoopAnalysis>(F))
      visit(*L, Won);
    for (BasicBlock *Header : Won)
      if (BasicBlock *Copy = makeCopy(F, FAM, *Header))
        Out[Copy] = fixAll(F, FAM, *Copy);
    return !Won.empty();
  }

private:
  void visit(Loop &L, SmallVectorImpl<BasicBlock *> &Won) {
    if (choiceOfCopy(L))
      return;
    ShapeContext C = contextOf(F, FAM, nullptr);
    Shape S;
    Loop *Copy = copyOf(L, C.LI), &X = Copy ? *Copy : L;
    Refusal R = describeWorthwhile(X, C, Threshold, S);
    if (!R && S.Independent)
      return;
    if (R && mayFixingHelp(R.Why) && hasForm(X) && (Copy || onlyComputes(L, C.TLI)) &&
        canFixAny(X, C) && (Cloned += F.getInstructionCount()) < MaxCloned && isWon(L))
      Won.push_back(L.getHeader());
    else if (R) // copies inside would change the loop around them
      for (Loop *Inner : L.getSubLoops())
        visit(*Inner, Won);
  }

  bool isWon(const Loop &L) {
    bool Ok = false;
    tryOnClone(F, FAM, [&](Function &Trial, ValueToValueMapTy &Map) {
      BasicBlock *Copy = makeCopy(Trial, FAM, *cast<BasicBlock>(Map[L.getHeader()]));
      if (!Copy)
        return;
      FixedLoads Fixed;
      Fixed[Copy] = fixAll(Trial, FAM, *Copy);
      ShapeContext C = contextOf(Trial, FAM, &Fixed);
      Loop *X = C.LI.getLoopFor(Copy);
      Shape S;
      Ok = X && startsClean(*X) && !describeWorthwhile(*X, C, Threshold, S);
    });
    return Ok;
  }

  Function &F;
  FunctionAnalysisManager &FAM;
  int64_t Threshold;
  FixedLoads &Out;
  unsigned Cloned = 0;
};

} // namespace

bool mayFixingHelp(Reason R) {
  return R == Reason::Countless || R == Reason::InnerBound ||
         R == Reason::UnknownAddress || R == Reason::Recurrence ||
         R == Reason::SameLocation;
}

bool fixLoads(Module &M, FunctionAnalysisManager &FAM, int64_t Threshold,
              FixedLoads &Out) {
  SmallVector<Function *, 32> Functions;
  for (Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage() &&
        !examineFunction(F) && !FAM.getResult<LoopAnalysis>(F).empty())
      Functions.push_back(&F);
  bool Changed = false;
  for (Function *F : Functions)
    Changed |= Fixer(*F, FAM, Threshold, Out).run();
  return Changed;
}

} // namespace ferry
