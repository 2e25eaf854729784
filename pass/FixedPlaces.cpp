//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedPlaces.h"
#include "Shape.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/Loads.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

ShapeContext contextOf(Function &F, FunctionAnalysisManager &FAM,
                       const FixedLoads *Fixed) {
  return {F,
          FAM.getResult<LoopAnalysis>(F),
          FAM.getResult<ScalarEvolutionAnalysis>(F),
          FAM.getResult<DominatorTreeAnalysis>(F),
          FAM.getResult<TargetLibraryAnalysis>(F),
          Fixed};
}

namespace {

constexpr unsigned MaxRounds = 4; // loads through loaded pointers
constexpr unsigned MaxBytes = 16; // of a value

// Phis of the loop that hold what was loaded from a place last: the optimiser
// carries it from one load to the next. They all are the fixed value if what
// they start with, loaded earlier, is.
struct Carried {
  SmallSetVector<PHINode *, 4> Phis;
  SmallSetVector<LoadInst *, 2> Starts;
};

bool findCarried(PHINode &Phi, const SCEV *Place,
                 function_ref<bool(const Value *)> IsLoad, const Loop &L,
                 const ShapeContext &C, Carried &Out) {
  Out.Phis.insert(&Phi);
  for (unsigned I = 0; I < Out.Phis.size(); ++I)
    for (Value *V : Out.Phis[I]->incoming_values()) {
      auto *Next = dyn_cast<PHINode>(V);
      auto *Early = dyn_cast<LoadInst>(V);
      if (IsLoad(V))
        continue;
      if (Next && L.contains(Next))
        Out.Phis.insert(Next);
      else if (Early && L.isLoopInvariant(Early) &&
               C.SE.getSCEV(Early->getPointerOperand()) == Place)
        Out.Starts.insert(Early);
      else
        return false;
    }
  return true;
}

// All phis that carry one of these loads.
Carried allCarried(ArrayRef<LoadInst *> Loads, const SCEV *Place, const Loop &L,
                   const ShapeContext &C) {
  Carried All;
  for (LoadInst *Load : Loads)
    for (User *U : Load->users()) {
      auto *Phi = dyn_cast<PHINode>(U);
      Carried One;
      if (!Phi || !L.contains(Phi) || All.Phis.contains(Phi) ||
          !findCarried(*Phi, Place, [&](const Value *V) { return is_contained(Loads, V); },
                       L, C, One))
        continue;
      All.Phis.insert_range(One.Phis);
      All.Starts.insert_range(One.Starts);
    }
  return All;
}

// Was it done just before the loop, without anything in between that is so?
bool isJustBefore(const LoadInst &Load, const Loop &L,
                  function_ref<bool(const Instruction &)> IsBetween) {
  const BasicBlock *B = L.getLoopPreheader();
  for (unsigned Steps = 0; B && Steps < 8; ++Steps) {
    for (const Instruction &I : reverse(*B))
      if (&I == &Load)
        return true;
      else if (IsBetween(I))
        return false;
    B = B->getSinglePredecessor();
  }
  return false;
}

bool mayBeDoneAgain(const LoadInst &Load, const Loop &L) {
  return isJustBefore(Load, L, [](const Instruction &I) {
    return isa<CallBase>(I) && I.mayWriteToMemory() && !I.isLifetimeStartOrEnd();
  });
}

bool isUnchanged(const LoadInst &Load, const Loop &L) {
  return isJustBefore(Load, L, [](const Instruction &I) { return I.mayWriteToMemory(); });
}

// Conditions, the same in all iterations, whether they must hold or not, and
// where that is decided.
struct Condition {
  Value *Test;
  bool Holds;
  const BranchInst *At;
};
using Conditions = SmallVector<Condition, 2>;

// Loads of one place, as one type.
struct Group {
  SmallVector<LoadInst *, 4> Loads;
  LoadInst *Certain = nullptr; // one that happens just before the loop or in the
                               // first iteration, if any,
  Conditions When;             // provided that these hold
};
using Groups = MapVector<std::pair<const SCEV *, Type *>, Group>;

// Does the block happen in each iteration in which it is entered at all, as far
// as conditions say that stay the same?
bool findConditions(const BasicBlock *B, const Loop &L, const DominatorTree &DT,
                    const LoopInfo &LI, Conditions &Out) {
  while (!DT.dominates(B, L.getLoopLatch())) {
    const BasicBlock *Above = DT.getNode(B)->getIDom()->getBlock();
    auto *Branch = dyn_cast<BranchInst>(Above->getTerminator());
    if (!L.contains(Above) || !Branch)
      return false;
    const Loop *Inner = LI.getLoopFor(Above);
    const bool Leaves = Inner != &L && !Inner->contains(B) &&
                        Inner->getExitingBlock() == Above;
    if (Branch->isConditional() && !Leaves) {
      const bool IfTrue = DT.dominates({Above, Branch->getSuccessor(0)}, B),
                 IfFalse = DT.dominates({Above, Branch->getSuccessor(1)}, B);
      auto *Test = dyn_cast<Instruction>(Branch->getCondition());
      if (IfTrue == IfFalse ||
          !(L.isLoopInvariant(Branch->getCondition()) ||
            (Test && L.hasLoopInvariantOperands(Test))))
        return false;
      Out.push_back({Branch->getCondition(), IfTrue, Branch});
    }
    B = Above;
  }
  return true;
}

bool happensFirst(LoadInst &Load, const Loop &L, const ShapeContext &C,
                  Conditions &When) {
  return isDereferenceableAndAlignedPointer(Load.getPointerOperand(), Load.getType(),
                                            Load.getAlign(), Load.getDataLayout()) ||
         findConditions(Load.getParent(), L, C.DT, C.LI, When);
}

// What the loop certainly writes is not fixed.
SmallPtrSet<const SCEV *, 8> writtenPlaces(const Loop &L, ScalarEvolution &SE) {
  SmallPtrSet<const SCEV *, 8> Out;
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B)
      if (auto *Store = dyn_cast<StoreInst>(&I))
        Out.insert(SE.getSCEV(Store->getPointerOperand()));
  return Out;
}

