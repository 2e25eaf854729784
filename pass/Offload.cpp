//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All loops are described before any code is built, and all workers are built
// before any loop is changed: what is cloned is always the program's own code.
//
//===----------------------------------------------------------------------===//
#include "Offload.h"
#include "../runtime/abi.h"
#include "Counters.h"
#include "DeviceImage.h"
#include "FixedLoads.h"
#include "Jam.h"
#include "LookInside.h"
#include "LoopCopy.h"
#include "LoopMarks.h"
#include "PreviousCode.h"
#include "Remarks.h"
#include "SameWorker.h"
#include "ScopedArrays.h"
#include "ScratchCode.h"
#include "Shape.h"
#include "SharedWorker.h"
#include "Site.h"
#include "SmallNest.h"
#include "Work.h"
#include "Worker.h"
#include "llvm/Analysis/CallGraph.h"
#include "llvm/Analysis/GlobalsModRef.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr const char *DoneFlag = "ferry.done";

struct Plan {
  Shape S;
  BranchInst *Choice = nullptr; // where the loop is a copy: see LoopCopy.h
  Worker W;
  SiteValues V;
  GlobalVariable *Site = nullptr;
  unsigned Kernel = 0; // in the image, if there is one
  Plan *Same = nullptr; // that has the same worker, and builds it
  Jammed Variant;
};

struct FunctionPlan {
  Function *F;
  std::vector<std::unique_ptr<Plan>> Plans;
};

bool isHostModule(const Module &M) {
  const Triple &T = M.getTargetTriple();
  return T.isOSLinux() && M.getDataLayout().getPointerSizeInBits() == 64 &&
         (T.isX86_64() || T.isAArch64() || T.isRISCV64());
}

class FunctionPlanner {
public:
  FunctionPlanner(Function &F, FunctionAnalysisManager &FAM, OffloadOptions O,
                  const InnerRefusals &Inner, const FixedLoads &Fixed)
      : C{F, FAM.getResult<LoopAnalysis>(F),
          FAM.getResult<ScalarEvolutionAnalysis>(F),
          FAM.getResult<DominatorTreeAnalysis>(F),
          FAM.getResult<TargetLibraryAnalysis>(F), &Fixed},
        ORE(FAM.getResult<OptimizationRemarkEmitterAnalysis>(F)), Options(O),
        Inner(Inner) {}

  FunctionPlan plan() {
    FunctionPlan Out{&C.F, {}};
    Refusal Whole = examineFunction(C.F);
    visitAll(C.LI.getTopLevelLoops(), {}, Whole, Out);
    Said.emit(ORE);
    return Out;
  }

private:
  // The offloaded loop around a loop, if there is one.
  struct Around {
    Loop *L = nullptr;
    bool Independent = false;
  };

  // Loops inside a planned one may have sites of their own: they stay in the
  // original loop, which runs where the planned one is not independent.
  void visitAll(ArrayRef<Loop *> Loops, Around Planned, const Refusal &Whole,
                FunctionPlan &Out) {
    for (Loop *L : Loops)
      if (!choiceOfCopy(*L))
        visit(*L, findCopy(*L, Loops), Planned, Whole, Out);
  }

  void visit(Loop &L, Loop *Copy, Around Planned, const Refusal &Whole,
             FunctionPlan &Out) {
    if (Planned.Independent) {
      sayInside(L, *Planned.L);
      return;
    }
    auto P = std::make_unique<Plan>();
    Refusal R = Whole ? Whole : describeEither(L, Copy, *P);
    if (Planned.L)
      Said.inside(L, *Planned.L);
    else if (R)
      Said.refused(L, R);
    else
      Said.offloaded(L, P->S);
    if (!R) {
      if (P->Choice)
        for (Loop *X : Copy->getSubLoops())
          sayInside(*X, L);
      if (!Planned.L)
        Planned = {&L, P->S.Independent};
      Out.Plans.push_back(std::move(P));
    }
    visitAll(L.getSubLoops(), Planned, Whole, Out);
  }

  // The loop, or else its copy.
  Refusal describeEither(Loop &L, Loop *Copy, Plan &P) {
    Refusal R = describeWorthwhile(L, C, Options.Threshold, P.S);
    if (!R)
      return {};
    if (Copy && startsClean(*Copy)) {
      P.S = Shape();
      P.Choice = choiceOfCopy(*Copy);
      return describeWorthwhile(*Copy, C, Options.Threshold, P.S);
    }
    auto It = Inner.find(L.getHeader());
    return It == Inner.end() ? R : It->second;
  }

  void sayInside(const Loop &L, const Loop &Outer) {
    for (const Loop *X : L.getLoopsInPreorder())
      Said.inside(*X, Outer);
  }

  ShapeContext C;
  OptimizationRemarkEmitter &ORE;
  OffloadOptions Options;
  const InnerRefusals &Inner;
  Remarks Said;
};

