//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// f.ferry.ask, the function that tells the runtime what a site has to say. It lays
// out context and numbers in its own frame and calls __ferry_launch_v1. It is
// cold and keeps almost all registers, so that it costs the loop no register, no
// stack and no saving of either. What only the numbers need is computed in it:
// the program's own function, which is optimised, stays small.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_ASK_H
#define FERRY_ASK_H

namespace llvm {
class CallInst;
class GlobalVariable;
class IRBuilderBase;
} // namespace llvm

namespace ferry {

struct Shape;
struct SiteValues;
struct Worker;

// Returns { i32 code, the fields of the record that are no flags }.
llvm::CallInst *callAsk(const Shape &S, const Worker &W, const SiteValues &V,
                        llvm::GlobalVariable &Site, llvm::IRBuilderBase &At);

} // namespace ferry
#endif
