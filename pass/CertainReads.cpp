//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "CertainReads.h"
#include "Shape.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace ferry {

namespace {

// Less < More where a loop is entered that may not be.
struct Guard {
  const BasicBlock *Block;
  CmpInst::Predicate P; // SLT, ULT, or NE where Less is zero
  const SCEV *Less, *More;
};

class CertainReads {
public:
  CertainReads(const Shape &S, const ShapeContext &C)
      : S(S), LI(C.LI), SE(C.SE), DT(C.DT) {}

  bool alwaysEnds() const;
  bool includes(const Access &A) const;

private:
  const Dim *dimOf(const Loop &X) const;
  bool isRead(const LoadInst &Load, const Access &A) const;
  bool isEntered(const Loop &X, const Access &A, const BasicBlock *&Block) const;
  bool isExact(const Guard &G, const Loop &X, const Access &A) const;
  bool countsFrom(const Guard &G, const SCEVAddRecExpr &Counter) const;
  bool countsUpTo(const Guard &G, const SCEV *Trip) const;
  std::optional<Guard> guardOf(const Loop &X) const;

  const Shape &S;
  const LoopInfo &LI;
  ScalarEvolution &SE;
  const DominatorTree &DT;
};

const Dim *CertainReads::dimOf(const Loop &X) const {
  auto *Found = find_if(S.Dims, [&](const Dim &D) { return D.L == &X; });
  return Found == S.Dims.end() ? nullptr : Found;
}

// Does the nest come to its end, unless it faults?
bool CertainReads::alwaysEnds() const {
  return all_of(S.L->getLoopsInPreorder(), [&](const Loop *X) { return dimOf(*X); }) &&
         all_of(S.L->blocks(), [](const BasicBlock *B) {
           return all_of(*B, [](const Instruction &I) {
             return isGuaranteedToTransferExecutionToSuccessor(&I);
           });
         });
}

std::optional<Guard> CertainReads::guardOf(const Loop &X) const {
  const BasicBlock *Preheader = X.getLoopPreheader();
  const BasicBlock *Block = Preheader->getSinglePredecessor();
  auto *Branch = Block ? dyn_cast<BranchInst>(Block->getTerminator()) : nullptr;
  auto *Test = Branch && Branch->isConditional()
                   ? dyn_cast<ICmpInst>(Branch->getCondition())
                   : nullptr;
  if (!Test || !Test->getOperand(0)->getType()->isIntegerTy() ||
      Branch->getSuccessor(0) == Branch->getSuccessor(1))
    return std::nullopt;
  CmpInst::Predicate P = Branch->getSuccessor(0) == Preheader
                             ? Test->getPredicate()
                             : Test->getInversePredicate();
  const SCEV *Less = SE.getSCEV(Test->getOperand(0)),
             *More = SE.getSCEV(Test->getOperand(1));
  if (P == CmpInst::ICMP_SGT || P == CmpInst::ICMP_UGT ||
      (P == CmpInst::ICMP_NE && More->isZero())) {
    std::swap(Less, More);
    P = CmpInst::getSwappedPredicate(P);
  }
  if (P != CmpInst::ICMP_SLT && P != CmpInst::ICMP_ULT &&
      (P != CmpInst::ICMP_NE || !Less->isZero()))
    return std::nullopt;
  return Guard{Block, P, Less, More};
}

// A counter from Less to More: where the guard says no, then Less >= More.
bool CertainReads::countsFrom(const Guard &G, const SCEVAddRecExpr &Counter) const {
  const SCEV *Count = SE.getBackedgeTakenCount(Counter.getLoop());
  Type *T = Counter.getType();
  if (G.P == CmpInst::ICMP_NE || Count->getType() != T ||
      SE.getTypeSizeInBits(G.Less->getType()) > SE.getTypeSizeInBits(T))
    return false;
  auto extend = [&](const SCEV *X) {
    return G.P == CmpInst::ICMP_SLT ? SE.getNoopOrSignExtend(X, T)
                                    : SE.getNoopOrZeroExtend(X, T);
  };
  return extend(G.Less) == Counter.getStart() &&
         SE.getMinusSCEV(SE.getMinusSCEV(extend(G.More), extend(G.Less)), SE.getOne(T)) ==
             Count;
}

// More iterations, or none: where the guard says no, More is not positive, and
// Trip neither, or it is a negative number of 32 bits that was made unsigned.
bool CertainReads::countsUpTo(const Guard &G, const SCEV *Trip) const {
  const unsigned Bits = SE.getTypeSizeInBits(G.More->getType());
  if (!G.Less->isZero() || (Bits != 32 && Bits != 64))
    return false;
  return Trip == SE.getNoopOrSignExtend(G.More, Trip->getType()) ||
         Trip == SE.getNoopOrZeroExtend(G.More, Trip->getType());
}

// Is X entered exactly where the runtime takes it to be, because its iterations
// move the access?
bool CertainReads::isExact(const Guard &G, const Loop &X, const Access &A) const {
  for (auto [K, Stride] : enumerate(A.Address.Strides)) {
    const Dim &D = S.Dims[K];
    auto *Counter = dyn_cast_or_null<SCEVAddRecExpr>(D.Range);
    if (Stride && (D.L == &X ? countsUpTo(G, D.Trip.Base)
                             : D.Origin >= 0 && Counter && Counter->getLoop() == &X &&
                                   countsFrom(G, *Counter)))
      return true;
  }
  return false;
}

// In each iteration around it? Block: where that is decided.
bool CertainReads::isEntered(const Loop &X, const Access &A,
                             const BasicBlock *&Block) const {
  Block = X.getLoopPreheader();
  if (DT.dominates(Block, X.getParentLoop()->getLoopLatch()))
    return true;
  std::optional<Guard> G = guardOf(X);
  if (!G || !isExact(*G, X, A))
    return false;
  Block = G->Block;
  return true;
}

bool CertainReads::isRead(const LoadInst &Load, const Access &A) const {
  const BasicBlock *Block = Load.getParent();
  for (const Loop *X = LI.getLoopFor(Block);; X = X->getParentLoop()) {
    const Dim *D = dimOf(*X);
    if (!D || !D->Exact || !DT.dominates(Block, X->getLoopLatch()))
      return false;
    if (X == S.L)
      return true;
    if (!isEntered(*X, A, Block))
      return false;
  }
}

// Only counters move it, of loops around the load.
bool CertainReads::includes(const Access &A) const {
  return any_of(A.Loads, [&](const LoadInst *Load) {
    for (auto [K, Stride] : enumerate(A.Address.Strides)) {
      const Dim &D = S.Dims[K];
      auto *Counter = dyn_cast_or_null<SCEVAddRecExpr>(D.Range);
      const Loop *X = D.L ? D.L : Counter && D.Origin >= 0 ? Counter->getLoop() : nullptr;
      if (Stride && (!X || !X->contains(Load)))
        return false;
    }
    return isRead(*Load, A);
  });
}

} // namespace

// What is fixed may change in the loop, and nobody has looked yet.
void findCertainReads(Shape &S, const ShapeContext &C) {
  CertainReads Certain(S, C);
  if ((C.Fixed && C.Fixed->count(S.L->getHeader())) || !Certain.alwaysEnds())
    return;
  for (Access &A : S.Accesses)
    A.Certain = (A.Is == Access::IndexSigned || A.Is == Access::IndexUnsigned) &&
                Certain.includes(A);
}

} // namespace ferry
