//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Cells.h"
#include "Places.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Transforms/Utils/SSAUpdater.h"

using namespace llvm;

namespace ferry {

namespace {

// What the first iteration finds there, if it has been loaded before the loop.
LoadInst *findStart(const SCEV *Address, Type *T, const Loop &L, const ShapeContext &C) {
  for (PHINode &Phi : L.getHeader()->phis()) {
    auto *Load = dyn_cast<LoadInst>(Phi.getIncomingValueForBlock(L.getLoopPreheader()));
    if (Load && Load->isSimple() && Load->getType() == T &&
        C.SE.getSCEV(Load->getPointerOperand()) == Address && isUnchanged(*Load, L))
      return Load;
  }
  return nullptr;
}

// A variable that only the copy has.
void begin(SSAUpdater &SSA, Value *Start, const Loop &L, StringRef Name) {
  SSA.Initialize(Start->getType(), Name);
  SSA.AddAvailableValue(L.getLoopPreheader(), Start);
}

// Its value after the last iteration, for the code after the loop.
PHINode *finish(SSAUpdater &SSA, const Loop &L) {
  Value *Last = SSA.GetValueAtEndOfBlock(L.getLoopLatch());
  PHINode *Phi = PHINode::Create(Last->getType(), 1, "cell.last",
                                 L.getUniqueExitBlock()->begin());
  Phi->addIncoming(Last, L.getLoopLatch());
  return Phi;
}

// Replaces the loads and stores.
PHINode *hold(const Place &P, Value *Start, const Loop &L) {
  SmallVector<Instruction *, 8> Uses(P.Loads.begin(), P.Loads.end());
  Uses.append(P.Stores.begin(), P.Stores.end());
  SSAUpdater SSA;
  LoadAndStorePromoter Promoter(Uses, SSA);
  begin(SSA, Start, L, "cell");
  Promoter.run(Uses);
  return finish(SSA, L);
}

// Has anything been stored?
PHINode *holdWhether(ArrayRef<StoreInst *> Stores, const Loop &L) {
  Type *T = Type::getInt1Ty(L.getHeader()->getContext());
  SSAUpdater SSA;
  begin(SSA, ConstantInt::getFalse(T), L, "stored");
  for (StoreInst *Store : Stores)
    SSA.AddAvailableValue(Store->getParent(), ConstantInt::getTrue(T));
  return finish(SSA, L);
}

Value *areDifferent(IRBuilder<> &B, Value *X, Value *Y, const DataLayout &DL) {
  Type *Bits = B.getIntNTy(DL.getTypeSizeInBits(X->getType()));
  if (!X->getType()->isPtrOrPtrVectorTy()) {
    X = B.CreateBitCast(X, Bits);
    Y = B.CreateBitCast(Y, Bits);
  }
  return B.CreateFreeze(B.CreateICmpNE(X, Y));
}

// The pointer where the condition holds; else one to what nobody uses.
Value *pointerIf(IRBuilder<> &B, Value *Condition, Value *Pointer, Type *T, Align A) {
  Function &F = *B.GetInsertBlock()->getParent();
  IRBuilder<> Entry(&*F.getEntryBlock().getFirstInsertionPt());
  AllocaInst *Unused = Entry.CreateAlloca(T, nullptr, "unused");
  Unused->setAlignment(A);
  return B.CreateSelect(Condition, Pointer, Unused);
}

// Does the loop only replace the value, or pass it on?
bool onlyReplaces(const PHINode &Start, const Loop &L) {
  SmallSetVector<const Instruction *, 8> Seen;
  Seen.insert(&Start);
  for (unsigned I = 0; I < Seen.size(); ++I)
    for (const User *U : Seen[I]->users()) {
      if (!isa<PHINode>(U))
        return false;
      if (L.contains(cast<Instruction>(U)))
        Seen.insert(cast<Instruction>(U));
    }
  return true;
}

// The first iteration may not be allowed to look there, so the loop begins with a
// value that changes nothing. Returns what has to be done with the last one.
bool beginWithout(FreezeInst &Start, const Loop &L, ReductionKind &Out) {
  Constant *Value = Constant::getNullValue(Start.getType());
  bool Ok = true;
  for (User *U : Start.users()) { // one at most
    auto &Phi = cast<PHINode>(*U);
    Reduction Total;
    if (onlyReplaces(Phi, L))
      continue;
    Ok = matchReduction(Phi, L, Total) == ReductionMatch::Yes;
    Out = Total.Kind;
    Value = Ok ? Out.identity(Start.getType()) : Value;
  }
  Start.replaceAllUsesWith(Value);
  Start.eraseFromParent();
  return Ok;
}

class CellBuilder {
public:
  CellBuilder(const Place &P, Loop &L, const ShapeContext &C)
      : P(P), L(L), C(C), Any(P.Certain ? *P.Certain : *P.Stores.front()),
        T(getLoadStoreType(&Any)), A(getLoadStoreAlignment(&Any)),
        Pointer(const_cast<Value *>(getLoadStorePointerOperand(&Any))),
        Before(*L.getLoopPreheader()->getTerminator()), After(C.F.getContext()) {}

  bool build(const SCEV *Address, Fixed &Out) {
    bool Changed = false;
    if (!T->isSingleValueType() || !L.makeLoopInvariant(Pointer, Changed, &Before))
      return false;
    LoadInst *Start = findStart(Address, T, L, C);
    if (!Start && P.Certain && P.When.empty())
      Start = new LoadInst(T, Pointer, "cell.start", false, A, Before.getIterator());
    Out.Cells.push_back({Pointer, Start ? buildKnown(*Start) : buildUnknown(Out.IsRight)});
    return true;
  }

private:
  // What has not changed may not have been stored, and perhaps it cannot be.
  StoreInst *buildKnown(LoadInst &Start) {
    const bool Always = any_of(P.Stores, [&](StoreInst *Store) {
      return C.DT.dominates(Store->getParent(), L.getLoopLatch());
    });
    PHINode *Last = hold(P, &Start, L);
    beginAfter();
    Value *To = Always ? Pointer
                       : pointerIf(After, areDifferent(After, Last, &Start, C.F.getDataLayout()),
                                   Pointer, T, A);
    return After.CreateAlignedStore(Last, To, A);
  }

  // For all that is known, no iteration touches the place.
  StoreInst *buildUnknown(bool &IsRight) {
    auto *Start = new FreezeInst(PoisonValue::get(T), "", Before.getIterator());
    PHINode *Stored = holdWhether(P.Stores, L), *Last = hold(P, Start, L);
    ReductionKind Total;
    IsRight &= beginWithout(*Start, L, Total);
    beginAfter();
    Value *To = pointerIf(After, Stored, Pointer, T, A), *V = Last;
    if (Total)
      V = Total.combine(After, After.CreateAlignedLoad(T, To, A), Last);
    return After.CreateAlignedStore(V, To, A);
  }

  void beginAfter() {
    BasicBlock *Exit = L.getUniqueExitBlock();
    After.SetInsertPoint(Exit, Exit->getFirstInsertionPt());
  }

  const Place &P;
  Loop &L;
  const ShapeContext &C;
  const Instruction &Any;
  Type *T;
  const Align A;
  Value *Pointer;
  Instruction &Before;
  IRBuilder<> After;
};

} // namespace

bool promoteToCell(const SCEV *Address, Place &P, Loop &L, const ShapeContext &C,
                   Fixed &Out) {
  return CellBuilder(P, L, C).build(Address, Out);
}

} // namespace ferry
