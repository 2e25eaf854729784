//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Jam.h"
#include "Distribute.h"
#include "JamCount.h"
#include "LoopMarks.h"
#include "Shape.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Operator.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SimpleLoopUnswitch.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Utils/LoopUtils.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include "llvm/Transforms/Utils/UnrollLoop.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxBody = 120; // instructions of one iteration

// What UnrollAndJamLoop() takes for granted, as isSafeToUnrollAndJam() has it, but
// for the dependences.
class Nest {
public:
  Nest(Loop &Outer, ScalarEvolution &SE, const DominatorTree &DT)
      : Outer(Outer), SE(SE), DT(DT) {}

  bool hasForm() {
    if (Outer.getSubLoops().size() != 1)
      return false;
    Inner = Outer.getSubLoops().front();
    return Inner->isInnermost() && isSimple(Outer) && isSimple(*Inner) &&
           Inner->getExitBlock() == Outer.getLoopLatch() &&
           SE.hasLoopInvariantBackedgeTakenCount(Inner) &&
           SE.isLoopInvariant(SE.getBackedgeTakenCount(Inner), &Outer) &&
           headerIsReady() && usesNoStack();
  }

  Loop &inner() const { return *Inner; }

private:
  bool isSimple(const Loop &L) const {
    return L.isLoopSimplifyForm() && L.isRotatedForm() && L.getExitBlock() &&
           L.getExitingBlock() && !L.getHeader()->hasAddressTaken();
  }

  bool isBefore(const BasicBlock &B) const {
    return DT.dominates(&B, Inner->getLoopPreheader());
  }

  // What the next iteration starts with comes from before the inner loop, or can be
  // computed there.
  bool headerIsReady() const {
    SmallVector<const Instruction *, 8> Work;
    SmallPtrSet<const Instruction *, 16> Seen;
    auto add = [&](const Value *V) {
      auto *I = dyn_cast<Instruction>(V);
      if (I && Outer.contains(I) && !isBefore(*I->getParent()) && Seen.insert(I).second)
        Work.push_back(I);
    };
    for (PHINode &Phi : Outer.getHeader()->phis())
      add(Phi.getIncomingValueForBlock(Outer.getLoopLatch()));
    while (!Work.empty()) {
      const Instruction *I = Work.pop_back_val();
      if (isa<PHINode>(I) || Inner->contains(I) || I->mayReadOrWriteMemory())
        return false;
      for (const Value *V : I->operands())
        add(V);
    }
    return true;
  }

  bool usesNoStack() const {
    return none_of(Outer.blocks(), [](const BasicBlock *B) {
      return any_of(*B, [](const Instruction &I) {
        return isa<AllocaInst>(I) || any_of(I.operands(), [](const Value *V) {
                 return isa<AllocaInst>(V->stripInBoundsOffsets());
               });
      });
    });
  }

  Loop &Outer;
  Loop *Inner = nullptr;
  ScalarEvolution &SE;
  const DominatorTree &DT;
};

bool isCheapEnough(const Loop &L) {
  unsigned Size = 0;
  for (const BasicBlock *B : L.blocks())
    for (const Instruction &I : *B) {
      if (isa<CallBase>(I) && !isa<IntrinsicInst>(I))
        return false;
      ++Size;
    }
  return Size <= MaxBody;
}

// A product that several sums share is not fused with them, where the flags let the
// target choose: what iterations run together may then differ from what they run alone.
bool mayBeFused(const Loop &L) {
  return any_of(L.blocks(), [](const BasicBlock *B) {
    return any_of(*B, [](const Instruction &I) {
      return I.getOpcode() == Instruction::FMul && I.hasAllowContract();
    });
  });
}

SmallVector<Instruction *, 64> memoryAccesses(const Loop &L) {
  SmallVector<Instruction *, 64> Out;
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B)
      if (isa<LoadInst, StoreInst>(I))
        Out.push_back(&I);
  return Out;
}

// Iterations that run together do not meet: tells the vectoriser, which would keep the
// loads of one behind the stores of those before. There were that many accesses in one.
// Not for loops that the worker runs again, whose iterations may meet the next time:
// what is said here is said for the whole function. Strips of a stage do not: each call
// does one row.
void tellApart(const Loop &Inner, unsigned Count, size_t Accesses) {
  const SmallVector<Instruction *, 64> All = memoryAccesses(Inner);
  if (Inner.getNumBlocks() != 1 || All.size() != Count * Accesses)
    return;
  LLVMContext &C = Inner.getHeader()->getContext();
  MDBuilder B(C);
  MDNode *Domain = B.createAnonymousAliasScopeDomain();
  SmallVector<Metadata *, 16> Scopes;
  for (unsigned K = 0; K < Count; ++K)
    Scopes.push_back(B.createAnonymousAliasScope(Domain));
  for (auto [N, I] : enumerate(All)) {
    SmallVector<Metadata *, 16> Others(Scopes);
    Others.erase(Others.begin() + N / Accesses);
    auto add = [I = I, &C](unsigned Kind, ArrayRef<Metadata *> List) {
      I->setMetadata(Kind, MDNode::concatenate(I->getMetadata(Kind), MDNode::get(C, List)));
    };
    add(LLVMContext::MD_alias_scope, Scopes[N / Accesses]);
    add(LLVMContext::MD_noalias, Others);
  }
}

