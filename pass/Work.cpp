//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Work.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr int64_t GuessedTrips = 16;    // of a loop whose count is unknown
constexpr int64_t MaxWork = 1LL << 31;  // of a factor

// Machine instructions, roughly: what the guard compares.
int64_t costOf(const Instruction &I) {
  if (I.isDebugOrPseudoInst() || I.isLifetimeStartOrEnd())
    return 0;
  switch (I.getOpcode()) {
  case Instruction::PHI: case Instruction::GetElementPtr:
  case Instruction::Trunc: case Instruction::ZExt: case Instruction::SExt:
    return 0;
  case Instruction::UDiv: case Instruction::SDiv: case Instruction::URem:
  case Instruction::SRem: case Instruction::FDiv:
    return 10;
  case Instruction::FRem:
    return 40;
  case Instruction::Call:
    if (auto *F = cast<CallInst>(I).getCalledFunction(); F && F->isIntrinsic())
      return 3;
    return 40;
  default:
    return 1;
  }
}

int64_t ownCost(const Loop &L) {
  int64_t Cost = 0;
  for (BasicBlock *B : L.blocks())
    if (none_of(L.getSubLoops(), [&](Loop *X) { return X->contains(B); }))
      for (Instruction &I : *B)
        Cost += costOf(I);
  return std::max<int64_t>(Cost, 1);
}

const Dim *dimOf(const Shape &S, const Loop &L) {
  auto *It = find_if(S.Dims, [&](const Dim &D) { return D.L == &L; });
  return It == S.Dims.end() ? nullptr : It;
}

// The trip count where it is the same for each iteration of the nest.
const SCEV *knownTrips(const Shape &S, const Loop &L) {
  const Dim *D = dimOf(S, L);
  return D && none_of(D->Trip.Strides, [](auto *S) { return S; }) ? D->Trip.Base : nullptr;
}

// In a triangle, that of the middle iterations of the loops around. Null: not known.
const SCEV *usualTrips(const Shape &S, const Loop &L, ScalarEvolution &SE) {
  const Dim *D = dimOf(S, L);
  if (!D || knownTrips(S, L) || !D->Exact)
    return knownTrips(S, L);
  const SCEV *Trips = D->Trip.Base, *One = SE.getOne(Trips->getType());
  for (auto [J, Stride] : enumerate(D->Trip.Strides)) {
    const SCEV *Outer = Stride && S.Dims[J].L ? usualTrips(S, *S.Dims[J].L, SE) : nullptr;
    if (Stride && !Outer)
      return nullptr;
    if (Stride)
      Trips = SE.getAddExpr(
          Trips, SE.getMulExpr(Stride, SE.getUDivExpr(Outer, SE.getAddExpr(One, One))));
  }
  return SE.getSMaxExpr(Trips, One);
}

// What the nest cannot exceed, as far as that is known.
std::optional<int64_t> largestWorkOf(const Shape &S, const Loop &L,
                                     ScalarEvolution &SE) {
  const SCEV *Trips = knownTrips(S, L);
  if (!Trips)
    return std::nullopt;
  uint64_t N = SE.getUnsignedRangeMax(Trips).getLimitedValue();
  int64_t Work = ownCost(L);
  for (Loop *X : L.getSubLoops()) {
    auto Inner = largestWorkOf(S, *X, SE);
    if (!Inner)
      return std::nullopt;
    Work += *Inner;
  }
  if (N > uint64_t(MaxWork) || Work > MaxWork)
    return std::nullopt;
  return int64_t(N) * Work;
}

// The counts as they are, perhaps poison, or what they cannot exceed, cheaper.
enum class Counts { Exact, Unfrozen, WithoutDivisions };

// x instead of x / y, where that is more.
const SCEV *withoutDivisions(const SCEV *X, ScalarEvolution &SE) {
  SmallVector<const SCEV *, 4> Ops;
  switch (X->getSCEVType()) {
  case scUDivExpr: {
    auto *Quotient = cast<SCEVUDivExpr>(X);
    return isa<SCEVConstant>(Quotient->getRHS()) ? X : Quotient->getLHS();
  }
  case scAddExpr: case scUMaxExpr: case scSMaxExpr:
    for (const SCEV *Op : X->operands())
      Ops.push_back(withoutDivisions(Op, SE));
    return isa<SCEVAddExpr>(X)    ? SE.getAddExpr(Ops)
           : isa<SCEVUMaxExpr>(X) ? SE.getUMaxExpr(Ops)
                                  : SE.getSMaxExpr(Ops);
  default:
    return X;
  }
}