// The plan whose worker P can use as well. Outer loops come first.
Plan *findShared(FunctionPlan &FP, const Plan &P) {
  for (auto &Outer : FP.Plans)
    if (Outer.get() == &P)
      break;
    else if (Outer->S.L->contains(P.S.L) && canShareWorker(P.S, Outer->S))
      return Outer.get();
  return nullptr;
}

void buildWorkers(FunctionPlan &FP, ScalarEvolution &SE) {
  SCEVExpander Expander(SE, "ferry");
  for (auto &P : FP.Plans) {
    if (Plan *Outer = findShared(FP, *P)) {
      P->W = shareWorker(P->S, Outer->S, Outer->W);
      continue;
    }
    SmallVector<InductionStep, 4> Steps;
    Instruction *At = P->S.L->getLoopPreheader()->getTerminator();
    auto expand = [&](const SCEV *X) -> Value * {
      return X ? Expander.expandCodeFor(X, X->getType(), At->getIterator()) : nullptr;
    };
    for (const Induction &I : P->S.Inductions)
      Steps.push_back({expand(I.Step), expand(I.Change)});
    P->W = buildWorker(P->S, Steps, expandScratch(P->S, Expander));
  }
}

void warn(Module &M, const Twine &Text) {
  M.getContext().diagnose(DiagnosticInfoGeneric(Text, DS_Warning));
}

// Null where none is wanted, or this compiler cannot make any.
std::unique_ptr<DeviceImage> startImage(Module &M, const OffloadOptions &O) {
  if (!O.Images)
    return nullptr;
  const DeviceTarget *Target = M.getTargetTriple().isX86_64() ? findTarget(*O.Images) : nullptr;
  if (!Target)
    warn(M, "FERRY_IMAGES: this compiler cannot make such device code for this host");
  return Target ? std::make_unique<DeviceImage>(M, *Target) : nullptr;
}

// While the loops are as they were.
void buildKernels(ArrayRef<FunctionPlan> Functions, DeviceImage &Image,
                  FunctionAnalysisManager &FAM) {
  for (const FunctionPlan &FP : Functions)
    for (auto &P : FP.Plans)
      P->Kernel = Image.add(P->S, P->W);
  Image.finish();
  for (const FunctionPlan &FP : Functions) {
    Remarks Said;
    for (auto &P : FP.Plans)
      if (StringRef Why = Image.refused(P->Kernel); !Why.empty())
        Said.hostOnly(*P->S.L, Why);
    Said.emit(FAM.getResult<OptimizationRemarkEmitterAnalysis>(*FP.F));
  }
}

// Arrays that vectors walk over should not begin in the middle of a cache line.
// Where they lie by chance makes loops up to 1.7 times as slow.
void alignGlobals(const Loop &L) {
  const Align CacheLine(64);
  constexpr uint64_t Large = 4096;
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B)
      for (Value *V : I.operands()) {
        auto *G = dyn_cast<GlobalVariable>(V->stripInBoundsConstantOffsets());
        if (G && G->hasInitializer() && G->canIncreaseAlignment() &&
            G->getDataLayout().getTypeAllocSize(G->getValueType()) >= Large &&
            G->getAlign().valueOrOne() < CacheLine)
          G->setAlignment(CacheLine);
      }
}

// What one loop leaves behind may be computed from what one before it does. Where it
// cannot be computed, there must be no way around the loop.
void expandAllThatIsLeft(FunctionPlan &FP, SCEVExpander &Expander) {
  for (bool Again = true; Again;) {
    Again = false;
    erase_if(FP.Plans, [&](auto &P) {
      const Left Result = expandWhatIsLeft(P->S, P->V, Expander);
      Again |= Result != Left::Nothing; // also before it turned out to be unknown
      return Result == Left::Unknown;
    });
  }
}

void insertSites(FunctionPlan &FP, ScalarEvolution &SE, const DominatorTree &DT) {
  for (auto &P : FP.Plans)
    alignGlobals(*P->S.L);
  {
    SCEVExpander Expander(SE, "ferry");
    for (auto &P : FP.Plans)
      P->V = expandValues(P->S, P->W, Expander);
    expandAllThatIsLeft(FP, Expander);
  }
  SmallVector<const Loop *, 16> WithSite;
  for (auto &P : FP.Plans)
    WithSite.push_back(P->S.L);
  for (auto &P : FP.Plans) { // outer loops first, before anything inside changes
    if (!P->Choice && gainsWithoutSites(P->S, P->V.Amount, WithSite))
      copyForSmall(P->S, P->V.Amount, DT);
    BasicBlock *Header = P->S.L->getHeader(), *Latch = P->S.L->getLoopLatch();
    P->Site = insertSite(P->S, P->W, P->V);
    if (P->Choice)
      fallBackOnOriginal(*Header, *Latch, *P->Choice);
  }
}

