//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `const int n = 8; float result[n];` in a loop is an array of variable length
// for the language, whatever the optimiser knows. Where its length has turned out
// constant it becomes an ordinary local variable of the iteration.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SCOPEDARRAYS_H
#define FERRY_SCOPEDARRAYS_H

#include "llvm/IR/PassManager.h"

namespace ferry {

struct ScopedArraysPass : llvm::PassInfoMixin<ScopedArraysPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &FAM);
};

} // namespace ferry
#endif
