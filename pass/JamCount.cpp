//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "JamCount.h"
#include "LoopMarks.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;

namespace ferry {

namespace {

// Sums whose order counts.
unsigned countChains(const Loop &L) {
  unsigned Chains = 0;
  for (PHINode &Phi : L.getHeader()->phis()) {
    if (!Phi.getType()->isFloatingPointTy())
      continue;
    auto *Next = dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
    if (!Next || !L.contains(Next) || !isa<FPMathOperator>(Next) || Next->hasAllowReassoc())
      return 0;
    ++Chains;
  }
  return Chains;
}

// Where the memory accesses of the inner loop lie in neighbouring iterations of the outer
// one: at neighbouring elements, or apart. Those that stay where they are do not count.
struct Layout {
  unsigned NeighbourLoads = 0, OtherLoads = 0, NeighbourStores = 0, OtherStores = 0;
  uint64_t Widest = 0;        // bytes of a neighbour
  bool InnerIsDense = false;  // do some lie side by side in the inner loop as well?
};

Layout layoutOf(const Loop &Inner, const Loop &Outer, ScalarEvolution &SE) {
  Layout Out;
  for (BasicBlock *B : Inner.blocks())
    for (Instruction &I : *B) {
      Value *Pointer = const_cast<Value *>(getLoadStorePointerOperand(&I));
      if (!Pointer) {
        Out.OtherStores += I.mayReadOrWriteMemory();
        continue;
      }
      const uint64_t Size =
          I.getDataLayout().getTypeStoreSize(getLoadStoreType(&I)).getFixedValue();
      auto isSize = [&](const SCEV *Step) {
        auto *Constant = dyn_cast<SCEVConstant>(Step);
        return Constant && Constant->getAPInt().abs() == Size;
      };
      const SCEV *Address = SE.getSCEV(Pointer);
      bool Dense = false;
      if (auto *Rec = dyn_cast<SCEVAddRecExpr>(Address); Rec && Rec->getLoop() == &Inner) {
        Dense = isSize(Rec->getStepRecurrence(SE));
        Address = Rec->getStart();
      }
      auto *Rec = dyn_cast<SCEVAddRecExpr>(Address);
      const bool Moves = Rec && Rec->getLoop() == &Outer;
      auto *Step = Moves ? dyn_cast<SCEVConstant>(Rec->getStepRecurrence(SE)) : nullptr;
      const bool Neighbour = Step && Step->getAPInt() == Size;
      if (!Neighbour && !Moves && SE.isLoopInvariant(Address, &Outer) && isa<LoadInst>(I))
        continue;
      if (isa<LoadInst>(I))
        ++(Neighbour ? Out.NeighbourLoads : Out.OtherLoads);
      else
        ++(Neighbour ? Out.NeighbourStores : Out.OtherStores);
      Out.InnerIsDense |= Dense;
      if (Neighbour)
        Out.Widest = std::max(Out.Widest, Size);
    }
  return Out;
}

// Does the inner loop go down columns of arrays that are stored by rows? Neighbouring
// columns then become vectors, and all of a cache line is used.
bool walksColumns(const Layout &L) {
  return L.NeighbourStores && !L.OtherLoads && !L.OtherStores && !L.InnerIsDense;
}

// Additions take some four cycles, and two begin in each: eight hide that. Sums over
// neighbours become vectors, so there may be as many as vectors have lanes. Each
// stream from elsewhere takes a register, and a way of the cache.
unsigned count(const Loop &Inner, const Layout &L, bool Columns) {
  constexpr unsigned Line = 64;
  const unsigned Chains = countChains(Inner);
  if (!Chains && Columns)
    return std::min<uint64_t>(Line / L.Widest, 16);
  if (!Chains || Chains > 4)
    return 1;
  if (L.NeighbourLoads && !L.OtherLoads)
    return Chains == 1 ? 16 : 8;
  return L.OtherLoads + Chains <= 2 ? 8 : L.OtherLoads + Chains <= 4 ? 4 : 2;
}

} // namespace

JamCount chooseCount(const Loop &Inner, const Loop &Outer, ScalarEvolution &SE) {
  const Layout L = layoutOf(Inner, Outer, SE);
  const bool Columns = walksColumns(L) && isParallelLoop(Outer);
  return {count(Inner, L, Columns), L.OtherLoads > 0, Columns};
}

} // namespace ferry
