//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Registration, and nothing else: where Ferry stands in clang's pipeline and
// the names opt knows it by.
//
//===----------------------------------------------------------------------===//
#include "Offload.h"
#include "Shape.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Plugins/PassPlugin.h"

using namespace llvm;

namespace {

// threshold=NUMBER;images=NAME
bool parseOptions(StringRef Text, ferry::OffloadOptions &O) {
  SmallVector<StringRef, 2> Each;
  Text.split(Each, ';');
  return all_of(Each, [&](StringRef Option) {
    if (Option.consume_front("threshold="))
      return !Option.getAsInteger(10, O.Threshold);
    return Option.consume_front("images=") && ferry::parseImages(Option, O);
  });
}

bool parseModulePass(StringRef Name, ModulePassManager &MPM,
                     ArrayRef<PassBuilder::PipelineElement>) {
  ferry::OffloadOptions O = ferry::optionsFromEnvironment();
  if (Name.consume_front("ferry<")) {
    if (!Name.consume_back(">") || !parseOptions(Name, O))
      return false;
  } else if (Name != "ferry") {
    return false;
  }
  ferry::addFerryPasses(MPM, O);
  return true;
}

bool parseFunctionPass(StringRef Name, FunctionPassManager &FPM,
                       ArrayRef<PassBuilder::PipelineElement>) {
  if (Name != "print<ferry-shape>")
    return false;
  FPM.addPass(ferry::ShapePrinterPass());
  return true;
}

void registerFerry(PassBuilder &PB) {
  // After inlining, LICM and induction variable simplification, before the
  // vectoriser; in LTO builds when each file is compiled.
  PB.registerOptimizerEarlyEPCallback(
      [](ModulePassManager &MPM, OptimizationLevel Level, ThinOrFullLTOPhase) {
        if (Level != OptimizationLevel::O0)
          ferry::addFerryPasses(MPM, ferry::optionsFromEnvironment());
      });
  PB.registerPipelineParsingCallback(parseModulePass);
  PB.registerPipelineParsingCallback(parseFunctionPass);
}

} // namespace

extern "C" LLVM_ATTRIBUTE_WEAK LLVM_ATTRIBUTE_VISIBILITY_DEFAULT PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "ferry", "0.1", registerFerry};
}
