//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values that a loop loads again and again from one place, because its stores
// might change them, for all the compiler knows: a bound in a global variable,
// a pointer in a struct. A copy of the loop (LoopCopy.h) loads them once. It is
// right where no iteration writes such a place, which is asked at run time: the
// loads are accesses of the shape.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_FIXEDLOADS_H
#define FERRY_FIXEDLOADS_H

#include "Reason.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/PassManager.h"

namespace llvm {
class BasicBlock;
class LoadInst;
class StoreInst;
class Value;
} // namespace llvm

namespace ferry {

// A variable in memory that the copy holds in a register (Cells.h).
struct Cell {
  llvm::Value *Pointer;
  llvm::StoreInst *After; // the loop, of its last value
};

struct Fixed {
  // Before the copy, in place of those inside.
  llvm::SmallVector<llvm::LoadInst *, 4> Loads;
  // What must be 0 for the copy to do the same: was a value loaded earlier, and
  // carried into the loop, a different one?
  llvm::SmallVector<llvm::Value *, 2> Differences;
  llvm::SmallVector<Cell, 2> Cells;
  bool IsRight = true; // else the copy must not be used
};

// By the header of the copy.
using FixedLoads = llvm::DenseMap<const llvm::BasicBlock *, Fixed>;

// May a value that is loaded again and again stand behind the reason?
bool mayFixingHelp(Reason R);

// Adds copies where that wins a loop. Returns whether it changed anything.
bool fixLoads(llvm::Module &M, llvm::FunctionAnalysisManager &FAM,
              int64_t Threshold, FixedLoads &Out);

} // namespace ferry
#endif
