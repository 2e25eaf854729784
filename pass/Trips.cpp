//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Trips.h"
#include "Accesses.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;

namespace ferry {

namespace {

// A count of type iN, evaluated as an affine form of the outer dims, may be
// one less than zero where the loop is not entered. A count of 2^63 and more
// stands for no loop that ends, but where it is only a bound it may well be the
// largest number there is, and would be taken for a loop that does not run.
bool upperBoundOf(const SCEV *Count, const Loop &X, bool Exact, Shape &S,
                  ScalarEvolution &SE, AffineForm &Trip) {
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  const SCEV *One = SE.getOne(I64);
  unsigned Bits = SE.getTypeSizeInBits(Count->getType());
  auto Index = [&](const Instruction &Value, bool Signed) {
    return addIndex(S, SE, Value, Signed);
  };
  AffineBuilder Affine(SE, *S.L, S.Dims, /*AllowRanges=*/false);
  Affine.allowIndices(Index, nullptr);
  if (SE.isLoopInvariant(Count, S.L) || Bits == 64) {
    if (!Affine.build(Count, Trip, S.Wraps))
      return false;
    Trip.Base = SE.getNoopOrZeroExtend(Trip.Base, I64);
    if (Bits == 64 && !Exact)
      requireLastIteration(Trip, SE, S.Wraps);
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

// A count is found knowing that its loop is entered. Elsewhere it should be zero or
// negative; but (n - m - 1) / 3, and n - m of 32 bits, are large for m > n.
bool trustsEntry(const SCEV *Count, ScalarEvolution &SE) {
  const bool Narrow = SE.getTypeSizeInBits(Count->getType()) < 64;
  return SCEVExprContains(Count, [&](const SCEV *Part) {
    if (auto *Quotient = dyn_cast<SCEVUDivExpr>(Part))
      return !SE.isKnownNonNegative(Quotient->getLHS());
    auto *Product = dyn_cast<SCEVMulExpr>(Part);
    auto *Factor = Product ? dyn_cast<SCEVConstant>(Product->getOperand(0)) : nullptr;
    return Narrow && Factor && Factor->getAPInt().isNegative();
  });
}

// 1 where an iteration of the loop around X comes to X, by the conditions in between
// that are known before the nest, else 0; null if there are none.
const SCEV *entersOf(const Loop &X, const Loop &Nest, ScalarEvolution &SE) {
  const SCEV *Enters = nullptr;
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  const BasicBlock *To = X.getLoopPreheader(), *Header = X.getParentLoop()->getHeader();
  for (; To && To != Header; To = To->getSinglePredecessor()) {
    const BasicBlock *From = To->getSinglePredecessor();
    auto *Branch = From ? dyn_cast<BranchInst>(From->getTerminator()) : nullptr;
    if (!Branch || !Branch->isConditional() || !Nest.isLoopInvariant(Branch->getCondition()))
      continue;
    const SCEV *Condition = SE.getSCEV(Branch->getCondition());
    if (Branch->getSuccessor(1) == To)
      Condition = SE.getNotSCEV(Condition);
    Condition = SE.getZeroExtendExpr(Condition, I64);
    Enters = Enters ? SE.getMulExpr(Enters, Condition) : Condition;
  }
  return Enters;
}

// No iterations where X is not entered.
void respectEntry(const SCEV *Count, const Loop &X, const Shape &S, ScalarEvolution &SE,
                  AffineForm &Trip) {
  if (&X == S.L || !trustsEntry(Count, SE) || any_of(Trip.Strides, [](auto *T) { return T; }))
    return;
  if (const SCEV *Enters = entersOf(X, *S.L, SE))
    Trip.Base = SE.getMulExpr(Enters, Trip.Base);
}

// The test at the end of a loop: go on while Counter < Bound, or > if Down.
struct ExitTest {
  const SCEVAddRecExpr *Counter = nullptr; // affine
  const SCEV *Start, *Step, *Bound;        // 64 bits; Step counts towards Bound
  bool Signed, Down;                       // what the counter is
  bool Wide;                               // Bound is unsigned and of 64 bits
};

// Rec or ext(Rec), where Rec counts the iterations of X; Signed is that of the
// extension, if there is one.
const SCEVAddRecExpr *counterOf(const SCEV *Value, const Loop &X, bool &Signed) {
  if (isa<SCEVSignExtendExpr, SCEVZeroExtendExpr>(Value)) {
    Signed = isa<SCEVSignExtendExpr>(Value);
    Value = cast<SCEVCastExpr>(Value)->getOperand();
  }
  auto *Rec = dyn_cast<SCEVAddRecExpr>(Value);
  return Rec && Rec->getLoop() == &X && Rec->isAffine() ? Rec : nullptr;
}

// Value Goes Bound: when X goes on.
struct Comparison {
  const SCEV *Value, *Bound;
  CmpInst::Predicate Goes;
};

std::optional<Comparison> findComparison(const Loop &X, ScalarEvolution &SE) {
  BasicBlock *Latch = X.getLoopLatch();
  auto *Branch = Latch && X.getExitingBlock() == Latch
                     ? dyn_cast<BranchInst>(Latch->getTerminator())
                     : nullptr;
  auto *Test = Branch ? dyn_cast<ICmpInst>(Branch->getCondition()) : nullptr;
  if (!Test || !Test->isRelational() ||
      !Test->getOperand(0)->getType()->isIntegerTy() ||
      SE.getTypeSizeInBits(Test->getOperand(0)->getType()) > 64)
    return std::nullopt;
  Comparison C{SE.getSCEV(Test->getOperand(0)),
               SE.getSCEV(Test->getOperand(1)),
               X.contains(Branch->getSuccessor(0))
                   ? Test->getPredicate()
                   : Test->getInversePredicate()};
  if (SE.isLoopInvariant(C.Value, &X)) {
    std::swap(C.Value, C.Bound);
    C.Goes = CmpInst::getSwappedPredicate(C.Goes);
  }
  return C;
}

// In 64 bits, where the comparison is one of signed numbers but for Wide.
bool findExitTest(const Loop &X, const Loop &Nest, ScalarEvolution &SE,
                  ExitTest &Out) {
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  std::optional<Comparison> C = findComparison(X, SE);
  if (!C)
    return false;
  const bool BoundSigned = CmpInst::isSigned(C->Goes);
  const bool Strict = CmpInst::isStrictPredicate(C->Goes);
  const CmpInst::Predicate Goes =
      Strict ? C->Goes : CmpInst::getStrictPredicate(C->Goes);
  auto extend = [&](const SCEV *V, bool Signed) {
    return Signed ? SE.getNoopOrSignExtend(V, I64)
                  : SE.getNoopOrZeroExtend(V, I64);
  };
  Out.Signed = BoundSigned;
  Out.Counter = counterOf(C->Value, X, Out.Signed);
  Out.Wide = !BoundSigned && SE.getTypeSizeInBits(C->Bound->getType()) == 64;
  if (!Out.Counter || (Out.Signed && !BoundSigned) ||
      !SE.isLoopInvariant(C->Bound, &Nest) ||
      !SE.isLoopInvariant(Out.Counter->getStart(), &Nest) ||
      !SE.isLoopInvariant(Out.Counter->getStepRecurrence(SE), &Nest))
    return false;
  Out.Down = Goes == CmpInst::ICMP_SGT || Goes == CmpInst::ICMP_UGT;
  Out.Start = extend(Out.Counter->getStart(), Out.Signed);
  Out.Step = extend(Out.Counter->getStepRecurrence(SE), true);
  if (Out.Down)
    Out.Step = SE.getNegativeSCEV(Out.Step);
  Out.Bound = extend(C->Bound, BoundSigned);
  if (Strict)
    return true;
  // i <= n is i < n + 1, in a type where that does not wrap.
  Out.Bound = SE.getAddExpr(Out.Bound, SE.getConstant(I64, Out.Down ? -1 : 1,
                                                      /*isSigned=*/true));
  return SE.getTypeSizeInBits(C->Bound->getType()) < 64;
}

// How often X goes back, where that is known only if its counter does not wrap.
// The conditions: it moves towards the bound, and it fits into its type in all
// iterations that there are then. The dim of X comes next.
const SCEV *assumedCount(const Loop &X, Shape &S, ScalarEvolution &SE) {
  ExitTest T;
  if (!findExitTest(X, *S.L, SE, T))
    return SE.getCouldNotCompute();
  const SCEV *One = SE.getOne(T.Step->getType());
  // The conditions keep Start below 2^63, but Wide may not be.
  const SCEV *End = T.Down ? T.Wide ? SE.getUMinExpr(T.Bound, T.Start)
                                    : SE.getSMinExpr(T.Bound, T.Start)
                    : T.Wide ? SE.getUMaxExpr(T.Bound, T.Start)
                             : SE.getSMaxExpr(T.Bound, T.Start);
  const SCEV *Way =
      T.Down ? SE.getMinusSCEV(T.Start, End) : SE.getMinusSCEV(End, T.Start);
  AffineForm Counter, Towards;
  Counter.Base = T.Start;
  Counter.Strides.assign(S.Dims.size(), nullptr);
  Counter.Strides.push_back(T.Down ? SE.getNegativeSCEV(T.Step) : T.Step);
  unsigned Bits = SE.getTypeSizeInBits(T.Counter->getType());
  S.Wraps.push_back({Counter, Bits, T.Signed});
  Towards.Base = SE.getMinusSCEV(T.Step, One);
  if (!SE.isKnownPositive(T.Step))
    S.Wraps.push_back({Towards, 64, /*Signed=*/false});
  // Way / Step, rounded up without overflow.
  const SCEV *Any = SE.getUMinExpr(Way, One);
  return SE.getAddExpr(SE.getUDivExpr(SE.getMinusSCEV(Way, Any), T.Step), Any);
}

// A minimum is bounded by each of its operands.
bool boundByOperand(const SCEV *Count, const Loop &X, Shape &S,
                    ScalarEvolution &SE, AffineForm &Trip) {
  auto *Min = dyn_cast<SCEVNAryExpr>(Count);
  if (!Min || !isa<SCEVUMinExpr, SCEVSequentialUMinExpr>(Count))
    return false;
  const size_t Wraps = S.Wraps.size();
  for (const SCEV *Op : Min->operands()) {
    if (upperBoundOf(Op, X, /*Exact=*/false, S, SE, Trip))
      return true;
    S.Wraps.truncate(Wraps);
  }
  return false;
}

// max(x + d, x) is x + max(d, 0) where neither wraps: two conditions. So tiles end whose
// width is no constant: for (i = x; i < x + width; i++).
class TileEnds : public SCEVRewriteVisitor<TileEnds> {
public:
  TileEnds(Shape &S, ScalarEvolution &SE) : SCEVRewriteVisitor(SE), S(S) {}

  const SCEV *visitUMaxExpr(const SCEVUMaxExpr *Max) { return fold(*Max, /*Signed=*/false); }
  const SCEV *visitSMaxExpr(const SCEVSMaxExpr *Max) { return fold(*Max, /*Signed=*/true); }

private:
  bool requireNoWrap(const SCEV *X, bool Signed) {
    AffineForm Form;
    if (!AffineBuilder(SE, *S.L, S.Dims, /*AllowRanges=*/false).build(X, Form, S.Wraps))
      return false;
    S.Wraps.push_back({Form, 64, Signed});
    return true;
  }

  const SCEV *fold(const SCEVNAryExpr &Max, bool Signed) {
    auto *X = dyn_cast<SCEVAddRecExpr>(Max.getOperand(0)),
         *Y = dyn_cast<SCEVAddRecExpr>(Max.getOperand(1));
    if (Max.getNumOperands() != 2 || !X || !Y || X->getLoop() != Y->getLoop() ||
        !X->isAffine() || !Y->isAffine() || SE.getTypeSizeInBits(X->getType()) != 64 ||
        X->getStepRecurrence(SE) != Y->getStepRecurrence(SE) ||
        !SE.willNotOverflow(Instruction::Sub, /*Signed=*/true, Y->getStart(), X->getStart()) ||
        !requireNoWrap(X, Signed) || !requireNoWrap(Y, Signed))
      return &Max;
    const SCEV *More = SE.getMinusSCEV(Y->getStart(), X->getStart());
    return SE.getAddExpr(X, SE.getSMaxExpr(More, SE.getZero(More->getType())));
  }

  Shape &S;
};

bool upperBound(const Loop &X, Shape &S, ScalarEvolution &SE, Dim &Out) {
  const size_t Wraps = S.Wraps.size();
  bool Known = !isa<SCEVCouldNotCompute>(SE.getBackedgeTakenCount(&X));
  const SCEV *Count =
      Known ? SE.getSymbolicMaxBackedgeTakenCount(&X) : assumedCount(X, S, SE);
  bool Exact = X.getExitingBlock() && !isa<SCEVCouldNotCompute>(Count);
  if (!Known && !Exact) {
    S.Wraps.truncate(Wraps);
    Count = SE.getSymbolicMaxBackedgeTakenCount(&X);
    // "At most as many as an int counts" bounds nothing.
    if (auto *Constant = dyn_cast<SCEVConstant>(Count);
        Constant && Constant->getAPInt().ugt(1 << 30))
      return false;
  }
  if (isa<SCEVCouldNotCompute>(Count) ||
      SE.getTypeSizeInBits(Count->getType()) > 64)
    return false;
  Out.Exact = Exact && X.getExitingBlock() == X.getLoopLatch() &&
              (!Known || Count == SE.getBackedgeTakenCount(&X));
  if (!upperBoundOf(Count, X, Exact, S, SE, Out.Trip)) {
    S.Wraps.truncate(Wraps);
    Out.Exact = false; // for one, where X is not entered
    if (upperBoundOf(TileEnds(S, SE).visit(Count), X, /*Exact=*/false, S, SE, Out.Trip))
      return true;
    S.Wraps.truncate(Wraps);
    if (!boundByOperand(Count, X, S, SE, Out.Trip))
      return false;
  }
  respectEntry(Count, X, S, SE, Out.Trip);
  return true;
}

} // namespace

bool hasCount(const Loop &X, ScalarEvolution &SE) {
  ExitTest T;
  const SCEV *Count = SE.getBackedgeTakenCount(&X);
  if (isa<SCEVCouldNotCompute>(Count))
    return findExitTest(X, X, SE, T);
  return SE.getTypeSizeInBits(Count->getType()) <= 64;
}

void describeTrips(Shape &S, ScalarEvolution &SE) {
  for (Loop *X : S.L->getLoopsInPreorder()) {
    Dim D{X, {}};
    bool Bounded = upperBound(*X, S, SE, D);
    S.Uneven |= !Bounded || any_of(D.Trip.Strides, [](auto *T) { return T; });
    if (Bounded)
      S.Dims.push_back(D);
  }
}

} // namespace ferry
