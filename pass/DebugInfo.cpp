//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "DebugInfo.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/DebugProgramInstruction.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

using LocationMap = function_ref<DILocation *(DILocation *)>;

bool belongsElsewhere(const Value *V, const Function &F) {
  if (auto *I = dyn_cast_or_null<Instruction>(V))
    return I->getFunction() != &F;
  auto *A = dyn_cast_or_null<Argument>(V);
  return A && A->getParent() != &F;
}

void killForeignVariables(Function &F) {
  auto isForeign = [&](const Value *V) { return belongsElsewhere(V, F); };
  for (Instruction &I : instructions(F))
    for (DbgRecord &R : I.getDbgRecordRange()) {
      auto *V = dyn_cast<DbgVariableRecord>(&R);
      if (V && any_of(V->location_ops(), isForeign))
        V->setKillLocation();
      if (V && V->isDbgAssign() && isForeign(V->getAddress()))
        V->setKillAddress();
    }
}

void mapLoopLocations(Instruction &I, LocationMap Map) {
  updateLoopMetadataDebugLocations(I, [&](Metadata *MD) -> Metadata * {
    auto *L = dyn_cast_or_null<DILocation>(MD);
    return L ? Map(L) : MD;
  });
}

void dropDebugInfo(Function &F) {
  for (Instruction &I : instructions(F)) {
    I.setDebugLoc(DebugLoc());
    I.dropDbgRecords();
    mapLoopLocations(I, [](DILocation *) { return nullptr; });
  }
}

DISubprogram *createSubprogram(const DISubprogram &Old, Function &F,
                               unsigned Line) {
  DIBuilder DIB(*F.getParent(), false, Old.getUnit());
  auto *Type = DIB.createSubroutineType(DIB.getOrCreateTypeArray({}));
  auto *SP = DIB.createFunction(
      Old.getFile(), F.getName(), F.getName(), Old.getFile(), Line, Type, Line,
      DINode::FlagArtificial,
      DISubprogram::SPFlagDefinition | DISubprogram::SPFlagOptimized |
          DISubprogram::SPFlagLocalToUnit,
      nullptr, nullptr, nullptr, nullptr, "", Old.getKeyInstructionsEnabled());
  DIB.finalizeSubprogram(SP);
  return SP;
}

// A variable that has other values at other places may have another one here.
bool isOnlyRecord(const DbgVariableRecord &R) {
  for (const Instruction &I : instructions(*R.getFunction()))
    for (const DbgRecord &Other : I.getDbgRecordRange())
      if (auto *V = dyn_cast<DbgVariableRecord>(&Other);
          V && V != &R && DebugVariable(V) == DebugVariable(&R))
        return false;
  return true;
}

} // namespace

void moveDebugInfo(const Function &From, Function &To, DebugLoc Line) {
  DISubprogram *Old = From.getSubprogram();
  if (!Old) {
    dropDebugInfo(To);
    return;
  }
  killForeignVariables(To);
  unsigned Number = Line ? Line.getLine() : Old->getLine();
  LLVMContext &C = To.getContext();
  DISubprogram *SP = createSubprogram(*Old, To, Number);
  To.setSubprogram(SP);
  auto *Root = DILocation::getDistinct(C, Number, 0, SP);
  DenseMap<const MDNode *, MDNode *> Cache;
  auto Map = [&](DILocation *L) -> DILocation * {
    DILocation *At = DebugLoc::appendInlinedAt(DebugLoc(L), Root, C, Cache).get();
    // Without its atom, a location loses is_stmt and no breakpoint hits.
    return DILocation::get(C, L->getLine(), L->getColumn(), L->getScope(), At,
                           L->isImplicitCode(), L->getAtomGroup(),
                           L->getAtomRank());
  };
  DenseMap<DIAssignID *, DIAssignID *> Assignments;
  for (Instruction &I : instructions(To)) {
    at::remapAssignID(Assignments, I); // links of one function
    // Calls need a location in a function that has a subprogram.
    I.setDebugLoc(I.getDebugLoc() ? DebugLoc(Map(I.getDebugLoc().get()))
                                  : DebugLoc(DILocation::get(C, 0, 0, SP)));
    for (DbgRecord &R : I.getDbgRecordRange())
      R.setDebugLoc(DebugLoc(Map(R.getDebugLoc().get())));
    mapLoopLocations(I, Map);
  }
}

void describeLiveIn(Value &V, Instruction &Copy) {
  SmallVector<DbgVariableRecord *, 4> Records;
  findDbgValues(&V, Records);
  for (DbgVariableRecord *R : Records) {
    if (R->getNumVariableLocationOps() != 1 || !isOnlyRecord(*R))
      continue;
    DbgVariableRecord *New = R->clone();
    New->replaceVariableLocationOp(&V, &Copy);
    Copy.getParent()->insertDbgRecordBefore(New, Copy.getParent()->end());
  }
}

} // namespace ferry
