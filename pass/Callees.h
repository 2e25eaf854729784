//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls that keep a loop in place: which of them the compiler can look into,
// and what the user is told about the others.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CALLEES_H
#define FERRY_CALLEES_H

#include "Reason.h"

namespace llvm {
class CallBase;
class Function;
class TargetLibraryInfo;
} // namespace llvm

namespace ferry {

// For a call that effectOf() refuses: nothing if its code, and that of all it
// calls in turn, can be put in place of the call; otherwise what is in the way.
// Size counts the instructions of what is put there.
Refusal examineCallee(const llvm::CallBase &Call,
                      const llvm::TargetLibraryInfo &TLI, unsigned &Size);

} // namespace ferry
#endif
