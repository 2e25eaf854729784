//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Expressions that are not affine, but whose values lie in a range: what is
// known of it when compiled (masks, clamps), what a loop counts through between
// two loaded bounds, and what the memory of an index array holds.
//
//===----------------------------------------------------------------------===//
#include "Affine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace ferry {

void AffineBuilder::factsOf(const Value *Condition, bool IsTrue,
                            SmallVectorImpl<Fact> &Out) {
  auto *Compare = dyn_cast<ICmpInst>(Condition);
  if (!Compare || !Compare->getOperand(0)->getType()->isIntegerTy())
    return;
  Value *V = Compare->getOperand(0);
  const SCEV *Bound = SE.getSCEV(Compare->getOperand(1));
  CmpInst::Predicate P =
      IsTrue ? Compare->getPredicate() : Compare->getInversePredicate();
  bool IsLess = P == CmpInst::ICMP_SLT || P == CmpInst::ICMP_SLE;
  bool IsMore = P == CmpInst::ICMP_SGT || P == CmpInst::ICMP_SGE;
  if (!SE.isLoopInvariant(Bound, &Nest) || (!IsLess && !IsMore))
    return;
  auto add = [&](const SCEV *X, const SCEV *B) {
    Out.push_back({X, IsMore ? B : nullptr, IsLess ? B : nullptr});
  };
  add(SE.getSCEV(V), Bound);
  // Induction variables are widened, and what the program wrote is then a
  // truncation that keeps the value.
  auto *Constant = dyn_cast<SCEVConstant>(Bound);
  for (User *U : V->users())
    if (auto *T = dyn_cast<TruncInst>(U);
        T && Constant && T->hasNoSignedWrap() &&
        Constant->getAPInt().isSignedIntN(SE.getTypeSizeInBits(T->getType())))
      add(SE.getSCEV(T), SE.getTruncateExpr(Bound, T->getType()));
}

const SCEV *AffineBuilder::boundOfChoice(const SCEV *S, bool Upper) {
  auto *Unknown = dyn_cast<SCEVUnknown>(S);
  auto *Choice = Unknown ? dyn_cast<SelectInst>(Unknown->getValue()) : nullptr;
  if (!Choice)
    return nullptr;
  const SCEV *Bounds[2];
  for (bool IsTrue : {false, true}) {
    SmallVector<Fact, 2> Facts;
    factsOf(Choice->getCondition(), IsTrue, Facts);
    Value *Arm = IsTrue ? Choice->getTrueValue() : Choice->getFalseValue();
    Bounds[IsTrue] = signedBound(SE.getSCEV(Arm), Upper, Facts);
    if (!Bounds[IsTrue])
      return nullptr;
  }
  return Upper ? SE.getSMaxExpr(Bounds[0], Bounds[1])
               : SE.getSMinExpr(Bounds[0], Bounds[1]);
}

// An invariant bound of S in two's complement, or null.
const SCEV *AffineBuilder::signedBound(const SCEV *S, bool Upper,
                                       ArrayRef<Fact> Known) {
  constexpr uint64_t MaxRange = 1 << 16;
  if (SE.isLoopInvariant(S, &Nest))
    return S;
  for (const Fact &F : Known)
    if (const SCEV *B = Upper ? F.High : F.Low; B && F.Value == S)
      return B;
  bool IsMax = isa<SCEVSMaxExpr>(S);
  if (IsMax || isa<SCEVSMinExpr>(S)) {
    // max <= b needs all operands <= b; for max >= b one will do.
    SmallVector<const SCEV *, 4> Bounds;
    for (const SCEV *Op : cast<SCEVNAryExpr>(S)->operands()) {
      const SCEV *B = signedBound(Op, Upper, Known);
      if (B)
        Bounds.push_back(B);
      else if (IsMax == Upper)
        return nullptr;
    }
    if (Bounds.empty())
      return nullptr;
    return IsMax ? SE.getSMaxExpr(Bounds) : SE.getSMinExpr(Bounds);
  }
  if (const SCEV *B = boundOfChoice(S, Upper))
    return B;
  ConstantRange R = SE.getSignedRange(S);
  if (R.isFullSet() ? R.getBitWidth() > 16 : R.isSizeLargerThan(MaxRange))
    return nullptr;
  return SE.getConstant(Upper ? R.getSignedMax() : R.getSignedMin());
}

