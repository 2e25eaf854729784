//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Scratch.h"
#include "Filling.h"
#include "PrivateArrays.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned SizeBits = 16; // FERRY_MOST_STACK

// Where the program goes if the condition holds.
BasicBlockEdge edgeOf(const Condition &X) {
  return {X.At->getParent(), X.At->getSuccessor(!X.Holds)};
}

// Which of the filled ranges are read only after they were filled.
class ScratchFinder {
public:
  ScratchFinder(Shape &S, const ShapeContext &C, Value &Object, unsigned Parallel)
      : S(S), C(C), SE(C.SE), Object(Object), P(*S.Dims[Parallel - 1].L),
        All(S, C, Object, Parallel) {}

  void find(ArrayRef<Touch> Touches) {
    if (All.find(Touches))
      for (const Filled &F : All.filled())
        take(F);
  }

private:
  bool isAfter(const Instruction &I, const Instruction &Write, const Loop &Y) const;
  bool holdsAt(const Condition &X, const Instruction &I) const;
  bool allHoldAt(ArrayRef<Condition> When, const Instruction &I, Needs &Out) const;
  bool isFollowedBy(const Stripe &X, const Instruction &I, const Loop &Y,
                    Needs &Out) const;
  bool isOutOfIteration(const Instruction &I) const;
  bool isFilledBefore(const Part &Read, const Stripe &X, Needs &Out) const;
  Range carriedFrom(const Part &Read, const Stripe &X) const;
  bool takeCarried(const Part &Read, const Filled &F, Scratch &Out, Needs &Needed) const;
  bool allFilledBefore(const Part &Read, const Filled &F, Needs &Out) const;
  bool takeTouch(const Part &X, const Filled &F, Scratch &Out, Needs &Needed) const;
  bool limitSize(Scratch &Out, Needs &Needed) const;
  void take(const Filled &F);

  Shape &S;
  const ShapeContext &C;
  ScalarEvolution &SE;
  Value &Object;
  const Loop &P;
  Filling All;
};

// In the same iteration of Y, the innermost loop around both: does all that the write
// does there come before I, if it happens at all?
bool ScratchFinder::isAfter(const Instruction &I, const Instruction &Write,
                            const Loop &Y) const {
  const Loop *X = C.LI.getLoopFor(Write.getParent());
  if (X == &Y && C.DT.dominates(&Write, &I))
    return true;
  while (X != &Y && X->getParentLoop() != &Y)
    X = X->getParentLoop();
  if (X != &Y && X->getExitingBlock() == X->getLoopLatch() &&
      C.DT.dominates(X->getLoopLatch(), I.getParent()))
    return true;
  // Behind both branches of the outermost if that it stands in and I does not?
  SmallVector<Condition, 2> When;
  if (!findConditions(*Write.getParent(), Y, C, When))
    return false;
  while (!When.empty() && C.DT.dominates(edgeOf(When.back()), I.getParent()))
    When.pop_back();
  if (When.empty())
    return false;
  const BasicBlock *If = When.back().At->getParent(), *At = I.getParent();
  return C.DT.properlyDominates(If, At) && none_of(successors(If), [&](const BasicBlock *B) {
    return C.DT.dominates(BasicBlockEdge(If, B), At);
  });
}

// Does I only happen if the condition holds?
bool ScratchFinder::holdsAt(const Condition &X, const Instruction &I) const {
  const BasicBlock *B = I.getParent();
  for (auto *Node = C.DT.getNode(B)->getIDom(); Node; Node = Node->getIDom()) {
    auto *Branch = dyn_cast<BranchInst>(Node->getBlock()->getTerminator());
    if (Branch && Branch->isConditional() && Branch->getCondition() == X.Test &&
        C.DT.dominates(BasicBlockEdge(Node->getBlock(), Branch->getSuccessor(!X.Holds)), B))
      return true;
  }
  return false;
}

// The same of all of them; or they can be seen to hold before the loop.
bool ScratchFinder::allHoldAt(ArrayRef<Condition> When, const Instruction &I,
                              Needs &Out) const {
  for (const Condition &X : When) {
    if (holdsAt(X, I))
      continue;
    if (!S.L->isLoopInvariant(X.Test))
      return false;
    Out.require(X, SE);
  }
  return true;
}

// Does I come after all that the stripe does in the same iteration of Y, the innermost
// loop around both?
bool ScratchFinder::isFollowedBy(const Stripe &X, const Instruction &I, const Loop &Y,
                                 Needs &Out) const {
  return all_of(X.Writes, [&](const Part *W) { return isAfter(I, *W->By, Y); }) &&
         allHoldAt(X.When, I, Out);
}

