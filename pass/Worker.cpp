//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Worker.h"
#include "DebugInfo.h"
#include "LoopMarks.h"
#include "Stages.h"
#include "Jam.h"
#include "PreviousCode.h"
#include "Record.h"
#include "ScratchCode.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace ferry {

namespace {

class WorkerBuilder {
public:
  WorkerBuilder(const Shape &S, ArrayRef<InductionStep> Steps, const ScratchValues &Scratch)
      : S(S), R(S), Steps(Steps), Scratch(Scratch), Host(*S.L->getHeader()->getParent()),
        M(*Host.getParent()), C(M.getContext()), I64(Type::getInt64Ty(C)),
        Ptr(PointerType::get(C, 0)) {}

  Worker build() {
    collectLiveIns();
    createFunction();
    cloneBlocks();
    const auto Own = startScratch(S, Scratch, Map, *Entry, OwnAccesses);
    Entry = startPrevious(S, Steps, Map, Entry, Lo[0]);
    for (const Induction &I : S.Inductions)
      startInduction(I);
    RecordCode Code(S, R, Map, Entry, W.Run->getArg(3));
    Code.start();
    for (unsigned K = 0; K < S.Parallel; ++K)
      replaceExit(K);
    Code.finish(Exit);
    ReturnInst::Create(C, Exit);
    finishScratch(S, Scratch, Map, *Entry, *Exit, Own, ArrayRef(Hi, S.Parallel));
    removeForeignLifetimes();
    W.Inner = innerDims(S);
    freshLoopIDs();
    moveDebugInfo(Host, *W.Run, S.L->getStartLoc());
    if (S.hasRecord())
      buildCombine();
    W.Stages = stageDims(S, S.Together);
    if (!S.Stages.empty())
      W.Doacross = buildDoacross(*W.Run, stageLoops());
    return std::move(W);
  }

private:
  bool isLiveIn(const Value *V) const;
  void collectLiveIns();
  void createFunction();
  void cloneBlocks();
  void startInduction(const Induction &I);
  void replaceExit(unsigned K);
  void removeForeignLifetimes();
  bool isContiguous(unsigned K) const;
  void groupAccesses();
  void freshLoopIDs();
  void buildCombine();
  SmallVector<StageLoop, 2> stageLoops();

  Value *mapped(Value *V) {
    auto It = Map.find(V);
    return It == Map.end() ? V : static_cast<Value *>(It->second);
  }
  BasicBlock *block(BasicBlock *B) { return cast<BasicBlock>(mapped(B)); }
  // Where the clone of dim K is entered from.
  BasicBlock *preheader(unsigned K) {
    return K == 0 ? Entry : block(S.Dims[K].L->getLoopPreheader());
  }

