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
#include "Jam.h"
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

static bool looksSequential(const Shape &S, unsigned K, ScalarEvolution &SE) {
  const Loop &L = *S.Dims[K].L;
  auto Meet = [&](const Access &R, const Access &W) {
    if (!R.isIn(L) || !W.isIn(L))
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

// if (t >= stop) stop = stepper->step(stepper, dim, t);
class Question {
public:
  Question(Function &F, const StageLoop &Stage)
      : F(F), Stage(Stage), C(F.getContext()), I64(Type::getInt64Ty(C)) {}

  void insert() {
    BasicBlock *Header = Stage.Header, *Latch = Stage.Latch;
    BasicBlock *Body = Header->splitBasicBlock(Header->getFirstNonPHIIt(), "ferry.go");
    BasicBlock *Ask = BasicBlock::Create(C, "ferry.ask", &F, Body);
    if (Latch == Header)
      Latch = Body;
    PHINode *T = startAtZero(Latch, "ferry.t"), *Stop = startAtZero(Latch, "ferry.stop");
    IRBuilder<> B(Latch->getTerminator());
    T->addIncoming(B.CreateAdd(T, B.getInt64(1), "", /*NUW=*/true, /*NSW=*/true), Latch);
    Header->getTerminator()->eraseFromParent();
    B.SetInsertPoint(Header);
    B.SetCurrentDebugLocation(Body->getTerminator()->getDebugLoc());
    B.CreateCondBr(B.CreateICmpSGE(T, Stop), Ask, Body,
                   MDBuilder(C).createUnlikelyBranchWeights());
    B.SetInsertPoint(Ask);
    Value *New = call(B, T);
    B.CreateBr(Body);
    B.SetInsertPoint(Body, Body->begin());
    PHINode *Now = B.CreatePHI(I64, 2, "ferry.stop");
    Now->addIncoming(Stop, Header);
    Now->addIncoming(New, Ask);
    Stop->addIncoming(Now, Latch);
  }

private:
  PHINode *startAtZero(BasicBlock *Latch, const Twine &Name) {
    IRBuilder<> B(Stage.Header, Stage.Header->begin());
    PHINode *Phi = B.CreatePHI(I64, 2, Name);
    for (BasicBlock *P : predecessors(Stage.Header))
      if (P != Latch)
        Phi->addIncoming(B.getInt64(0), P);
    return Phi;
  }

  Value *call(IRBuilder<> &B, Value *T) {
    Type *Ptr = PointerType::get(C, 0);
    auto *FT = FunctionType::get(I64, {Ptr, B.getInt32Ty(), I64}, false);
    Value *Stepper = F.getArg(3);
    Value *Step = B.CreateLoad(Ptr, Stepper, "step"); // its first and only field
    CallInst *Call = B.CreateCall(FT, Step, {Stepper, B.getInt32(Stage.Dim), T});
    Call->addFnAttr(Attribute::NoUnwind);
    return Call;
  }

  Function &F;
  const StageLoop &Stage;
  LLVMContext &C;
  Type *I64;
};

} // namespace

Function *buildDoacross(Function &Worker, ArrayRef<StageLoop> Stages) {
  ValueToValueMapTy Map;
  Function *F = CloneFunction(&Worker, Map);
  F->setName(Worker.getName() + ".doacross");
  for (Instruction &I : instructions(*F)) {
    I.setMetadata(LLVMContext::MD_access_group, nullptr);
    // The next row would hear of the place before it can see such a store.
    I.setMetadata(LLVMContext::MD_nontemporal, nullptr);
  }
  for (const StageLoop &Stage : Stages) {
    const StageLoop Copy{Stage.Dim, cast<BasicBlock>(Map[Stage.Header]),
                         cast<BasicBlock>(Map[Stage.Latch])};
    Question(*F, Copy).insert();
  }
  removeMarks(*F);
  return F;
}

} // namespace ferry