// Is it computed again, in a worker that starts with the next iteration?
bool ScratchFinder::isOutOfIteration(const Instruction &I) const {
  return any_of(S.Previous, [&](const Previous &X) { return is_contained(X.Slice, &I); });
}

// Does the stripe fill what the read reads, in the same iteration and before it?
bool ScratchFinder::isFilledBefore(const Part &Read, const Stripe &X, Needs &Out) const {
  const Instruction &Write = *X.Writes[0]->By;
  const Loop *Y = C.LI.getLoopFor(Write.getParent());
  while (!Y->contains(Read.By))
    Y = Y->getParentLoop();
  if (!P.contains(Y))
    return false;
  for (auto [K, D] : enumerate(All.dims()))
    if (!All.isInner(D, Y) && X.Strides[K] != Read.Form.Strides[K])
      return false;
  const Inclusion In = All.isInside(All.rangeOf(X, *Y), All.hullOf(Read, Y, Out), *Read.By);
  if (!In.Inside || !isFollowedBy(X, *Read.By, *Y, Out))
    return false;
  if (In.Rest)
    Out.requireNotNegative(In.Rest);
  return true;
}

// Does the read read what the stripe filled some iterations of the same loop before?
// The first of these iterations read the bytes before, which are returned.
Range ScratchFinder::carriedFrom(const Part &Read, const Stripe &X) const {
  const Loop *Y = C.LI.getLoopFor(X.Writes[0]->By->getParent());
  SmallVector<Condition, 2> When;
  if (!Read.Form.Base || Y->getParentLoop() != &P || C.LI.getLoopFor(Read.By->getParent()) != Y ||
      Read.T.Width != X.Width || Read.Form.Strides != X.Strides || !All.rangeOf(X, P).Begin ||
      !All.isCertain(Read, When) || !sameConditions(When, X.When) || isOutOfIteration(*Read.By))
    return {};
  for (auto [K, Stride] : enumerate(X.Strides))
    if (Stride && (All.dims()[K].L != Y || Stride != X.Width))
      return {};
  auto *Distance = dyn_cast<SCEVConstant>(SE.getMinusSCEV(X.Base, Read.Form.Base));
  auto *Width = dyn_cast<SCEVConstant>(X.Width);
  if (!Distance || !Width || !Distance->getAPInt().isStrictlyPositive() ||
      Distance->getAPInt().urem(Width->getAPInt()) != 0)
    return {};
  return {Read.Form.Base, X.Base};
}

// for (j = 1; j < m; j++) tmp[j] = tmp[j - 1] + ...: the iteration of P has filled
// tmp[0], or nobody ever does.
bool ScratchFinder::takeCarried(const Part &Read, const Filled &F, Scratch &Out,
                                Needs &Needed) const {
  for (const Stripe *X : F.Stripes) {
    const Range First = carriedFrom(Read, *X);
    if (!First.Begin)
      continue;
    for (const Stripe *Y : F.Stripes)
      if (const Inclusion In = All.isInside(All.rangeOf(*Y, P), First, *Read.By);
          Y != X && In.Inside && !In.Rest && isFollowedBy(*Y, *Read.By, P, Needed))
        return true;
    if (First.End != F.Bytes.Begin || SE.getMinusSCEV(First.End, First.Begin) != X->Width ||
        !X->When.empty())
      continue;
    Out.Before = cast<SCEVConstant>(X->Width)->getAPInt().getZExtValue();
    return true;
  }
  return false;
}

// Is all of it filled, before the read?
bool ScratchFinder::allFilledBefore(const Part &Read, const Filled &F, Needs &Out) const {
  return P.contains(Read.By) && all_of(F.Stripes, [&](const Stripe *Y) {
    const Loop *Around = C.LI.getLoopFor(Y->Writes[0]->By->getParent());
    while (!Around->contains(Read.By))
      Around = Around->getParentLoop();
    return Around == &P && isFollowedBy(*Y, *Read.By, P, Out);
  });
}

