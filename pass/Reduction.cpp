//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Reduction.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

Constant *ReductionKind::identity(Type *T) const {
  unsigned Bits = T->getScalarSizeInBits();
  switch (Intrinsic) {
  case Intrinsic::smax:
    return ConstantInt::get(T, APInt::getSignedMinValue(Bits));
  case Intrinsic::smin:
    return ConstantInt::get(T, APInt::getSignedMaxValue(Bits));
  case Intrinsic::umax:
    return ConstantInt::get(T, APInt::getMinValue(Bits));
  case Intrinsic::umin:
    return ConstantInt::get(T, APInt::getMaxValue(Bits));
  default:
    return ConstantExpr::getBinOpIdentity(Opcode, T);
  }
}

Value *ReductionKind::combine(IRBuilderBase &B, Value *X, Value *Y) const {
  if (Intrinsic)
    return B.CreateBinaryIntrinsic(Intrinsic, X, Y);
  return B.CreateBinOp(static_cast<Instruction::BinaryOps>(Opcode), X, Y);
}

namespace {

// One step of the chain: what it does to the accumulated value.
struct Step {
  bool Valid = false, Ordered = false;
  ReductionKind Kind; // none: it only passes the value on
};

Step stepOfOperator(const BinaryOperator &B, bool Left, bool Right) {
  Step S;
  if (Left == Right)
    return S;
  switch (B.getOpcode()) {
  case Instruction::Add: case Instruction::Mul: case Instruction::And:
  case Instruction::Or: case Instruction::Xor:
    S.Valid = true;
    S.Kind.Opcode = B.getOpcode();
    break;
  case Instruction::Sub:
    S.Valid = Left;
    S.Kind.Opcode = Instruction::Add;
    break;
  case Instruction::FAdd: case Instruction::FMul:
    S.Valid = B.hasAllowReassoc();
    S.Ordered = !S.Valid;
    S.Kind.Opcode = B.getOpcode();
    break;
  case Instruction::FSub:
    S.Valid = Left && B.hasAllowReassoc();
    S.Ordered = Left && !S.Valid;
    S.Kind.Opcode = Instruction::FAdd;
    break;
  default:
    break;
  }
  return S;
}

Step stepOfIntrinsic(const IntrinsicInst &I,
                     function_ref<bool(const Value *)> InChain) {
  Step S;
  switch (I.getIntrinsicID()) {
  case Intrinsic::smax: case Intrinsic::smin:
  case Intrinsic::umax: case Intrinsic::umin:
    S.Valid = InChain(I.getOperand(0)) != InChain(I.getOperand(1));
    S.Kind.Intrinsic = I.getIntrinsicID();
    break;
  case Intrinsic::fmuladd: {
    bool Sum = !InChain(I.getOperand(0)) && !InChain(I.getOperand(1));
    S.Valid = Sum && I.hasAllowReassoc();
    S.Ordered = Sum && !S.Valid;
    S.Kind.Opcode = Instruction::FAdd;
    break;
  }
  default:
    break;
  }
  return S;
}

Step stepOf(const Instruction &I, function_ref<bool(const Value *)> InChain) {
  Step S;
  if (auto *Phi = dyn_cast<PHINode>(&I)) {
    S.Valid = all_of(Phi->incoming_values(), InChain);
    return S;
  }
  if (auto *Sel = dyn_cast<SelectInst>(&I)) {
    S.Valid = InChain(Sel->getTrueValue()) && InChain(Sel->getFalseValue()) &&
              !InChain(Sel->getCondition());
    return S;
  }
  if (auto *B = dyn_cast<BinaryOperator>(&I))
    return stepOfOperator(*B, InChain(B->getOperand(0)),
                          InChain(B->getOperand(1)));
  if (auto *II = dyn_cast<IntrinsicInst>(&I))
    return stepOfIntrinsic(*II, InChain);
  return S;
}

} // namespace

ReductionMatch matchReduction(PHINode &Phi, const Loop &L, Reduction &Out) {
  constexpr unsigned MaxChain = 64;
  auto *Last = dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
  Type *T = Phi.getType();
  if (!Last || Last == &Phi || !L.contains(Last) ||
      !(T->isIntegerTy() || T->isFloatTy() || T->isDoubleTy()))
    return ReductionMatch::No;
  Out.Phi = &Phi;
  Out.Last = Last;
  auto &Chain = Out.Chain;
  Chain.insert(&Phi);
  // Everything that sees the accumulated value must be part of the chain.
  for (unsigned I = 0; I < Chain.size(); ++I)
    for (User *U : Chain[I]->users()) {
      auto *UI = cast<Instruction>(U);
      if (L.contains(UI))
        Chain.insert(UI);
      else if (Chain[I] != Last)
        return ReductionMatch::No;
      if (Chain.size() > MaxChain)
        return ReductionMatch::No;
    }
  auto InChain = [&](const Value *V) {
    auto *I = dyn_cast<Instruction>(V);
    return I && Chain.contains(const_cast<Instruction *>(I));
  };
  if (!InChain(Last))
    return ReductionMatch::No;
  bool Ordered = false;
  Out.FMF.set();
  for (Instruction *I : Chain) {
    if (I == &Phi)
      continue;
    Step S = stepOf(*I, InChain);
    if (!S.Valid && !S.Ordered)
      return ReductionMatch::No;
    Ordered |= S.Ordered;
    if (!S.Kind)
      continue;
    if (Out.Kind && !(Out.Kind == S.Kind))
      return ReductionMatch::No;
    Out.Kind = S.Kind;
    if (isa<FPMathOperator>(I))
      Out.FMF &= I->getFastMathFlags();
  }
  if (!Out.Kind)
    return ReductionMatch::No;
  return Ordered ? ReductionMatch::OrderedFloat : ReductionMatch::Yes;
}

const StoreInst *findStoredTotal(const PHINode &Phi, const Loop &L) {
  auto *Next = dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
  if (!Next || !L.contains(Next) || !is_contained(Next->operands(), &Phi))
    return nullptr;
  auto isPhi = [&](const Value *V) { return V == &Phi; };
  if (!isa<PHINode, SelectInst>(Next) && !stepOf(*Next, isPhi).Kind)
    return nullptr;
  SmallVector<const Value *, 4> Values(Next->operand_values());
  Values.push_back(Next);
  for (const Value *V : Values)
    for (const User *U : V->users()) {
      auto *Store = dyn_cast<StoreInst>(U);
      if (Store && L.contains(Store) && Store->getValueOperand() == V &&
          L.isLoopInvariant(Store->getPointerOperand()))
        return Store;
    }
  return nullptr;
}

} // namespace ferry
