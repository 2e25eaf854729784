//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A second copy of a loop, to be changed and described in place of the first:
//
//     br ferry.choice(), copy, original
//   copy:
//     ...                    ; the loop with the code of what it calls
//   original:
//     ...                    ; the loop as the program has it
//   join:
//
// Until its fate is decided, the copy is as good as the original, so the
// optimiser may work on both. If a site is put before the copy, the copy is left
// only as its worker: the program falls back on the original.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_LOOPCOPY_H
#define FERRY_LOOPCOPY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace llvm {
class BasicBlock;
class BranchInst;
class DominatorTree;
class Loop;
class Module;
class Value;
} // namespace llvm

namespace ferry {

// Copies a loop with one exit, in simplified and LCSSA form, and returns the
// blocks of the copy. Breaks the analyses of the function.
llvm::SmallVector<llvm::BasicBlock *, 16> copyLoop(llvm::Loop &L,
                                                 const llvm::DominatorTree &DT);

// Such a loop, and a copy that runs instead where the condition says so, which holds
// in the preheader. What the program needs of either meets in the phis of the exit.
void copyLoopIf(llvm::Value &If, llvm::Loop &L, const llvm::DominatorTree &DT);

// Calls Try with a clone of the function, which is gone afterwards. The map leads
// from F to it.
void tryOnClone(llvm::Function &F, llvm::FunctionAnalysisManager &FAM,
                llvm::function_ref<void(llvm::Function &, llvm::ValueToValueMapTy &)> Try);

// The branch that leads to the loop as a copy, or as an original; or null.
llvm::BranchInst *choiceOfCopy(const llvm::Loop &L);
llvm::BranchInst *choiceOfOriginal(const llvm::Loop &L);

// Does the copy change nothing before its first iteration? Only then can the
// program fall back on the original.
bool startsClean(const llvm::Loop &Copy);

// Is it the condition of such a branch?
bool isChoice(const llvm::Value *V);

// The copy among the loops, or null.
llvm::Loop *findCopy(const llvm::Loop &Original,
                     llvm::ArrayRef<llvm::Loop *> Loops);

// After a site was inserted before the copy with that header: from there, go to
// the original. The copy cannot be reached any more.
void fallBackOnOriginal(llvm::BasicBlock &Header, const llvm::BasicBlock &Latch,
                        llvm::BranchInst &Choice);

// Takes the copies away: those with a site cannot be reached but through it,
// the others not at all.
void removeChoices(llvm::Module &M, llvm::ArrayRef<llvm::BranchInst *> WithSite);

} // namespace ferry
#endif
