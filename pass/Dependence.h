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

// Narrows Parallel to the widest box that may be independent, and sets
// Independent where that is certain.
Refusal decideParallel(Shape &S, const ShapeContext &C);

} // namespace ferry
#endif
