//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Finds the extremes of a loop and what follows them (see Kept.h).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_EXTREME_H
#define FERRY_EXTREME_H

#include "Kept.h"

namespace ferry {

// The instructions that pass the value of a header phi on, unchanged or
// replaced; false if anything else uses it in the loop, but for comparisons
// where they are allowed.
bool collectChain(llvm::PHINode &Phi, const llvm::Loop &L, bool MayCompare,
                  Kept &Out);

// Takes the phis that are extremes out of Phis.
void findExtremes(const llvm::Loop &L,
                  llvm::SmallVectorImpl<llvm::PHINode *> &Phis, KeptList &Out);

} // namespace ferry
#endif
