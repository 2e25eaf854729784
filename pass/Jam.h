//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sums in the order of the program, several at a time. An inner loop that adds
// up floating-point numbers waits for each addition, and may not be vectorised:
// the order counts. But the iterations of a parallel loop around it are
// independent, so a worker may run a few of them together, each in its own
// order, and the bits stay the same. Where they touch neighbouring elements, the
// vectoriser makes one vector of them.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_JAM_H
#define FERRY_JAM_H

#include "llvm/IR/PassManager.h"

namespace ferry {

struct Shape;

// On the metadata of the loops in a worker that are parallel dims.
constexpr const char *ParallelLoop = "ferry.parallel";

// May iterations of the worker of that shape be interleaved?
bool mayJam(const Shape &S);

// From the loops of a worker, when it is finished.
void removeMarks(llvm::Function &Worker);

// A variant of the worker, where one may pay; else null. Both do the same.
llvm::Function *jamWorker(llvm::Function &Worker, llvm::FunctionAnalysisManager &FAM);

} // namespace ferry
#endif
