//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Filling.h"
#include "Objects.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxTouches = 256; // of one object
constexpr unsigned SmallBits = 24;   // of numbers whose products do not wrap

// Each element grows by those that begin where it ends.
template <typename List, typename Follows, typename Grow>
void joinNeighbours(List &All, Follows follows, Grow grow) {
  for (size_t I = 0; I < All.size(); ++I)
    for (size_t J = 0; J < All.size();) {
      if (I == J || !follows(All[I], All[J])) {
        ++J;
        continue;
      }
      grow(All[I], All[J]);
      All.erase(All.begin() + J);
      I -= J < I;
      J = 0;
    }
}

} // namespace

void Needs::require(const Condition &X, ScalarEvolution &SE) {
  Type *I64 = IntegerType::get(SE.getContext(), 64);
  const SCEV *Test = SE.getZeroExtendExpr(SE.getSCEV(X.Test), I64);
  const SCEV *Fails = X.Holds ? SE.getMinusSCEV(SE.getOne(I64), Test) : Test;
  // Twice 1 needs two bits.
  requireFits(SE.getMulExpr(Fails, SE.getConstant(I64, 2)), 1);
}

bool Filling::isInner(const Dim &D, const Loop *Y) {
  return !Y || !D.L || (D.L != Y && Y->contains(D.L));
}

bool Filling::find(ArrayRef<Touch> Touches) {
  if (!canHold() || !collect(Touches))
    return false;
  findFilled();
  return !Ranges.empty();
}

// Does it depend on a dim that only this class knows, or on a value?
bool Filling::usesRange(const AffineForm &Form) const {
  return any_of(enumerate(Form.Strides), [&](auto X) {
    return X.value() && (X.index() >= S.Dims.size() || !Dims[X.index()].L);
  });
}

bool Filling::canHold() const {
  auto *A = dyn_cast<AllocaInst>(&Object);
  return !A || none_of(A->users(), [&](User *U) {
    auto *I = cast<Instruction>(U);
    return I->isLifetimeStartOrEnd() && S.L->contains(I);
  });
}

// Is the address computed from the object in ways that can be computed again, from
// another one?
bool Filling::leadsHere(Value *V, SmallPtrSetImpl<Value *> &Seen) const {
  if (V == &Object || !Seen.insert(V).second)
    return true;
  if (S.L->isLoopInvariant(V))
    return SE.getPointerBase(SE.getSCEV(V)) == SE.getUnknown(&Object);
  if (auto *G = dyn_cast<GetElementPtrInst>(V))
    return !G->getType()->isVectorTy() && leadsHere(G->getPointerOperand(), Seen);
  auto *Phi = dyn_cast<PHINode>(V);
  return Phi && none_of(S.Inductions, [&](auto &I) { return I.Phi == Phi; }) &&
         Phi->getParent() != S.L->getHeader() &&
         all_of(Phi->incoming_values(), [&](Value *X) { return leadsHere(X, Seen); });
}

bool Filling::collect(ArrayRef<Touch> Touches) {
  for (const Touch &T : Touches) {
    Value *Pointer = *T.Pointer;
    SmallPtrSet<Value *, 8> Seen;
    if (!SE.isLoopInvariant(T.Width, S.L) || !leadsHere(Pointer, Seen))
      return false;
    Part X{T, cast<Instruction>(T.Pointer->getUser()), {}, {}};
    const SCEV *Offset = SE.removePointerBase(SE.getSCEV(Pointer));
    if (!AffineBuilder(SE, *S.L, Dims, true).build(Offset, X.Form, X.Wraps) ||
        any_of(X.Wraps, [&](const WrapCondition &W) { return usesRange(W.Form); }))
      X.Form.Base = nullptr;
    Parts.push_back(X);
  }
  for (Part &X : Parts)
    X.Form.Strides.resize(Dims.size(), nullptr);
  return Parts.size() <= MaxTouches;
}

