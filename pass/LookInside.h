//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops whose only obstacle is that they call functions of the module: these
// are described with the code of what they call in place of the calls.
//
// It is tried on a clone of the function first, which is thrown away, so that a
// function with no such loop to win stays as it is. Where a loop is won, the
// function gets a copy of it (see LoopCopy.h); the original goes on calling, so
// that a function that is not to be inlined is not, but in workers.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_LOOKINSIDE_H
#define FERRY_LOOKINSIDE_H

#include "Reason.h"
#include "llvm/IR/PassManager.h"
#include "llvm/IR/ValueMap.h"

namespace ferry {

// By the header of a loop: why it was refused even so.
using InnerRefusals = llvm::ValueMap<const llvm::Value *, Refusal>;

// Makes the copies. False if nothing has changed.
bool lookInside(llvm::Module &M, llvm::FunctionAnalysisManager &FAM,
                int64_t Threshold, InnerRefusals &Refusals);

// Brings loops into the form that is described.
void addLoopForm(llvm::FunctionPassManager &FPM);

} // namespace ferry
#endif