Groups findGroups(const Loop &L, const ShapeContext &C) {
  Groups Out;
  SmallPtrSet<const SCEV *, 8> Written = writtenPlaces(L, C.SE);
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B) {
      auto *Load = dyn_cast<LoadInst>(&I);
      if (!Load || !Load->isSimple() || !C.SE.isSCEVable(Load->getType()) ||
          Load->getDataLayout().getTypeStoreSize(Load->getType()) > MaxBytes ||
          isa<AllocaInst>(getUnderlyingObject(Load->getPointerOperand(), 0)))
        continue;
      const SCEV *Address = C.SE.getSCEV(Load->getPointerOperand());
      if (!C.SE.isLoopInvariant(Address, &L) || Written.contains(Address))
        continue;
      Group &G = Out[{Address, Load->getType()}];
      G.Loads.push_back(Load);
      Conditions When;
      if ((!G.Certain || !G.When.empty()) && happensFirst(*Load, L, C, When) &&
          (!G.Certain || When.empty())) {
        G.Certain = Load;
        G.When = When;
      }
    }
  for (auto &[Key, G] : Out)
    if (!G.Certain || !G.When.empty())
      for (LoadInst *Start : allCarried(G.Loads, Key.first, L, C).Starts)
        if (mayBeDoneAgain(*Start, L)) {
          G.Certain = Start;
          G.When.clear();
        }
  return Out;
}

// Zeros, to be loaded where the program would not load.
Constant *nowhere(Module &M) {
  constexpr StringLiteral Name = "ferry.nowhere";
  if (GlobalVariable *G = M.getNamedGlobal(Name))
    return G;
  Type *T = ArrayType::get(Type::getInt8Ty(M.getContext()), MaxBytes);
  auto *G = new GlobalVariable(M, T, true, GlobalValue::PrivateLinkage,
                               Constant::getNullValue(T), Name);
  G->setAlignment(Align(MaxBytes));
  return G;
}

// One load before the loop in place of all. It would happen in any case, or can
// do no harm.
LoadInst *fix(const Group &G, Loop &L) {
  Instruction *At = L.getLoopPreheader()->getTerminator();
  Value *Pointer = G.Certain->getPointerOperand();
  bool Changed = false;
  if (!L.makeLoopInvariant(Pointer, Changed, At))
    return nullptr;
  for (auto [Test, Holds, Unused] : G.When) {
    if (!L.makeLoopInvariant(Test, Changed, At))
      return nullptr;
    Constant *Zeros = nowhere(*At->getModule());
    // The program need not come to where it is evaluated.
    auto *Known = new FreezeInst(Test, "", At->getIterator());
    Pointer = SelectInst::Create(Known, Holds ? Pointer : Zeros,
                                 Holds ? Zeros : Pointer, "fixed.at",
                                 At->getIterator());
  }
  auto *New = new LoadInst(G.Certain->getType(), Pointer, "fixed", false,
                           G.Certain->getAlign(), At->getIterator());
  for (LoadInst *Load : G.Loads) {
    Load->replaceAllUsesWith(New);
    Load->eraseFromParent();
  }
  return New;
}