// The vectoriser must not make one vector of sums over rows that lie apart: it would
// gather an element of each, at a time, which takes longer than to load them.
void keepScalar(const Loop &Inner) {
  for (PHINode &Phi : Inner.getHeader()->phis()) {
    if (!Phi.getType()->isFloatingPointTy())
      continue;
    auto *Next = cast<Instruction>(Phi.getIncomingValueForBlock(Inner.getLoopLatch()));
    IRBuilder<> B(Next->getNextNode());
    CallInst *Fence = B.CreateArithmeticFence(Next, Next->getType());
    Next->replaceUsesWithIf(Fence, [&](const Use &U) { return U.getUser() != Fence; });
  }
}

// Takes conditions that stay the same out of the loops: they stand around inner
// loops that may be empty.
void unswitch(Function &Worker, FunctionAnalysisManager &FAM) {
  FunctionPassManager FPM;
  FPM.addPass(createFunctionToLoopPassAdaptor(
      SimpleLoopUnswitchPass(/*NonTrivial=*/true, /*Trivial=*/true),
      /*UseMemorySSA=*/true));
  FPM.addPass(SimplifyCFGPass());
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
  FPM.run(Worker, FAM);
  FAM.invalidate(Worker, PreservedAnalyses::none());
}

// The form that loops are expected in.
void prepare(Function &F, FunctionAnalysisManager &FAM) {
  FunctionPassManager FPM;
  FPM.addPass(SimplifyCFGPass());
  FPM.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
  FPM.run(F, FAM);
  FAM.invalidate(F, PreservedAnalyses::none());
}

// UnrollAndJamLoop() writes no trip count that takes more than a few instructions, but
// uses one that is there.
bool writeTripCount(const Loop &L, ScalarEvolution &SE) {
  const SCEV *Last = SE.getExitCount(&L, L.getLoopLatch());
  if (isa<SCEVCouldNotCompute>(Last))
    return false;
  const SCEV *Count = SE.getAddExpr(Last, SE.getOne(Last->getType()));
  SCEVExpander Expander(SE, "ferry");
  Instruction *At = L.getLoopPreheader()->getTerminator();
  if (!Expander.isSafeToExpandAt(Count, At))
    return false;
  SE.getSCEV(Expander.expandCodeFor(Count, Count->getType(), At->getIterator()));
  return true;
}

// Each iteration has brought its own counter of the inner loop. That all are the same is
// what shows that they load the same.
void shareCounters(Loop &Inner, ScalarEvolution &SE, const DominatorTree &DT) {
  SCEVExpander Expander(SE, "ferry");
  SmallVector<WeakTrackingVH, 16> Dead;
  Expander.replaceCongruentIVs(&Inner, &DT, Dead);
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Dead);
}

using LoopFilter = function_ref<bool(const Loop &)>;

bool hasCandidate(Function &Worker, LoopFilter Wanted, FunctionAnalysisManager &FAM) {
  auto &SE = FAM.getResult<ScalarEvolutionAnalysis>(Worker);
  return any_of(FAM.getResult<LoopAnalysis>(Worker).getLoopsInPreorder(), [&](Loop *L) {
    return Wanted(*L) && any_of(L->getSubLoops(), [&](Loop *X) {
             return X->isInnermost() && chooseCount(*X, *L, SE).Iterations > 1;
           });
  });
}

// How many iterations run together now.
unsigned jam(Loop &L, Function &Worker, FunctionAnalysisManager &FAM) {
  auto &LI = FAM.getResult<LoopAnalysis>(Worker);
  auto &SE = FAM.getResult<ScalarEvolutionAnalysis>(Worker);
  auto &DT = FAM.getResult<DominatorTreeAnalysis>(Worker);
  Nest N(L, SE, DT);
  if (!N.hasForm() || !isCheapEnough(L) || mayBeFused(L))
    return 1;
  const JamCount Count = chooseCount(N.inner(), L, SE);
  const size_t Accesses = memoryAccesses(N.inner()).size();
  if (Count.Iterations <= 1 || !writeTripCount(L, SE) ||
      UnrollAndJamLoop(&L, Count.Iterations, /*TripCount=*/0, /*TripMultiple=*/1,
                       /*UnrollRemainder=*/false, &LI, &SE, &DT,
                       &FAM.getResult<AssumptionAnalysis>(Worker),
                       &FAM.getResult<TargetIRAnalysis>(Worker),
                       &FAM.getResult<OptimizationRemarkEmitterAnalysis>(Worker)) ==
          LoopUnrollResult::Unmodified)
    return 1;
  shareCounters(N.inner(), SE, DT);
  if (Count.Rows)
    keepScalar(N.inner());
  if (Count.Columns)
    tellApart(N.inner(), Count.Iterations, Accesses);
  return Count.Iterations;
}

