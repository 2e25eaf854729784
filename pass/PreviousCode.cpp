//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PreviousCode.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace ferry {

namespace {

class PreviousBuilder {
public:
  PreviousBuilder(const Shape &S, ArrayRef<InductionStep> Steps,
                  ValueToValueMapTy &Map, BasicBlock *Entry, Value *Lo)
      : S(S), Steps(Steps), Map(Map), Entry(Entry), Lo(Lo) {
    for (PHINode &Phi : S.L->getHeader()->phis())
      Starts[&Phi] =
          cast<PHINode>(mapped(&Phi))->getIncomingValueForBlock(Entry);
  }

  BasicBlock *build() {
    Instruction *At = Entry->getTerminator();
    for (const Previous &P : S.Previous) {
      Value *V = phiAt(P, 0, *At); // may move At into a block of its own
      cast<PHINode>(mapped(P.Phi))
          ->setIncomingValueForBlock(At->getParent(), V);
    }
    return At->getParent();
  }

private:
  Value *mapped(Value *V) const {
    auto It = Map.find(V);
    return It == Map.end() ? V : static_cast<Value *>(It->second);
  }
  Value *phiAt(const Previous &P, unsigned Back, Instruction &At);
  Value *nextAt(const Previous &P, unsigned Back, Instruction &At);
  Value *valueAt(Value *V, unsigned Back, Instruction &At,
                 DenseMap<Value *, Value *> &Known);

  const Shape &S;
  ArrayRef<InductionStep> Steps;
  ValueToValueMapTy &Map;
  BasicBlock *Entry;
  Value *Lo;
  DenseMap<const PHINode *, Value *> Starts;
};

// The phi in iteration Lo - Back, before At. There is such an iteration.
Value *PreviousBuilder::phiAt(const Previous &P, unsigned Back,
                              Instruction &At) {
  IRBuilder<> B(&At);
  Value *HasOneBefore = B.CreateICmpSGT(Lo, B.getInt64(Back));
  BasicBlock *From = At.getParent();
  Instruction *Then =
      SplitBlockAndInsertIfThen(HasOneBefore, At.getIterator(), false);
  Value *Next = nextAt(P, Back + 1, *Then);
  B.SetInsertPoint(At.getParent(), At.getParent()->begin());
  PHINode *Out = B.CreatePHI(P.Phi->getType(), 2, P.Phi->getName() + ".start");
  Out->addIncoming(Next, Then->getParent());
  Out->addIncoming(Starts.lookup(P.Phi), From);
  return Out;
}

// What iteration Lo - Back makes of the phi.
Value *PreviousBuilder::nextAt(const Previous &P, unsigned Back,
                               Instruction &At) {
  DenseMap<Value *, Value *> Known;
  for (Instruction *I : P.Slice) {
    Instruction *New = I->clone();
    for (Use &Op : New->operands())
      Op.set(valueAt(Op, Back, At, Known));
    New->setName(I->getName());
    New->insertBefore(At.getIterator());
    New->dropUnknownNonDebugMetadata();
    Known[I] = New;
  }
  return valueAt(P.Phi->getIncomingValueForBlock(S.L->getLoopLatch()), Back, At,
                 Known);
}

Value *PreviousBuilder::valueAt(Value *V, unsigned Back, Instruction &At,
                                DenseMap<Value *, Value *> &Known) {
  if (Value *Found = Known.lookup(V))
    return Found;
  auto *Phi = dyn_cast<PHINode>(V);
  if (!Phi || !S.L->contains(Phi))
    return mapped(V); // from before the loop
  for (const Previous &P : S.Previous)
    if (P.Phi == Phi)
      return Known[V] = phiAt(P, Back, At);
  auto *I = find_if(S.Inductions, [&](auto &I) { return I.Phi == Phi; });
  IRBuilder<> B(&At);
  Value *Iteration = B.CreateSub(Lo, B.getInt64(Back));
  return Known[V] =
             inductionAt(B, Starts.lookup(Phi),
                         Steps[I - S.Inductions.begin()].mapped(Map), Iteration);
}

} // namespace

InductionStep InductionStep::mapped(ValueToValueMapTy &Map) const {
  auto find = [&](Value *V) -> Value * {
    auto It = V ? Map.find(V) : Map.end();
    return It == Map.end() ? V : static_cast<Value *>(It->second);
  };
  return {find(First), find(Change)};
}

Value *inductionAt(IRBuilderBase &B, Value *Start, const InductionStep &Step,
                   Value *Iteration) {
  Type *T = Step.First->getType();
  Value *Offset = B.CreateMul(B.CreateSExtOrTrunc(Iteration, T), Step.First);
  if (Step.Change) { // i (i - 1) / 2 times
    Value *Before = B.CreateSub(Iteration, B.getInt64(1));
    Value *IsOdd = B.CreateTrunc(Iteration, B.getInt1Ty());
    Value *Half = B.CreateAShr(B.CreateSelect(IsOdd, Before, Iteration), 1);
    Value *Times = B.CreateMul(Half, B.CreateSelect(IsOdd, Iteration, Before));
    Offset = B.CreateAdd(Offset, B.CreateMul(B.CreateSExtOrTrunc(Times, T), Step.Change));
  }
  return Start->getType()->isPointerTy() ? B.CreatePtrAdd(Start, Offset)
                                         : B.CreateAdd(Start, Offset);
}

BasicBlock *startPrevious(const Shape &S, ArrayRef<InductionStep> Steps,
                          ValueToValueMapTy &Map, BasicBlock *Entry,
                          Value *Lo) {
  return PreviousBuilder(S, Steps, Map, Entry, Lo).build();
}

} // namespace ferry
