//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Stages.h"
#include "../runtime/abi.h"
#include "Dependence.h"
#include "LoopMarks.h"
#include "Shape.h"
#include "llvm/Analysis/CFG.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace ferry {

static bool isSimple(const Shape &S) {
  return !S.Independent && !S.carriesValues() && S.Scratches.empty() && S.Rechecks.empty() &&
         all_of(S.Dims, [](const Dim &D) { return D.L && D.Origin < 0; }) &&
         all_of(S.Accesses, [](const Access &A) {
           return A.Is == Access::Plain || A.Is == Access::Pointer;
         });
}

// Of rows behind pointers: the table of these.
static const Value *objectOf(const Access &A, const Shape &S) {
  if (A.Source >= 0)
    return objectOf(S.Accesses[A.Source], S);
  const Value *P = getLoadStorePointerOperand(A.By);
  return P ? getUnderlyingObject(P) : nullptr;
}

static bool isAffine(PHINode &Phi, const Loop &L, ScalarEvolution &SE) {
  auto *Rec = SE.isSCEVable(Phi.getType()) ? dyn_cast<SCEVAddRecExpr>(SE.getSCEV(&Phi))
                                           : nullptr;
  return Rec && Rec->getLoop() == &L && Rec->isAffine();
}

// Is the value, as it is in an iteration of the loop, computed from the phi?
static bool dependsOn(const Value *V, const PHINode &Phi, const Loop &L) {
  SmallVector<const Value *, 16> Work{V};
  SmallPtrSet<const Value *, 16> Seen;
  while (!Work.empty()) {
    auto *I = dyn_cast<Instruction>(Work.pop_back_val());
    if (I == &Phi)
      return true;
    const bool IsHeaderPhi = I && isa<PHINode>(I) && I->getParent() == L.getHeader();
    if (I && L.contains(I) && !IsHeaderPhi && Seen.insert(I).second)
      Work.append(I->op_begin(), I->op_end());
  }
  return false;
}

// A value that each iteration makes from that of the one before, and stores something
// of. What was only loaded before is no obstacle to vectors, nor is a sum.
static bool isChain(PHINode &Phi, const Loop &L, ScalarEvolution &SE) {
  return !isAffine(Phi, L, SE) &&
         dependsOn(Phi.getIncomingValueForBlock(L.getLoopLatch()), Phi, L) &&
         any_of(L.blocks(), [&](const BasicBlock *B) {
           return any_of(*B, [&](const Instruction &I) {
             return I.mayWriteToMemory() && dependsOn(&I, Phi, L);
           });
         });
}

static bool carriesValues(const Loop &L, ScalarEvolution &SE) {
  return any_of(L.getHeader()->phis(), [&](PHINode &Phi) { return isChain(Phi, L, SE); });
}

bool carriesInStages(const Shape &S, ScalarEvolution &SE) {
  return any_of(S.Stages, [&](unsigned K) { return carriesValues(*S.Dims[K].L, SE); });
}

// Does one access read what another one writes, in other iterations by the look of it?
static bool looksDependent(const Shape &S, function_ref<bool(const Access &, const Access &)> Differ) {
  return any_of(S.Accesses, [&](const Access &W) {
    const Value *Object = W.Write ? objectOf(W, S) : nullptr;
    return Object && any_of(S.Accesses, [&](const Access &R) {
             return &R != &W && R.Is == Access::Plain && objectOf(R, S) == Object && Differ(R, W);
           });
  });
}

static bool looksDependent(const Shape &S) {
  return looksDependent(S, [](const Access &R, const Access &W) {
    return R.Source != W.Source || R.Address.Base != W.Address.Base ||
           R.Address.Strides != W.Address.Strides;
  });
}

// What the stage reads of its own row stands still, and no further than in the iteration
// before: in a factorisation, the part of the row that is done.
static bool standsStill(const Access &R, unsigned K, const Shape &S) {
  if (R.Address.Strides[K])
    return false;
  for (auto [J, Stride] : enumerate(R.Address.Strides))
    if (Stride && S.Dims[J].Trip.Strides[K])
      return false;
  return true;
}

