//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kinds of functions whose loops are left alone.
//
//===----------------------------------------------------------------------===//
#include "Shape.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace ferry {

Refusal examineFunction(const Function &F) {
  struct Rule {
    Attribute::AttrKind Kind;
    const char *Detail;
  };
  const Rule Rules[] = {
      {Attribute::OptimizeNone, "optimisation is off"},
      {Attribute::MinSize, "compiled for size"},
      {Attribute::StrictFP, "strict floating point"},
      {Attribute::SanitizeThread, "thread sanitizer"},
      {Attribute::SanitizeMemory, "memory sanitizer"},
      {Attribute::SanitizeHWAddress, "hardware address sanitizer"},
      {Attribute::SanitizeMemTag, "memory tagging"},
      {Attribute::Naked, "naked function"},
      {Attribute::ReturnsTwice, "returns twice"},
      {Attribute::PresplitCoroutine, "coroutine"},
  };
  for (const Rule &Rule : Rules)
    if (F.hasFnAttribute(Rule.Kind))
      return {Reason::Function, Rule.Detail};
  if (F.hasFnAttribute("split-stack"))
    return {Reason::Function, "split stack"};
  if (F.callsFunctionThatReturnsTwice())
    return {Reason::Function, "calls setjmp"};
  if (F.getName().starts_with(".omp") || F.getName().contains(".omp_outlined"))
    return {Reason::Function, "already an OpenMP region"};
  return {};
}

} // namespace ferry
