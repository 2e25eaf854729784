//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ScratchCode.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace ferry {

namespace {

Value *mapped(ValueToValueMapTy &Map, Value *V) {
  auto It = Map.find(V);
  return It == Map.end() ? V : static_cast<Value *>(It->second);
}

// Computes addresses once more, from another base.
class Rebaser {
public:
  Rebaser(const Loop &L, ValueToValueMapTy &Map, BasicBlock &Entry, Value &From, Value &To)
      : L(L), Map(Map), Entry(Entry), From(From) {
    Known[&From] = &To;
  }

  Value *rebase(Value *V) {
    if (Value *Found = Known.lookup(V))
      return Found;
    if (L.isLoopInvariant(V))
      return Known[V] = rebaseInvariant(V);
    if (auto *Phi = dyn_cast<PHINode>(V))
      return rebasePhi(*Phi);
    auto &Old = *cast<GetElementPtrInst>(mapped(Map, V));
    auto *New = cast<GetElementPtrInst>(Old.clone());
    New->setOperand(0, rebase(cast<GetElementPtrInst>(V)->getPointerOperand()));
    New->dropPoisonGeneratingFlags(); // the base lies anywhere
    New->insertAfter(Old.getIterator());
    return Known[V] = New;
  }

private:
  Value *rebaseInvariant(Value *V) {
    IRBuilder<> B(Entry.getTerminator());
    Value *To = B.CreatePtrToInt(mapped(Map, V), B.getInt64Ty());
    Value *Start = B.CreatePtrToInt(mapped(Map, &From), B.getInt64Ty());
    return B.CreatePtrAdd(Known.lookup(&From), B.CreateSub(To, Start));
  }

  Value *rebasePhi(PHINode &Phi) {
    auto *Old = cast<PHINode>(mapped(Map, &Phi));
    PHINode *New = PHINode::Create(Phi.getType(), Phi.getNumIncomingValues(),
                                   Phi.getName(), Old->getIterator());
    Known[&Phi] = New;
    for (auto [Block, V] : zip(Phi.blocks(), Phi.incoming_values()))
      New->addIncoming(rebase(V), cast<BasicBlock>(mapped(Map, Block)));
    return New;
  }

  const Loop &L;
  ValueToValueMapTy &Map;
  BasicBlock &Entry;
  Value &From;
  DenseMap<Value *, Value *> Known;
};

// What the program's addresses are aligned to, the new ones need not be.
void setAlignment(Instruction &I, unsigned Operand, Align A) {
  if (auto *Load = dyn_cast<LoadInst>(&I))
    Load->setAlignment(std::min(Load->getAlign(), A));
  else if (auto *Store = dyn_cast<StoreInst>(&I))
    Store->setAlignment(std::min(Store->getAlign(), A));
  else if (auto *M = cast<MemIntrinsic>(&I); Operand == 0)
    M->setDestAlignment(std::min(M->getDestAlign().valueOrOne(), A));
  else
    cast<MemTransferInst>(M)->setSourceAlignment(
        std::min(cast<MemTransferInst>(M)->getSourceAlign().valueOrOne(), A));
}

} // namespace

SmallVector<Value *, 8> ScratchValues::all() const {
  SmallVector<Value *, 8> Out(Trips.begin(), Trips.end());
  for (const Range &R : Ranges)
    Out.append({R.Begin, R.Size});
  return Out;
}

ScratchValues expandScratch(const Shape &S, SCEVExpander &Expander) {
  ScratchValues Out;
  if (S.Scratches.empty())
    return Out;
  Instruction *At = S.L->getLoopPreheader()->getTerminator();
  auto expand = [&](const SCEV *X) {
    return Expander.expandCodeFor(X, X->getType(), At->getIterator());
  };
  for (unsigned K = 0; K < S.Parallel; ++K)
    Out.Trips.push_back(expand(S.Dims[K].Trip.Base));
  for (const Scratch &X : S.Scratches)
    Out.Ranges.push_back({expand(X.Begin), expand(X.Size)});
  return Out;
}

