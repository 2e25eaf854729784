//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Previous.h"
#include "Calls.h"
#include "PrivateArrays.h"
#include "Shape.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxSlice = 32, MaxDepth = 3;

class SliceBuilder {
public:
  SliceBuilder(const Shape &S, const ShapeContext &C, Previous &Out)
      : S(S), C(C), Out(Out) {}

  // False if V is not a function of what a worker knows at its start.
  bool add(Value *V) {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || !S.L->contains(I) || is_contained(Out.Slice, I))
      return true;
    if (auto *Phi = dyn_cast<PHINode>(I))
      return isKnown(*Phi);
    if (!isRepeatable(*I) || Out.Slice.size() >= MaxSlice)
      return false;
    for (Value *Op : I->operands())
      if (!add(Op))
        return false;
    Out.Slice.push_back(I);
    return true;
  }

private:
  bool isKnown(const PHINode &Phi) {
    for (const Previous &P : S.Previous)
      if (P.Phi == &Phi) {
        Out.Depth = std::max(Out.Depth, P.Depth + 1);
        return Out.Depth <= MaxDepth;
      }
    return any_of(S.Inductions, [&](auto &I) { return I.Phi == &Phi; });
  }

  // The errno of a call must not come again.
  bool isRepeatable(const Instruction &I) const {
    if (C.LI.getLoopFor(I.getParent()) != S.L)
      return false;
    if (auto *Load = dyn_cast<LoadInst>(&I))
      return !isPrivate(S, Load->getPointerOperand());
    if (auto *Call = dyn_cast<CallBase>(&I))
      return effectOf(*Call, C.TLI) == CallEffect::None;
    return !I.mayReadOrWriteMemory() && !I.mayHaveSideEffects() &&
           !I.isTerminator();
  }

  const Shape &S;
  const ShapeContext &C;
  Previous &Out;
};

// The dim of iterations 0 .. n - 2 of the nest.
unsigned allButLast(Shape &S, ScalarEvolution &SE) {
  for (auto [I, D] : enumerate(S.Dims))
    if (!D.L && !D.Range)
      return I;
  const SCEV *Trip = S.Dims.front().Trip.Base;
  Dim D{nullptr, {}, nullptr};
  D.Trip.Base = SE.getMinusSCEV(Trip, SE.getOne(Trip->getType()));
  S.Dims.push_back(D);
  return S.Dims.size() - 1;
}

// Each iteration reads what all but the last read.
void spread(AffineForm &Form, const SCEV *Stride, Shape &S,
            ScalarEvolution &SE) {
  const unsigned Iterations = allButLast(S, SE);
  Form.Strides.resize(S.Dims.size(), nullptr);
  Form.Strides[0] = nullptr;
  Form.Strides[Iterations] = Stride;
}

bool contains(const SCEV *X, const Value *V) {
  return SCEVExprContains(X, [&](const SCEV *S) {
    auto *U = dyn_cast<SCEVUnknown>(S);
    return U && U->getValue() == V;
  });
}

bool moves(const SCEV *X, const Loop &L) {
  return SCEVExprContains(X, [&](const SCEV *S) {
    auto *Rec = dyn_cast<SCEVAddRecExpr>(S);
    return Rec && Rec->getLoop() == &L;
  });
}

// The one previous value that X depends on; X must not move otherwise.
const Previous *dependsOn(const SCEV *X, const Shape &S) {
  const Previous *Found = nullptr;
  for (const Previous &P : S.Previous)
    if (contains(X, P.Phi)) {
      if (Found)
        return nullptr;
      Found = &P;
    }
  return moves(X, *S.L) ? nullptr : Found;
}

bool isSame(const AffineForm &A, const AffineForm &B) {
  return A.Base == B.Base && A.Strides == B.Strides;
}

} // namespace

void findPrevious(Shape &S, const ShapeContext &C,
                  SmallVectorImpl<PHINode *> &Phis) {
  size_t Before;
  do {
    Before = Phis.size();
    erase_if(Phis, [&](PHINode *Phi) {
      Previous P{Phi, {}};
      if (!SliceBuilder(S, C, P).add(
              Phi->getIncomingValueForBlock(S.L->getLoopLatch())))
        return false;
      S.Previous.push_back(P);
      return true;
    });
  } while (Phis.size() < Before);
}

bool addReadThroughPrevious(Shape &S, ScalarEvolution &SE, const SCEV *Address,
                            const SCEV *Width, const Instruction &By) {
  const size_t Dims = S.Dims.size(), Wraps = S.Wraps.size(),
               Accesses = S.Accesses.size();
  auto add = [&](const SCEV *X) {
    AffineForm Form;
    if (!AffineBuilder(SE, *S.L, S.Dims, /*AllowRanges=*/true)
             .build(X, Form, S.Wraps))
      return false;
    const SCEV *Stride = Form.Strides.empty() ? nullptr : Form.Strides[0];
    if (Stride)
      spread(Form, Stride, S, SE);
    S.Accesses.push_back({Form, Width, false, &By});
    return true;
  };
  auto replace = [&](const Previous &P, const BasicBlock *From) {
    Value *V = P.Phi->getIncomingValueForBlock(From);
    ValueToSCEVMapTy By{{P.Phi, SE.getSCEV(V)}};
    return SCEVParameterRewriter::rewrite(Address, SE, By);
  };
  const Previous *P = dependsOn(Address, S);
  bool Ok = P;
  while (Ok && P) {
    Ok = SE.isSCEVable(P->Phi->getType()) &&
         add(replace(*P, S.L->getLoopPreheader()));
    Address = Ok ? replace(*P, S.L->getLoopLatch()) : nullptr;
    P = Ok ? dependsOn(Address, S) : nullptr;
  }
  if (Ok && add(Address))
    return true;
  S.Dims.truncate(Dims);
  S.Wraps.truncate(Wraps);
  S.Accesses.truncate(Accesses);
  return false;
}

Refusal describePrevious(Shape &S, const ShapeContext &C) {
  const DataLayout &DL = C.F.getDataLayout();
  Type *I64 = IntegerType::get(C.SE.getContext(), 64);
  for (const Previous &P : S.Previous)
    for (Instruction *I : P.Slice) {
      auto *Load = dyn_cast<LoadInst>(I);
      if (!Load)
        continue;
      // It is described, so the conditions are there already.
      const SCEV *Address = C.SE.getSCEV(Load->getPointerOperand());
      AffineForm Form;
      SmallVector<WrapCondition, 4> Known;
      if (!AffineBuilder(C.SE, *S.L, S.Dims, /*AllowRanges=*/true)
               .build(Address, Form, Known)) {
        if (dependsOn(Address, S))
          continue; // see addReadThroughPrevious
        return {Reason::UnknownAddress, nameOf(Load->getPointerOperand())};
      }
      const SCEV *Stride = Form.Strides.empty() ? nullptr : Form.Strides[0];
      if (!Stride)
        continue; // every iteration reads it anyway
      Form.Strides.resize(S.Dims.size(), nullptr);
      for (const Access &A : S.Accesses)
        if (A.Write && isSame(A.Address, Form))
          return {Reason::Dependent, nameOf(Load->getPointerOperand())};
      const SCEV *Width =
          C.SE.getConstant(I64, DL.getTypeStoreSize(Load->getType()));
      spread(Form, Stride, S, C.SE);
      S.Accesses.push_back({Form, Width, false, Load});
      S.fillStrides();
    }
  return {};
}

} // namespace ferry
