//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Loops of a function that was inlined several times have the same worker, if its
// arguments were no constants. One is enough.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SAMEWORKER_H
#define FERRY_SAMEWORKER_H

namespace llvm {
class Function;
} // namespace llvm

namespace ferry {

// Do both do the same, and promise the optimiser the same about it? Never where they
// have debug information: each shows the lines of its own loop.
bool areSame(const llvm::Function &X, const llvm::Function &Y);

} // namespace ferry
#endif
