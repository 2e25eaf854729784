//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much a nest does: an estimate of its machine instructions. The inline guard
// compares it with a threshold, for a simple loop by counting iterations: each
// instruction there is paid by short loops that stay where they are.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_WORK_H
#define FERRY_WORK_H

#include "Shape.h"
#include "llvm/IR/ValueHandle.h"

namespace llvm {
class IRBuilderBase;
class SCEVExpander;
} // namespace llvm

namespace ferry {

// What the work of the whole nest cannot exceed, if anything.
std::optional<int64_t> largestWork(const Shape &S, llvm::ScalarEvolution &SE);

// describe(), which also refuses what is certainly not worth it.
Refusal describeWorthwhile(llvm::Loop &L, const ShapeContext &C,
                           int64_t Threshold, Shape &Out);

// The work is Units * Unit. What the guard compares is an i64, not poison, and compared
// signed; too large a number may look negative.
struct Work {
  llvm::WeakTrackingVH Units;
  // At least as much, as a rule, and without the divisions in Units, which short loops
  // would pay for; null where there are none. Units may be poison then.
  llvm::WeakTrackingVH Bound;
  int64_t Unit = 1;
  uint64_t MaxUnits = 1;
  bool Guessed = false; // it contains counts of which nothing is known

  llvm::Value *compared() const { return Bound ? Bound : Units; }
};

// At the insertion point.
Work expandWork(const Shape &S, llvm::IRBuilderBase &B,
                llvm::SCEVExpander &Expander);

// The product as a value: not negative, and within 62 bits.
llvm::Value *workInFull(const Work &W, llvm::Value *Units,
                        llvm::IRBuilderBase &B);

} // namespace ferry
#endif
