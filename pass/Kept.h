//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values that iterations keep or replace, never compute with: what the last
// iteration had, what the last one that met a condition had, the largest
// element and where it is. The boxes of a loop are combined in order, and the
// result is the program's to the bit. How, and why:
//
// *Last.* A value that is used after the loop only. The last box that ran
// delivers it.
//
// *Chosen.* The iterations that replace the value, and what by, do not depend
// on it. The last box in which it was replaced delivers it.
//
// *Extreme.* An element x replaces the value s where x > s (or <, >=, <=). The
// sequence of elements does not depend on s. Values that go with the extreme,
// its index for example, are replaced under the same comparison, or with >=
// instead of >, and are said to follow it. Let a box begin with s0, the value
// before the loop, and end with r; let l be the value after the boxes before
// it. Say that numbers are of one class if they compare equal (0.0 and -0.0).
//
//   Comparisons that are false for NaN (all those of integers). If s0 is NaN,
//   nothing is ever replaced. Otherwise NaN elements replace nothing, s only
//   rises, and l >= s0. Let M be the largest class of the box. In sequence,
//   from l, the first element of M replaces s for good if M > l; for >=, the
//   last one, if M >= l; else nothing does. The box has seen the same, with s0
//   in place of l: if M > s0 (or >=) then r is that element, and r > l decides
//   as M > l does. If not, then M > l does not hold either, as l >= s0; and
//   r = s0 > l is false. r = s0 >= l may be true, so for >= the box also says
//   whether it has replaced the value.
//
//   Comparisons that are true for NaN, as in  s = s > x ? s : x.  A NaN always
//   replaces, and is always replaced by what comes next. So the box begins with
//   nothing: its first element always replaces. If the box has met no NaN then
//   r is the first (last) element of M, and r > l, true if l is NaN, decides as
//   in sequence. If it has, then what came before the box has no influence on
//   its end: r it is.
//
// Each decides for values that follow as well: they are replaced by the same
// elements.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_KEPT_H
#define FERRY_KEPT_H

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstrTypes.h"
#include <memory>

namespace llvm {
class Loop;
class PHINode;
} // namespace llvm

namespace ferry {

struct Kept {
  llvm::PHINode *Phi = nullptr; // header phi; null for Last
  llvm::Instruction *Last = nullptr;
  llvm::SmallSetVector<llvm::Instruction *, 8> Chain; // Phi .. Last

  // The rest describes an extreme. The one that is compared; this one itself,
  // if it is not one that follows.
  const Kept *Key = nullptr;
  // Where the element meets the value so far, and which is which.
  llvm::Instruction *Step = nullptr;
  llvm::Value *Element = nullptr, *SoFar = nullptr;
  llvm::CmpInst *Compare = nullptr; // null: the step is an intrinsic
  llvm::CmpInst::Predicate Takes = llvm::CmpInst::BAD_ICMP_PREDICATE;
  // Of a key: the comparisons of Element and SoFar, and whether they are true
  // where the element replaces the value.
  llvm::SmallMapVector<llvm::CmpInst *, bool, 2> Compares;

  bool isExtreme() const { return Key; }
  // The comparison is true for NaN.
  bool startsAnew() const;
  // The box has to say whether it has replaced the value.
  bool needsSet() const;
};

using KeptList = llvm::SmallVector<std::unique_ptr<Kept>, 2>;

// Takes the header phis of L that hold kept values out of Phis.
void findKept(const llvm::Loop &L, llvm::SmallVectorImpl<llvm::PHINode *> &Phis,
              KeptList &Out);

// May a value of this type be handed on in a record?
bool canBeKept(const llvm::Type &T);

} // namespace ferry
#endif