static bool looksSequential(const Shape &S, unsigned K, ScalarEvolution &SE) {
  const Loop &L = *S.Dims[K].L;
  auto Meet = [&](const Access &R, const Access &W) {
    if (!R.isIn(L) || !W.isIn(L) || standsStill(R, K, S))
      return false;
    const bool SameRow = R.Source >= 0 && R.Source == W.Source;
    return R.Address.Strides[K] != W.Address.Strides[K] || dependsIn(R, W, K, S, SE) ||
           (SameRow && R.Address.Base != W.Address.Base);
  };
  return carriesValues(L, SE) || looksDependent(S, Meet);
}

// What it writes moves with it.
static bool isStage(unsigned K, const Shape &S) {
  const Loop &L = *S.Dims[K].L;
  return L.getParentLoop() == S.L && L.isLoopSimplifyForm() &&
         L.getExitingBlock() == L.getLoopLatch() &&
         any_of(S.Accesses, [&](const Access &A) {
           return A.Write && A.isIn(L) && A.Address.Strides[K];
         });
}

// May that run after the loop, in one iteration of the nest?
static bool mayFollow(const Instruction &I, const Dim &D, const Shape &S) {
  SmallPtrSet<BasicBlock *, 1> Next = {S.L->getHeader()};
  return I.getParent() != S.L->getHeader() &&
         isPotentiallyReachable(&D.L->getHeader()->front(), &I, &Next);
}

SmallVector<unsigned, 2> stagesOf(const Shape &S, ScalarEvolution &SE) {
  SmallVector<unsigned, 2> Out;
  if (!isSimple(S) || !looksDependent(S))
    return {};
  for (unsigned K = 0; K < S.Dims.size(); ++K) {
    if (!isStage(K, S))
      continue;
    if (any_of(Out, [&](unsigned Before) {
          return mayFollow(S.Dims[Before].L->getHeader()->front(), S.Dims[K], S);
        }))
      return {};
    Out.push_back(K);
  }
  if (none_of(Out, [&](unsigned K) { return looksSequential(S, K, SE); }))
    return {};
  return Out;
}

SmallVector<unsigned, 1> stagesTogether(const Shape &S, ScalarEvolution &SE) {
  SmallVector<unsigned, 1> Out;
  copy_if(S.Stages, std::back_inserter(Out),
          [&](unsigned K) { return !looksSequential(S, K, SE); });
  return Out;
}

static bool isBefore(const Access &A, const Shape &S) {
  auto isAfterOne = [&](const Instruction *I) {
    return any_of(S.Stages, [&](unsigned K) { return mayFollow(*I, S.Dims[K], S); });
  };
  return !isAfterOne(A.By) && none_of(A.Also, isAfterOne);
}

SmallVector<uint8_t, 16> stageOfAccesses(const Shape &S) {
  SmallVector<uint8_t, 16> Out;
  for (const Access &A : S.Accesses) {
    auto *It = find_if(S.Stages, [&](unsigned K) { return A.isOnlyIn(*S.Dims[K].L); });
    Out.push_back(It != S.Stages.end() ? uint8_t(*It)
                  : !A.isOnlyIn(*S.L)  ? uint8_t(FERRY_BEFORE_NEST)
                  : isBefore(A, S)     ? uint8_t(FERRY_BEFORE_STAGES)
                                       : uint8_t(FERRY_OUTSIDE_STAGES));
  }
  Out.append(S.conditions(), FERRY_OUTSIDE_STAGES);
  return Out;
}

namespace {

// do {                                 // ferry.strip
//   stop = stepper->step(stepper, dim, t);
//   do { iteration t } while (go on && ++t < stop);
// } while (go on);                     // ferry.next
class Strips {
public:
  Strips(Function &F, const StageLoop &Stage)
      : F(F), Header(*Stage.Header), Latch(*Stage.Latch), Dim(Stage.Dim), C(F.getContext()),
        I64(Type::getInt64Ty(C)) {}

  void insert() {
    auto *Last = cast<BranchInst>(Latch.getTerminator());
    Exit = Last->getSuccessor(Last->getSuccessor(0) == &Header);
    for (BasicBlock *P : predecessors(&Header))
      if (P != &Latch)
        Preheader = P;
    Strip = BasicBlock::Create(C, "ferry.strip", &F, &Header);
    Next = BasicBlock::Create(C, "ferry.next", &F, Exit);
    PHINode *T = countIterations();
    for (PHINode &Phi : Header.phis())
      if (&Phi != T)
        carry(Phi);
    ask(*cast<PHINode>(T->getIncomingValueForBlock(Strip)), *T);
  }

private:
  // Zero at first; its step is added at the latch.
  PHINode *countIterations() {
    PHINode *T = PHINode::Create(I64, 2, "ferry.t", Header.begin());
    IRBuilder<> B(Latch.getTerminator());
    T->addIncoming(B.CreateAdd(T, B.getInt64(1), "", /*NUW=*/true, /*NSW=*/true), &Latch);
    T->addIncoming(B.getInt64(0), Preheader);
    carry(*T);
    return T;
  }

