//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Trips.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;

namespace ferry {

namespace {

// A count of type iN, evaluated as an affine form of the outer dims, may be
// one less than zero where the loop is not entered. A count of 2^63 and more
// stands for no loop that ends, but where it is only a bound it may well be the
// largest number there is, and then says nothing.
bool upperBoundOf(const SCEV *Count, const Loop &X, bool Exact, Shape &S,
                  ScalarEvolution &SE, AffineForm &Trip) {
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  const SCEV *One = SE.getOne(I64);
  unsigned Bits = SE.getTypeSizeInBits(Count->getType());
  AffineBuilder Affine(SE, *S.L, S.Dims, /*AllowRanges=*/false);
  if (SE.isLoopInvariant(Count, S.L) || Bits == 64) {
    if (!Affine.build(Count, Trip, S.Wraps))
      return false;
    Trip.Base = SE.getNoopOrZeroExtend(Trip.Base, I64);
    if (Bits == 64 && !Exact)
      S.Wraps.push_back({Trip, 64, /*Signed=*/false});
    Trip.Base = SE.getAddExpr(Trip.Base, One);
    return true;
  }
  const SCEV *Trips = SE.getAddExpr(Count, SE.getOne(Count->getType()));
  if (SE.isLoopEntryGuardedByCond(&X, ICmpInst::ICMP_NE, Trips,
                                  SE.getZero(Count->getType())))
    return Affine.build(SE.getZeroExtendExpr(Trips, I64), Trip, S.Wraps);
  if (!Affine.build(SE.getZeroExtendExpr(Count, I64), Trip, S.Wraps))
    return false;
  Trip.Base = SE.getAddExpr(Trip.Base, One);
  return true;
}

bool upperBound(const Loop &X, Shape &S, ScalarEvolution &SE, AffineForm &Trip) {
  const SCEV *Count = SE.getSymbolicMaxBackedgeTakenCount(&X);
  if (isa<SCEVCouldNotCompute>(Count) ||
      SE.getTypeSizeInBits(Count->getType()) > 64)
    return false;
  bool Known = !isa<SCEVCouldNotCompute>(SE.getBackedgeTakenCount(&X));
  // "At most as many as an int counts" bounds nothing.
  if (!Known && isa<SCEVConstant>(Count) &&
      cast<SCEVConstant>(Count)->getAPInt().ugt(1 << 30))
    return false;
  size_t Wraps = S.Wraps.size();
  if (upperBoundOf(Count, X, Known && X.getExitingBlock(), S, SE, Trip))
    return true;
  S.Wraps.truncate(Wraps);
  // A minimum is bounded by each of its operands.
  if (auto *Min = dyn_cast<SCEVNAryExpr>(Count);
      Min && isa<SCEVUMinExpr, SCEVSequentialUMinExpr>(Count))
    for (const SCEV *Op : Min->operands()) {
      if (upperBoundOf(Op, X, /*Exact=*/false, S, SE, Trip))
        return true;
      S.Wraps.truncate(Wraps);
    }
  return false;
}

} // namespace

void describeTrips(Shape &S, ScalarEvolution &SE) {
  for (Loop *X : S.L->getLoopsInPreorder()) {
    AffineForm Trip;
    bool Bounded = upperBound(*X, S, SE, Trip);
    S.Uneven |= !Bounded || any_of(Trip.Strides, [](auto *T) { return T; });
    if (Bounded)
      S.Dims.push_back({X, Trip, nullptr});
  }
}

} // namespace ferry