// False where the touch makes the filled range useless.
bool ScratchFinder::takeTouch(const Part &X, const Filled &F, Scratch &Out,
                              Needs &Needed) const {
  Needs Small;
  const Range Hull = X.Form.Base ? All.hullOf(X, nullptr, Small) : Range();
  const Inclusion In =
      All.isWhole(F) ? Inclusion{true, nullptr} : All.isInside(F.Bytes, Hull, *X.By);
  const bool IsLost = In.Inside || All.meet(F.Bytes, Hull); // if it cannot be taken
  auto take = [&](const Needs &More, const SCEV *Rest) {
    Out.Uses.push_back(X.T.Pointer);
    Needed.Conditions.append(X.Wraps);
    Needed.Conditions.append(Small.Conditions);
    Needed.Conditions.append(More.Conditions);
    if (Rest)
      Needed.requireNotNegative(Rest);
    return true;
  };
  // What is written where no iteration fills it would be lost.
  if (Needs More; X.T.Write)
    return In.Rest && All.isStripe(X)
               ? false
               : !In.Inside || (allHoldAt(F.Stripes[0]->When, *X.By, More) && take(More, In.Rest));
  if (isOutOfIteration(*X.By))
    return !IsLost;
  for (const Stripe *Y : F.Stripes)
    if (Needs More; X.Form.Base && isFilledBefore(X, *Y, More))
      return take(More, nullptr);
  if (Needs More; takeCarried(X, F, Out, More))
    return take(More, nullptr);
  if (Needs More; In.Inside && allFilledBefore(X, F, More))
    return take(More, In.Rest);
  return !IsLost;
}

// All arrays together lie on the stack of one thread.
bool ScratchFinder::limitSize(Scratch &Out, Needs &Needed) const {
  const SCEV *One = SE.getOne(Out.Size->getType()), *Total = Out.Size;
  for (const Scratch &X : S.Scratches)
    Total = SE.getAddExpr(Total, X.Size);
  for (const SCEV *X : {Out.Size, Total}) {
    const SCEV *Last = SE.getMinusSCEV(X, One); // an empty one is none
    if (auto *Constant = dyn_cast<SCEVConstant>(Last)) {
      if (Constant->getAPInt().getActiveBits() > SizeBits)
        return false;
    } else {
      Needed.requireFits(Last, SizeBits);
    }
  }
  return true;
}

void ScratchFinder::take(const Filled &F) {
  Scratch Out;
  Out.Object = &Object;
  Out.Begin = F.Bytes.Begin;
  Out.Size = SE.getMinusSCEV(F.Bytes.End, F.Bytes.Begin);
  Out.When = F.Stripes[0]->When;
  Out.By = F.Stripes[0]->Writes[0]->By;
  Needs Needed;
  if (!limitSize(Out, Needed))
    return;
  for (const Part &X : All.parts())
    if (isScratch(S, *X.T.Pointer) ? is_contained(F.Stripes[0]->Writes, &X)
                                   : !takeTouch(X, F, Out, Needed))
      return;
  S.Wraps.append(Needed.Conditions);
  S.Scratches.push_back(Out);
}

using Objects = MapVector<Value *, SmallVector<Touch, 8>>;

// The touches of the loop, by what their addresses are computed from.
Objects findObjects(const Shape &S, ScalarEvolution &SE) {
  Objects Out;
  for (BasicBlock *B : S.L->blocks())
    for (Instruction &I : *B) {
      SmallVector<Touch, 2> Touches;
      if (findTouches(I, SE, Touches))
        continue;
      for (const Touch &T : Touches) {
        auto *Base = dyn_cast<SCEVUnknown>(SE.getPointerBase(SE.getSCEV(*T.Pointer)));
        if (Base && Base->getType()->getPointerAddressSpace() == 0 &&
            SE.isLoopInvariant(Base, S.L) && !isPrivate(S, *T.Pointer))
          Out[Base->getValue()].push_back(T);
      }
    }
  return Out;
}

} // namespace

void findScratch(Shape &S, const ShapeContext &C) {
  const Objects All = findObjects(S, C.SE);
  for (unsigned Parallel = S.Parallel; Parallel > 0; --Parallel) {
    for (auto &[Object, Touches] : All)
      if (any_of(Touches, [](const Touch &T) { return T.Write; }))
        ScratchFinder(S, C, *Object, Parallel).find(Touches);
    if (!S.Scratches.empty()) {
      erase_if(S.Inductions, [&](auto &I) { return I.Dim >= Parallel; });
      S.Parallel = Parallel;
      return;
    }
  }
}

bool isScratch(const Shape &S, const Use &Address) {
  return any_of(S.Scratches, [&](const Scratch &X) {
    return is_contained(X.Uses, &Address);
  });
}

void addAccesses(const Scratch &X, Shape &S, ScalarEvolution &SE) {
  Access Cell{{}, X.Size, true, X.By};
  Cell.Is = Access::Cell;
  Cell.Address.Base = SE.getAddExpr(SE.getUnknown(X.Object), X.Begin);
  S.Accesses.push_back(Cell);
  if (!X.Before)
    return;
  const SCEV *Width = SE.getConstant(X.Begin->getType(), X.Before);
  Access Read{{}, Width, false, X.By};
  Read.Address.Base = SE.getMinusSCEV(Cell.Address.Base, Width);
  S.Accesses.push_back(Read);
}

} // namespace ferry
