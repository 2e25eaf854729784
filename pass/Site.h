//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The place where the program asks the runtime. The only file that names a
// runtime symbol. In the preheader of the loop:
//
//     numbers ...
//     br (work > site.min_work), launch, serial
//   launch:
//     context, numbers, reduction = ...
//     br (__ferry_launch_v1(site, ...) == 0), done, serial
//   done:
//     br exit                ; live-outs from the reduction record
//   serial:
//     br header              ; the loop as it was
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SITE_H
#define FERRY_SITE_H

#include "Shape.h"
#include "Worker.h"
#include "llvm/IR/ValueHandle.h"

namespace llvm {
class SCEVExpander;
} // namespace llvm

namespace ferry {

// Everything a site has to say, as values in the preheader.
struct SiteValues {
  llvm::SmallVector<llvm::WeakTrackingVH, 32> Numbers; // row by row
  llvm::SmallVector<llvm::WeakTrackingVH, 2> LiveOuts; // null if reduced
  llvm::WeakTrackingVH Work;
};

// The work of the whole nest if it is a constant, else nothing.
std::optional<int64_t> constantWork(const Shape &S);

// Adds instructions to the preheader, and changes nothing else.
SiteValues expandValues(const Shape &S, llvm::SCEVExpander &Expander);

// Scratch memory for the sites of one function; only one is active at a time.
struct SiteFrame {
  llvm::AllocaInst *Context = nullptr, *Numbers = nullptr, *Partial = nullptr;
};
SiteFrame createFrame(llvm::Function &F, llvm::ArrayRef<const Worker *> Workers,
                      size_t MaxNumbers);

// Puts the site before the loop. Breaks the analyses of the function.
void insertSite(const Shape &S, const Worker &W, const SiteValues &V,
                const SiteFrame &Frame);

// Gives the module the loader stub that the sites call.
void linkStub(llvm::Module &M);

} // namespace ferry
#endif