// Is it done in every iteration of all loops around, if conditions hold?
bool Filling::isCertain(const Part &X, SmallVectorImpl<Condition> &When) const {
  if (!findConditions(*X.By->getParent(), *S.L, C, When))
    return false;
  for (const Condition &Y : When) {
    auto *Test = dyn_cast<Instruction>(Y.Test);
    if (Test && S.L->contains(Test) &&
        (Test->mayReadOrWriteMemory() || !isSafeToSpeculativelyExecute(Test)))
      return false;
  }
  for (const Loop *Y = C.LI.getLoopFor(X.By->getParent()); Y != &P; Y = Y->getParentLoop()) {
    auto *D = find_if(Dims, [&](const Dim &D) { return D.L == Y; });
    if (!Y || D == Dims.end() || !D->Exact || D->Origin >= 0 ||
        any_of(D->Trip.Strides, [](auto *Stride) { return Stride; }))
      return false;
  }
  return true;
}

// Neighbours in a struct become one.
void Filling::joinStripes() {
  auto loopOf = [&](const Stripe &X) { return C.LI.getLoopFor(X.Writes[0]->By->getParent()); };
  joinNeighbours(
      Stripes,
      [&](const Stripe &A, const Stripe &B) {
        return SE.getAddExpr(A.Base, A.Width) == B.Base && A.Strides == B.Strides &&
               loopOf(A) == loopOf(B) && sameConditions(A.When, B.When);
      },
      [&](Stripe &A, const Stripe &B) {
        A.Width = SE.getAddExpr(A.Width, B.Width);
        A.Writes.append(B.Writes);
      });
}

// What an iteration of Y fills of it, in the loops inside; nothing where gaps remain.
Range Filling::rangeOf(const Stripe &X, const Loop &Y) const {
  const SCEV *Begin = X.Base, *Extent = X.Width;
  SmallVector<unsigned, 4> Left;
  for (auto [K, Stride] : enumerate(X.Strides))
    if (Stride && isInner(Dims[K], &Y))
      Left.push_back(K);
  while (!Left.empty()) {
    auto *Next = find_if(Left, [&](unsigned K) {
      return X.Strides[K] == Extent || X.Strides[K] == SE.getNegativeSCEV(Extent);
    });
    if (Next == Left.end())
      return {};
    const SCEV *Trip = Dims[*Next].Trip.Base;
    const SCEV *Rest = SE.getMinusSCEV(Trip, SE.getOne(Trip->getType()));
    if (X.Strides[*Next] != Extent)
      Begin = SE.getMinusSCEV(Begin, SE.getMulExpr(Extent, Rest));
    Extent = SE.getMulExpr(Extent, Trip);
    Left.erase(Next);
  }
  return {Begin, SE.getAddExpr(Begin, Extent)};
}

void Filling::findFilled() {
  for (const Part &X : Parts) {
    SmallVector<Condition, 2> When;
    if (X.T.Write && X.Form.Base && !usesRange(X.Form) && P.contains(X.By) &&
        none_of(ArrayRef(X.Form.Strides).take_front(Parallel),
                [](auto *Stride) { return Stride; }) &&
        isCertain(X, When) &&
        none_of(Stripes, [&](const Stripe &Y) {
          return Y.Base == X.Form.Base && Y.Width == X.T.Width &&
                 Y.Strides == X.Form.Strides && sameConditions(Y.When, When);
        }))
      Stripes.push_back({X.Form.Base, X.T.Width, X.Form.Strides, {&X}, When});
  }
  joinStripes();
  for (const Stripe &X : Stripes)
    if (Range R = rangeOf(X, P); R.Begin)
      Ranges.push_back({R, {&X}});
  joinNeighbours(
      Ranges,
      [&](const Filled &A, const Filled &B) {
        return A.Bytes.End == B.Bytes.Begin &&
               sameConditions(A.Stripes[0]->When, B.Stripes[0]->When);
      },
      [](Filled &A, const Filled &B) {
        A.Bytes.End = B.Bytes.End;
        A.Stripes.append(B.Stripes);
      });
  // What lies in a larger one belongs to it.
  stable_sort(Ranges, [&](const Filled &A, const Filled &B) {
    auto sizeOf = [&](const Filled &X) {
      auto *Size = dyn_cast<SCEVConstant>(SE.getMinusSCEV(X.Bytes.End, X.Bytes.Begin));
      return Size ? Size->getAPInt().getLimitedValue() : UINT64_MAX;
    };
    return sizeOf(A) > sizeOf(B);
  });
}

