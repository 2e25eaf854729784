//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Distribute.h"
#include "../runtime/abi.h"
#include "Worker.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned Strip = 16; // iterations
constexpr unsigned MostParts = 3;

// The worker, and where its loop can be divided.
class Plan {
public:
  Plan(Loop &L, const LoopInfo &LI, const DominatorTree &DT) : L(L), LI(LI), DT(DT) {}

  bool find() { return isAllThatHappens() && findCuts() && coverLoop() && findValues(); }

  unsigned parts() const { return Cuts.size() + 1; }

  Loop &L;
  SmallVector<Loop *, 2> Others; // that the worker may run instead
  SmallVector<BasicBlock *, MostParts> Cuts; // exit of the inner loop of each but the last
  // What a part computes and a later one uses, but for counters.
  MapVector<Instruction *, unsigned> Slots;

  // Phis at a cut are the end of what is before it.
  unsigned partOf(const Instruction &I) const {
    unsigned Part = 0;
    for (BasicBlock *Cut : Cuts)
      Part += DT.dominates(Cut, I.getParent()) && !(I.getParent() == Cut && isa<PHINode>(I));
    return Part;
  }

  bool isCounter(const Instruction &I) const {
    return isa<PHINode>(I) && I.getParent() == L.getHeader();
  }

  // Can be computed again in any part.
  bool isRepeatable(const Value *V) const {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || !L.contains(I) || isCounter(*I))
      return true;
    return !isa<PHINode>(I) && !I->mayReadOrWriteMemory() && !I->mayThrow() &&
           isSafeToSpeculativelyExecute(I) &&
           all_of(I->operands(), [&](const Use &U) { return isRepeatable(U); });
  }

private:
  // Another loop is there where a condition was taken out of this one.
  bool isAllThatHappens() {
    for (Loop *X : LI)
      if (X != &L) {
        if (!X->getLoopPreheader() || !X->getExitBlock() || !X->getExitBlock()->phis().empty())
          return false;
        Others.push_back(X);
      }
    const Function &F = *L.getHeader()->getParent();
    const bool OneDim = all_of(F.getArg(1)->users(), [](const User *U) { return isa<LoadInst>(U); });
    return OneDim && all_of(F, [&](const BasicBlock &B) {
      return LI.getLoopFor(&B) || none_of(B, [](const Instruction &I) {
               return I.mayWriteToMemory() && !isa<AssumeInst>(I);
             });
    });
  }

  bool findCuts() {
    SmallVector<Loop *, 4> Inner(L.begin(), L.end());
    if (Inner.size() < 2 || Inner.size() > MostParts || L.getExitingBlock() != L.getLoopLatch() ||
        !L.getExitBlock() || !L.getExitBlock()->phis().empty())
      return false;
    llvm::sort(Inner, [&](Loop *A, Loop *B) { return DT.dominates(A->getHeader(), B->getHeader()); });
    for (Loop *X : Inner) {
      BasicBlock *Exit = X->getUniqueExitBlock();
      if (!X->isInnermost() || !Exit || !X->getExitingBlock() ||
          Exit->getSinglePredecessor() != X->getExitingBlock() ||
          !DT.dominates(Exit, L.getLoopLatch()))
        return false;
      if (X != Inner.back())
        Cuts.push_back(Exit);
    }
    return true;
  }

  // Nothing leads past a cut: what it does not dominate comes before it.
  bool coverLoop() {
    for (BasicBlock *Cut : Cuts)
      for (BasicBlock *B : L.blocks())
        for (BasicBlock *To : successors(B))
          if (To != Cut && L.contains(To) && To != L.getHeader() &&
              DT.dominates(Cut, To) != DT.dominates(Cut, B))
            return false;
    return true;
  }

  bool findValues() {
    for (BasicBlock *B : L.blocks())
      for (Instruction &I : *B) {
        if (isa<AllocaInst>(I))
          return false;
        for (Value *V : I.operands()) {
          auto *Def = dyn_cast<Instruction>(V);
          if (Def && L.contains(Def) && !isCounter(*Def) && !isCounter(I) &&
              partOf(*Def) != partOf(I) && !isRepeatable(Def))
            Slots.insert({Def, unsigned(Slots.size())});
        }
      }
    // What the next iteration starts with, and whether there is one, has to be known
    // in each part.
    for (PHINode &Phi : L.getHeader()->phis())
      if (!isRepeatable(Phi.getIncomingValueForBlock(L.getLoopLatch())))
        return false;
    auto *Last = dyn_cast<BranchInst>(L.getLoopLatch()->getTerminator());
    return Last && Last->isConditional() && isRepeatable(Last->getCondition());
  }

  const LoopInfo &LI;
  const DominatorTree &DT;
};

