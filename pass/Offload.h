//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps for the loops of a module. Read this first.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_OFFLOAD_H
#define FERRY_OFFLOAD_H

#include "Options.h"
#include "llvm/IR/PassManager.h"

namespace ferry {

class OffloadPass : public llvm::PassInfoMixin<OffloadPass> {
public:
  explicit OffloadPass(OffloadOptions O) : Options(O) {}
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &MAM);
  static bool isRequired() { return true; }

private:
  OffloadOptions Options;
};

// The pass, after those that bring loops into the form it reads.
void addFerryPasses(llvm::ModulePassManager &MPM, OffloadOptions O);

} // namespace ferry
#endif