  const Shape &S;
  const Record R;
  ArrayRef<InductionStep> Steps;
  const ScratchValues &Scratch;
  Function &Host;
  Module &M;
  LLVMContext &C;
  Type *I64, *Ptr;
  Worker W;
  ValueToValueMapTy Map;
  BasicBlock *Entry = nullptr, *Exit = nullptr;
  SmallVector<BasicBlock *, 16> Blocks;
  Value *Lo[3], *Hi[3];
  MDNode *AccessGroup = nullptr;
  AccessSet OwnAccesses; // those of scratch arrays
};

bool WorkerBuilder::isLiveIn(const Value *V) const {
  if (isa<Argument>(V))
    return true;
  auto *I = dyn_cast<Instruction>(V);
  return I && !S.L->contains(I) &&
         !S.Private.contains(dyn_cast<AllocaInst>(const_cast<Instruction *>(I))) &&
         !S.PrivateAddresses.contains(const_cast<Instruction *>(I));
}

void WorkerBuilder::collectLiveIns() {
  auto Add = [&](Value *V) {
    if (isLiveIn(V))
      W.LiveIns.insert(V);
  };
  for (BasicBlock *B : S.L->blocks())
    for (Instruction &I : *B) {
      bool Reduced = any_of(S.Reductions, [&](auto &R) { return R->Phi == &I; });
      if (Reduced) {
        Add(cast<PHINode>(I).getIncomingValueForBlock(S.L->getLoopLatch()));
        continue;
      }
      if (I.isLifetimeStartOrEnd())
        continue;
      for (Value *V : I.operands())
        Add(V);
    }
  for (Instruction *Address : S.PrivateAddresses)
    for (Value *V : Address->operands())
      Add(V);
  for (const InductionStep &Step : Steps)
    for (Value *V : {Step.First, Step.Change})
      if (V)
        Add(V);
  for (Value *V : Scratch.all())
    Add(V);
  for (const auto &X : S.Scratches)
    Add(X.Object);
  SmallVector<Type *, 16> Fields;
  for (Value *V : W.LiveIns)
    Fields.push_back(V->getType());
  W.Context = StructType::get(C, Fields);
  W.Partial = R.type(C);
}

void WorkerBuilder::createFunction() {
  W.Run = createWorkerFunction(Host, ".ferry");
  if (S.hasRecord())
    W.Run->addParamAttr(3, Attribute::NoAlias);

  Entry = BasicBlock::Create(C, "entry", W.Run);
  Exit = BasicBlock::Create(C, "exit", W.Run);
  IRBuilder<> B(Entry);
  for (AllocaInst *A : S.Private)
    Map[A] = B.Insert(A->clone(), A->getName());
  for (auto [I, V] : enumerate(W.LiveIns))
    Map[V] = B.CreateLoad(V->getType(),
                          B.CreateStructGEP(W.Context, W.Run->getArg(0), I),
                          V->getName());
  for (Value *V : W.LiveIns)
    describeLiveIn(*V, cast<Instruction>(*Map[V]));
  for (Instruction *Address : S.PrivateAddresses) {
    Instruction *New = B.Insert(Address->clone(), Address->getName());
    RemapInstruction(New, Map, RF_NoModuleLevelChanges | RF_IgnoreMissingLocals);
    Map[Address] = New;
  }
  for (unsigned K = 0; K < S.Parallel; ++K) {
    Lo[K] = B.CreateLoad(I64, B.CreateConstGEP1_64(I64, W.Run->getArg(1), K), "lo");
    Hi[K] = B.CreateLoad(I64, B.CreateConstGEP1_64(I64, W.Run->getArg(2), K), "hi");
    B.CreateAssumption(B.CreateICmpSLT(Lo[K], Hi[K])); // trip counts are simpler then
  }
}

void WorkerBuilder::cloneBlocks() {
  for (BasicBlock *B : S.L->blocks()) {
    BasicBlock *New = CloneBasicBlock(B, Map, "", W.Run);
    Map[B] = New;
    Blocks.push_back(New);
  }
  remapInstructionsInBlocks(Blocks, Map);
  Exit->moveAfter(Blocks.back());
  BranchInst::Create(block(S.L->getHeader()), Entry);
  for (PHINode &Phi : block(S.L->getHeader())->phis())
    Phi.replaceIncomingBlockWith(S.L->getLoopPreheader(), Entry);
}

void WorkerBuilder::startInduction(const Induction &I) {
  auto *Phi = cast<PHINode>(mapped(I.Phi));
  BasicBlock *From = preheader(I.Dim);
  IRBuilder<> B(From->getTerminator());
  const InductionStep Step = Steps[&I - S.Inductions.begin()].mapped(Map);
  Phi->setIncomingValueForBlock(
      From, inductionAt(B, Phi->getIncomingValueForBlock(From), Step, Lo[I.Dim]));
}

// Leave dim K when its counter reaches hi[K].
void WorkerBuilder::replaceExit(unsigned K) {
  const Loop *L = S.Dims[K].L;
  BasicBlock *Header = block(L->getHeader()), *Latch = block(L->getLoopLatch());
  BasicBlock *After = K == 0 ? Exit : block(L->getUniqueExitBlock());
  Instruction *Old = Latch->getTerminator();
  IRBuilder<> B(Header, Header->begin());
  PHINode *Counter = B.CreatePHI(I64, 2, "ferry.i");
  B.SetInsertPoint(Old);
  Value *Next = B.CreateAdd(Counter, ConstantInt::get(I64, 1), "ferry.next",
                            /*NUW=*/true, /*NSW=*/true);
  Counter->addIncoming(Lo[K], preheader(K));
  Counter->addIncoming(Next, Latch);
  auto *Branch = B.CreateCondBr(B.CreateICmpSLT(Next, Hi[K]), Header, After);
  Branch->setMetadata(LLVMContext::MD_loop, Old->getMetadata(LLVMContext::MD_loop));
  Branch->setDebugLoc(Old->getDebugLoc());
  Old->eraseFromParent();
}

// Lifetime markers must name an alloca of the same function.
void WorkerBuilder::removeForeignLifetimes() {
  for (Instruction &I : make_early_inc_range(instructions(*W.Run)))
    if (I.isLifetimeStartOrEnd()) {
      auto *A = dyn_cast<AllocaInst>(I.getOperand(0));
      if (!A || A->getFunction() != W.Run)
        I.eraseFromParent();
    }
}

// Neighbouring iterations of dim K touch neighbouring elements, or the same.
// Elsewhere the promise of independence does harm: free to use gathers and
// scatters, the vectoriser does, and the worker is slower than the loop.
bool WorkerBuilder::isContiguous(unsigned K) const {
  return all_of(S.Accesses, [&](const Access &A) {
    if (A.Is == Access::Cell)
      return true;
    if (A.Is != Access::Plain || A.Source >= 0)
      return false;
    for (auto [J, Stride] : enumerate(A.Address.Strides))
      if (Stride && S.Dims[J].Range)
        return false;
    auto *Stride = A.Address.Strides[K];
    auto *Step = dyn_cast_or_null<SCEVConstant>(Stride);
    auto *Width = dyn_cast_or_null<SCEVConstant>(A.Unit);
    return !Stride || (Step && Width &&
                       Step->getAPInt().abs() == Width->getAPInt());
  });
}

// All accesses but those to private and scratch arrays, which iterations do share.
void WorkerBuilder::groupAccesses() {
  AccessGroup = MDNode::getDistinct(C, {});
  for (BasicBlock *B : Blocks)
    for (Instruction &I : *B) {
      const Value *P = getLoadStorePointerOperand(&I);
      if (P && !isa<AllocaInst>(getUnderlyingObject(P, 0)) && !OwnAccesses.contains(&I))
        I.setMetadata(LLVMContext::MD_access_group, AccessGroup);
      else if (I.mayReadOrWriteMemory())
        I.setMetadata(LLVMContext::MD_access_group, nullptr);
    }
}

// Each loop gets an identity of its own. Those of the parallel dims promise
// that the accesses of different iterations do not meet: the runtime has seen
// to it.
void WorkerBuilder::freshLoopIDs() {
  groupAccesses();
  SmallDenseMap<const BasicBlock *, SmallVector<MDNode *, 2>, 4> Said; // of latches
  for (unsigned K = 0; K < S.Parallel; ++K) {
    auto &Dim = Said[block(S.Dims[K].L->getLoopLatch())];
    Dim.push_back(parallelMark(C));
    if (S.Reductions.empty() && isContiguous(K))
      Dim.push_back(MDNode::get(C, {MDString::get(C, ParallelAccesses), AccessGroup}));
  }
  for (const InnerDim &D : W.Inner)
    Said[block(S.Dims[D.Number].L->getLoopLatch())].push_back(innerMark(C, D.Number));
  for (BasicBlock *B : Blocks) {
    Instruction *T = B->getTerminator();
    auto More = Said.find(B);
    if (More != Said.end() || T->getMetadata(LLVMContext::MD_loop))
      renewLoopID(*T, More == Said.end() ? ArrayRef<MDNode *>() : More->second);
  }
}

void WorkerBuilder::buildCombine() {
  auto *FT = FunctionType::get(Type::getVoidTy(C), {Ptr, Ptr}, false);
  W.Combine = createCompanion(Host, FT, ".ferry.combine");
  emitCombine(S, R, *W.Combine);
  W.Identity = new GlobalVariable(M, W.Partial, true, GlobalValue::PrivateLinkage,
                                  R.identity(C), "ferry.identity");
}

SmallVector<StageLoop, 2> WorkerBuilder::stageLoops() {
  SmallVector<StageLoop, 2> Out;
  for (unsigned K : S.Stages) {
    const Loop *L = S.Dims[K].L;
    const bool Mark = any_of(W.Stages, [&](const InnerDim &D) { return D.Number == K; });
    Out.push_back({K, block(L->getHeader()), block(L->getLoopLatch()), Mark});
  }
  return Out;
}

} // namespace