// After the sites of all functions were inserted.
void removeCopies(Module &M, ArrayRef<FunctionPlan> Functions) {
  SmallVector<BranchInst *, 8> WithSite;
  for (const FunctionPlan &FP : Functions)
    for (auto &P : FP.Plans)
      if (P->Choice)
        WithSite.push_back(P->Choice);
  removeChoices(M, WithSite);
}

// Before workers are finished: those that are the same are finished once.
void findSame(ArrayRef<FunctionPlan> Functions) {
  SmallVector<Plan *, 16> First;
  for (const FunctionPlan &FP : Functions)
    for (auto &P : FP.Plans) {
      auto It = find_if(First, [&](Plan *X) {
        return mayJam(X->S) == mayJam(P->S) && areSame(*X->W.Run, *P->W.Run);
      });
      if (It == First.end()) {
        First.push_back(P.get());
        continue;
      }
      P->Same = *It;
      P->W.Run->replaceAllUsesWith(P->Same->W.Run);
      P->W.Run->eraseFromParent();
      P->W.Run = P->Same->W.Run;
    }
}

void finishWorker(Plan &P, FunctionAnalysisManager &FAM) {
  if (P.Same) {
    P.Variant = P.Same->Variant;
  } else {
    cleanWorker(*P.W.Run, FAM);
    if (mayJam(P.S))
      P.Variant = jamWorker(*P.W.Run, P.W.Inner, FAM);
    removeMarks(*P.W.Run);
  }
  if (P.W.Doacross) {
    cleanWorker(*P.W.Doacross, FAM);
    setStrip(*P.Site, jamStage(*P.W.Doacross, P.W.Stages, FAM));
  }
  if (P.Variant.Run)
    setJammed(*P.Site, P.Variant, P.W.Inner);
}

// The addresses of globals now lie in the contexts of workers. GlobalsAA believes
// that they lie nowhere, and nothing else ever makes it look again.
void renewGlobalsAA(Module &M, ModuleAnalysisManager &MAM) {
  PreservedAnalyses PA = PreservedAnalyses::all();
  PA.abandon<CallGraphAnalysis>();
  MAM.invalidate(M, PA);
  RecomputeGlobalsAAPass().run(M, MAM);
}

} // namespace

PreservedAnalyses OffloadPass::run(Module &M, ModuleAnalysisManager &MAM) {
  // -ffat-lto-objects runs the pipeline twice.
  if (!isHostModule(M) || M.getModuleFlag(DoneFlag))
    return PreservedAnalyses::all();
  auto &FAM = MAM.getResult<FunctionAnalysisManagerModuleProxy>(M).getManager();
  for (const std::string &Text : Options.Wrong)
    warn(M, Text);

  std::vector<FunctionPlan> Functions;
  InnerRefusals Inner;
  bool Changed = lookInside(M, FAM, Options.Threshold, Inner);
  FixedLoads Fixed;
  Changed |= fixLoads(M, FAM, Options.Threshold, Fixed);
  for (Function &F : M)
    if (!F.isDeclaration() && !F.hasAvailableExternallyLinkage() &&
        !FAM.getResult<LoopAnalysis>(F).empty())
      if (FunctionPlan FP = FunctionPlanner(F, FAM, Options, Inner, Fixed).plan();
          !FP.Plans.empty())
        Functions.push_back(std::move(FP));
  nameJumps(M);
  if (Functions.empty()) {
    removeChoices(M, {});
    return Changed ? PreservedAnalyses::none() : PreservedAnalyses::all();
  }

  auto evolution = [&](FunctionPlan &FP) -> ScalarEvolution & {
    return FAM.getResult<ScalarEvolutionAnalysis>(*FP.F);
  };
  for (FunctionPlan &FP : Functions)
    buildWorkers(FP, evolution(FP));
  const std::unique_ptr<DeviceImage> Image = startImage(M, Options);
  if (Image)
    buildKernels(Functions, *Image, FAM);
  for (FunctionPlan &FP : Functions)
    insertSites(FP, evolution(FP), FAM.getResult<DominatorTreeAnalysis>(*FP.F));
  if (Image)
    for (const FunctionPlan &FP : Functions)
      for (auto &P : FP.Plans)
        Image->describe(P->Kernel, *P->Site);
  removeCopies(M, Functions);
  for (FunctionPlan &FP : Functions)
    FAM.invalidate(*FP.F, PreservedAnalyses::none());
  findSame(Functions);
  linkStub(M);
  renewGlobalsAA(M, MAM);
  for (FunctionPlan &FP : Functions)
    for (auto &P : FP.Plans)
      finishWorker(*P, FAM);
  M.addModuleFlag(Module::Max, DoneFlag, 1);
  return PreservedAnalyses::none();
}

void addFerryPasses(ModulePassManager &MPM, OffloadOptions O) {
  FunctionPassManager FPM;
  FPM.addPass(ScopedArraysPass());
  addLoopForm(FPM);
  FPM.addPass(CountersPass());
  MPM.addPass(createModuleToFunctionPassAdaptor(std::move(FPM)));
  MPM.addPass(OffloadPass(O));
}

} // namespace ferry
