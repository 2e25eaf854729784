//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "SmallNest.h"
#include "LoopCopy.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr size_t MostInside = 40; // instructions of a loop that would notice a guard

size_t instructionsIn(const Loop &L) {
  size_t Count = 0;
  for (const BasicBlock *B : L.blocks())
    Count += B->sizeWithoutDebug();
  return Count;
}

} // namespace

// Counts that are guessed may be too small: then a loop inside may be large.
bool gainsWithoutSites(const Shape &S, const Work &Amount, ArrayRef<const Loop *> Others) {
  const auto &Inside = S.L->getSubLoops();
  return !Amount.Guessed && all_of(Inside, [](auto *L) { return L->isInnermost(); }) &&
         any_of(Inside, [&](auto *L) {
           return is_contained(Others, L) && instructionsIn(*L) <= MostInside;
         });
}

void copyForSmall(const Shape &S, const Work &Amount, const DominatorTree &DT) {
  Instruction *At = S.L->getLoopPreheader()->getTerminator();
  IRBuilder<> B(At);
  LoadInst *Limit = B.CreateAlignedLoad(
      B.getInt64Ty(), At->getModule()->getOrInsertGlobal("__ferry_limit", B.getInt64Ty()),
      Align(8));
  Limit->setAtomic(AtomicOrdering::Monotonic); // whoever asks first sets it
  copyLoopIf(*B.CreateICmpSLE(Amount.compared(), Limit), *S.L, DT);
}

} // namespace ferry
