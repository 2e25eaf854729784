//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "LookInside.h"
#include "Callees.h"
#include "Calls.h"
#include "FixedPlaces.h"
#include "LoopCopy.h"
#include "Shape.h"
#include "Work.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/Analysis/CallGraph.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/IndVarSimplify.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/LCSSA.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxFunction = 20000; // instructions, of what is cloned
constexpr unsigned MaxTrials = 16;      // for one function

// A call that keeps the loop around it in place.
CallBase *asOpaqueCall(Instruction &I, const TargetLibraryInfo &TLI) {
  auto *Call = dyn_cast<CallBase>(&I);
  return Call && !isa<IntrinsicInst>(Call) && !Call->isInlineAsm() &&
                 effectOf(*Call, TLI) == CallEffect::Refused
             ? Call
             : nullptr;
}

bool callsAnything(const Loop &L, const TargetLibraryInfo &TLI) {
  return any_of(L.blocks(), [&](BasicBlock *B) {
    return any_of(*B, [&](Instruction &I) { return asOpaqueCall(I, TLI); });
  });
}

// May all calls be looked into?
bool canLookInside(const Loop &L, const ShapeContext &C) {
  unsigned Size = 0;
  if (!L.isLoopSimplifyForm() || L.getExitingBlock() != L.getLoopLatch() ||
      !L.getUniqueExitBlock() || !isa<BranchInst>(L.getLoopLatch()->getTerminator()))
    return false;
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B)
      if (CallBase *Call = asOpaqueCall(I, C.TLI))
        if (examineCallee(*Call, C.TLI, Size))
          return false;
  return true;
}

bool hasDefinedCallee(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    auto *Call = dyn_cast<CallBase>(&I);
    const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    return Callee && !Callee->isDeclaration();
  });
}

//===- putting code in place of calls -------------------------------------===//

// The copies of structures that were passed by value live in one iteration,
// like the callee's own variables, for which the inliner says so.
void startLifetimes(Function &F, const SmallPtrSetImpl<Instruction *> &Known,
                    IRBuilderBase &B) {
  for (Instruction &I : F.getEntryBlock())
    if (isa<AllocaInst>(I) && !Known.contains(&I) &&
        none_of(I.users(), [](const User *U) {
          return cast<Instruction>(U)->isLifetimeStartOrEnd();
        }))
      B.CreateLifetimeStart(&I);
}

// The inliner takes the executions of the inlined code from the callee's count.
// Here the callee goes on being called.
class ProfileKeeper {
public:
  explicit ProfileKeeper(Function &F)
      : F(F), Profile(F.getMetadata(LLVMContext::MD_prof)) {
    F.setMetadata(LLVMContext::MD_prof, nullptr);
  }
  ~ProfileKeeper() { F.setMetadata(LLVMContext::MD_prof, Profile); }

private:
  Function &F;
  MDNode *Profile;
};

void inlineCall(CallBase &Call, SmallVectorImpl<CallBase *> &NewCalls) {
  Function &F = *Call.getFunction();
  SmallPtrSet<Instruction *, 16> Known;
  for (Instruction &I : F.getEntryBlock())
    Known.insert(&I);
  IRBuilder<> B(&Call);
  Instruction *Mark = B.CreateIntrinsic(Intrinsic::donothing, {});
  B.SetInsertPoint(Mark);
  ProfileKeeper Keep(*Call.getCalledFunction());
  InlineFunctionInfo Info;
  if (InlineFunction(Call, Info).isSuccess()) {
    startLifetimes(F, Known, B);
    NewCalls.append(Info.InlinedCallSites);
  }
  Mark->eraseFromParent();
}

void inlineCalls(ArrayRef<BasicBlock *> Blocks, const TargetLibraryInfo &TLI) {
  SmallVector<CallBase *, 8> Calls;
  for (BasicBlock *B : Blocks)
    for (Instruction &I : *B)
      if (CallBase *Call = asOpaqueCall(I, TLI))
        Calls.push_back(Call);
  while (!Calls.empty()) {
    CallBase *Call = Calls.pop_back_val();
    SmallVector<CallBase *, 8> NewCalls;
    unsigned Size = 0;
    if (asOpaqueCall(*Call, TLI) && !examineCallee(*Call, TLI, Size))
      inlineCall(*Call, NewCalls);
    Calls.append(NewCalls);
  }
}

void cleanUp(Function &F, FunctionAnalysisManager &FAM) {
  FunctionPassManager FPM;
  FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
  FPM.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  FPM.addPass(InstCombinePass());
  FPM.addPass(SimplifyCFGPass());
  addLoopForm(FPM);
  FPM.addPass(createFunctionToLoopPassAdaptor(LICMPass(LICMOptions()),
                                              /*UseMemorySSA=*/true));
  FPM.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  FPM.addPass(InstCombinePass());
  FPM.addPass(createFunctionToLoopPassAdaptor(IndVarSimplifyPass()));
  addLoopForm(FPM);
  FPM.run(F, FAM);
  FAM.invalidate(F, PreservedAnalyses::none());
}

