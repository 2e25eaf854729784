//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Header phis that hold a value of the iteration before, where that value does
// not depend on what came before it: a worker that starts in the middle can
// compute it. The optimiser makes them from a[i] and a[i + 1].
//
// In iteration 0 the phi is its start value. In iteration i > 0 it is what the
// slice, the instructions behind its next value, gave in iteration i - 1. They
// dominate the latch, so they ran there; the worker runs them again before its
// first iteration, with the counters of the iteration before. Values of
// counters are the same then, so all depends on memory. A load of the slice
// read address A(k) in iteration k. That the worker reads the same there at the
// start of any later iteration holds if no iteration writes A(k), for any k but
// the last. (Nothing less would do: what iteration k + 1 and later ones write
// would come too early for a worker that starts late, or is already excluded
// because iteration k reads A(k); what iteration k itself writes to A(k) after
// it has read it comes too late.) This is said to the overlap test as if every
// iteration read all of A(0) .. A(n - 2).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_PREVIOUS_H
#define FERRY_PREVIOUS_H

#include "Reason.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Instruction;
class PHINode;
class SCEV;
class ScalarEvolution;
} // namespace llvm

namespace ferry {

struct Shape;
struct ShapeContext;

struct Previous {
  llvm::PHINode *Phi;
  // What computes its next value from inductions, invariants and other
  // previous values, in order; empty if it is one of those itself.
  llvm::SmallVector<llvm::Instruction *, 8> Slice;
  unsigned Depth = 1; // how many iterations back it looks
};

// Takes the phis that are previous values out of Phis, into S.Previous.
void findPrevious(Shape &S, const ShapeContext &C,
                  llvm::SmallVectorImpl<llvm::PHINode *> &Phis);

// Adds a read whose address depends on a previous value and on nothing else
// that changes from one iteration of the nest to the next: every iteration
// reads where the start value leads, and where it leads in all but the last
// one. False, and nothing done, if that cannot be described.
bool addReadThroughPrevious(Shape &S, llvm::ScalarEvolution &SE,
                            const llvm::SCEV *Address, const llvm::SCEV *Width,
                            const llvm::Instruction &By);

// Adds what the workers read again to the described accesses.
Refusal describePrevious(Shape &S, const ShapeContext &C);

} // namespace ferry
#endif
