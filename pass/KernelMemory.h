//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The addresses in a kernel. They have the values that they have in the program, also
// where they are stored and compared; what a kernel reads and writes there lies
// `delta` bytes further on. What is its own, arrays of an iteration, the block
// and small constants, lies where it says.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_KERNELMEMORY_H
#define FERRY_KERNELMEMORY_H

#include "llvm/ADT/SmallVector.h"
#include <string>

namespace llvm {
class Function;
class GlobalValue;
class Value;
} // namespace llvm

namespace ferry {

class DeviceModule;

// Replaces the stand-ins: by copies of constants that are only read, else by
// addresses from the block, from Offset on. Returns whose these are, in order.
llvm::SmallVector<llvm::GlobalValue *, 2> nameGlobals(llvm::Function &Kernel, DeviceModule &D,
                                                      uint64_t Offset);

// Adds Delta to the addresses of the program that are read or written, and puts them
// into the address space Space. Device: what are addresses there already.
// Half a sentence where it is not known whose address one is.
std::string reachProgram(llvm::Function &Kernel, llvm::Value &Delta,
                         llvm::ArrayRef<llvm::Value *> Device, unsigned Space);

} // namespace ferry
#endif
