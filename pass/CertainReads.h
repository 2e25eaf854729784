//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Index accesses that the runtime may read like any memory, for the nest reads
// each of their elements whatever happens: FERRY_CERTAIN in runtime/abi.h.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CERTAINREADS_H
#define FERRY_CERTAINREADS_H

namespace ferry {

struct Shape;
struct ShapeContext;

// Needs all dims and accesses.
void findCertainReads(Shape &S, const ShapeContext &C);

} // namespace ferry
#endif