// A value and what it cannot exceed.
struct Estimate {
  Value *V;
  uint64_t Max;
};

Estimate clamp(Estimate E, IRBuilderBase &B) {
  if (E.Max <= uint64_t(MaxWork))
    return E;
  return {B.CreateBinaryIntrinsic(Intrinsic::umin, E.V, B.getInt64(MaxWork)),
          uint64_t(MaxWork)};
}

// Within 62 bits.
Estimate multiply(Estimate X, Estimate Y, IRBuilderBase &B) {
  constexpr uint64_t Limit = uint64_t(1) << 62;
  if (X.Max > Limit / Y.Max) {
    X = clamp(X, B);
    Y = clamp(Y, B);
  }
  return {B.CreateMul(X.V, Y.V), X.Max * Y.Max};
}

Estimate expandTrips(const Shape &S, const Loop &L, Counts How, IRBuilderBase &B,
                     SCEVExpander &Expander) {
  ScalarEvolution &SE = *Expander.getSE();
  const SCEV *Known = usualTrips(S, L, SE);
  if (!Known)
    return {B.getInt64(GuessedTrips), GuessedTrips};
  if (How == Counts::WithoutDivisions)
    Known = withoutDivisions(Known, SE);
  Value *V = Expander.expandCodeFor(Known, B.getInt64Ty(), B.GetInsertPoint());
  uint64_t Max = SE.getUnsignedRangeMax(Known).getLimitedValue();
  return {How == Counts::Unfrozen ? V : B.CreateFreeze(V), std::max<uint64_t>(Max, 1)};
}

Estimate expandWork(const Shape &S, const Loop &L, Counts How, IRBuilderBase &B,
                    SCEVExpander &Expander) {
  const int64_t Own = ownCost(L);
  Estimate Work{B.getInt64(Own), uint64_t(Own)};
  for (Loop *X : L.getSubLoops()) {
    Estimate Inner = clamp(expandWork(S, *X, How, B, Expander), B);
    Work = {B.CreateAdd(Work.V, Inner.V), Work.Max + Inner.Max};
  }
  return multiply(expandTrips(S, L, How, B, Expander), Work, B);
}

// Where they are counted alike, a loop counts iterations.
Estimate expandUnits(const Shape &S, Counts How, IRBuilderBase &B, SCEVExpander &Expander) {
  return S.L->isInnermost() ? expandTrips(S, *S.L, How, B, Expander)
                            : expandWork(S, *S.L, How, B, Expander);
}

bool isGuessed(const Shape &S, const Loop &L, ScalarEvolution &SE) {
  return !usualTrips(S, L, SE) ||
         any_of(L.getSubLoops(), [&](const Loop *X) { return isGuessed(S, *X, SE); });
}

bool divides(const Shape &S, const Loop &L, ScalarEvolution &SE) {
  const SCEV *Trips = knownTrips(S, L);
  return (Trips && withoutDivisions(Trips, SE) != Trips) ||
         any_of(L.getSubLoops(), [&](const Loop *X) { return divides(S, *X, SE); });
}

} // namespace

std::optional<int64_t> largestWork(const Shape &S, ScalarEvolution &SE) {
  return largestWorkOf(S, *S.L, SE);
}

Refusal describeWorthwhile(Loop &L, const ShapeContext &C, int64_t Threshold,
                           Shape &Out) {
  if (Refusal R = describe(L, C, Out))
    return R;
  auto Work = largestWork(Out, C.SE);
  return Work && *Work <= Threshold ? Refusal{Reason::TooSmall, ""} : Refusal{};
}

Work expandWork(const Shape &S, IRBuilderBase &B, SCEVExpander &Expander) {
  Work Out;
  const bool Divides = divides(S, *S.L, *Expander.getSE());
  const Estimate Units =
      expandUnits(S, Divides ? Counts::Unfrozen : Counts::Exact, B, Expander);
  Out.Units = Units.V;
  Out.Unit = S.L->isInnermost() ? ownCost(*S.L) : 1;
  Out.MaxUnits = Units.Max;
  Out.Guessed = isGuessed(S, *S.L, *Expander.getSE());
  if (Divides)
    Out.Bound = expandUnits(S, Counts::WithoutDivisions, B, Expander).V;
  return Out;
}

Value *workInFull(const Work &W, Value *Units, IRBuilderBase &B) {
  return multiply({Units, W.MaxUnits}, {B.getInt64(W.Unit), uint64_t(W.Unit)}, B).V;
}

} // namespace ferry
