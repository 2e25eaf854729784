//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ScopedArrays.h"
#include "Shape.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/PostDominators.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

namespace {

// Of a function, for they are there from now on even where the loop does not run:
// a recursive function must not need much more stack than before.
constexpr uint64_t MaxBytes = 4 << 10;

bool isIntrinsic(const Instruction &I, Intrinsic::ID ID) {
  auto *II = dyn_cast<IntrinsicInst>(&I);
  return II && II->getIntrinsicID() == ID;
}

// Is the array gone before the next iteration? After it, the stack always goes
// back to where it was before.
bool diesInIteration(const AllocaInst &A, const Loop &L, const DominatorTree &DT,
                     const PostDominatorTree &PDT) {
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B) {
      auto *Save = isIntrinsic(I, Intrinsic::stackrestore)
                       ? dyn_cast<Instruction>(I.getOperand(0))
                       : nullptr;
      if (Save && L.contains(Save) && DT.dominates(Save, &A) &&
          DT.dominates(&A, &I) && PDT.dominates(B, A.getParent()))
        return true;
    }
  return false;
}

void makeStatic(AllocaInst &A, uint64_t Bytes) {
  IRBuilder<> Entry(&A.getFunction()->getEntryBlock().front());
  AllocaInst *New = Entry.CreateAlloca(ArrayType::get(Entry.getInt8Ty(), Bytes));
  New->setAlignment(A.getAlign());
  New->takeName(&A);
  IRBuilder<>(&A).CreateLifetimeStart(New);
  A.replaceAllUsesWith(New);
  A.eraseFromParent();
}

// Where all variables are static, the stack stands still.
void forgetStack(Function &F) {
  SmallVector<Instruction *, 8> Saves;
  for (Instruction &I : make_early_inc_range(instructions(F)))
    if (isIntrinsic(I, Intrinsic::stackrestore))
      I.eraseFromParent();
    else if (isIntrinsic(I, Intrinsic::stacksave))
      Saves.push_back(&I);
  for (Instruction *I : Saves)
    if (I->use_empty())
      I->eraseFromParent();
}

} // namespace

PreservedAnalyses ScopedArraysPass::run(Function &F, FunctionAnalysisManager &FAM) {
  SmallVector<std::pair<AllocaInst *, uint64_t>, 4> Found;
  bool AllStatic = true;
  uint64_t Bytes = 0;
  for (Instruction &I : instructions(F)) {
    auto *A = dyn_cast<AllocaInst>(&I);
    if (!A || A->isStaticAlloca())
      continue;
    auto Size = A->getAllocationSize(F.getDataLayout());
    Loop *L = FAM.getResult<LoopAnalysis>(F).getLoopFor(A->getParent());
    if (Size && !Size->isScalable() && (Bytes += Size->getFixedValue()) <= MaxBytes && L &&
        diesInIteration(*A, *L, FAM.getResult<DominatorTreeAnalysis>(F),
                        FAM.getResult<PostDominatorTreeAnalysis>(F)))
      Found.push_back({A, Size->getFixedValue()});
    else
      AllStatic = false;
  }
  if (Found.empty() || !AllStatic || examineFunction(F))
    return PreservedAnalyses::all();
  for (auto [A, Size] : Found)
    makeStatic(*A, Size);
  forgetStack(F);
  PreservedAnalyses Kept;
  Kept.preserveSet<CFGAnalyses>();
  return Kept;
}

} // namespace ferry
