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

#include "../runtime/image.h"
#include "llvm/IR/PassManager.h"
#include <optional>
#include <string>

namespace ferry {

struct OffloadOptions {
  int64_t Threshold; // constant work up to which a loop is not considered
  std::optional<ferry_image_target> Images = {}; // device code for that
  std::string UnknownImages = {};                // FERRY_IMAGES, if it is wrong
};

// FERRY_THRESHOLD and FERRY_IMAGES of the compiler's environment, else the defaults.
OffloadOptions optionsFromEnvironment();

// ptx, x86_64 or none. False: it is none of these.
bool parseImages(llvm::StringRef Name, OffloadOptions &O);

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
