//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A parallel loop with several loops in it, one after the other, as several loops with
// one each, so that iterations of these can be run together (Jam.h):
//
//   for j { A; for i B; C; for i D; E }
//
// becomes, for sixteen iterations at a time,
//
//   for j { A; for i B }   for j { C; for i D; E }
//
// Iterations of j are independent, so that each may wait for all others in between. What
// an iteration hands from one part to the next is kept in an array meanwhile.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DISTRIBUTE_H
#define FERRY_DISTRIBUTE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/PassManager.h"

namespace llvm {
class Loop;
} // namespace llvm

namespace ferry {

struct Distributed {
  llvm::Function *Run = nullptr; // a worker that calls the parts; null: it cannot be done
  llvm::SmallVector<llvm::Function *, 3> Parts;
};

// L: the outermost loop of a worker in loop-simplify and LCSSA form, a dim of its box.
// The worker is only read.
Distributed distribute(llvm::Function &Worker, llvm::Loop &L,
                       llvm::FunctionAnalysisManager &FAM);

} // namespace ferry
#endif
