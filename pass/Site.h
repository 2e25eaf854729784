//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The place where the program asks the runtime. Only Ask.cpp and Stub.cpp name
// symbols of the runtime. In the preheader of the loop:
//
//     br (units > site.min_units), launch, serial      ; the inline guard
//   launch:
//     result = f.ferry.ask(values ...)       ; see Ask.h
//     br (result.code == 0), done, serial
//   done:
//     br exit                ; live-outs from the result
//   serial:
//     br header              ; the loop as it was
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SITE_H
#define FERRY_SITE_H

#include "Shape.h"
#include "Work.h"
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
  llvm::SmallVector<llvm::WeakTrackingVH, 2> Around;   // see Worker
  Work Amount;
};

// What the guard asks: is that more than the site's least number?
llvm::Value *isLargeEnough(llvm::GlobalVariable &Site, llvm::Value *Units,
                           llvm::IRBuilderBase &B);

// Adds instructions to the preheader, and changes nothing else.
SiteValues expandValues(const Shape &S, const Worker &W,
                        llvm::SCEVExpander &Expander);

// What was expanded before a later loop may need something that this one leaves behind
// and nothing needed so far: its counter, say. Adds that to the live-outs, if it can be
// computed before the loop.
enum class Left { Nothing, Computed, Unknown };
Left expandWhatIsLeft(Shape &S, SiteValues &V, llvm::SCEVExpander &Expander);

// Puts the site before the loop. Breaks the analyses of the function.
llvm::GlobalVariable *insertSite(const Shape &S, const Worker &W, const SiteValues &V);

// A second worker for the site. Inner: of its first.
void setJammed(llvm::GlobalVariable &Site, const Jammed &J, llvm::ArrayRef<InnerDim> Inner);

// Its worker for rows that follow each other interleaves iterations.
void setStrip(llvm::GlobalVariable &Site, const JammedStage &J);

// Its device code: the kernel of that number in the image, which needs those globals.
void setKernel(llvm::GlobalVariable &Site, llvm::GlobalVariable &Image, unsigned Number,
               llvm::ArrayRef<llvm::GlobalValue *> Globals);

// Makes a longjmp that is compiled inline visible to the runtime, which looks
// for references to such functions (runtime/signals.c).
void nameJumps(llvm::Module &M);

// Gives the module the loader stub that the sites call.
void linkStub(llvm::Module &M);

} // namespace ferry
#endif