void cleanUp(Function &F, FunctionAnalysisManager &FAM) {
  FunctionPassManager FPM;
  FPM.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  FPM.addPass(InstCombinePass());
  FPM.addPass(SimplifyCFGPass());
  FPM.run(F, FAM);
  FAM.invalidate(F, PreservedAnalyses::none());
}

} // namespace

// Of one function. How many iterations run together in the last of them.
static unsigned jamAll(Function &F, LoopFilter Wanted, FunctionAnalysisManager &FAM) {
  SmallVector<BasicBlock *, 8> Headers;
  for (Loop *L : FAM.getResult<LoopAnalysis>(F).getLoopsInPreorder())
    Headers.push_back(L->getHeader());
  unsigned Count = 1;
  for (BasicBlock *Header : Headers) {
    Loop *L = FAM.getResult<LoopAnalysis>(F).getLoopFor(Header);
    const unsigned Together = L && Wanted(*L) ? jam(*L, F, FAM) : 1;
    if (Together == 1)
      continue;
    FAM.invalidate(F, PreservedAnalyses::none());
    Count = Together;
  }
  if (Count > 1) {
    cleanUp(F, FAM);
    removeMarks(F);
  }
  return Count;
}

static void remove(Function &F, FunctionAnalysisManager &FAM) {
  FAM.clear(F, F.getName());
  F.eraseFromParent();
}

// The same, where the worker's outermost loop has several loops in it: null, or a worker
// for all of its parts.
static Function *jamParts(Function &Worker, LoopFilter Wanted, FunctionAnalysisManager &FAM) {
  Distributed D;
  for (Loop *L : FAM.getResult<LoopAnalysis>(Worker))
    if (Wanted(*L) && L->getSubLoops().size() > 1 && !D.Run)
      D = distribute(Worker, *L, FAM);
  bool Changed = false;
  for (Function *Part : D.Parts) {
    prepare(*Part, FAM);
    Changed |= jamAll(*Part, Wanted, FAM) > 1;
  }
  if (Changed || !D.Run)
    return D.Run;
  remove(*D.Run, FAM);
  for (Function *Part : D.Parts)
    remove(*Part, FAM);
  return nullptr;
}

// A copy of the worker in which loops are jammed; null where none can be.
static Function *jamLoops(Function &Worker, LoopFilter Wanted, FunctionAnalysisManager &FAM) {
  if (!hasCandidate(Worker, Wanted, FAM))
    return nullptr;
  ValueToValueMapTy Map;
  Function *Jammed = CloneFunction(&Worker, Map);
  Jammed->setName(Worker.getName() + ".jammed");
  unswitch(*Jammed, FAM);
  if (jamAll(*Jammed, Wanted, FAM) > 1)
    return Jammed;
  Function *Parts = jamParts(*Jammed, Wanted, FAM);
  remove(*Jammed, FAM);
  return Parts;
}

static auto isInner(const InnerDim &D) {
  return [&D](const Loop &L) { return isInnerLoop(L, D.Number); };
}

JammedStage jamStage(Function &Doacross, ArrayRef<InnerDim> Stages, FunctionAnalysisManager &FAM) {
  JammedStage Out;
  for (const InnerDim &D : Stages)
    if (Out.Count == 1 && !Doacross.hasOptSize() && hasCandidate(Doacross, isInner(D), FAM)) {
      unswitch(Doacross, FAM);
      Out = {&D, jamAll(Doacross, isInner(D), FAM)};
    }
  removeMarks(Doacross);
  return Out;
}

Jammed jamWorker(Function &Worker, ArrayRef<InnerDim> Inner, FunctionAnalysisManager &FAM) {
  if (Worker.hasOptSize())
    return {};
  if (Function *Run = jamLoops(Worker, isParallelLoop, FAM))
    return {Run};
  for (const InnerDim &D : Inner)
    if (Function *Run = jamLoops(Worker, isInner(D), FAM))
      return {Run, D.Number};
  return {};
}

} // namespace ferry
