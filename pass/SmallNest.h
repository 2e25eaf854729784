//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A nest with a site of its own, and others inside, which are of use only where the
// nest is large enough for the first, but stays. In a small one, a guard in each
// iteration would be noticed, and what LLVM moves out of the nest only where nothing
// in it may write. So a copy without sites runs there:
//
//     br (units <= threshold of the program), copy, original
//   original:
//     ...                    ; the site, and the loop with the sites inside
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SMALLNEST_H
#define FERRY_SMALLNEST_H

#include "Site.h"

namespace llvm {
class DominatorTree;
} // namespace llvm

namespace ferry {

// Does it gain from a copy? Others: loops of the function with a site.
bool gainsWithoutSites(const Shape &S, const Work &Amount,
                       llvm::ArrayRef<const llvm::Loop *> Others);

// Before the site of the nest, or one inside, is inserted. Breaks the analyses of the function, but not what they
// say of loops.
void copyForSmall(const Shape &S, const Work &Amount, const llvm::DominatorTree &DT);

} // namespace ferry
#endif