// Gives the loops with these headers copies that call nothing.
void openCopies(Function &F, FunctionAnalysisManager &FAM,
                ArrayRef<BasicBlock *> Headers) {
  for (BasicBlock *Header : Headers) {
    Loop *L = FAM.getResult<LoopAnalysis>(F).getLoopFor(Header);
    inlineCalls(copyLoop(*L, FAM.getResult<DominatorTreeAnalysis>(F)),
                FAM.getResult<TargetLibraryAnalysis>(F));
    FAM.invalidate(F, PreservedAnalyses::none());
  }
  cleanUp(F, FAM);
}

//===- trials -------------------------------------------------------------===//

struct Outcome {
  Refusal Why;
  bool Independent = false;
};

Loop *findCopy(LoopInfo &LI) {
  for (Loop *L : LI.getLoopsInPreorder())
    if (choiceOfCopy(*L) && startsClean(*L))
      return L;
  return nullptr;
}

Outcome describeCopy(Function &F, FunctionAnalysisManager &FAM, int64_t Threshold) {
  ShapeContext C = contextOf(F, FAM, nullptr);
  Loop *L = findCopy(C.LI);
  if (!L)
    return {{Reason::Call, ""}};
  Shape First, Second;
  Refusal R = describeWorthwhile(*L, C, Threshold, First);
  if (!R || !mayFixingHelp(R.Why) || !canFixAny(*L, C))
    return {R, First.Independent};
  BasicBlock *Header = L->getHeader();
  FixedLoads Fixed;
  Fixed[Header] = fixAll(F, FAM, *Header);
  ShapeContext D = contextOf(F, FAM, &Fixed);
  L = findCopy(D.LI);
  if (!L || describeWorthwhile(*L, D, Threshold, Second))
    return {R};
  return {{}, Second.Independent}; // when fixLoads() has been here
}

class Trials {
public:
  Trials(Function &F, FunctionAnalysisManager &FAM, int64_t Threshold,
         InnerRefusals &Refusals)
      : F(F), FAM(FAM), C(contextOf(F, FAM, nullptr)), Threshold(Threshold),
        Refusals(Refusals) {}

  void visit(Loop &L) {
    if (!callsAnything(L, C.TLI))
      return;
    Shape S;
    Outcome O;
    O.Why = describeWorthwhile(L, C, Threshold, S);
    O.Independent = S.Independent;
    bool Opaque = O.Why.Why == Reason::Call || O.Why.Why == Reason::Countless;
    if (Opaque && Count < MaxTrials && canLookInside(L, C)) {
      O = tryOn(L);
      if (!O.Why)
        Won.push_back(L.getHeader());
      else if (O.Why.Why != Reason::Call)
        Refusals.insert({L.getHeader(), O.Why});
    }
    if (O.Why || !O.Independent)
      for (Loop *X : L.getSubLoops())
        visit(*X);
  }

  ArrayRef<BasicBlock *> won() const { return Won; }

private:
  Outcome tryOn(const Loop &L) {
    ++Count;
    Outcome O;
    tryOnClone(F, FAM, [&](Function &Trial, ValueToValueMapTy &Map) {
      openCopies(Trial, FAM, cast<BasicBlock>(Map[L.getHeader()]));
      O = describeCopy(Trial, FAM, Threshold);
    });
    return O;
  }

  Function &F;
  FunctionAnalysisManager &FAM;
  ShapeContext C;
  int64_t Threshold;
  InnerRefusals &Refusals;
  SmallVector<BasicBlock *, 4> Won;
  unsigned Count = 0;
};

bool lookInside(Function &F, FunctionAnalysisManager &FAM, int64_t Threshold,
                InnerRefusals &Refusals) {
  Trials T(F, FAM, Threshold, Refusals);
  for (Loop *L : FAM.getResult<LoopAnalysis>(F))
    T.visit(*L);
  if (!T.won().empty())
    openCopies(F, FAM, T.won());
  return !T.won().empty();
}

// So that what is put in place of a call is always the program's own code.
SmallVector<Function *, 32> callersFirst(Module &M) {
  SmallVector<Function *, 32> Order;
  CallGraph Graph(M);
  for (auto I = scc_begin(&Graph); !I.isAtEnd(); ++I)
    for (const CallGraphNode *N : *I)
      if (Function *F = N->getFunction(); F && !F->isDeclaration() &&
                                          !F->hasAvailableExternallyLinkage())
        Order.push_back(F);
  std::reverse(Order.begin(), Order.end());
  return Order;
}

} // namespace

void addLoopForm(FunctionPassManager &FPM) {
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
  FPM.addPass(createFunctionToLoopPassAdaptor(
      LoopRotatePass(/*EnableHeaderDuplication=*/true, /*PrepareForLTO=*/false)));
  FPM.addPass(LoopSimplifyPass());
  FPM.addPass(LCSSAPass());
}

bool lookInside(Module &M, FunctionAnalysisManager &FAM, int64_t Threshold,
                InnerRefusals &Refusals) {
  bool Changed = false;
  for (Function *F : callersFirst(M))
    if (!examineFunction(*F) && hasDefinedCallee(*F) &&
        F->getInstructionCount() <= MaxFunction)
      Changed |= lookInside(*F, FAM, Threshold, Refusals);
  return Changed;
}

} // namespace ferry
