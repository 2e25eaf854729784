//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What instructions read and write.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TOUCHES_H
#define FERRY_TOUCHES_H

#include "Reason.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Instruction;
class SCEV;
class ScalarEvolution;
class Use;
} // namespace llvm

namespace ferry {

struct Touch {
  llvm::Use *Pointer; // of a load, a store, a memset or a memcpy
  const llvm::SCEV *Width; // bytes, 64 bits wide
  bool Write;
};

// The bytes that a load or a store is wide.
const llvm::SCEV *widthOf(const llvm::Instruction &I, llvm::ScalarEvolution &SE);

// Adds what the instruction touches, if anything.
Refusal findTouches(llvm::Instruction &I, llvm::ScalarEvolution &SE,
                    llvm::SmallVectorImpl<Touch> &Out);

} // namespace ferry
#endif