// A loop with a break may have a bound that it never comes near.
bool Filling::isSmall(const SCEV *X, Needs &Out) const {
  if (SE.getUnsignedRangeMax(X).getActiveBits() <= SmallBits)
    return true;
  Out.Conditions.push_back({AffineForm{X, {}}, SmallBits, /*Signed=*/false});
  return !isa<SCEVConstant>(X);
}

// The largest value that a trip count can have; null: not known, or not small.
const SCEV *Filling::mostOf(const AffineForm &Trip, Needs &Needed) const {
  const SCEV *Out = Trip.Base;
  for (auto [K, Stride] : enumerate(Trip.Strides)) {
    if (!Stride || SE.isKnownNegative(Stride))
      continue;
    const SCEV *Most = SE.isKnownPositive(Stride) && isSmall(Stride, Needed)
                           ? mostOf(Dims[K].Trip, Needed)
                           : nullptr;
    if (!Most)
      return nullptr;
    Out = SE.getAddExpr(
        Out, SE.getMulExpr(Stride, SE.getMinusSCEV(Most, SE.getOne(Most->getType()))));
  }
  return isSmall(Out, Needed) ? Out : nullptr;
}

// The bytes that lie between all those that an iteration of Y touches.
Range Filling::hullOf(const Part &X, const Loop *Y, Needs &Needed) const {
  Range Out{X.Form.Base, SE.getAddExpr(X.Form.Base, X.T.Width)};
  for (auto [K, Stride] : enumerate(X.Form.Strides)) {
    if (!Stride || !isInner(Dims[K], Y))
      continue;
    const SCEV *Most = Dims[K].Origin < 0 ? mostOf(Dims[K].Trip, Needed) : nullptr;
    if (!Most || !(SE.isKnownPositive(Stride) || SE.isKnownNegative(Stride)) ||
        !isSmall(SE.isKnownPositive(Stride) ? Stride : SE.getNegativeSCEV(Stride), Needed))
      return {};
    const SCEV *&Moved = SE.isKnownPositive(Stride) ? Out.End : Out.Begin;
    Moved = SE.getAddExpr(Moved, SE.getMulExpr(Stride, SE.getMinusSCEV(
                                     Most, SE.getOne(Most->getType()))));
  }
  return Out;
}

Inclusion Filling::isInside(const Range &In, const Range &X, const Instruction &By) const {
  if (!In.Begin || !X.Begin)
    return {};
  // Where it happens, its loop has been entered.
  const Loop *Around = C.LI.getLoopFor(By.getParent());
  auto isNotNegative = [&](const SCEV *Y) {
    return SE.isKnownNonNegative(Y) ||
           SE.isKnownNonNegative(SE.applyLoopGuards(Y, Around));
  };
  const SCEV *Before = SE.getMinusSCEV(X.Begin, In.Begin),
             *After = SE.getMinusSCEV(In.End, X.End);
  if (!isNotNegative(Before))
    return {};
  if (isNotNegative(After))
    return {true, nullptr};
  return {!isa<SCEVConstant>(After), After};
}

bool Filling::meet(const Range &A, const Range &B) const {
  return A.Begin && B.Begin && SE.isKnownPositive(SE.getMinusSCEV(A.End, B.Begin)) &&
         SE.isKnownPositive(SE.getMinusSCEV(B.End, A.Begin));
}

bool Filling::isWhole(const Filled &F) const {
  return F.Bytes.Begin->isZero() && F.Bytes.End == sizeOfObject(Object, SE);
}

} // namespace ferry
