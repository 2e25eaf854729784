//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How much a nest does: an estimate of its machine instructions, which the
// inline guard compares with a threshold.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_WORK_H
#define FERRY_WORK_H

#include "Shape.h"

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

// The work as a value, an i64 that is not negative, at the insertion point.
llvm::Value *expandWork(const Shape &S, llvm::IRBuilderBase &B,
                        llvm::SCEVExpander &Expander);

} // namespace ferry
#endif
