//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The members of a structure, the elements of a short loop that was unrolled,
// the points of a stencil: accesses side by side that move together touch the
// same bytes as one wide access.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_NEIGHBOURS_H
#define FERRY_NEIGHBOURS_H

#include "Shape.h"

namespace ferry {

// Makes one access of neighbours, and one condition of equal ones.
void uniteNeighbours(Shape &S, llvm::ScalarEvolution &SE);

} // namespace ferry
#endif