Function *createCompanion(Function &Host, FunctionType *FT, const Twine &Suffix) {
  LLVMContext &C = Host.getContext();
  auto *F = Function::Create(FT, GlobalValue::InternalLinkage,
                             Host.getName() + Suffix, *Host.getParent());
  AttrBuilder Attributes(C, Host.getAttributes().getFnAttrs());
  for (auto Kind :
       {Attribute::Memory, Attribute::NoReturn, Attribute::WillReturn,
        Attribute::NoRecurse, Attribute::NoSync, Attribute::NoFree,
        Attribute::AllocSize, Attribute::AllocKind, Attribute::NoInline,
        Attribute::AlwaysInline, Attribute::InlineHint, Attribute::Cold,
        Attribute::Hot, Attribute::MustProgress, Attribute::Speculatable,
        Attribute::NoCallback, Attribute::Convergent})
    Attributes.removeAttribute(Kind);
  // The program's hooks see the program's functions only.
  for (StringRef Name :
       {"alloc-family", "instrument-function-entry", "instrument-function-exit",
        "instrument-function-entry-inlined", "instrument-function-exit-inlined",
        "fentry-call"})
    Attributes.removeAttribute(Name);
  Attributes.addAttribute(Attribute::NoUnwind);
  F->setAttributes(AttributeList::get(C, AttributeList::FunctionIndex, Attributes));
  return F;
}

