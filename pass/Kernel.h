//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A worker as a function that many threads of a device call at once
// (runtime/image.h). Each runs the iterations that fall to it one by one, as boxes of
// the worker:
//
//   void kernel(ptr block)
//     for each dim, outermost the one that runs along z:
//       for (i = first + id(axis); i < first + trips; i += count(axis))
//     worker(context in the block, lo = i, hi = i + 1, partial)
//
// Where a thread is, and which kind of memory an address leads to, stays open:
// DeviceCode.cpp fills it in for a target.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_KERNEL_H
#define FERRY_KERNEL_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace llvm {
class Function;
class GlobalValue;
} // namespace llvm

namespace ferry {

class DeviceModule;
struct Shape;
struct Worker;

struct Kernel {
  llvm::Function *Run = nullptr;     // null: there is none
  llvm::Function *Combine = nullptr; // null: nothing is reduced
  unsigned Axes[3] = {0, 1, 2};      // the dims that run along x, y, z
  uint64_t BlockSize = 0;            // bytes
  llvm::SmallVector<llvm::GlobalValue *, 2> Globals; // of the program, in that order
};

// The functions that a target replaces: i64 (i32 axis).
constexpr const char *DeviceId = "__ferry_device_id";
constexpr const char *DeviceCount = "__ferry_device_count";

// ProgramSpace: the address space of the program's memory. Where the loop cannot have
// a kernel, Why says so.
Kernel buildKernel(const Shape &S, const Worker &W, DeviceModule &D,
                   unsigned ProgramSpace, llvm::StringRef Name, std::string &Why);
void discardKernel(Kernel &K);

} // namespace ferry
#endif
