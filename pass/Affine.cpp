//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Affine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;

namespace ferry {

void requireLastIteration(const AffineForm &Last, ScalarEvolution &SE,
                          SmallVectorImpl<WrapCondition> &Conditions) {
  constexpr unsigned Bits = 62;
  bool IsFixed = none_of(Last.Strides, [](const SCEV *S) { return S; });
  if (!IsFixed || SE.getUnsignedRangeMax(Last.Base).getActiveBits() > Bits)
    Conditions.push_back({Last, Bits, /*Signed=*/false});
}

void AffineBuilder::add(AffineForm &To, const AffineForm &From) {
  To.Base = SE.getAddExpr(To.Base, From.Base);
  To.Strides.resize(Dims.size(), nullptr); // ranges may have come since
  for (auto [T, F] : zip(To.Strides, From.Strides))
    if (F)
      T = T ? SE.getAddExpr(T, F) : F;
}

bool AffineBuilder::buildProduct(const SCEV *S, AffineForm &Out,
                                 SmallVectorImpl<WrapCondition> &Conditions) {
  const SCEV *Factor = SE.getOne(S->getType()), *Varying = nullptr;
  for (const SCEV *Op : cast<SCEVMulExpr>(S)->operands())
    if (SE.isLoopInvariant(Op, &Nest))
      Factor = SE.getMulExpr(Factor, Op);
    else if (Varying)
      return false;
    else
      Varying = Op;
  if (!build(Varying, Out, Conditions))
    return false;
  Out.Base = SE.getMulExpr(Out.Base, Factor);
  for (const SCEV *&Stride : Out.Strides)
    if (Stride)
      Stride = SE.getMulExpr(Stride, Factor);
  return true;
}

// ext(c + s*i) is ext(c) + sext(s)*i if that sum fits into the narrow type:
// both sides are equal modulo its size. A truncation is exact.
bool AffineBuilder::buildCast(const SCEV *S, AffineForm &Out,
                              SmallVectorImpl<WrapCondition> &Conditions) {
  auto *Cast = cast<SCEVCastExpr>(S);
  if (!build(Cast->getOperand(), Out, Conditions))
    return false;
  Type *To = S->getType(), *From = Cast->getOperand()->getType();
  if (isa<SCEVTruncateExpr>(S)) {
    Out.Base = SE.getTruncateExpr(Out.Base, To);
    for (const SCEV *&Stride : Out.Strides)
      if (Stride)
        Stride = SE.getTruncateExpr(Stride, To);
    return true;
  }
  bool Signed = isa<SCEVSignExtendExpr>(S);
  unsigned Bits = SE.getTypeSizeInBits(From);
  if ((!Signed && !isa<SCEVZeroExtendExpr>(S)) ||
      SE.getTypeSizeInBits(To) > 64)
    return false;
  auto widen = [&](Type *T) {
    AffineForm F;
    F.Base = Signed ? SE.getSignExtendExpr(Out.Base, T)
                    : SE.getZeroExtendExpr(Out.Base, T);
    for (const SCEV *Stride : Out.Strides)
      F.Strides.push_back(Stride ? SE.getSignExtendExpr(Stride, T) : nullptr);
    return F;
  };
  Conditions.push_back(
      {widen(IntegerType::get(SE.getContext(), 64)), Bits, Signed});
  Out = widen(To);
  return true;
}

// A phi whose values are all the same expression. (Those of a loop header
// belong to different iterations.)
bool AffineBuilder::buildPhi(const SCEV *S, AffineForm &Out,
                             SmallVectorImpl<WrapCondition> &Conditions) {
  auto *Unknown = dyn_cast<SCEVUnknown>(S);
  auto *Phi = Unknown ? dyn_cast<PHINode>(Unknown->getValue()) : nullptr;
  if (!Phi || !Nest.contains(Phi))
    return false;
  for (const Loop *X : Nest.getLoopsInPreorder())
    if (X->getHeader() == Phi->getParent())
      return false;
  const SCEV *Same = SE.getSCEV(Phi->getIncomingValue(0));
  for (Value *V : Phi->incoming_values())
    if (SE.getSCEV(V) != Same)
      return false;
  return Same != S && build(Same, Out, Conditions);
}

// Rather a part of a number than a number that has to fit: x, a truncation, or
// i & 15, of which scalar evolution makes a counter of four bits.
static bool isNarrow(const SCEV *S) {
  auto *Rec = dyn_cast<SCEVAddRecExpr>(S);
  return isa<SCEVUnknown, SCEVTruncateExpr>(S) ||
         (Rec && S->getType()->isIntegerTy() &&
          S->getType()->getIntegerBitWidth() < 8);
}

bool AffineBuilder::build(const SCEV *S, AffineForm &Out,
                          SmallVectorImpl<WrapCondition> &Conditions) {
  Out.Strides.assign(Dims.size(), nullptr);
  if (SE.isLoopInvariant(S, &Nest)) {
    Out.Base = S;
    return true;
  }
  if (auto *Rec = dyn_cast<SCEVAddRecExpr>(S)) {
    auto *Found = find_if(Dims, [&](Dim &D) { return D.L == Rec->getLoop(); });
    size_t Index = Found - Dims.begin();
    const SCEV *Step = Rec->getStepRecurrence(SE);
    if (buildBetween(*Rec, Out, Conditions))
      return true;
    if (Index == Dims.size())
      Unbounded |= Nest.contains(Rec->getLoop());
    if (Index == Dims.size() || !Rec->isAffine() ||
        !SE.isLoopInvariant(Step, &Nest) ||
        !build(Rec->getStart(), Out, Conditions))
      return false;
    Out.Strides.resize(Dims.size(), nullptr);
    const SCEV *&Stride = Out.Strides[Index];
    Stride = Stride ? SE.getAddExpr(Stride, Step) : Step;
    return true;
  }
  if (auto *Sum = dyn_cast<SCEVAddExpr>(S)) {
    if (!build(Sum->getOperand(0), Out, Conditions))
      return false;
    for (const SCEV *Op : drop_begin(Sum->operands())) {
      AffineForm Term;
      if (!build(Op, Term, Conditions))
        return false;
      add(Out, Term);
    }
    return true;
  }
  if (isa<SCEVMulExpr>(S))
    return buildProduct(S, Out, Conditions);
  if (isa<SCEVTruncateExpr, SCEVSignExtendExpr, SCEVZeroExtendExpr>(S))
    // The range of ext(x) is tighter than what the range of x gives.
    return (isNarrow(cast<SCEVCastExpr>(S)->getOperand()) &&
            buildRange(S, Out, Conditions)) ||
           buildIndex(S, Out) || buildCast(S, Out, Conditions);
  return buildPhi(S, Out, Conditions) || buildRange(S, Out, Conditions) ||
         buildIndex(S, Out);
}

} // namespace ferry
