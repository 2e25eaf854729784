//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loop nest as a function that runs any box of its iterations.
//
//   void worker(ptr context, ptr lo, ptr hi, ptr partial)
//
// The blocks of the loop are cloned as they are. Header phis of the parallel
// dims start at  start + lo[k] * step,  a counter from lo[k] to hi[k] decides
// when to leave, and what boxes hand on starts from and ends in *partial. What
// an iteration needs of the one before is computed again. A box of one
// iteration is the loop's body.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_WORKER_H
#define FERRY_WORKER_H

#include "Jam.h"
#include "Shape.h"
#include "llvm/ADT/SetVector.h"

namespace llvm {
class StructType;
} // namespace llvm

namespace ferry {

struct InductionStep;
struct ScratchValues;

struct Worker {
  llvm::Function *Run = nullptr;
  llvm::Function *Doacross = nullptr;     // null without stages; see Stages.h
  llvm::Function *Combine = nullptr;      // null without a record
  llvm::Constant *Identity = nullptr;     // the same
  llvm::StructType *Context = nullptr;    // live-ins, then Around
  llvm::StructType *Partial = nullptr;    // see Record.h
  llvm::SmallSetVector<llvm::Value *, 16> LiveIns;
  // Loops whose iteration numbers follow the live-ins (see SharedWorker.h).
  llvm::SmallVector<const llvm::Loop *, 2> Around;
  llvm::SmallVector<InnerDim, 1> Inner;  // whose loops are marked
  llvm::SmallVector<InnerDim, 1> Stages; // the same, in Doacross
};

// The function of the loop is only read, but for values that have to be
// computed in the preheader. Steps: of Shape::Inductions.
Worker buildWorker(const Shape &S, llvm::ArrayRef<InductionStep> Steps,
                   const ScratchValues &Scratch);

// An internal function that is compiled as Host is, without the promises about
// its effects.
llvm::Function *createCompanion(llvm::Function &Host, llvm::FunctionType *FT,
                                const llvm::Twine &Suffix);

// For code that seldom runs and has no loops over data: optimising it would take
// much of what a small file takes to compile.
void leaveUnoptimised(llvm::Function &F);

// A companion with the parameters of a worker.
llvm::Function *createWorkerFunction(llvm::Function &Host,
                                     const llvm::Twine &Suffix);

// Simplify the worker, so that the vectoriser sees it as well as the original.
void cleanWorker(llvm::Function &Worker, llvm::FunctionAnalysisManager &FAM);

} // namespace ferry
#endif