// A copy of the worker that does one part of each iteration.
class Part {
public:
  Part(Function &Worker, const Plan &P, StructType *Kept, unsigned Number)
      : P(P), Kept(Kept), Number(Number), F(*CloneFunction(&Worker, Map)) {
    F.setName(Worker.getName() + ".part");
  }

  Function *build() {
    Header = block(P.L.getHeader());
    Latch = block(P.L.getLoopLatch());
    countIterations();
    if (Number > 0) {
      leaveOut(P.Others);
      enter();
    }
    if (Number + 1 < P.parts())
      leave();
    IRBuilder<> B(Latch->getTerminator());
    Counter->addIncoming(B.CreateAdd(Counter, B.getInt64(1)), Latch);
    removeUnreachableBlocks(F);
    return &F;
  }

private:
  BasicBlock *block(const BasicBlock *B) { return cast<BasicBlock>(Map[B]); }
  Instruction *copy(const Instruction &I) { return cast<Instruction>(Map[&I]); }

  void countIterations() {
    IRBuilder<> B(Header, Header->begin());
    Counter = B.CreatePHI(B.getInt64Ty(), 2, "ferry.place");
    Counter->addIncoming(B.getInt64(0), block(P.L.getLoopPreheader()));
  }

  void leaveOut(ArrayRef<Loop *> Loops) {
    for (Loop *X : Loops) {
      BasicBlock *From = block(X->getLoopPreheader());
      From->getTerminator()->eraseFromParent();
      BranchInst::Create(block(X->getExitBlock()), From);
    }
  }

  Value *slot(IRBuilderBase &B, const Instruction &Of) {
    return B.CreateInBoundsGEP(
        Kept, F.getArg(3),
        {B.getInt64(0), B.getInt32(P.Slots.lookup(const_cast<Instruction *>(&Of))), Counter});
  }

  // What the value is in an iteration, from its counters.
  Value *repeat(Value *V, IRBuilderBase &B, DenseMap<Value *, Value *> &Done) {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || !P.L.contains(I)) {
      auto It = Map.find(V);
      return It == Map.end() ? V : static_cast<Value *>(It->second);
    }
    if (P.isCounter(*I))
      return copy(*I);
    if (Value *Known = Done.lookup(V))
      return Known;
    Instruction *New = copy(*I)->clone(); // with its place in the source
    for (auto [K, Operand] : enumerate(I->operands()))
      New->setOperand(K, repeat(Operand, B, Done));
    B.Insert(New);
    return Done[V] = New;
  }

  // Begins the iteration at the cut, with all that is used from there on.
  void enter() {
    BasicBlock *Cut = block(P.Cuts[Number - 1]);
    BasicBlock *Start = Cut->splitBasicBlock(Cut->getFirstNonPHIIt(), "ferry.start");
    Header->splitBasicBlock(Header->getFirstNonPHIIt(), "ferry.before");
    Header->getTerminator()->eraseFromParent();
    IRBuilder<> B(Header);
    DenseMap<Value *, Value *> Done;
    const SmallPtrSet<const User *, 32> Later = laterUsers();
    for (BasicBlock *X : P.L.blocks())
      for (Instruction &I : *X) {
        auto isLater = [&](const Use &U) { return Later.contains(U.getUser()); };
        if (P.partOf(I) >= Number || P.isCounter(I) || none_of(copy(I)->uses(), isLater))
          continue;
        Value *New = P.Slots.contains(&I) ? B.CreateLoad(I.getType(), slot(B, I))
                                          : repeat(&I, B, Done);
        copy(I)->replaceUsesWithIf(New, isLater);
      }
    if (Number + 1 == P.parts())
      repeatSteps(B, Done);
    B.CreateBr(Start);
  }

  // The copies of what this part and later ones do.
  SmallPtrSet<const User *, 32> laterUsers() {
    SmallPtrSet<const User *, 32> Later;
    for (BasicBlock *X : P.L.blocks())
      for (Instruction &I : *X)
        if (P.partOf(I) >= Number && !P.isCounter(I))
          Later.insert(copy(I));
    return Later;
  }

  // Of counters that an earlier part computes.
  void repeatSteps(IRBuilderBase &B, DenseMap<Value *, Value *> &Done) {
    for (PHINode &Phi : P.L.getHeader()->phis()) {
      Value *Next = Phi.getIncomingValueForBlock(P.L.getLoopLatch());
      auto *I = dyn_cast<Instruction>(Next);
      if (I && P.L.contains(I) && !P.isCounter(*I) && P.partOf(*I) < Number)
        cast<PHINode>(copy(Phi))->setIncomingValueForBlock(Latch, repeat(Next, B, Done));
    }
  }

  // Ends the iteration at the cut, and keeps what later parts use.
  void leave() {
    BasicBlock *Cut = block(P.Cuts[Number]);
    Cut->splitBasicBlock(Cut->getFirstNonPHIIt(), "ferry.rest");
    Cut->getTerminator()->eraseFromParent();
    IRBuilder<> B(Cut);
    for (auto [I, Number] : P.Slots)
      if (P.partOf(*I) == this->Number)
        keep(*I, B);
    DenseMap<Value *, Value *> Done;
    for (PHINode &Phi : P.L.getHeader()->phis())
      cast<PHINode>(copy(Phi))->addIncoming(
          repeat(Phi.getIncomingValueForBlock(P.L.getLoopLatch()), B, Done), Cut);
    Counter->addIncoming(PoisonValue::get(Counter->getType()), Latch); // out of reach now
    auto *Last = cast<BranchInst>(P.L.getLoopLatch()->getTerminator());
    BranchInst *Branch =
        B.CreateCondBr(repeat(Last->getCondition(), B, Done), block(Last->getSuccessor(0)),
                       block(Last->getSuccessor(1)));
    Branch->setMetadata(LLVMContext::MD_loop, copy(*Last)->getMetadata(LLVMContext::MD_loop));
    Latch = Cut;
  }

  void keep(const Instruction &I, IRBuilderBase &AtCut) {
    Instruction *Def = copy(I);
    if (Def->getParent() == AtCut.GetInsertBlock()) {
      AtCut.CreateStore(Def, slot(AtCut, I));
      return;
    }
    IRBuilder<> B(Def->getParent(), isa<PHINode>(Def) ? Def->getParent()->getFirstNonPHIIt()
                                                      : std::next(Def->getIterator()));
    B.CreateStore(Def, slot(B, I));
  }

  const Plan &P;
  StructType *Kept;
  const unsigned Number;
  ValueToValueMapTy Map;
  Function &F;
  BasicBlock *Header = nullptr, *Latch = nullptr;
  PHINode *Counter = nullptr;
};

