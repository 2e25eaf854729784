//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Local arrays whose life begins and ends inside one iteration: each worker
// gets its own.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_PRIVATEARRAYS_H
#define FERRY_PRIVATEARRAYS_H

#include "Shape.h"

namespace ferry {

// Fills in Private and PrivateAddresses of the shape.
Refusal findPrivateArrays(const llvm::Loop &L, const ShapeContext &C, Shape &S);

// Does the pointer lead into a private array of the shape?
bool isPrivate(const Shape &S, const llvm::Value *Pointer);

} // namespace ferry
#endif