void leaveUnoptimised(Function &F) {
  for (auto Kind : {Attribute::OptimizeForSize, Attribute::MinSize,
                    Attribute::OptimizeForDebugging, Attribute::AlwaysInline})
    F.removeFnAttr(Kind);
  F.addFnAttr(Attribute::NoInline);
  F.addFnAttr(Attribute::OptimizeNone);
  if (F.hasFnAttribute(Attribute::Cold))
    F.setSectionPrefix("unlikely"); // which is up to an optimisation, too
}

Function *createWorkerFunction(Function &Host, const Twine &Suffix) {
  LLVMContext &C = Host.getContext();
  Type *Ptr = PointerType::get(C, 0);
  Function *F = createCompanion(
      Host, FunctionType::get(Type::getVoidTy(C), {Ptr, Ptr, Ptr, Ptr}, false),
      Suffix);
  for (unsigned I : {0, 1, 2})
    for (auto Kind : {Attribute::NoAlias, Attribute::ReadOnly})
      F->addParamAttr(I, Kind);
  const char *Names[] = {"context", "lo", "hi", "partial"};
  for (auto [Arg, Name] : zip(F->args(), Names))
    Arg.setName(Name);
  return F;
}

Worker buildWorker(const Shape &S, ArrayRef<InductionStep> Steps, const ScratchValues &Scratch) {
  return WorkerBuilder(S, Steps, Scratch).build();
}

void cleanWorker(Function &Worker, FunctionAnalysisManager &FAM) {
  FunctionPassManager FPM;
  FPM.addPass(SimplifyCFGPass());
  FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
  FPM.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  FPM.addPass(InstCombinePass());
  FPM.addPass(SimplifyCFGPass());
  FPM.addPass(createFunctionToLoopPassAdaptor(LICMPass(LICMOptions()),
                                              /*UseMemorySSA=*/true));
  FPM.addPass(InstCombinePass());
  FPM.run(Worker, FAM);
  FAM.invalidate(Worker, PreservedAnalyses::none());
}

} // namespace ferry
