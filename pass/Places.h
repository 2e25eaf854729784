//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The places in memory that a loop uses again and again: accesses whose address
// is the same in all iterations.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_PLACES_H
#define FERRY_PLACES_H

#include "Conditions.h"
#include "Shape.h"
#include "llvm/IR/Instructions.h"

namespace ferry {

constexpr unsigned MaxPlaceBytes = 16; // of a value

// Loads and stores of one place, as one type.
struct Place {
  llvm::SmallVector<llvm::LoadInst *, 4> Loads;
  llvm::SmallVector<llvm::StoreInst *, 2> Stores;
  // An access that happens just before the loop or in the first iteration, if
  // any, provided that these hold.
  llvm::Instruction *Certain = nullptr;
  llvm::SmallVector<Condition, 2> When;
};
using Places = llvm::MapVector<std::pair<const llvm::SCEV *, llvm::Type *>, Place>;

Places findPlaces(const llvm::Loop &L, const ShapeContext &C);

// Phis of the loop that hold what was loaded from a place last: the optimiser
// carries it from one load to the next. They all are the fixed value if what
// they start with, loaded earlier, is.
struct Carried {
  llvm::SmallSetVector<llvm::PHINode *, 4> Phis;
  llvm::SmallSetVector<llvm::LoadInst *, 2> Starts;
};

// All phis that carry one of these loads.
Carried allCarried(llvm::ArrayRef<llvm::LoadInst *> Loads, const llvm::SCEV *Address,
                   const llvm::Loop &L, const ShapeContext &C);

// Was it loaded just before the loop, and not written since?
bool isUnchanged(const llvm::LoadInst &Load, const llvm::Loop &L);

} // namespace ferry
#endif
