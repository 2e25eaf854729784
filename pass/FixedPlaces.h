//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The places that a loop loads from again and again, and one load before it for
// each (see FixedLoads.h).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_FIXEDPLACES_H
#define FERRY_FIXEDPLACES_H

#include "FixedLoads.h"

namespace llvm {
class Loop;
} // namespace llvm

namespace ferry {

struct ShapeContext;

ShapeContext contextOf(llvm::Function &F, llvm::FunctionAnalysisManager &FAM,
                       const FixedLoads *Fixed);

// Is there a load that happens in any case, so that it may happen before?
bool canFixAny(const llvm::Loop &L, const ShapeContext &C);

// Fixes what can be in the loop, a copy, with that header, until the first
// iteration may go on with a value from before the loop that is another.
Fixed fixAll(llvm::Function &F, llvm::FunctionAnalysisManager &FAM,
             llvm::BasicBlock &Header);

} // namespace ferry
#endif