// The dim that counts the values of S, or Dims.size(). A linked one counts from 0,
// as the values do; another one counts from the lower bound of S.
size_t AffineBuilder::findDim(const SCEV &S, bool Linked) const {
  return find_if(Dims, [&](const Dim &D) {
           return D.Range == &S && (D.Origin >= 0) == Linked;
         }) - Dims.begin();
}

bool AffineBuilder::buildRange(const SCEV *S, AffineForm &Out,
                               SmallVectorImpl<WrapCondition> &Conditions) {
  if (!AllowRanges || !S->getType()->isIntegerTy() ||
      SE.getTypeSizeInBits(S->getType()) > 64)
    return false;
  const SCEV *Low = signedBound(S, false, {}),
             *High = signedBound(S, true, {});
  if (!Low || !High)
    return false;
  size_t Index = findDim(*S, /*Linked=*/false);
  if (Index == Dims.size()) {
    Type *I64 = IntegerType::get(SE.getContext(), 64);
    AffineForm Last;
    Last.Base = SE.getMinusSCEV(SE.getNoopOrSignExtend(High, I64),
                                SE.getNoopOrSignExtend(Low, I64));
    requireLastIteration(Last, SE, Conditions);
    Dim D{nullptr, {}, S};
    D.Trip.Base = SE.getAddExpr(Last.Base, SE.getOne(I64));
    Dims.push_back(D);
  }
  Out.Base = Low;
  Out.Strides.assign(Dims.size(), nullptr);
  Out.Strides[Index] = SE.getOne(S->getType());
  return true;
}

void AffineBuilder::useDim(size_t Index, Type *T, AffineForm &Out) {
  Out.Base = SE.getZero(T);
  Out.Strides.assign(Dims.size(), nullptr);
  Out.Strides[Index] = SE.getOne(T);
}

// A value that the loop loads, or its extension. The runtime reads the whole
// array before the loop, and no write of the loop may touch it.
bool AffineBuilder::buildIndex(const SCEV *S, AffineForm &Out) {
  if (!AddIndex || SE.getTypeSizeInBits(S->getType()) > 64)
    return false;
  const bool Unsigned = isa<SCEVZeroExtendExpr>(S);
  const SCEV *Narrow = isa<SCEVSignExtendExpr>(S) || Unsigned
                           ? cast<SCEVCastExpr>(S)->getOperand()
                           : S;
  auto *Unknown = dyn_cast<SCEVUnknown>(Narrow);
  auto *Value = Unknown ? dyn_cast<Instruction>(Unknown->getValue()) : nullptr;
  if (!Value || !Nest.contains(Value) || !isa<LoadInst, PHINode>(Value) ||
      !Value->getType()->isIntegerTy())
    return false;
  const unsigned Bits = Value->getType()->getIntegerBitWidth();
  if (Bits != 8 && Bits != 16 && Bits != 32 && Bits != 64)
    return false;
  size_t Index = findDim(*S, /*Linked=*/true);
  if (Index == Dims.size()) {
    int Row = AddIndex(*Value, !Unsigned);
    if (Row < 0)
      return false;
    Index = Dims.size(); // the array's own address may have brought dims
    Dim D{nullptr, {}, S, Row};
    D.Trip.Base = SE.getOne(IntegerType::get(SE.getContext(), 64));
    Dims.push_back(D);
  }
  useDim(Index, S->getType(), Out);
  return true;
}

