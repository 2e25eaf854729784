//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How often the loops of a nest run, as affine forms of the loops around them.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TRIPS_H
#define FERRY_TRIPS_H

#include "Shape.h"

namespace ferry {

// Is the number of iterations known when the loop starts, if perhaps only under
// a condition that can be checked then?
bool hasCount(const llvm::Loop &X, llvm::ScalarEvolution &SE);

// Fills in Dims: all loops that have a bound, outermost first. A loop without
// one is right as long as no access moves with it.
void describeTrips(Shape &S, llvm::ScalarEvolution &SE);

} // namespace ferry
#endif
