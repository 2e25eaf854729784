//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the loops of a worker say of themselves, from where it is built to where it is
// finished: that they are parallel dims, or those whose iterations may be independent
// within one of the box, with their number.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_LOOPMARKS_H
#define FERRY_LOOPMARKS_H

#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class Function;
class Instruction;
class LLVMContext;
class Loop;
class MDNode;
} // namespace llvm

namespace ferry {

llvm::MDNode *parallelMark(llvm::LLVMContext &C);
llvm::MDNode *innerMark(llvm::LLVMContext &C, unsigned Dim);

bool isParallelLoop(const llvm::Loop &L);
bool isInnerLoop(const llvm::Loop &L, unsigned Dim);

// Gives the loop that ends there an identity of its own, with what its old one says, but
// for promises of independence, and more.
void renewLoopID(llvm::Instruction &Latch, llvm::ArrayRef<llvm::MDNode *> More);

// When the worker is finished.
void removeMarks(llvm::Function &Worker);

constexpr const char *ParallelAccesses = "llvm.loop.parallel_accesses";

} // namespace ferry
#endif