// Rec = Base + Step * {Start,+,1}, where Base is invariant in the nest and Start
// is not. False where Start is not whole.
bool AffineBuilder::splitCounter(const SCEVAddRecExpr &Rec, const SCEVConstant &Step,
                                 const SCEV *&Base, const SCEV *&Start) {
  SmallVector<const SCEV *, 4> Terms{Rec.getStart()}, Fixed, Varying;
  if (auto *Sum = dyn_cast<SCEVAddExpr>(Rec.getStart()))
    Terms.assign(Sum->operands().begin(), Sum->operands().end());
  Type *T = Step.getType();
  for (const SCEV *Term : Terms) {
    if (SE.isLoopInvariant(Term, &Nest)) {
      Fixed.push_back(Term);
      continue;
    }
    auto *Product = dyn_cast<SCEVMulExpr>(Term);
    auto *Factor = Product ? dyn_cast<SCEVConstant>(Product->getOperand(0)) : nullptr;
    if (Step.getAPInt().isOne())
      Varying.push_back(Term);
    else if (Factor && Factor->getAPInt().srem(Step.getAPInt()).isZero()) {
      SmallVector<const SCEV *, 4> Factors(drop_begin(Product->operands()));
      Factors.push_back(SE.getConstant(Factor->getAPInt().sdiv(Step.getAPInt())));
      Varying.push_back(SE.getMulExpr(Factors));
    } else
      return false;
  }
  if (Varying.empty())
    return false;
  Base = Fixed.empty() ? SE.getZero(T) : SE.getAddExpr(Fixed);
  Start = SE.getAddExpr(Varying);
  return Start->getType() == T;
}

// A counter that starts where an array says: from the smallest start to the
// largest end there is. (As a sum of start and iteration it would seem to go on
// from the last start for as long as all iterations together.)
bool AffineBuilder::buildBetween(const SCEVAddRecExpr &Rec, AffineForm &Out,
                                 SmallVectorImpl<WrapCondition> &Conditions) {
  const Loop *X = Rec.getLoop();
  auto *Step = dyn_cast<SCEVConstant>(Rec.getStepRecurrence(SE));
  const SCEV *Base, *Start;
  if (!AddLow || !Nest.contains(X) || !Step || !Step->getAPInt().isStrictlyPositive() ||
      Step->getAPInt().getBitWidth() > 64 || !startsAtIndex(Rec.getStart()) ||
      !splitCounter(Rec, *Step, Base, Start))
    return false;
  auto *Counter = dyn_cast<SCEVAddRecExpr>(
      SE.getAddRecExpr(Start, SE.getOne(Start->getType()), X, SCEV::FlagAnyWrap));
  int Index = Counter ? findBetween(*Counter, Conditions) : -1;
  if (Index < 0)
    return false;
  useDim(Index, Step->getType(), Out);
  Out.Base = Base;
  Out.Strides[Index] = Step;
  return true;
}

// The dim for the values of a counter that does not wrap, or -1.
int AffineBuilder::findBetween(const SCEVAddRecExpr &Counter,
                               SmallVectorImpl<WrapCondition> &Conditions) {
  if (size_t Index = findDim(Counter, /*Linked=*/true); Index < Dims.size())
    return Index;
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  const SCEV *Count = SE.getBackedgeTakenCount(Counter.getLoop());
  AffineForm Low, High;
  if (!Counter.hasNoSignedWrap() || isa<SCEVCouldNotCompute>(Count))
    return -1;
  const SCEV *Last = SE.getAddExpr(
      Counter.getStart(), SE.getTruncateOrZeroExtend(Count, Counter.getType()));
  if (!build(SE.getNoopOrSignExtend(Counter.getStart(), I64), Low, Conditions) ||
      !build(SE.getNoopOrSignExtend(Last, I64), High, Conditions))
    return -1;
  Low.Strides.resize(Dims.size(), nullptr);
  High.Strides.resize(Dims.size(), nullptr);
  Dim D{nullptr, High, &Counter, AddLow(Low)};
  D.Trip.Base = SE.getAddExpr(SE.getMinusSCEV(High.Base, Low.Base), SE.getOne(I64));
  for (auto [T, L] : zip(D.Trip.Strides, Low.Strides))
    if (L)
      T = T ? SE.getMinusSCEV(T, L) : SE.getNegativeSCEV(L);
  Dims.push_back(D);
  return Dims.size() - 1;
}

// Does the value of S come from memory that the nest reads?
bool AffineBuilder::startsAtIndex(const SCEV *S) const {
  return SCEVExprContains(S, [&](const SCEV *X) {
    auto *U = dyn_cast<SCEVUnknown>(X);
    auto *I = U ? dyn_cast<Instruction>(U->getValue()) : nullptr;
    return I && isa<LoadInst, PHINode>(I) && Nest.contains(I);
  });
}

} // namespace ferry
