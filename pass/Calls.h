//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls may run on another thread. By list, never by attribute: glibc
// marks functions const that depend on the thread.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CALLS_H
#define FERRY_CALLS_H

namespace llvm {
class CallBase;
class Constant;
class TargetLibraryInfo;
} // namespace llvm

namespace ferry {

enum class CallEffect {
  None,   // a function of its arguments
  Errno,  // the same, but may set errno
  Refused // anything else
};

CallEffect effectOf(const llvm::CallBase &Call,
                    const llvm::TargetLibraryInfo &TLI);

// Does the constant contain the address of a thread-local variable?
bool namesThreadLocal(const llvm::Constant &C);

} // namespace ferry
#endif
