//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopMarks.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/Transforms/Utils/LoopUtils.h"

using namespace llvm;

namespace ferry {

static constexpr const char *Parallel = "ferry.parallel", *Inner = "ferry.inner";

MDNode *parallelMark(LLVMContext &C) { return MDNode::get(C, MDString::get(C, Parallel)); }

MDNode *innerMark(LLVMContext &C, unsigned Dim) {
  auto *Number = ConstantAsMetadata::get(ConstantInt::get(Type::getInt32Ty(C), Dim));
  return MDNode::get(C, {MDString::get(C, Inner), Number});
}

bool isParallelLoop(const Loop &L) { return getBooleanLoopAttribute(&L, Parallel); }

bool isInnerLoop(const Loop &L, unsigned Dim) {
  return getOptionalIntLoopAttribute(&L, Inner) == int(Dim);
}

static bool isNamed(const MDOperand &Op, StringRef Name) {
  auto *N = dyn_cast<MDNode>(Op);
  auto *First = N && N->getNumOperands() ? dyn_cast<MDString>(N->getOperand(0)) : nullptr;
  return First && First->getString() == Name;
}

void renewLoopID(Instruction &Latch, ArrayRef<MDNode *> More) {
  SmallVector<Metadata *, 4> Ops{nullptr};
  if (MDNode *Old = Latch.getMetadata(LLVMContext::MD_loop))
    for (const MDOperand &Op : drop_begin(Old->operands()))
      if (!isNamed(Op, ParallelAccesses))
        Ops.push_back(Op);
  Ops.append(More.begin(), More.end());
  MDNode *New = MDNode::getDistinct(Latch.getContext(), Ops);
  New->replaceOperandWith(0, New);
  Latch.setMetadata(LLVMContext::MD_loop, New);
}

void removeMarks(Function &F) {
  for (BasicBlock &B : F) {
    Instruction *T = B.getTerminator();
    MDNode *Old = T->getMetadata(LLVMContext::MD_loop);
    if (!Old)
      continue;
    MDNode *New = makePostTransformationMetadata(F.getContext(), Old, {Parallel, Inner}, {});
    T->setMetadata(LLVMContext::MD_loop, New->getNumOperands() > 1 ? New : nullptr);
  }
}

} // namespace ferry
