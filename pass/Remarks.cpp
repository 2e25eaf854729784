//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Remarks.h"
#include "Shape.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/OptimizationRemarkEmitter.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;
#define DEBUG_TYPE "ferry"

namespace ferry {

namespace {
struct Text {
  const char *Id, *Sentence, *Hint;
};
const Text Texts[] = {
    {"", "", ""},
#define FERRY_REASON(Identifier, Id, Sentence, Hint) {Id, Sentence, Hint},
#include "Reasons.def"
};

// " in 'main'" where the loop comes from another function that was inlined.
std::string inlinedInto(const DebugLoc &Loc, const BasicBlock &Header) {
  const Function &F = *Header.getParent();
  auto *Scope = Loc ? dyn_cast<DILocalScope>(Loc.getScope()) : nullptr;
  if (!Scope || Scope->getSubprogram() == F.getSubprogram())
    return "";
  return (" in '" + F.getName() + "'").str();
}

} // namespace

void Remarks::note(const Loop &L, Outcome O) {
  O.Header = L.getHeader();
  O.Loc = L.getStartLoc();
  Key K{O.Header, 0};
  if (O.Loc)
    K = {O.Loc.getScope(), uint64_t(O.Loc.getLine()) << 32 | O.Loc.getCol()};
  auto [It, New] = Loops.insert({K, O});
  if (!New && O.R > It->second.R)
    It->second = O;
}

void Remarks::offloaded(const Loop &L, const Shape &S) {
  Outcome O;
  O.R = Offloaded;
  O.Parallel = S.Parallel;
  O.Checked = !S.Independent && !S.Meets;
  O.Follows = !S.Stages.empty();
  note(L, O);
}

void Remarks::refused(const Loop &L, Refusal Why) {
  Outcome O;
  O.Why = std::move(Why);
  note(L, O);
}

void Remarks::inside(const Loop &L, const Loop &Outer) {
  Outcome O;
  O.R = Inside;
  if (DebugLoc DL = Outer.getStartLoc())
    O.OuterLine = DL.getLine();
  note(L, O);
}

void Remarks::hostOnly(const Loop &L, StringRef Why) {
  Outcome O;
  O.R = HostOnly;
  O.Why.Why = Reason::HostOnly;
  O.Why.Detail = Why.str();
  note(L, O);
}

void Remarks::emitOffloaded(const Outcome &O, OptimizationRemarkEmitter &ORE) {
  ORE.emit([&] {
    OptimizationRemark R(DEBUG_TYPE, "Offloaded", O.Loc, O.Header);
    R << "loop offloaded" << inlinedInto(O.Loc, *O.Header);
    if (O.Parallel > 1)
      R << " with " << ore::NV("InnerLoops", O.Parallel - 1) << " inner loop"
        << (O.Parallel > 2 ? "s" : "");
    if (O.Checked)
      R << ", if its iterations prove independent at run time";
    if (O.Follows)
      R << (O.Checked ? ", or can follow each other" : ", if its iterations can follow each other");
    return R;
  });
}

void Remarks::emitInside(const Outcome &O, OptimizationRemarkEmitter &ORE) {
  ORE.emit([&] {
    OptimizationRemarkAnalysis R(DEBUG_TYPE, "Inside", O.Loc, O.Header);
    R << "runs inside the iterations of the offloaded loop around it";
    if (O.OuterLine)
      R << " (line " << ore::NV("OuterLine", O.OuterLine) << ")";
    return R;
  });
}

void Remarks::emitHostOnly(const Outcome &O, OptimizationRemarkEmitter &ORE) {
  const Text &T = Texts[static_cast<unsigned>(O.Why.Why)];
  ORE.emit([&] {
    OptimizationRemarkAnalysis R(DEBUG_TYPE, T.Id, O.Loc, O.Header);
    R << T.Sentence << ": " << ore::NV("Detail", O.Why.Detail) << " ["
      << ore::NV("Reason", T.Id) << "]";
    return R;
  });
}

void Remarks::emitRefused(const Outcome &O, OptimizationRemarkEmitter &ORE) {
  const Text &T = Texts[static_cast<unsigned>(O.Why.Why)];
  ORE.emit([&] {
    OptimizationRemarkMissed R(DEBUG_TYPE, T.Id, O.Loc, O.Header);
    R << "loop not offloaded" << inlinedInto(O.Loc, *O.Header) << ": "
      << ore::NV("Sentence", T.Sentence);
    if (!O.Why.Detail.empty())
      R << ": " << ore::NV("Detail", O.Why.Detail);
    R << " [" << ore::NV("Reason", T.Id) << "]";
    return R;
  });
  ORE.emit([&] {
    OptimizationRemarkAnalysis R(DEBUG_TYPE, "Hint", O.Loc, O.Header);
    R << ore::NV("Hint", O.Why.Hint ? O.Why.Hint : T.Hint) << " [" << ore::NV("Reason", T.Id) << "]";
    return R;
  });
}

void Remarks::emit(OptimizationRemarkEmitter &ORE) {
  for (auto &Entry : Loops) {
    const Outcome &O = Entry.second;
    if (O.R == Offloaded)
      emitOffloaded(O, ORE);
    else if (O.R == Inside)
      emitInside(O, ORE);
    else if (O.R == HostOnly)
      emitHostOnly(O, ORE);
    else
      emitRefused(O, ORE);
  }
}

} // namespace ferry
