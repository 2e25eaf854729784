//===- JamCount.h - how many iterations to run together -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Of a loop around an innermost one, whose iterations may be interleaved (Jam.h).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_JAMCOUNT_H
#define FERRY_JAMCOUNT_H

namespace llvm {
class Loop;
class ScalarEvolution;
} // namespace llvm

namespace ferry {

struct JamCount {
  unsigned Iterations; // 1: it would not pay
  bool Rows;           // each iteration has a row for itself, far from those of others
  bool Columns;        // each goes down a column, beside the next, and stores there
};

JamCount chooseCount(const llvm::Loop &Inner, const llvm::Loop &Outer,
                     llvm::ScalarEvolution &SE);

} // namespace ferry
#endif