SmallVector<Value *, 1> startScratch(const Shape &S, const ScratchValues &V,
                                     ValueToValueMapTy &Map, BasicBlock &Entry,
                                     AccessSet &Own) {
  const Align Most(64);
  SmallVector<Value *, 1> Bases;
  for (auto [X, R] : zip(S.Scratches, V.Ranges)) {
    IRBuilder<> B(Entry.getTerminator());
    // Begins as far into a cache line as the array does in its object.
    auto *Begin = dyn_cast<ConstantInt>(R.Begin);
    const uint64_t Ahead =
        alignTo(X.Before, Most) + (Begin ? Begin->getZExtValue() % Most.value() : 0);
    Value *Size = B.CreateAdd(mapped(Map, R.Size), B.getInt64(Ahead));
    AllocaInst *Memory;
    if (auto *Constant = dyn_cast<ConstantInt>(Size))
      Memory = B.CreateAlloca(ArrayType::get(B.getInt8Ty(), Constant->getZExtValue()));
    else
      Memory = B.CreateAlloca(B.getInt8Ty(), Size);
    Memory->setAlignment(Most);
    Value *Back = B.CreateSub(B.getInt64(Ahead), mapped(Map, R.Begin));
    Bases.push_back(B.CreatePtrAdd(Memory, Back, "scratch"));
    if (X.Before) {
      Value *From = B.CreateSub(mapped(Map, R.Begin), B.getInt64(X.Before));
      B.CreateMemCpy(B.CreatePtrAdd(Bases.back(), From), Align(1),
                     B.CreatePtrAdd(mapped(Map, X.Object), From), Align(1), X.Before);
    }
    const Align Known =
        Begin ? X.Object->getPointerAlignment(S.L->getHeader()->getDataLayout()) : Align(1);
    Rebaser To(*S.L, Map, Entry, *X.Object, *Bases.back());
    for (Use *U : X.Uses) {
      auto &I = *cast<Instruction>(mapped(Map, U->getUser()));
      I.setOperand(U->getOperandNo(), To.rebase(*U));
      setAlignment(I, U->getOperandNo(), Known);
      if (auto *Call = dyn_cast<CallInst>(&I))
        Call->setTailCall(false); // tail calls do not touch allocas
      Own.insert(&I);
    }
  }
  return Bases;
}

void finishScratch(const Shape &S, const ScratchValues &V, ValueToValueMapTy &Map,
                   BasicBlock &Entry, BasicBlock &Exit, ArrayRef<Value *> Bases,
                   ArrayRef<Value *> Hi) {
  Instruction *Return = Exit.getTerminator();
  for (auto [X, R, Base] : zip(S.Scratches, V.Ranges, Bases)) {
    IRBuilder<> AtEntry(Entry.getTerminator());
    Value *Copies = AtEntry.getTrue();
    for (auto [End, Trip] : zip(Hi, V.Trips))
      Copies = AtEntry.CreateAnd(Copies, AtEntry.CreateICmpEQ(End, mapped(Map, Trip)));
    for (const Condition &Y : X.When) {
      Value *Test = mapped(Map, Y.Test);
      if (!S.L->isLoopInvariant(Y.Test)) {
        Instruction *New = cast<Instruction>(Y.Test)->clone();
        RemapInstruction(New, Map, RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
        Test = AtEntry.Insert(New);
      }
      Test = AtEntry.CreateFreeze(Test); // the loop need not come to where it is decided
      Copies = AtEntry.CreateAnd(Copies, Y.Holds ? Test : AtEntry.CreateNot(Test));
    }
    Instruction *Then = SplitBlockAndInsertIfThen(Copies, Return->getIterator(), false);
    IRBuilder<> B(Then);
    B.CreateMemCpy(B.CreatePtrAdd(mapped(Map, X.Object), mapped(Map, R.Begin)), Align(1),
                   B.CreatePtrAdd(Base, mapped(Map, R.Begin)), Align(1),
                   mapped(Map, R.Size));
  }
}

} // namespace ferry
