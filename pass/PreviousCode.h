//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a worker computes what the iteration before its first one would have
// handed on (see Previous.h).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_PREVIOUSCODE_H
#define FERRY_PREVIOUSCODE_H

#include "Shape.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace llvm {
class BasicBlock;
class IRBuilderBase;
} // namespace llvm

namespace ferry {

// Values of an Induction's Step and Change; the latter may be null.
struct InductionStep {
  llvm::Value *First, *Change;
  InductionStep mapped(llvm::ValueToValueMapTy &Map) const;
};

// The value of a header phi in that iteration, a number of 64 bits.
llvm::Value *inductionAt(llvm::IRBuilderBase &B, llvm::Value *Start,
                         const InductionStep &Step, llvm::Value *Iteration);

// Gives the phis of S.Previous, cloned, their values at iteration Lo. Entry is
// the preheader of the clone; returns what it is then. Map leads from the loop
// to the clone, whose phis start as they do in the loop.
llvm::BasicBlock *startPrevious(const Shape &S,
                                llvm::ArrayRef<InductionStep> Steps,
                                llvm::ValueToValueMapTy &Map,
                                llvm::BasicBlock *Entry, llvm::Value *Lo);

} // namespace ferry
#endif
