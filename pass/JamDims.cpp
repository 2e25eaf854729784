//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which loops inside of the parallel ones may be interleaved, and what the runtime has to
// prove for each.
//
//===----------------------------------------------------------------------===//
#include "../runtime/abi.h"
#include "Jam.h"
#include "Shape.h"
#include "llvm/Analysis/LoopInfo.h"

using namespace llvm;

namespace ferry {

bool mayJam(const Shape &S) {
  return !S.Meets && !S.carriesValues() && !S.hasOwnMemory() && !S.Errno;
}

namespace {

// Is the dim a loop, and are all dims before it no part of it? Then these are the same
// in two of its iterations.
bool isInside(const Shape &S, unsigned K) {
  const Loop *L = S.Dims[K].L;
  return L && L->getSubLoops().size() == 1 && L->getSubLoops().front()->isInnermost() &&
         all_of(ArrayRef(S.Dims).take_front(K),
                [&](const Dim &D) { return D.L && !L->contains(D.L); });
}

InnerDim innerDim(const Shape &S, unsigned K) {
  InnerDim D{K, {}};
  for (const Access &A : S.Accesses)
    D.Kinds.push_back(A.isIn(*S.Dims[K].L) ? kindOf(A) : uint8_t(FERRY_LOW));
  D.Kinds.append(S.conditions(), FERRY_LOW); // they hold
  return D;
}

} // namespace

SmallVector<InnerDim, 1> innerDims(const Shape &S) {
  SmallVector<InnerDim, 1> Out;
  if (!mayJam(S) || any_of(S.Dims, [](const Dim &D) { return D.Origin >= 0; }) ||
      any_of(S.Accesses, [](const Access &A) { return A.Is != Access::Plain || A.Source >= 0; }))
    return Out;
  for (unsigned K = S.Parallel; K < S.Dims.size(); ++K)
    if (isInside(S, K))
      Out.push_back(innerDim(S, K));
  return Out;
}

SmallVector<InnerDim, 1> stageDims(const Shape &S, ArrayRef<unsigned> Dims) {
  SmallVector<InnerDim, 1> Out;
  for (unsigned K : Dims)
    if (isInside(S, K) && !S.hasOwnMemory() && !S.Errno)
      Out.push_back(innerDim(S, K));
  return Out;
}

} // namespace ferry
