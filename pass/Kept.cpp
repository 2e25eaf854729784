//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Kept.h"
#include "Extreme.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

bool Kept::startsAnew() const {
  return isExtreme() && CmpInst::isUnordered(Takes) &&
         CmpInst::isFPPredicate(Takes);
}

bool Kept::needsSet() const {
  if (!isExtreme())
    return Phi != nullptr;
  return startsAnew() ? Key == this : CmpInst::isNonStrictPredicate(Takes);
}

bool canBeKept(const Type &T) {
  return !T.isScalableTy() && (T.isIntOrIntVectorTy() || T.isFPOrFPVectorTy() ||
                               T.isPtrOrPtrVectorTy());
}

bool collectChain(PHINode &Phi, const Loop &L, bool MayCompare, Kept &Out) {
  constexpr unsigned MaxChain = 32;
  Out.Phi = &Phi;
  Out.Last =
      dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
  if (!Out.Last || !L.contains(Out.Last) || !canBeKept(*Phi.getType()))
    return false;
  Out.Chain.insert(&Phi);
  for (unsigned I = 0; I < Out.Chain.size() && I < MaxChain; ++I)
    for (User *U : Out.Chain[I]->users()) {
      auto *UI = cast<Instruction>(U);
      if (!L.contains(UI)) {
        if (Out.Chain[I] != Out.Last)
          return false;
        continue;
      }
      if (MayCompare && isa<CmpInst>(UI)) {
        Out.Compares.insert({cast<CmpInst>(UI), true});
        continue;
      }
      auto *Sel = dyn_cast<SelectInst>(UI);
      bool IsPhi =
          isa<PHINode>(UI) && (UI == &Phi || UI->getParent() != L.getHeader());
      bool IsExtreme = MayCompare && isa<MinMaxIntrinsic>(UI);
      if (!IsPhi && !IsExtreme && (!Sel || Sel->getCondition() == Out.Chain[I]))
        return false;
      Out.Chain.insert(UI);
    }
  return Out.Chain.size() <= MaxChain && Out.Last != &Phi &&
         Out.Chain.contains(Out.Last);
}

void findKept(const Loop &L, SmallVectorImpl<PHINode *> &Phis, KeptList &Out) {
  // First: what follows an extreme looks as if it did not depend on it.
  findExtremes(L, Phis, Out);
  erase_if(Phis, [&](PHINode *Phi) {
    auto K = std::make_unique<Kept>();
    if (!collectChain(*Phi, L, /*MayCompare=*/false, *K))
      return false;
    Out.push_back(std::move(K));
    return true;
  });
}

} // namespace ferry
