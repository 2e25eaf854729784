//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// for (i...) for (j...) *out++ = f(in[i][j]);   A counter or pointer that inner
// loops advance by the same amount in every iteration of the outer one. It is
// said so here, out += m, for scalar evolution does not see it by itself.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_COUNTERS_H
#define FERRY_COUNTERS_H

#include "llvm/IR/PassManager.h"

namespace ferry {

// Needs loops in simplified form and in LCSSA form.
struct CountersPass : llvm::PassInfoMixin<CountersPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &FAM);
};

} // namespace ferry
#endif
