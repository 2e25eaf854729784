//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Quadratic.h"
#include "Shape.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;

namespace ferry {

namespace {

// Few enough bits that nothing below overflows 64 of them.
constexpr unsigned TripBits = 23, StepBits = 32, ChangeBits = 16, StartBits = 62,
                   WayBits = 46, UnitBits = 16;

// Rest + Unit * counter, extended to 64 bits.
struct Linear {
  const SCEVAddRecExpr *Counter = nullptr;
  bool Signed = false;
  const SCEV *Rest = nullptr, *Unit = nullptr;
};

// Finds the one counter of L in the expression, of 64 bits.
bool split(const SCEV *X, const Loop &L, ScalarEvolution &SE, Linear &Out) {
  const bool IsCast = isa<SCEVZeroExtendExpr, SCEVSignExtendExpr>(X);
  auto *Rec = dyn_cast<SCEVAddRecExpr>(IsCast ? cast<SCEVCastExpr>(X)->getOperand() : X);
  if (Rec) {
    Out = {Rec, isa<SCEVSignExtendExpr>(X), SE.getZero(X->getType()), SE.getOne(X->getType())};
    return isQuadratic(*Rec, L, SE);
  }
  auto *Sum = dyn_cast<SCEVNAryExpr>(X);
  if (!Sum || !isa<SCEVAddExpr, SCEVMulExpr>(X))
    return false;
  const SCEV *Varies = nullptr, *Others = nullptr;
  for (const SCEV *Op : Sum->operands())
    if (!SE.isLoopInvariant(Op, &L)) {
      if (Varies)
        return false;
      Varies = Op;
    } else {
      Others = !Others              ? Op
               : isa<SCEVAddExpr>(X) ? SE.getAddExpr(Others, Op)
                                     : SE.getMulExpr(Others, Op);
    }
  if (!Varies || !Others || !split(Varies, L, SE, Out))
    return false;
  if (isa<SCEVAddExpr>(X)) {
    Out.Rest = SE.getAddExpr(Out.Rest, Others);
  } else {
    Out.Rest = SE.getMulExpr(Out.Rest, Others);
    Out.Unit = SE.getMulExpr(Out.Unit, Others);
  }
  return true;
}

class QuadraticDescriber {
public:
  QuadraticDescriber(const Linear &X, Shape &S, ScalarEvolution &SE)
      : X(X), S(S), SE(SE), I64(IntegerType::get(SE.getContext(), 64)) {}

  bool describe(const SCEV *Base, Access &A) {
    auto *Unit = dyn_cast<SCEVConstant>(X.Unit);
    if (!Unit || !Unit->getAPInt().isStrictlyPositive() || Unit->getAPInt().getActiveBits() > UnitBits)
      return false;
    const SCEV *Start = extend(0), *Step = extend(1), *Change = extend(2);
    const SCEV *Trip = S.Dims.front().Trip.Base, *One = SE.getOne(I64);
    const SCEV *Before = SE.getMinusSCEV(Trip, One);
    const SCEV *Times = SE.getUDivExpr(
        SE.getMulExpr(Before, SE.getMinusSCEV(Before, One)), SE.getConstant(I64, 2));
    const SCEV *Way = SE.getAddExpr(SE.getMulExpr(Step, Before), SE.getMulExpr(Change, Times));
    require(Trip, TripBits);
    require(Start, StartBits);
    require(Step, StepBits);
    require(Change, ChangeBits);
    require(Way, WayBits);
    require(SE.getMinusSCEV(SE.getMulExpr(Unit, Step), A.Width), 63);
    S.Wraps.push_back({AffineForm{SE.getAddExpr(Start, Way), {}},
                       unsigned(SE.getTypeSizeInBits(X.Counter->getType())), X.Signed});
    A.Is = Access::Apart;
    A.Address.Base =
        SE.getAddExpr(Base, SE.getAddExpr(X.Rest, SE.getMulExpr(Unit, Start)));
    A.Width = SE.getAddExpr(SE.getMulExpr(Unit, Way), A.Width);
    return true;
  }

private:
  const SCEV *extend(unsigned Operand) const {
    const SCEV *Y = X.Counter->getOperand(Operand);
    // The step is a difference, and small ones may be negative.
    return X.Signed || Operand ? SE.getNoopOrSignExtend(Y, I64)
                               : SE.getNoopOrZeroExtend(Y, I64);
  }
  void require(const SCEV *Y, unsigned Bits) {
    S.Wraps.push_back({AffineForm{Y, {}}, Bits, /*Signed=*/false});
  }

  const Linear &X;
  Shape &S;
  ScalarEvolution &SE;
  Type *I64;
};

} // namespace

bool isQuadratic(const SCEVAddRecExpr &Rec, const Loop &L, ScalarEvolution &SE) {
  return Rec.getLoop() == &L && Rec.getNumOperands() == 3 &&
         SE.getTypeSizeInBits(Rec.getType()) <= 64 &&
         all_of(Rec.operands(), [&](const SCEV *X) { return SE.isLoopInvariant(X, &L); });
}

bool describeQuadratic(const SCEV *Address, Shape &S, ScalarEvolution &SE, Access &A) {
  const SCEV *Base = SE.getPointerBase(Address);
  if (S.Parallel != 1 || !SE.isLoopInvariant(Base, S.L) || Base == Address)
    return false;
  Linear X;
  return split(SE.removePointerBase(Address), *S.L, SE, X) &&
         QuadraticDescriber(X, S, SE).describe(Base, A);
}

} // namespace ferry