// A value that is 0 if Start is the fixed value, else 1.
Value *differs(Value *Start, LoadInst &New, Loop &L) {
  IRBuilder<> B(L.getLoopPreheader()->getTerminator());
  return B.CreateZExt(B.CreateFreeze(B.CreateICmpNE(Start, &New)), B.getInt64Ty());
}

void fixCarried(LoadInst &New, const Carried &All, Loop &L, Fixed &Out) {
  for (LoadInst *Start : All.Starts)
    Out.Differences.push_back(differs(Start, New, L));
  for (PHINode *Phi : All.Phis)
    Phi->replaceAllUsesWith(&New);
  for (PHINode *Phi : All.Phis)
    Phi->eraseFromParent();
}

// Is the value made from one that was fixed?
bool dependsOn(Value *V, ArrayRef<LoadInst *> Loads) {
  constexpr size_t Most = 32;
  SmallSetVector<Value *, Most> Seen;
  Seen.insert(V);
  for (size_t I = 0; I < Seen.size(); ++I) {
    auto *By = dyn_cast<Instruction>(Seen[I]);
    if (Seen.size() > Most || is_contained(Loads, By))
      return true;
    if (By)
      Seen.insert_range(By->operands());
  }
  return false;
}

// What makes a later load certain: where the places of fixed loads still held, in
// the first iteration, what they held before the loop.
class Certainty {
public:
  Certainty(const Loop &L, FunctionAnalysisManager &FAM)
      : L(L), AA(FAM.getResult<AAManager>(*L.getHeader()->getParent())),
        DT(FAM.getResult<DominatorTreeAnalysis>(*L.getHeader()->getParent())) {}

  bool holds(const Group &G, const Fixed &Before, ArrayRef<MemoryLocation> Places) {
    auto isLate = [&](Value *V, const Instruction &At) {
      return dependsOn(V, Before.Loads) && mayChangeBefore(At, Places);
    };
    return none_of(G.When, [&](const Condition &C) { return isLate(C.Test, *C.At); }) &&
           (!L.contains(G.Certain) || // done before, from the same place
            !isLate(G.Certain->getPointerOperand(), *G.Certain));
  }

private:
  bool mayChangeBefore(const Instruction &At, ArrayRef<MemoryLocation> Places) {
    for (BasicBlock *B : L.blocks())
      for (Instruction &I : *B)
        if (I.mayWriteToMemory() && !DT.dominates(&At, &I) &&
            any_of(Places, [&](const MemoryLocation &Place) {
              return isModSet(AA.getModRefInfo(&I, Place));
            }))
          return true;
    return false;
  }

  const Loop &L;
  AAResults &AA;
  const DominatorTree &DT;
};

} // namespace

bool canFixAny(const Loop &L, const ShapeContext &C) {
  return any_of(findGroups(L, C), [](auto &Entry) { return Entry.second.Certain; });
}

Fixed fixAll(Function &F, FunctionAnalysisManager &FAM, BasicBlock &Header) {
  Fixed Out;
  SmallVector<MemoryLocation, 4> Places;
  bool Ok = true;
  for (unsigned Round = 0; Round < MaxRounds && Ok; ++Round) {
    ShapeContext C = contextOf(F, FAM, nullptr);
    Loop *L = C.LI.getLoopFor(&Header);
    if (!L || !L->getLoopPreheader() || !L->getLoopLatch())
      break;
    Certainty Sure(*L, FAM);
    const Fixed Before = Out;
    SmallVector<MemoryLocation, 4> New;
    for (auto &[Key, G] : findGroups(*L, C)) {
      if (!G.Certain || !Sure.holds(G, Before, Places))
        continue;
      const Carried Phis = allCarried(G.Loads, Key.first, *L, C);
      const MemoryLocation Place = MemoryLocation::get(G.Certain);
      if (LoadInst *Load = fix(G, *L)) {
        New.push_back(Place);
        Out.Loads.push_back(Load);
        Ok &= all_of(Phis.Starts, [&](LoadInst *Start) { return isUnchanged(*Start, *L); });
        fixCarried(*Load, Phis, *L, Out);
      }
    }
    Places.append(New);
    FAM.invalidate(F, PreservedAnalyses::none());
    Ok &= !New.empty();
  }
  return Out;
}

} // namespace ferry
