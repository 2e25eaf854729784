//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Dependence.h"
#include "../runtime/overlap.h"
#include "../runtime/doacross.h"
#include "../runtime/split.h"
#include "Stages.h"
#include "Neighbours.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

// Do values of an iteration that are no counters say where A is?
static bool dependsOnValues(const Access &A, const Shape &S) {
  if (A.Source >= 0 || A.Is == Access::Low)
    return true;
  for (auto [K, Stride] : enumerate(A.Address.Strides))
    if (Stride && !S.Dims[K].L)
      return true;
  return false;
}

bool dependsIn(const Access &A, const Access &B, unsigned Dim, const Shape &S,
               ScalarEvolution &SE) {
  const SCEV *Stride = A.Address.Strides[Dim];
  if (A.Address.Strides != B.Address.Strides || dependsOnValues(A, S) ||
      dependsOnValues(B, S))
    return false;
  if (!Stride)
    return A.Address.Base == B.Address.Base;
  if (SE.getPointerBase(A.Address.Base) != SE.getPointerBase(B.Address.Base))
    return false;
  const SCEV *Difference = SE.getMinusSCEV(A.Address.Base, B.Address.Base);
  for (int Q : {1, -1, 2, -2})
    if (Difference ==
        SE.getMulExpr(SE.getConstant(Stride->getType(), Q, true), Stride))
      return true;
  return false;
}

namespace {

std::string nameOfObject(const Access &A) {
  const Value *Pointer = getLoadStorePointerOperand(A.By);
  return nameOf(Pointer ? Pointer : cast<MemIntrinsic>(A.By)->getRawDest());
}

Refusal certainDependence(const Shape &S, unsigned Parallel,
                          ScalarEvolution &SE) {
  for (const Access &A : S.Accesses)
    for (const Access &B : S.Accesses)
      for (unsigned Dim = 0; Dim < Parallel; ++Dim)
        if ((A.Write || B.Write) && !(&A == &B && A.isCell()) &&
            dependsIn(A, B, Dim, S, SE))
          return {&A == &B ? Reason::SameLocation : Reason::Dependent,
                  nameOfObject(A)};
  return {};
}

// The matrix of numbers (abi.h), where every one is a constant. Objects are
// put at addresses of our own, far apart: nothing depends on which.
class ConstantMatrix {
public:
  ConstantMatrix(const Shape &S, const ShapeContext &C)
      : S(S), SE(C.SE), DL(C.F.getDataLayout()), Ok(fill()) {}

  bool complete() const { return Ok; }

  ferry_verdict verdict(unsigned Parallel, ferry_conflict &Pair) const {
    ferry_shape Description = describe(Parallel);
    return ferry_overlap(&Description, Numbers.data(), &Pair);
  }

  bool hasPieces(unsigned Parallel) const {
    ferry_shape Description = describe(Parallel);
    SmallVector<int64_t, 64> Scratch(Numbers.size());
    ferry_pieces Pieces;
    return ferry_split(&Description, Numbers.data(), Scratch.data(), &Pieces);
  }

  bool hasDoacross() const {
    const auto Stages = stageOfAccesses(S);
    ferry_shape Description = describe(1);
    ferry_doacross Plan;
    return !S.Stages.empty() &&
           ferry_find_doacross(&Description, Stages.data(), Numbers.data(), &Plan);
  }

private:
  struct Object {
    const Value *V;
    int64_t Start, Size;
  };

  ferry_shape describe(unsigned Parallel) const {
    return {unsigned(S.Dims.size()), Parallel, unsigned(Kinds.size()),
            Kinds.data(), nullptr, 0};
  }

  bool fill() {
    for (const Dim &D : S.Dims)
      if (D.Origin >= 0 || !addRow(D.Trip, SE.getZero(D.Trip.Base->getType())))
        return false;
    for (const Access &A : S.Accesses) {
      Kinds.push_back(kindOf(A));
      if (A.Source >= 0 || !addRow(A.Address, A.Width))
        return false;
    }
    for (const WrapCondition &W : S.Wraps) {
      Kinds.push_back(W.Signed ? FERRY_WRAP_SIGNED : FERRY_WRAP_UNSIGNED);
      if (!addRow(W.Form, SE.getConstant(W.Form.Base->getType(), W.Bits)))
        return false;
    }
    return staysInObjects();
  }

  bool addRow(const AffineForm &Form, const SCEV *Second) {
    if (!addBase(Form.Base) || !addConstant(Second))
      return false;
    const SCEV *Zero = SE.getZero(Second->getType());
    return all_of(Form.Strides, [&](const SCEV *Stride) {
      return addConstant(Stride ? Stride : Zero);
    });
  }

  bool addConstant(const SCEV *X) {
    auto *Constant = dyn_cast<SCEVConstant>(X);
    if (Constant)
      Numbers.push_back(Constant->getAPInt().getSExtValue());
    return Constant;
  }

