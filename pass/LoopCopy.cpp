//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LoopCopy.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr StringLiteral ChoiceName = "ferry.choice";

// Nothing is known of its result, and each call has its own.
FunctionCallee choiceFunction(Module &M) {
  LLVMContext &C = M.getContext();
  AttrBuilder A(C);
  A.addMemoryAttr(MemoryEffects::none());
  for (auto Kind : {Attribute::NoUnwind, Attribute::WillReturn,
                    Attribute::Speculatable})
    A.addAttribute(Kind);
  return M.getOrInsertFunction(
      ChoiceName, AttributeList::get(C, AttributeList::FunctionIndex, A),
      Type::getInt1Ty(C), Type::getInt32Ty(C));
}

CallInst *createChoice(IRBuilderBase &B, Module &M) {
  FunctionCallee F = choiceFunction(M);
  unsigned Number = cast<Function>(F.getCallee())->getNumUses();
  return B.CreateCall(F, {B.getInt32(Number)}, "choice");
}

BranchInst *asChoice(Instruction *Terminator) {
  auto *Branch = dyn_cast<BranchInst>(Terminator);
  return Branch && Branch->isConditional() && isChoice(Branch->getCondition())
             ? Branch
             : nullptr;
}

// The branch to the loop, if nothing else leads here from it.
BranchInst *choiceOf(const Loop &L, unsigned Successor) {
  BasicBlock *B = L.getLoopPreheader();
  for (unsigned Steps = 0; B && Steps < 8; ++Steps) {
    BasicBlock *From = B->getSinglePredecessor();
    if (!From)
      return nullptr;
    if (BranchInst *Choice = asChoice(From->getTerminator()))
      return Choice->getSuccessor(Successor) == B ? Choice : nullptr;
    B = From;
  }
  return nullptr;
}

// The values of both loops meet in phis of a block after the exits.
BasicBlock *joinExits(BasicBlock &Exit, BasicBlock &Latch,
                      ValueToValueMapTy &Map) {
  BasicBlock *Join = SplitBlock(&Exit, &*Exit.getFirstNonPHIIt());
  auto *Other = BasicBlock::Create(Exit.getContext(), "copy.exit",
                                   Exit.getParent(), Join);
  IRBuilder<> InOther(Other), InJoin(Join, Join->begin());
  for (PHINode &Phi : Exit.phis()) {
    Value *V = Phi.getIncomingValueForBlock(&Latch);
    Value *Mapped = Map.count(V) ? static_cast<Value *>(Map[V]) : V;
    PHINode *Second = InOther.CreatePHI(Phi.getType(), 1);
    Second->addIncoming(Mapped, cast<BasicBlock>(Map[&Latch]));
    PHINode *Both = InJoin.CreatePHI(Phi.getType(), 2);
    Phi.replaceAllUsesWith(Both);
    Both->addIncoming(&Phi, &Exit);
    Both->addIncoming(Second, Other);
  }
  InOther.CreateBr(Join);
  return Other;
}

// The uses of an alloca: false if one lies outside the loop, or if the alloca
// may hold something from before the iteration.
bool isFreshInside(AllocaInst &A, const Loop &L, const DominatorTree &DT,
                   SmallVectorImpl<Instruction *> &Addresses) {
  SmallVector<Instruction *, 8> Starts, Others;
  Addresses.assign(1, &A);
  for (unsigned K = 0; K < Addresses.size(); ++K)
    for (User *U : Addresses[K]->users()) {
      auto *I = cast<Instruction>(U);
      auto *II = dyn_cast<IntrinsicInst>(I);
      if (L.contains(I))
        (II && II->getIntrinsicID() == Intrinsic::lifetime_start ? Starts : Others)
            .push_back(I);
      else if (isa<GetElementPtrInst>(I))
        Addresses.push_back(I);
      else
        return false;
    }
  return !Starts.empty() && all_of(Others, [&](Instruction *I) {
    return I->isLifetimeStartOrEnd() || any_of(Starts, [&](Instruction *Start) {
      return DT.dominates(Start, I);
    });
  });
}

// The copy gets variables of its own, which no call in the original sees.
void copyVariables(const Loop &L, const DominatorTree &DT,
                   ValueToValueMapTy &Map) {
  for (Instruction &I :
       make_early_inc_range(L.getHeader()->getParent()->getEntryBlock())) {
    auto *A = dyn_cast<AllocaInst>(&I);
    SmallVector<Instruction *, 4> Addresses;
    if (!A || !A->isStaticAlloca() || !isFreshInside(*A, L, DT, Addresses))
      continue;
    for (Instruction *Old : Addresses) {
      Instruction *New = Old->clone();
      New->insertAfter(Old->getIterator());
      RemapInstruction(New, Map, RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
      Map[Old] = New;
    }
  }
}

// Splits the preheader in two, with the copy between them. The blocks of the copy
// still name those of the original.
SmallVector<BasicBlock *, 16> cloneBeside(Loop &L, const DominatorTree &DT,
                                          ValueToValueMapTy &Map) {
  BasicBlock *Start = L.getLoopPreheader();
  Function &F = *Start->getParent();
  copyVariables(L, DT, Map);
  BasicBlock *Original = SplitBlock(Start, Start->getTerminator());
  auto *Copy = BasicBlock::Create(F.getContext(), "copy", &F, Original);
  Map[Original] = Copy;
  SmallVector<BasicBlock *, 16> Blocks;
  for (BasicBlock *B : L.blocks()) {
    BasicBlock *New = CloneBasicBlock(B, Map, ".copy", &F);
    New->moveBefore(Original);
    Map[B] = New;
    Blocks.push_back(New);
  }
  BranchInst::Create(cast<BasicBlock>(Map[L.getHeader()]), Copy);
  return Blocks;
}

// In front of the loop and its copy.
void chooseCopy(BasicBlock &Original, Value &If, ValueToValueMapTy &Map) {
  Instruction *Before = Original.getSinglePredecessor()->getTerminator();
  BranchInst::Create(cast<BasicBlock>(Map[&Original]), &Original, &If,
                     Before->getIterator());
  Before->eraseFromParent();
}

} // namespace

