//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Objects whose size is known where the loop stands.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_OBJECTS_H
#define FERRY_OBJECTS_H

#include "Shape.h"

namespace ferry {

// The bytes that an object has which begins there; null where that is not known.
const llvm::SCEV *sizeOfObject(const llvm::Value &V, llvm::ScalarEvolution &SE);

// A read at an address that is not described, but computed from one object of
// known size: an access to the whole of it. False where there is none.
bool anywhereInObject(const llvm::SCEV *Address, const Shape &S,
                      llvm::ScalarEvolution &SE, Access &A);

// Is the address computed from an object that nothing in the loop writes, as the
// compiler knows? Then it does not matter what it reads there.
bool isApart(const llvm::SCEV *Address, const Shape &S,
             llvm::ScalarEvolution &SE);

} // namespace ferry
#endif
