//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop inside a box is the same box, one iteration thick in the dims around
// it. So the worker of the outermost loop serves both, and a nest is compiled
// twice and not once more for each of its loops.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SHAREDWORKER_H
#define FERRY_SHAREDWORKER_H

#include "Worker.h"

namespace ferry {

// Can the worker of Outer run the box of Inner, a loop inside it?
bool canShareWorker(const Shape &Inner, const Shape &Outer);

// A function that does so. Its context is that of the other, followed by the
// number of the iteration of each loop of Worker::Around.
Worker shareWorker(const Shape &Inner, const Shape &Outer, const Worker &Of);

} // namespace ferry
#endif
