//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counters whose step grows from one iteration to the next: where the rows of a packed
// triangle begin,
//
//     for (j = 0; j < n; j++) { a[k] += ...; k += j + 1; }
//
// No stride describes such an address. But where the counter only grows, by at least
// what an iteration touches, iterations do not meet, and all bytes lie between the
// first and the last: a cell, for the overlap test (see abi.h). That it grows, and does
// not wrap around, are conditions for the runtime to see.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_QUADRATIC_H
#define FERRY_QUADRATIC_H

namespace llvm {
class Loop;
class SCEV;
class SCEVAddRecExpr;
class ScalarEvolution;
} // namespace llvm

namespace ferry {

struct Access;
struct Shape;

// Is it such a counter of L?
bool isQuadratic(const llvm::SCEVAddRecExpr &Rec, const llvm::Loop &L,
                 llvm::ScalarEvolution &SE);

// Describes an access at an address that such a counter of S.L says, and nothing else
// in the loop. False, and nothing done, where it is none.
bool describeQuadratic(const llvm::SCEV *Address, Shape &S, llvm::ScalarEvolution &SE,
                       Access &A);

} // namespace ferry
#endif
