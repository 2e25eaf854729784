//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Places.h"
#include "llvm/Analysis/Loads.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"

using namespace llvm;

namespace ferry {

namespace {

bool findCarried(PHINode &Phi, const SCEV *Address,
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
               C.SE.getSCEV(Early->getPointerOperand()) == Address)
        Out.Starts.insert(Early);
      else
        return false;
    }
  return true;
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

bool happensFirst(const Instruction &I, const Loop &L, const ShapeContext &C,
                  SmallVectorImpl<Condition> &When) {
  auto *Load = dyn_cast<LoadInst>(&I);
  return (Load && isDereferenceableAndAlignedPointer(Load->getPointerOperand(),
                                                     Load->getType(), Load->getAlign(),
                                                     Load->getDataLayout())) ||
         findConditions(*I.getParent(), L, C, When);
}

// The loads and stores whose values could be held elsewhere.
bool isCandidate(const Instruction &I) {
  auto *Load = dyn_cast<LoadInst>(&I);
  auto *Store = dyn_cast<StoreInst>(&I);
  if (!(Load && Load->isSimple()) && !(Store && Store->isSimple()))
    return false;
  const TypeSize Size = I.getDataLayout().getTypeStoreSize(getLoadStoreType(&I));
  return !Size.isScalable() && Size.getFixedValue() <= MaxPlaceBytes &&
         !isa<AllocaInst>(getUnderlyingObject(getLoadStorePointerOperand(&I), 0));
}

// One load stands for all, so where conditions decide whether it happens they must
// decide that for all: a load in each branch of an if needs both branches.
void findCertain(Place &P, const Loop &L, const ShapeContext &C) {
  SmallVector<Instruction *, 8> All(P.Loads.begin(), P.Loads.end());
  All.append(P.Stores.begin(), P.Stores.end());
  bool Alike = true;
  for (Instruction *I : All) {
    SmallVector<Condition, 2> When;
    const bool Happens = happensFirst(*I, L, C, When);
    if (Happens && When.empty()) {
      P.Certain = I;
      P.When.clear();
      return;
    }
    if (I == All.front())
      P.When = When;
    Alike &= Happens && sameConditions(P.When, When);
  }
  if (Alike)
    P.Certain = All.front();
  else
    P.When.clear();
}

// A place that is only loaded: what was loaded just before the loop can be loaded
// again. (Values of other types are no bounds and no pointers.)
void addStart(const SCEV *Address, Place &P, const Loop &L, const ShapeContext &C) {
  if (!P.Certain || !P.When.empty())
    for (LoadInst *Start : allCarried(P.Loads, Address, L, C).Starts)
      if (mayBeDoneAgain(*Start, L)) {
        P.Certain = Start;
        P.When.clear();
      }
}

} // namespace

Carried allCarried(ArrayRef<LoadInst *> Loads, const SCEV *Address, const Loop &L,
                   const ShapeContext &C) {
  Carried All;
  for (LoadInst *Load : Loads)
    for (User *U : Load->users()) {
      auto *Phi = dyn_cast<PHINode>(U);
      Carried One;
      if (!Phi || !L.contains(Phi) || All.Phis.contains(Phi) ||
          !findCarried(*Phi, Address, [&](const Value *V) { return is_contained(Loads, V); },
                       L, C, One))
        continue;
      All.Phis.insert_range(One.Phis);
      All.Starts.insert_range(One.Starts);
    }
  return All;
}

bool isUnchanged(const LoadInst &Load, const Loop &L) {
  return isJustBefore(Load, L, [](const Instruction &I) { return I.mayWriteToMemory(); });
}

Places findPlaces(const Loop &L, const ShapeContext &C) {
  Places Out;
  SmallDenseMap<const SCEV *, unsigned> Types;
  for (BasicBlock *B : L.blocks())
    for (Instruction &I : *B) {
      if (!isCandidate(I))
        continue;
      const SCEV *Address = C.SE.getSCEV(getLoadStorePointerOperand(&I));
      if (!C.SE.isLoopInvariant(Address, &L))
        continue;
      Place &P = Out[{Address, getLoadStoreType(&I)}];
      Types[Address] += P.Loads.empty() && P.Stores.empty();
      if (auto *Load = dyn_cast<LoadInst>(&I))
        P.Loads.push_back(Load);
      else
        P.Stores.push_back(cast<StoreInst>(&I));
    }
  SmallPtrSet<const SCEV *, 8> Written;
  for (auto &[Key, P] : Out)
    if (!P.Stores.empty())
      Written.insert(Key.first);
  // What is written as one type and used as another has more than one value.
  Out.remove_if([&](auto &Entry) {
    auto [Address, T] = Entry.first;
    return Written.contains(Address) ? Types[Address] > 1 : !C.SE.isSCEVable(T);
  });
  for (auto &[Key, P] : Out) {
    findCertain(P, L, C);
    if (P.Stores.empty())
      addStart(Key.first, P, L, C);
  }
  return Out;
}

} // namespace ferry
