//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which memory does a loop touch? Each load, store, memset and memcpy as an
// access of the shape.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_ACCESSES_H
#define FERRY_ACCESSES_H

#include "Shape.h"

namespace ferry {

// Adds the accesses, dims and conditions of all memory instructions in S.L.
Refusal describeAccesses(Shape &S, const ShapeContext &C);

// Makes a load in S.L, or a phi that holds what was loaded in the iteration
// before, an access whose values are indices, with all that its address needs.
// Returns its number, or -1 where it cannot be one.
int addIndex(Shape &S, llvm::ScalarEvolution &SE, const llvm::Instruction &Value,
             bool Signed);

} // namespace ferry
#endif