SmallVector<BasicBlock *, 16> copyLoop(Loop &L, const DominatorTree &DT) {
  ValueToValueMapTy Map;
  BasicBlock *Start = L.getLoopPreheader(), *Exit = L.getUniqueExitBlock();
  SmallVector<BasicBlock *, 16> Blocks = cloneBeside(L, DT, Map);
  Map[Exit] = joinExits(*Exit, *L.getLoopLatch(), Map);
  remapInstructionsInBlocks(Blocks, Map);
  IRBuilder<> B(Start->getTerminator());
  chooseCopy(*L.getLoopPreheader(), *createChoice(B, *Start->getModule()), Map);
  return Blocks;
}

void copyLoopIf(Value &If, Loop &L, const DominatorTree &DT) {
  ValueToValueMapTy Map;
  BasicBlock *Latch = L.getLoopLatch();
  SmallVector<BasicBlock *, 16> Blocks = cloneBeside(L, DT, Map);
  for (PHINode &Phi : L.getUniqueExitBlock()->phis()) {
    Value *V = Phi.getIncomingValueForBlock(Latch);
    Phi.addIncoming(Map.count(V) ? static_cast<Value *>(Map[V]) : V,
                    cast<BasicBlock>(Map[Latch]));
  }
  remapInstructionsInBlocks(Blocks, Map);
  chooseCopy(*L.getLoopPreheader(), If, Map);
}

void tryOnClone(Function &F, FunctionAnalysisManager &FAM,
                function_ref<void(Function &, ValueToValueMapTy &)> Try) {
  ValueToValueMapTy Map;
  Function *Clone = CloneFunction(&F, Map);
  Clone->setComdat(nullptr);
  Clone->setLinkage(GlobalValue::InternalLinkage);
  Try(*Clone, Map);
  FAM.clear(*Clone, Clone->getName());
  Clone->eraseFromParent();
}

BranchInst *choiceOfCopy(const Loop &L) { return choiceOf(L, 0); }

BranchInst *choiceOfOriginal(const Loop &L) { return choiceOf(L, 1); }

bool isChoice(const Value *V) {
  auto *Call = dyn_cast<CallInst>(V);
  const Function *F = Call ? Call->getCalledFunction() : nullptr;
  return F && F->getName() == ChoiceName;
}

bool startsClean(const Loop &Copy) {
  const BasicBlock *First = choiceOfCopy(Copy)->getSuccessor(0);
  for (const BasicBlock *B = Copy.getLoopPreheader();;
       B = B->getSinglePredecessor()) {
    for (const Instruction &I : *B)
      if (auto *II = dyn_cast<IntrinsicInst>(&I);
          I.mayHaveSideEffects() && !(II && II->isAssumeLikeIntrinsic()))
        return false;
    if (B == First)
      return true;
  }
}

Loop *findCopy(const Loop &Original, ArrayRef<Loop *> Loops) {
  BranchInst *Choice = choiceOfOriginal(Original);
  if (!Choice)
    return nullptr;
  for (Loop *L : Loops)
    if (choiceOfCopy(*L) == Choice)
      return L;
  return nullptr;
}

void fallBackOnOriginal(BasicBlock &Header, const BasicBlock &Latch,
                        BranchInst &Choice) {
  BasicBlock *Original = Choice.getSuccessor(1);
  for (BasicBlock *Serial : SmallVector<BasicBlock *, 2>(predecessors(&Header))) {
    if (Serial == &Latch)
      continue;
    Header.removePredecessor(Serial, /*KeepOneInputPHIs=*/true);
    Serial->getTerminator()->replaceSuccessorWith(&Header, Original);
    for (PHINode &Phi : Original->phis())
      Phi.addIncoming(Phi.getIncomingValueForBlock(Choice.getParent()), Serial);
  }
}

void removeChoices(Module &M, ArrayRef<BranchInst *> WithSite) {
  Function *F = M.getFunction(ChoiceName);
  if (!F)
    return;
  SmallSetVector<Function *, 8> Changed;
  for (User *U : make_early_inc_range(F->users())) {
    auto *Call = cast<CallInst>(U);
    Changed.insert(Call->getFunction());
    bool Reached = any_of(Call->users(), [&](User *X) {
      return is_contained(WithSite, dyn_cast<BranchInst>(X));
    });
    Call->replaceAllUsesWith(ConstantInt::getBool(Call->getType(), Reached));
    Call->eraseFromParent();
  }
  F->eraseFromParent();
  for (Function *X : Changed) {
    for (BasicBlock &B : *X)
      ConstantFoldTerminator(&B);
    removeUnreachableBlocks(*X);
  }
}

} // namespace ferry