  // As the loop leaves it, in the block after it.
  Value *atNext(Value *V) {
    PHINode *Phi = PHINode::Create(V->getType(), 1, "", Next->begin());
    Phi->addIncoming(V, &Latch);
    return Phi;
  }

  // From strip to strip.
  void carry(PHINode &Phi) {
    PHINode *Outer = PHINode::Create(Phi.getType(), 2, Phi.getName(), Strip->begin());
    Outer->setDebugLoc(Phi.getDebugLoc());
    const int From = Phi.getBasicBlockIndex(Preheader);
    Outer->addIncoming(Phi.getIncomingValue(From), Preheader);
    Outer->addIncoming(atNext(Phi.getIncomingValueForBlock(&Latch)), Next);
    Phi.setIncomingBlock(From, Strip);
    Phi.setIncomingValue(From, Outer);
  }

  void ask(PHINode &First, PHINode &T) {
    auto *Last = cast<BranchInst>(Latch.getTerminator());
    IRBuilder<> B(Strip);
    B.SetCurrentDebugLocation(Last->getDebugLoc());
    Preheader->getTerminator()->replaceSuccessorWith(&Header, Strip);
    Type *Ptr = PointerType::get(C, 0);
    auto *FT = FunctionType::get(I64, {Ptr, B.getInt32Ty(), I64}, false);
    Value *Stepper = F.getArg(3);
    Value *Step = B.CreateLoad(Ptr, Stepper, "step"); // its first and only field
    CallInst *Stop = B.CreateCall(FT, Step, {Stepper, B.getInt32(Dim), &First}, "ferry.stop");
    Stop->addFnAttr(Attribute::NoUnwind);
    B.CreateBr(&Header);

    B.SetInsertPoint(Last);
    Value *GoesOn = Last->getCondition();
    if (Last->getSuccessor(0) == Exit)
      GoesOn = B.CreateNot(GoesOn);
    Value *Inside = B.CreateICmpSLT(T.getIncomingValueForBlock(&Latch), Stop);
    BranchInst *Again = B.CreateCondBr(B.CreateAnd(GoesOn, Inside), &Header, Next);
    Again->setMetadata(LLVMContext::MD_loop, Last->getMetadata(LLVMContext::MD_loop));
    B.SetInsertPoint(Next);
    B.CreateCondBr(atNext(GoesOn), Strip, Exit);
    for (PHINode &Phi : Exit->phis()) {
      const int From = Phi.getBasicBlockIndex(&Latch);
      Phi.setIncomingValue(From, atNext(Phi.getIncomingValue(From)));
      Phi.setIncomingBlock(From, Next);
    }
    Last->eraseFromParent();
  }

  Function &F;
  BasicBlock &Header, &Latch;
  const unsigned Dim;
  LLVMContext &C;
  Type *I64;
  BasicBlock *Preheader = nullptr, *Exit = nullptr, *Strip = nullptr, *Next = nullptr;
};

} // namespace

Function *buildDoacross(Function &Worker, ArrayRef<StageLoop> Stages) {
  ValueToValueMapTy Map;
  Function *F = CloneFunction(&Worker, Map);
  LLVMContext &C = F->getContext();
  F->setName(Worker.getName() + ".doacross");
  for (Instruction &I : instructions(*F)) {
    I.setMetadata(LLVMContext::MD_access_group, nullptr);
    // The next row would hear of the place before it can see such a store.
    I.setMetadata(LLVMContext::MD_nontemporal, nullptr);
  }
  removeMarks(*F);
  for (const StageLoop &Stage : Stages) {
    auto *Latch = cast<BasicBlock>(Map[Stage.Latch]);
    Strips(*F, {Stage.Dim, cast<BasicBlock>(Map[Stage.Header]), Latch, false}).insert();
    if (Stage.Mark)
      renewLoopID(*Latch->getTerminator(), {parallelMark(C), innerMark(C, Stage.Dim)});
  }
  return F;
}

} // namespace ferry
