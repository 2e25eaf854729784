//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iterations that need what those before them have written may still run at the same
// time, each some way behind the one before: a sweep over a grid in place, a
// triangular system, a factorisation. The runtime finds out how far (doacross.h in the
// runtime). Here is the worker for that: it asks before each iteration of a *stage*,
// a loop directly inside of the outer one.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_STAGES_H
#define FERRY_STAGES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class BasicBlock;
class Function;
class ScalarEvolution;
} // namespace llvm

namespace ferry {

struct Shape;

// The dims that are stages, in the order of the program. None where iterations cannot
// follow each other, or hardly look as if they needed to: in a stage that is a parallel
// loop itself, nobody need wait.
llvm::SmallVector<unsigned, 2> stagesOf(const Shape &S, llvm::ScalarEvolution &SE);

// Those whose iterations look independent within a row.
llvm::SmallVector<unsigned, 1> stagesTogether(const Shape &S, llvm::ScalarEvolution &SE);

// Does an iteration of a stage need values of the one before, apart from memory?
bool carriesInStages(const Shape &S, llvm::ScalarEvolution &SE);

// Of each access, conditions included, as abi.h has it.
llvm::SmallVector<uint8_t, 16> stageOfAccesses(const Shape &S);

struct StageLoop {
  unsigned Dim;
  llvm::BasicBlock *Header, *Latch; // in the worker
  bool Mark;                        // as an inner loop (Jam.h)
};

// A copy of the worker, as it was built, that asks, and promises nothing of
// independence. In some loops, it is only their strips that are marked.
llvm::Function *buildDoacross(llvm::Function &Worker, llvm::ArrayRef<StageLoop> Stages);

} // namespace ferry
#endif
