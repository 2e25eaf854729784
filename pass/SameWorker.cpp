//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "SameWorker.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Metadata.h"

using namespace llvm;

namespace ferry {

namespace {

// Walks through both functions in step: they were built by the same steps.
class Comparison {
public:
  Comparison(const Function &X, const Function &Y) : X(X), Y(Y) {}

  bool areSame() {
    return X.getFunctionType() == Y.getFunctionType() &&
           X.getAttributes() == Y.getAttributes() && !X.getSubprogram() &&
           !Y.getSubprogram() && pairUp() &&
           all_of(zip(X, Y), [&](const auto &Blocks) {
             return all_of(zip(std::get<0>(Blocks), std::get<1>(Blocks)),
                           [&](const auto &P) {
                             return sameInstruction(std::get<0>(P), std::get<1>(P));
                           });
           });
  }

private:
  bool pairUp();
  bool sameInstruction(const Instruction &A, const Instruction &B);
  bool sameMetadata(const Instruction &A, const Instruction &B);
  bool sameLoopID(const MDNode &A, const MDNode &B);
  bool sameProperty(const Metadata *A, const Metadata *B);
  // Nodes that stand for nothing but themselves.
  bool sameGroup(const Metadata *A, const Metadata *B) {
    return Groups.insert({A, B}).first->second == B &&
           GroupsBack.insert({B, A}).first->second == A;
  }
  bool sameValue(const Value *A, const Value *B) const {
    auto It = Pairs.find(A);
    return It == Pairs.end() ? A == B : It->second == B;
  }

  const Function &X, &Y;
  DenseMap<const Value *, const Value *> Pairs;
  DenseMap<const Metadata *, const Metadata *> Groups, GroupsBack;
};

bool Comparison::pairUp() {
  for (auto [A, B] : zip(X.args(), Y.args()))
    Pairs[&A] = &B;
  if (X.size() != Y.size())
    return false;
  for (auto [A, B] : zip(X, Y)) {
    if (A.size() != B.size())
      return false;
    Pairs[&A] = &B;
    for (auto [I, J] : zip(A, B))
      Pairs[&I] = &J;
  }
  return true;
}

bool Comparison::sameInstruction(const Instruction &A, const Instruction &B) {
  if (!A.isSameOperationAs(&B) ||
      A.getRawSubclassOptionalData() != B.getRawSubclassOptionalData() ||
      !all_of(zip(A.operands(), B.operands()), [&](const auto &P) {
        return sameValue(std::get<0>(P).get(), std::get<1>(P).get());
      }))
    return false;
  if (auto *Phi = dyn_cast<PHINode>(&A))
    for (auto [From, Other] : zip(Phi->blocks(), cast<PHINode>(B).blocks()))
      if (!sameValue(From, Other))
        return false;
  return sameMetadata(A, B);
}

bool Comparison::sameMetadata(const Instruction &A, const Instruction &B) {
  SmallVector<std::pair<unsigned, MDNode *>, 4> OfA, OfB;
  A.getAllMetadataOtherThanDebugLoc(OfA);
  B.getAllMetadataOtherThanDebugLoc(OfB);
  return OfA.size() == OfB.size() && all_of(zip(OfA, OfB), [&](const auto &P) {
           auto [Kind, M] = std::get<0>(P);
           auto [Other, N] = std::get<1>(P);
           if (Kind != Other)
             return false;
           return Kind == LLVMContext::MD_loop           ? sameLoopID(*M, *N)
                  : Kind == LLVMContext::MD_access_group ? sameProperty(M, N)
                                                         : M == N;
         });
}

// The first operand is the node itself.
bool Comparison::sameLoopID(const MDNode &A, const MDNode &B) {
  return A.getNumOperands() == B.getNumOperands() && sameGroup(&A, &B) &&
         all_of(zip(drop_begin(A.operands()), drop_begin(B.operands())),
                [&](const auto &P) {
                  return sameProperty(std::get<0>(P).get(), std::get<1>(P).get());
                });
}

// The groups of accesses in it may be other ones.
bool Comparison::sameProperty(const Metadata *A, const Metadata *B) {
  if (A == B)
    return true;
  auto *M = dyn_cast_or_null<MDNode>(A), *N = dyn_cast_or_null<MDNode>(B);
  if (!M || !N || M->getNumOperands() != N->getNumOperands())
    return false;
  if (M->isDistinct() && N->isDistinct() && M->getNumOperands() == 0)
    return sameGroup(M, N);
  return M->isUniqued() && N->isUniqued() &&
         all_of(zip(M->operands(), N->operands()), [&](const auto &P) {
           return sameProperty(std::get<0>(P).get(), std::get<1>(P).get());
         });
}

} // namespace

bool areSame(const Function &X, const Function &Y) { return Comparison(X, Y).areSame(); }

} // namespace ferry
