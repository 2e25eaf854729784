//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What can be said of the independence of a described nest without running it:
// certain dependences, and the verdict where all numbers are constants.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DEPENDENCE_H
#define FERRY_DEPENDENCE_H

#include "Shape.h"

namespace ferry {

// Do A and B certainly meet in different iterations of the dim, as soon as it
// has more than a few? Nothing is known of what the strides are, but equal
// expressions are equal numbers.
bool dependsIn(const Access &A, const Access &B, unsigned Dim, const Shape &S,
               llvm::ScalarEvolution &SE);

// Narrows Parallel to the widest box that may be independent, and sets
// Independent where that is certain, or Meets. Finds the stages.
Refusal decideParallel(Shape &S, const ShapeContext &C);

} // namespace ferry
#endif
