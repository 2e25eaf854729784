//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Objects.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

namespace {

// C lets no access leave an array that is declared with its size. A struct may
// end in an array without one.
const SCEV *sizeOfGlobal(const GlobalVariable &G, ScalarEvolution &SE) {
  Type *T = G.getValueType();
  if (G.isThreadLocal() || !T->isSized() ||
      (!T->isArrayTy() && (G.isDeclaration() || G.isInterposable())))
    return nullptr;
  uint64_t Bytes = G.getDataLayout().getTypeAllocSize(T);
  return Bytes ? SE.getConstant(APInt(64, Bytes)) : nullptr;
}

const SCEV *sizeOfAlloca(const AllocaInst &A, ScalarEvolution &SE) {
  TypeSize Element = A.getDataLayout().getTypeAllocSize(A.getAllocatedType());
  if (Element.isScalable())
    return nullptr;
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  const SCEV *Count = SE.getSCEV(const_cast<Value *>(A.getArraySize()));
  return SE.getMulExpr(SE.getNoopOrZeroExtend(Count, I64),
                       SE.getConstant(I64, Element.getFixedValue()));
}

// malloc and its like say which argument is the size. Null is no object, but
// the program does not touch it.
const SCEV *sizeOfAllocation(const CallBase &Call, ScalarEvolution &SE) {
  Attribute A = Call.getFnAttr(Attribute::AllocSize);
  if (!A.isValid() || !Call.returnDoesNotAlias())
    return nullptr;
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  auto argument = [&](unsigned I) {
    return SE.getNoopOrZeroExtend(SE.getSCEV(Call.getArgOperand(I)), I64);
  };
  auto [Size, Count] = A.getAllocSizeArgs();
  const SCEV *Bytes = argument(Size);
  return Count ? SE.getMulExpr(Bytes, argument(*Count)) : Bytes;
}

// What an instruction writes to, or null.
const Value *writtenObject(const Instruction &I) {
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return getUnderlyingObject(Store->getPointerOperand(), 0);
  if (auto *M = dyn_cast<MemIntrinsic>(&I))
    return getUnderlyingObject(M->getRawDest(), 0);
  return nullptr;
}

} // namespace

const SCEV *sizeOfObject(const Value &V, ScalarEvolution &SE) {
  if (auto *G = dyn_cast<GlobalVariable>(&V))
    return sizeOfGlobal(*G, SE);
  if (auto *A = dyn_cast<AllocaInst>(&V))
    return sizeOfAlloca(*A, SE);
  if (auto *Call = dyn_cast<CallBase>(&V))
    return sizeOfAllocation(*Call, SE);
  return nullptr;
}

bool isApart(const SCEV *Address, const Shape &S, ScalarEvolution &SE) {
  auto *Base = dyn_cast<SCEVUnknown>(SE.getPointerBase(Address));
  const Value *Object = Base ? getUnderlyingObject(Base->getValue(), 0) : nullptr;
  if (!Object || !isIdentifiedFunctionLocal(Object))
    return false;
  for (BasicBlock *B : S.L->blocks())
    for (const Instruction &I : *B)
      if (const Value *Written = writtenObject(I);
          Written && (Written == Object || !(isIdentifiedObject(Written) ||
                                             isa<Argument>(Written))))
        return false;
  return true;
}

bool anywhereInObject(const SCEV *Address, const Shape &S, ScalarEvolution &SE,
                      Access &A) {
  auto *Base = dyn_cast<SCEVUnknown>(SE.getPointerBase(Address));
  if (!Base || !SE.isLoopInvariant(Base, S.L))
    return false;
  const SCEV *Size = sizeOfObject(*Base->getValue(), SE);
  if (!Size || !SE.isLoopInvariant(Size, S.L))
    return false;
  A.Address.Base = Base;
  A.Address.Strides.assign(S.Dims.size(), nullptr);
  A.Width = Size;
  return true;
}

} // namespace ferry
