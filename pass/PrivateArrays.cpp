//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "PrivateArrays.h"
#include "../runtime/abi.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

namespace {

// What is done with the address of one array.
struct Uses {
  SmallVector<Instruction *, 8> Accesses, Starts;
  SmallVector<Instruction *, 4> OutsideAddresses; // computed before the loop
};

// False where the address goes anywhere else.
bool classify(Instruction &User, const Instruction &Address, Uses &Out) {
  auto *II = dyn_cast<IntrinsicInst>(&User);
  if (II && II->getIntrinsicID() == Intrinsic::lifetime_start)
    Out.Starts.push_back(&User);
  else if (II && II->getIntrinsicID() == Intrinsic::lifetime_end)
    return true;
  else if (isa<LoadInst, MemIntrinsic>(User) ||
           (isa<StoreInst>(User) &&
            cast<StoreInst>(User).getValueOperand() != &Address))
    Out.Accesses.push_back(&User);
  else
    return false;
  return true;
}

// False where the address leaves the loop.
bool collectUses(AllocaInst &A, const Loop &L, Uses &Out) {
  SmallVector<Instruction *, 8> Addresses{&A};
  while (!Addresses.empty()) {
    Instruction *Address = Addresses.pop_back_val();
    for (User *U : Address->users()) {
      auto *I = cast<Instruction>(U);
      if (auto *G = dyn_cast<GetElementPtrInst>(I)) {
        if (G->getType()->isVectorTy())
          return false;
        Addresses.push_back(G);
        if (!L.contains(G))
          Out.OutsideAddresses.push_back(G);
      } else if (!L.contains(I) || !classify(*I, *Address, Out)) {
        return false;
      }
    }
  }
  return true;
}

// Every access comes after a lifetime.start in the same iteration.
bool isFreshEachIteration(const Uses &U, const DominatorTree &DT) {
  return !U.Starts.empty() && all_of(U.Accesses, [&](Instruction *Access) {
    return any_of(U.Starts, [&](Instruction *Start) {
      return DT.dominates(Start, Access);
    });
  });
}

} // namespace

Refusal findPrivateArrays(const Loop &L, const ShapeContext &C, Shape &S) {
  uint64_t Bytes = 0;
  for (Instruction &I : C.F.getEntryBlock()) {
    auto *A = dyn_cast<AllocaInst>(&I);
    if (!A || !A->isStaticAlloca() || L.contains(A))
      continue;
    Uses U;
    auto Size = A->getAllocationSize(C.F.getDataLayout());
    if (!Size || Size->isScalable() || !collectUses(*A, L, U) ||
        !isFreshEachIteration(U, C.DT))
      continue;
    S.Private.insert(A);
    S.PrivateAddresses.insert_range(U.OutsideAddresses);
    Bytes += Size->getFixedValue();
  }
  if (Bytes > FERRY_MOST_STACK)
    return {Reason::PrivateSize, ""};
  return {};
}

bool isPrivate(const Shape &S, const Value *Pointer) {
  auto *A = dyn_cast<AllocaInst>(getUnderlyingObject(Pointer, 0));
  return A && S.Private.contains(const_cast<AllocaInst *>(A));
}

} // namespace ferry
