//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Record.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace ferry {

//===- the layout ---------------------------------------------------------===//

Record::Record(const Shape &S) {
  BasicBlock *Before = S.L->getLoopPreheader();
  for (auto &R : S.Reductions) {
    Type *T = R->Phi->getType();
    Fields.push_back({T, R->Kind.identity(T),
                      R->Phi->getIncomingValueForBlock(Before), R->Last});
  }
  for (auto &K : S.Kept) {
    auto *Zero = Constant::getNullValue(K->Last->getType());
    Value *Start = K->Phi ? K->Phi->getIncomingValueForBlock(Before) : Zero;
    Fields.push_back({K->Last->getType(), Zero, Start, K->Last});
  }
  // The caller's values have been set, by the program.
  auto *Flag = Type::getInt8Ty(S.L->getHeader()->getContext());
  auto addFlag = [&](bool Needed, bool Start) {
    if (!Needed)
      return -1;
    Fields.push_back(
        {Flag, ConstantInt::get(Flag, 0), ConstantInt::get(Flag, Start)});
    return int(Fields.size() - 1);
  };
  Begun = addFlag(!S.Kept.empty(), true);
  for (auto &K : S.Kept) {
    int Set = addFlag(K->needsSet(), true);
    KeptFlags.push_back(
        {Set, addFlag(K->startsAnew() && K->Key == K.get(), false)});
  }
}

StructType *Record::type(LLVMContext &C) const {
  SmallVector<Type *, 4> Types;
  for (const RecordField &F : Fields)
    Types.push_back(F.T);
  return StructType::get(C, Types);
}

Constant *Record::identity(LLVMContext &C) const {
  SmallVector<Constant *, 4> Values;
  for (const RecordField &F : Fields)
    Values.push_back(F.Identity);
  return ConstantStruct::get(type(C), Values);
}

//===- in a worker --------------------------------------------------------===//

Value *RecordCode::load(IRBuilderBase &B, unsigned Field) const {
  return B.CreateLoad(
      R.Fields[Field].T,
      B.CreateStructGEP(R.type(B.getContext()), Partial, Field));
}

void RecordCode::store(IRBuilderBase &B, Value *V, unsigned Field) const {
  B.CreateStore(V, B.CreateStructGEP(R.type(B.getContext()), Partial, Field));
}

void RecordCode::startPhi(PHINode &Phi, Value *Start) {
  cast<PHINode>(mapped(&Phi))->setIncomingValueForBlock(Entry, Start);
}

// An extreme begins with the value before the loop where the box begins, unless
// it begins anew and takes the first element in any case.
void RecordCode::startKept(const Kept &K, unsigned Field) {
  IRBuilder<> B(Entry->getTerminator());
  Value *Start = load(B, Field);
  if (K.isExtreme() && !K.startsAnew()) {
    Value *Before =
        cast<PHINode>(mapped(K.Phi))->getIncomingValueForBlock(Entry);
    Start = B.CreateSelect(B.CreateIsNotNull(load(B, R.Begun)), Start, Before);
  }
  startPhi(*K.Phi, Start);
}

// Whether the value V of a chain has been replaced: i1, along the chain. Taken:
// what holds where the step replaces it.
Value *RecordCode::shadowOf(const Kept &K, Value *V, Value *Taken,
                            Shadows &Known) {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !K.Chain.contains(I))
    return Taken;
  if (Value *Found = Known.lookup(I))
    return Found;
  // Phis are known already.
  auto *Sel = cast<SelectInst>(I);
  Value *True = shadowOf(K, Sel->getTrueValue(), Taken, Known),
        *False = shadowOf(K, Sel->getFalseValue(), Taken, Known);
  auto *Mine = cast<SelectInst>(mapped(Sel));
  IRBuilder<> B(Mine->getNextNode());
  return Known[I] = B.CreateSelect(Mine->getCondition(), True, False);
}

void RecordCode::shadow(const Kept &K, int Field, bool Outdone, Shadows &Out) {
  IRBuilder<> B(Entry->getTerminator());
  Value *Start = B.CreateIsNotNull(load(B, Field));
  for (Instruction *I : K.Chain)
    if (isa<PHINode>(I)) {
      B.SetInsertPoint(cast<Instruction>(mapped(I)));
      Out[I] = B.CreatePHI(B.getInt1Ty(), 2, Outdone ? "outdone" : "set");
    }
  Value *Taken = B.getTrue();
  if (Outdone) { // by a NaN
    Value *Before = shadowOf(K, K.SoFar, Taken, Out);
    auto *At = cast<Instruction>(mapped(K.Compare));
    B.SetInsertPoint(At);
    Value *X = mapped(K.Element);
    Taken = B.CreateOr(Before, B.CreateFCmpUNO(X, X));
  }
  for (Instruction *I : K.Chain)
    shadowOf(K, I, Taken, Out);
  for (Instruction *I : K.Chain)
    if (auto *Phi = dyn_cast<PHINode>(I)) {
      auto *Mine = cast<PHINode>(mapped(Phi));
      auto *Mirror = cast<PHINode>(Out[I]);
      for (auto [From, V] : zip(Phi->blocks(), Phi->incoming_values())) {
        bool First = Phi == K.Phi && !S.L->contains(From);
        Mirror->addIncoming(First ? Start : shadowOf(K, V, Taken, Out),
                            First ? Entry : cast<BasicBlock>(mapped(From)));
      }
      assert(Mirror->getNumIncomingValues() == Mine->getNumIncomingValues());
      (void)Mine;
    }
  Flags.push_back(Out[K.Last]);
}

