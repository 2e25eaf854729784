//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "FixedPlaces.h"
#include "Cells.h"
#include "Places.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
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

// Zeros, to be loaded where the program would not load.
Constant *nowhere(Module &M) {
  constexpr StringLiteral Name = "ferry.nowhere";
  if (GlobalVariable *G = M.getNamedGlobal(Name))
    return G;
  Type *T = ArrayType::get(Type::getInt8Ty(M.getContext()), MaxPlaceBytes);
  auto *G = new GlobalVariable(M, T, true, GlobalValue::PrivateLinkage,
                               Constant::getNullValue(T), Name);
  G->setAlignment(Align(MaxPlaceBytes));
  return G;
}

// One load before the loop in place of all. It would happen in any case, or can
// do no harm.
LoadInst *fix(const Place &P, Loop &L) {
  Instruction *At = L.getLoopPreheader()->getTerminator();
  auto &Certain = cast<LoadInst>(*P.Certain);
  Value *Pointer = Certain.getPointerOperand();
  bool Changed = false;
  if (!L.makeLoopInvariant(Pointer, Changed, At))
    return nullptr;
  for (auto [Test, Holds, Unused] : P.When) {
    if (!L.makeLoopInvariant(Test, Changed, At))
      return nullptr;
    Constant *Zeros = nowhere(*At->getModule());
    // The program need not come to where it is evaluated.
    auto *Known = new FreezeInst(Test, "", At->getIterator());
    Pointer = SelectInst::Create(Known, Holds ? Pointer : Zeros,
                                 Holds ? Zeros : Pointer, "fixed.at",
                                 At->getIterator());
  }
  auto *New = new LoadInst(Certain.getType(), Pointer, "fixed", false,
                           Certain.getAlign(), At->getIterator());
  for (LoadInst *Load : P.Loads) {
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

  bool holds(const Place &P, const Fixed &Before, ArrayRef<MemoryLocation> Read) {
    auto isLate = [&](Value *V, const Instruction &At) {
      return dependsOn(V, Before.Loads) && mayChangeBefore(At, Read);
    };
    return none_of(P.When, [&](const Condition &C) { return isLate(C.Test, *C.At); }) &&
           (!L.contains(P.Certain) || // done before, from the same place
            !isLate(getLoadStorePointerOperand(P.Certain), *P.Certain));
  }

private:
  bool mayChangeBefore(const Instruction &At, ArrayRef<MemoryLocation> Read) {
    for (BasicBlock *B : L.blocks())
      for (Instruction &I : *B)
        if (I.mayWriteToMemory() && !DT.dominates(&At, &I) &&
            any_of(Read, [&](const MemoryLocation &Location) {
              return isModSet(AA.getModRefInfo(&I, Location));
            }))
          return true;
    return false;
  }

  const Loop &L;
  AAResults &AA;
  const DominatorTree &DT;
};

class PlaceFixer {
public:
  PlaceFixer(Function &F, FunctionAnalysisManager &FAM, BasicBlock &Header)
      : F(F), FAM(FAM), Header(Header) {}

  Fixed run() {
    // Later rounds load through what the ones before have loaded.
    for (unsigned Round = 0; Round < MaxRounds && IsSure; ++Round)
      if (!forEachPlace([&](auto &...X) { return fixOne(X...); }))
        break;
    // Not before: their stores say which loads are certain.
    if (IsSure)
      forEachPlace([&](const SCEV *Address, Place &P, Loop &L, const ShapeContext &C) {
        return !P.Stores.empty() && promoteToCell(Address, P, L, C, Out);
      });
    return Out;
  }

private:
  // Returns whether Change has done anything.
  template <typename Function> bool forEachPlace(Function Change) {
    ShapeContext C = contextOf(F, FAM, nullptr);
    Loop *L = C.LI.getLoopFor(&Header);
    if (!L || !L->getLoopPreheader() || !L->getLoopLatch())
      return false;
    Certainty Sure(*L, FAM);
    const Fixed Before = Out;
    const auto ReadBefore = Read;
    bool Changed = false;
    for (auto &[Key, P] : findPlaces(*L, C))
      if (!P.Certain || Sure.holds(P, Before, ReadBefore))
        Changed |= Change(Key.first, P, *L, C);
    FAM.invalidate(F, PreservedAnalyses::none());
    return Changed;
  }

  bool fixOne(const SCEV *Address, Place &P, Loop &L, const ShapeContext &C) {
    const Carried Phis = allCarried(P.Loads, Address, L, C);
    if (!P.Certain || !P.Stores.empty())
      return false;
    const MemoryLocation Location = MemoryLocation::get(P.Certain);
    LoadInst *Load = fix(P, L);
    if (!Load)
      return false;
    Read.push_back(Location);
    Out.Loads.push_back(Load);
    IsSure &= all_of(Phis.Starts, [&](LoadInst *X) { return isUnchanged(*X, L); });
    fixCarried(*Load, Phis, L, Out);
    return true;
  }

  Function &F;
  FunctionAnalysisManager &FAM;
  BasicBlock &Header;
  Fixed Out;
  SmallVector<MemoryLocation, 4> Read;
  // Does the first iteration begin with the values that were loaded?
  bool IsSure = true;
};

} // namespace

bool canFixAny(const Loop &L, const ShapeContext &C) {
  return any_of(findPlaces(L, C), [](auto &Entry) {
    return Entry.second.Certain || !Entry.second.Stores.empty();
  });
}

Fixed fixAll(Function &F, FunctionAnalysisManager &FAM, BasicBlock &Header) {
  return PlaceFixer(F, FAM, Header).run();
}

} // namespace ferry
