//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Arrays declared outside of the loop that each iteration fills before it reads them:
//
//     for (i = 0; i < n; i++) {
//       for (j = 0; j < m; j++) tmp[j] = ...;
//       for (j = 0; j < m; j++) ... = tmp[j];
//     }
//
// Each worker fills and reads memory of its own. What the last iteration leaves there
// is what the loop leaves: the worker that runs it copies it back. For the overlap
// test the array is a cell (see abi.h), which meets all other accesses, those too that
// lead there without anyone knowing.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SCRATCH_H
#define FERRY_SCRATCH_H

#include "Conditions.h"

namespace llvm {
class Instruction;
class SCEV;
class ScalarEvolution;
class Use;
} // namespace llvm

namespace ferry {

struct Shape;

struct Scratch {
  llvm::Value *Object;       // what the addresses are computed from
  const llvm::SCEV *Begin;   // bytes from there to the first one that is filled
  const llvm::SCEV *Size;    // how many are filled, without gaps
  uint64_t Before = 0;       // bytes before Begin that each iteration only reads
  llvm::SmallVector<llvm::Use *, 8> Uses; // the addresses, in the loop
  llvm::SmallVector<Condition, 2> When;   // else no iteration fills it
  const llvm::Instruction *By = nullptr;  // one that fills it
};

// Fills in Scratches, with the conditions under which that is right; may make the
// shape less parallel.
void findScratch(Shape &S, const ShapeContext &C);

// Is the address one of Uses?
bool isScratch(const Shape &S, const llvm::Use &Address);

// Adds what the overlap test has to know of it.
void addAccesses(const Scratch &X, Shape &S, llvm::ScalarEvolution &SE);

} // namespace ferry
#endif