// The first element replaces whatever it is compared with.
void RecordCode::takeFirst(const Kept &Key, const Shadows &Set) {
  Value *Any = Set.lookup(cast<Instruction>(Key.SoFar));
  for (auto [Compare, TakesIfTrue] : Key.Compares) {
    auto *Mine = cast<Instruction>(mapped(Compare));
    IRBuilder<> B(Mine->getNextNode());
    SmallVector<Use *, 4> Uses;
    for (Use &U : Mine->uses())
      Uses.push_back(&U);
    Value *New = TakesIfTrue ? B.CreateOr(Mine, B.CreateNot(Any))
                             : B.CreateAnd(Mine, Any);
    for (Use *U : Uses)
      U->set(New);
  }
}

void RecordCode::start() {
  unsigned Field = 0;
  for (auto &Red : S.Reductions) {
    IRBuilder<> B(Entry->getTerminator());
    startPhi(*Red->Phi, load(B, Field++));
    // The partial sums are other numbers than the program's, and may wrap.
    for (Instruction *I : Red->Chain)
      cast<Instruction>(mapped(I))->dropPoisonGeneratingAnnotations();
  }
  for (auto [K, F] : zip(S.Kept, R.KeptFlags)) {
    if (K->Phi)
      startKept(*K, Field);
    ++Field;
    for (Instruction *I : K->Chain)
      cast<Instruction>(mapped(I))->dropPoisonGeneratingAnnotations();
    for (auto [Compare, IfTrue] : K->Compares)
      cast<Instruction>(mapped(Compare))->dropPoisonGeneratingAnnotations();
    Shadows Set, Outdone;
    if (F.Set >= 0)
      shadow(*K, F.Set, false, Set);
    if (F.Outdone >= 0)
      shadow(*K, F.Outdone, true, Outdone);
    if (F.Outdone >= 0)
      takeFirst(*K, Set);
  }
}

void RecordCode::finish(BasicBlock *Exit) {
  IRBuilder<> B(Exit);
  for (auto [I, F] : enumerate(R.Fields))
    if (F.Last)
      store(B, mapped(F.Last), I);
  if (R.Begun < 0)
    return;
  store(B, B.getInt8(1), R.Begun);
  for (auto [I, Flag] : enumerate(Flags))
    store(B, B.CreateZExt(Flag, B.getInt8Ty()), R.Begun + 1 + I);
}

//===- of two records -----------------------------------------------------===//

namespace {

class Combiner {
public:
  Combiner(const Shape &S, const Record &R, Function &F)
      : S(S), R(R), F(F), B(BasicBlock::Create(F.getContext(), "entry", &F)) {}

  void emit() {
    for (unsigned I = 0; I < R.Fields.size(); ++I) {
      Into.push_back(B.CreateLoad(R.Fields[I].T, at(0, I)));
      From.push_back(B.CreateLoad(R.Fields[I].T, at(1, I)));
    }
    unsigned Field = 0;
    for (auto &Red : S.Reductions) {
      B.setFastMathFlags(Red->FMF);
      combine(Field, Red->Kind.combine(B, Into[Field], From[Field]));
      B.clearFastMathFlags();
      ++Field;
    }
    for (unsigned I = 0; I < S.Kept.size(); ++I, ++Field)
      combine(Field, B.CreateSelect(takes(I), From[Field], Into[Field]));
    for (; Field < R.Fields.size(); ++Field)
      combine(Field, B.CreateOr(Into[Field], From[Field]));
    for (auto [I, V] : enumerate(Results))
      B.CreateStore(V, at(0, I));
    B.CreateRetVoid();
  }

private:
  Value *at(unsigned Argument, unsigned Field) {
    return B.CreateStructGEP(R.type(F.getContext()), F.getArg(Argument), Field);
  }
  void combine(unsigned Field, Value *V) {
    assert(Field == Results.size());
    (void)Field;
    Results.push_back(V);
  }
  Value *flag(int Field) { return B.CreateIsNotNull(From[Field]); }

  // Does the later box replace the value? See Kept.h.
  Value *takes(unsigned I) {
    const Kept &K = *S.Kept[I];
    if (!K.isExtreme())
      return flag(R.KeptFlags[I].Set >= 0 ? R.KeptFlags[I].Set : R.Begun);
    auto *Found =
        find_if(S.Kept, [&](auto &Other) { return Other.get() == K.Key; });
    unsigned Key = Found - S.Kept.begin();
    unsigned Field = S.Reductions.size() + Key;
    Value *More = B.CreateCmp(K.Takes, From[Field], Into[Field]);
    if (K.startsAnew())
      return B.CreateAnd(flag(R.KeptFlags[Key].Set),
                         B.CreateOr(flag(R.KeptFlags[Key].Outdone), More));
    More = B.CreateAnd(flag(R.Begun), More);
    return R.KeptFlags[I].Set >= 0 ? B.CreateAnd(flag(R.KeptFlags[I].Set), More)
                                   : More;
  }

  const Shape &S;
  const Record &R;
  Function &F;
  IRBuilder<> B;
  SmallVector<Value *, 4> Into, From, Results;
};

} // namespace

void emitCombine(const Shape &S, const Record &R, Function &Combine) {
  Combiner(S, R, Combine).emit();
}

} // namespace ferry
