//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Conditions.h"
#include "Shape.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace ferry {

bool sameConditions(ArrayRef<Condition> A, ArrayRef<Condition> B) {
  return equal(A, B, [](const Condition &X, const Condition &Y) {
    return X.Test == Y.Test && X.Holds == Y.Holds;
  });
}

bool findConditions(const BasicBlock &Block, const Loop &L, const ShapeContext &C,
                    SmallVectorImpl<Condition> &Out) {
  const DominatorTree &DT = C.DT;
  const BasicBlock *B = &Block;
  while (!DT.dominates(B, L.getLoopLatch())) {
    const BasicBlock *Above = DT.getNode(B)->getIDom()->getBlock();
    auto *Branch = dyn_cast<BranchInst>(Above->getTerminator());
    if (!L.contains(Above) || !Branch)
      return false;
    const Loop *Inner = C.LI.getLoopFor(Above);
    const bool Leaves = Inner != &L && !Inner->contains(B) &&
                        Inner->getExitingBlock() == Above;
    if (Branch->isConditional() && !Leaves) {
      const bool IfTrue = DT.dominates({Above, Branch->getSuccessor(0)}, B),
                 IfFalse = DT.dominates({Above, Branch->getSuccessor(1)}, B);
      auto *Test = dyn_cast<Instruction>(Branch->getCondition());
      if (IfTrue == IfFalse ||
          !(L.isLoopInvariant(Branch->getCondition()) ||
            (Test && !isa<PHINode>(Test) && L.hasLoopInvariantOperands(Test))))
        return false;
      Out.push_back({Branch->getCondition(), IfTrue, Branch});
    }
    B = Above;
  }
  return true;
}

} // namespace ferry
