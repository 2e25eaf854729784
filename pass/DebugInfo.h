//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Debug information of outlined code: its lines appear as if inlined into an
// artificial function, so that breakpoints on the loop's lines hit in workers.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DEBUGINFO_H
#define FERRY_DEBUGINFO_H

#include "llvm/IR/DebugLoc.h"

namespace llvm {
class Function;
} // namespace llvm

namespace ferry {

// To was cloned from blocks of From, beginning at Line.
void moveDebugInfo(const llvm::Function &From, llvm::Function &To,
                   llvm::DebugLoc Line);

// Copy is V in a worker: a debugger finds the variables there that have no
// other value anywhere, as parameters do. Before moveDebugInfo.
void describeLiveIn(llvm::Value &V, llvm::Instruction &Copy);

} // namespace ferry
#endif
