//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Parts of a loop that run in all of its iterations or in none.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CONDITIONS_H
#define FERRY_CONDITIONS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class BasicBlock;
class BranchInst;
class Loop;
class Value;
} // namespace llvm

namespace ferry {

struct ShapeContext;

// The same in all iterations: whether it must hold or not, and where that is decided.
// Invariant, or computed in the loop from nothing but invariants.
struct Condition {
  llvm::Value *Test;
  bool Holds;
  const llvm::BranchInst *At;
};

bool sameConditions(llvm::ArrayRef<Condition> A, llvm::ArrayRef<Condition> B);

// Does the block happen in each iteration of L, provided that conditions hold? Adds
// them to Out, the innermost one first.
bool findConditions(const llvm::BasicBlock &Block, const llvm::Loop &L,
                    const ShapeContext &C, llvm::SmallVectorImpl<Condition> &Out);

} // namespace ferry
#endif
