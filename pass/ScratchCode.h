//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The memory of its own that a worker has for arrays that each iteration fills
// (see Scratch.h).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SCRATCHCODE_H
#define FERRY_SCRATCHCODE_H

#include "Shape.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace llvm {
class BasicBlock;
class SCEVExpander;
} // namespace llvm

namespace ferry {

// Values from before the loop that the code needs.
struct ScratchValues {
  llvm::SmallVector<llvm::Value *, 3> Trips; // of the parallel dims
  struct Range {
    llvm::Value *Begin, *Size;
  };
  llvm::SmallVector<Range, 1> Ranges; // of S.Scratches
  llvm::SmallVector<llvm::Value *, 8> all() const;
};

// In the preheader; none where the shape has no such arrays.
ScratchValues expandScratch(const Shape &S, llvm::SCEVExpander &Expander);

using AccessSet = llvm::SmallPtrSet<const llvm::Instruction *, 8>;

// Allocates the memory at the end of Entry and makes the clone of the loop use it.
// Returns the base of each array there, as the program's addresses have it, and adds
// the accesses of the clone that are no longer those of the program.
llvm::SmallVector<llvm::Value *, 1> startScratch(const Shape &S, const ScratchValues &V,
                                                 llvm::ValueToValueMapTy &Map,
                                                 llvm::BasicBlock &Entry,
                                                 AccessSet &Own);

// At the end of Exit, for a box that ends at Hi: if it has the last iteration, copies
// back what that has left.
void finishScratch(const Shape &S, const ScratchValues &V, llvm::ValueToValueMapTy &Map,
                   llvm::BasicBlock &Entry, llvm::BasicBlock &Exit,
                   llvm::ArrayRef<llvm::Value *> Bases, llvm::ArrayRef<llvm::Value *> Hi);

} // namespace ferry
#endif
