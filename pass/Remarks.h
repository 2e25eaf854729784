//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The only place that talks to the user: one remark per source loop.
// runtime/coverage/records.c reads them.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_REMARKS_H
#define FERRY_REMARKS_H

#include "Reason.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DebugLoc.h"

namespace llvm {
class Loop;
class OptimizationRemarkEmitter;
} // namespace llvm

namespace ferry {

struct Shape;

// Collects what became of each loop of a function. The optimiser may have made
// several loops of one source loop: the best outcome is reported.
class Remarks {
public:
  void offloaded(const llvm::Loop &L, const Shape &S);
  void refused(const llvm::Loop &L, Refusal Why);
  void inside(const llvm::Loop &L, const llvm::Loop &Outer);
  // Offloaded, but without device code: half a sentence.
  void hostOnly(const llvm::Loop &L, llvm::StringRef Why);
  void emit(llvm::OptimizationRemarkEmitter &ORE);

private:
  enum Rank { Refused, Inside, Offloaded, HostOnly };
  struct Outcome {
    Rank R = Refused;
    Refusal Why;
    unsigned Parallel = 0, OuterLine = 0;
    bool Checked = false, Follows = false;
    const llvm::BasicBlock *Header = nullptr;
    llvm::DebugLoc Loc;
  };
  using Emitter = llvm::OptimizationRemarkEmitter;
  static void emitOffloaded(const Outcome &O, Emitter &ORE);
  static void emitInside(const Outcome &O, Emitter &ORE);
  static void emitHostOnly(const Outcome &O, Emitter &ORE);
  static void emitRefused(const Outcome &O, Emitter &ORE);
  using Key = std::pair<const void *, uint64_t>;
  void note(const llvm::Loop &L, Outcome O);
  llvm::MapVector<Key, Outcome> Loops;
};

} // namespace ferry
#endif