  bool addBase(const SCEV *X) {
    if (!X->getType()->isPointerTy()) {
      Bases.push_back(-1);
      return addConstant(X);
    }
    auto *Pointer = dyn_cast<SCEVUnknown>(SE.getPointerBase(X));
    int Object = Pointer ? place(*Pointer->getValue()) : -1;
    Bases.push_back(Object);
    if (Object < 0 || !addConstant(SE.removePointerBase(X)))
      return false;
    Numbers.back() += Objects[Object].Start;
    return true;
  }

  std::optional<TypeSize> sizeOf(const Value &V) const {
    if (auto *A = dyn_cast<AllocaInst>(&V))
      return A->isStaticAlloca() ? A->getAllocationSize(DL) : std::nullopt;
    auto *G = dyn_cast<GlobalVariable>(&V);
    if (!G || G->isDeclaration() || G->isInterposable() || G->isThreadLocal())
      return std::nullopt;
    return DL.getTypeAllocSize(G->getValueType());
  }

  int place(const Value &V) {
    constexpr int64_t Distance = int64_t(1) << 44;
    auto *Known = find_if(Objects, [&](const Object &O) { return O.V == &V; });
    if (Known != Objects.end())
      return Known - Objects.begin();
    std::optional<TypeSize> Size = sizeOf(V);
    if (!Size || Size->isScalable() || Size->getFixedValue() >= Distance)
      return -1;
    Objects.push_back({&V, int64_t(Objects.size() + 1) * Distance,
                       int64_t(Size->getFixedValue())});
    return Objects.size() - 1;
  }

  // Our addresses say nothing about an access that leaves its object.
  bool staysInObjects() const {
    int64_t Trips[FERRY_MAX_DIMS], Lo[FERRY_MAX_ACCESSES],
        Hi[FERRY_MAX_ACCESSES];
    ferry_shape Description = describe(S.Parallel);
    if (!ferry_hulls(&Description, Numbers.data(), Trips, Lo, Hi))
      return false;
    for (unsigned I = 0; I < S.Accesses.size(); ++I) {
      const Object &O = Objects[Bases[S.Dims.size() + I]];
      if (Lo[I] < Hi[I] && (Lo[I] < O.Start || Hi[I] > O.Start + O.Size))
        return false;
    }
    return true;
  }

  const Shape &S;
  ScalarEvolution &SE;
  const DataLayout &DL;
  SmallVector<int64_t, 64> Numbers;
  SmallVector<uint8_t, 16> Kinds;
  SmallVector<Object, 4> Objects;
  SmallVector<int, 16> Bases; // of each row: the object, or -1
  bool Ok;
};

void narrow(Shape &S, unsigned Parallel) {
  erase_if(S.Inductions, [&](auto &I) { return I.Dim >= Parallel; });
  S.Parallel = Parallel;
}

// Where all numbers are constants, the runtime could only say the same.
Refusal decideConstants(Shape &S, const ShapeContext &C) {
  ConstantMatrix Matrix(S, C);
  if (!Matrix.complete())
    return {};
  ferry_conflict Pair = {-1, -1};
  for (unsigned Parallel = S.Parallel; Parallel > 0; --Parallel)
    if (Matrix.verdict(Parallel, Pair) == FERRY_INDEPENDENT) {
      narrow(S, Parallel);
      S.Wraps.clear(); // they hold
      S.Independent = true;
      S.Stages.clear();
      S.Chained = false;
      return {};
    }
  if (Pair.first < 0 || unsigned(Pair.first) >= S.Accesses.size() ||
      (S.readsMemoryAlone() && Matrix.hasPieces(S.Parallel)) || Matrix.hasDoacross())
    return {};
  return {Reason::Dependent, nameOfObject(S.Accesses[Pair.first])};
}

} // namespace

Refusal decideParallel(Shape &S, const ShapeContext &C) {
  S.Stages = stagesOf(S, C.SE);
  S.Together = stagesTogether(S, C.SE);
  S.Chained = carriesInStages(S, C.SE);
  if (Refusal R = certainDependence(S, 1, C.SE)) {
    if (R.Why != Reason::Dependent || S.Stages.empty())
      return R;
    S.Meets = true;
  }
  unsigned Parallel = S.Parallel;
  while (Parallel > 1 && certainDependence(S, Parallel, C.SE))
    --Parallel;
  narrow(S, Parallel);
  // Not before: whether they certainly meet is asked of equal distances.
  uniteNeighbours(S, C.SE);
  if (S.Dims.size() > FERRY_MAX_DIMS ||
      S.Accesses.size() + S.conditions() > FERRY_MAX_ACCESSES)
    return {Reason::TooComplex, ""};
  return decideConstants(S, C);
}

} // namespace ferry
