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
// If none of these can be run so, those of a loop inside may: a triangle, most often.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_JAM_H
#define FERRY_JAM_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/PassManager.h"
#include <optional>

namespace ferry {

struct Shape;

// A dim that is not parallel, but whose iterations may be independent within one
// iteration of the box. The runtime is asked (abi.h).
struct InnerDim {
  unsigned Number;
  llvm::SmallVector<uint8_t, 16> Kinds; // of all accesses, for that question
};
llvm::SmallVector<InnerDim, 1> innerDims(const Shape &S);

// The same of stages, which follow each other in a worker of their own (Stages.h).
llvm::SmallVector<InnerDim, 1> stageDims(const Shape &S, llvm::ArrayRef<unsigned> Dims);

// May iterations of the worker of that shape be interleaved?
bool mayJam(const Shape &S);

struct Jammed {
  llvm::Function *Run = nullptr;
  std::optional<unsigned> Inside = {}; // the InnerDim; none: parallel dims
};

// A variant of the worker, where one may pay. Both do the same.
Jammed jamWorker(llvm::Function &Worker, llvm::ArrayRef<InnerDim> Inner,
                 llvm::FunctionAnalysisManager &FAM);

// Which of the stages is interleaved in the worker now, and how many of its iterations.
struct JammedStage {
  const InnerDim *Stage = nullptr;
  unsigned Count = 1;
};
JammedStage jamStage(llvm::Function &Doacross, llvm::ArrayRef<InnerDim> Stages,
                     llvm::FunctionAnalysisManager &FAM);

} // namespace ferry
#endif
