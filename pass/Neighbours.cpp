//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Neighbours.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"

using namespace llvm;

namespace ferry {

namespace {

std::optional<int64_t> constantOf(const SCEV *X) {
  auto *C = dyn_cast<SCEVConstant>(X);
  return C && C->getAPInt().isSignedIntN(32)
             ? std::optional<int64_t>(C->getAPInt().getSExtValue())
             : std::nullopt;
}

// The distance from A to B, if they move together and are of one kind.
std::optional<int64_t> distance(const Access &A, const Access &B,
                                ScalarEvolution &SE) {
  if (A.Is != Access::Plain || B.Is != Access::Plain || A.Write != B.Write ||
      A.Source != B.Source || A.Address.Strides != B.Address.Strides ||
      A.Address.Base->getType() != B.Address.Base->getType() ||
      SE.getPointerBase(A.Address.Base) != SE.getPointerBase(B.Address.Base))
    return std::nullopt;
  return constantOf(SE.getMinusSCEV(B.Address.Base, A.Address.Base));
}

// Adds B's bytes to A's if no byte lies between them.
bool unite(Access &A, const Access &B, ScalarEvolution &SE) {
  auto From = distance(A, B, SE);
  auto Width = constantOf(A.Width), Other = constantOf(B.Width);
  if (!From || !Width || !Other || *From > *Width || *From + *Other < 0)
    return false;
  const int64_t First = std::min<int64_t>(*From, 0),
                Last = std::max(*Width, *From + *Other);
  if (First < 0)
    A.Address.Base = B.Address.Base;
  A.Width = SE.getConstant(A.Width->getType(), Last - First);
  if (A.Unit != B.Unit)
    A.Unit = nullptr;
  A.addInstructions(B);
  return true;
}

// Takes away the access J, which I has become as well.
void forget(Shape &S, int J, int I) {
  S.Accesses.erase(S.Accesses.begin() + J);
  auto renumber = [&](int &K) { K = K == J ? I : K > J ? K - 1 : K; };
  for (Access &A : S.Accesses)
    renumber(A.Source);
  for (Dim &D : S.Dims)
    renumber(D.Origin);
}

// Until there is nothing beside it any more.
void grow(Shape &S, int I, ScalarEvolution &SE) {
  for (int J = I + 1; J < int(S.Accesses.size()); ++J)
    if (unite(S.Accesses[I], S.Accesses[J], SE)) {
      forget(S, J, I);
      J = I;
    }
}

bool sameCondition(const WrapCondition &A, const WrapCondition &B) {
  return A.Bits == B.Bits && A.Signed == B.Signed &&
         A.Form.Base == B.Form.Base && A.Form.Strides == B.Form.Strides;
}

} // namespace

void uniteNeighbours(Shape &S, ScalarEvolution &SE) {
  for (Access &A : S.Accesses)
    A.Unit = A.Width;
  for (int I = 0; I < int(S.Accesses.size()); ++I)
    grow(S, I, SE);
  for (size_t I = 0; I < S.Wraps.size(); ++I)
    S.Wraps.erase(std::remove_if(S.Wraps.begin() + I + 1, S.Wraps.end(),
                                 [&](const WrapCondition &W) {
                                   return sameCondition(W, S.Wraps[I]);
                                 }),
                  S.Wraps.end());
}

} // namespace ferry