// for (b = lo; b < hi; b = e) { e = min(b + Strip, hi); part(b, e); part(b, e); … }
Function *callParts(Function &Worker, ArrayRef<Function *> Parts, StructType *Kept) {
  Function *F = createWorkerFunction(Worker, ".strips");
  LLVMContext &C = F->getContext();
  auto *Entry = BasicBlock::Create(C, "entry", F), *Loop = BasicBlock::Create(C, "strip", F),
       *Exit = BasicBlock::Create(C, "exit", F);
  IRBuilder<> B(Entry);
  Type *I64 = B.getInt64Ty(), *Box = ArrayType::get(I64, FERRY_MAX_PARALLEL);
  AllocaInst *Keep = B.CreateAlloca(Kept), *Lo = B.CreateAlloca(Box), *Hi = B.CreateAlloca(Box);
  Value *First = B.CreateLoad(I64, F->getArg(1)), *End = B.CreateLoad(I64, F->getArg(2));
  B.CreateBr(Loop);
  B.SetInsertPoint(Loop);
  PHINode *Begin = B.CreatePHI(I64, 2);
  Value *Next = B.CreateBinaryIntrinsic(Intrinsic::smin, B.CreateAdd(Begin, B.getInt64(Strip)), End);
  B.CreateStore(Begin, Lo);
  B.CreateStore(Next, Hi);
  for (Function *Part : Parts)
    B.CreateCall(Part, {F->getArg(0), Lo, Hi, Keep});
  Begin->addIncoming(First, Entry);
  Begin->addIncoming(Next, Loop);
  B.CreateCondBr(B.CreateICmpSLT(Next, End), Loop, Exit);
  ReturnInst::Create(C, Exit);
  return F;
}

} // namespace

Distributed distribute(Function &Worker, Loop &L, FunctionAnalysisManager &FAM) {
  Plan P(L, FAM.getResult<LoopAnalysis>(Worker), FAM.getResult<DominatorTreeAnalysis>(Worker));
  if (!P.find())
    return {};
  SmallVector<Type *, 4> Fields;
  for (auto [I, Slot] : P.Slots)
    Fields.push_back(ArrayType::get(I->getType(), Strip));
  auto *Kept = StructType::get(Worker.getContext(), Fields);
  Distributed Out;
  for (unsigned K = 0; K < P.parts(); ++K)
    Out.Parts.push_back(Part(Worker, P, Kept, K).build());
  Out.Run = callParts(Worker, Out.Parts, Kept);
  return Out;
}

} // namespace ferry
