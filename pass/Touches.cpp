//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Touches.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

const SCEV *widthOf(const Instruction &I, ScalarEvolution &SE) {
  const TypeSize Size = I.getDataLayout().getTypeStoreSize(getLoadStoreType(&I));
  return SE.getConstant(IntegerType::get(SE.getContext(), 64), Size.getFixedValue());
}

Refusal findTouches(Instruction &I, ScalarEvolution &SE, SmallVectorImpl<Touch> &Out) {
  if (auto *M = dyn_cast<MemIntrinsic>(&I)) {
    Type *I64 = IntegerType::get(SE.getContext(), 64);
    const SCEV *Width = SE.getNoopOrZeroExtend(SE.getSCEV(M->getLength()), I64);
    Out.push_back({&M->getRawDestUse(), Width, true});
    if (auto *T = dyn_cast<MemTransferInst>(M))
      Out.push_back({&T->getRawSourceUse(), Width, false});
  } else if (isa<LoadInst, StoreInst>(I)) {
    if (getLoadStoreType(&I)->isScalableTy())
      return {Reason::Unsupported, ""};
    const bool Write = isa<StoreInst>(I);
    const unsigned Operand = Write ? StoreInst::getPointerOperandIndex()
                                   : LoadInst::getPointerOperandIndex();
    Out.push_back({&I.getOperandUse(Operand), widthOf(I, SE), Write});
  }
  return {};
}

} // namespace ferry
