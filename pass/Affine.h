//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Scalar evolution as affine forms over the loops of a nest.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_AFFINE_H
#define FERRY_AFFINE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Instruction;
class Loop;
class SCEV;
class SCEVAddRecExpr;
class SCEVConstant;
class ScalarEvolution;
class Type;
class Value;
} // namespace llvm

namespace ferry {

// Base + sum(Strides[k] * iteration of dim k); all parts are invariant in the
// nest. A null stride is zero. Exact modulo 2^width of the type.
struct AffineForm {
  const llvm::SCEV *Base = nullptr;
  llvm::SmallVector<const llvm::SCEV *, 4> Strides;
};

// What an affine form counts: the iterations of a loop, or (L null) the values
// of an expression that is not affine but stays within bounds.
struct Dim {
  const llvm::Loop *L;
  AffineForm Trip; // 64 bits; an upper bound where it has strides
  const llvm::SCEV *Range = nullptr; // the expression, if L is null
  int Origin = -1; // the access whose row gives the first value (abi.h), or -1
  bool Exact = false; // of a loop: Trip is not only a bound, if conditions hold
};

// A form whose value must fit into Bits for another one to be true.
struct WrapCondition {
  AffineForm Form; // 64 bits wide
  unsigned Bits;
  bool Signed;
};

// The condition that a form which only bounds the last iteration of a dim is
// neither negative nor huge, where that is not known: the overlap test takes a
// trip count below 1 for a loop that does not run.
void requireLastIteration(const AffineForm &Last, llvm::ScalarEvolution &SE,
                          llvm::SmallVectorImpl<WrapCondition> &Conditions);

class AffineBuilder {
public:
  // Dims: the loops of the nest that have a bound, outermost first. With
  // AllowRanges, dims for bounded expressions are added: enough to know what
  // may be read, but two iterations may then touch the same bytes.
  AffineBuilder(llvm::ScalarEvolution &SE, const llvm::Loop &Nest,
                llvm::SmallVectorImpl<Dim> &Dims, bool AllowRanges)
      : SE(SE), Nest(Nest), Dims(Dims), AllowRanges(AllowRanges) {}

  // False where S is no affine form. The conditions under which the form is
  // right are added to Conditions.
  bool build(const llvm::SCEV *S, AffineForm &Out,
             llvm::SmallVectorImpl<WrapCondition> &Conditions);

  // Lets forms depend on what the nest loads. AddIndex makes a load, or a phi that
  // holds what was loaded before, an access
  // whose values are indices, AddLow a form the smallest value of a dim; both
  // return its number, the former -1 where it cannot.
  void allowIndices(
      llvm::function_ref<int(const llvm::Instruction &, bool Signed)> AddIndex,
      llvm::function_ref<int(const AffineForm &)> AddLow) {
    this->AddIndex = AddIndex;
    this->AddLow = AddLow;
  }

  // Was the last failure the fault of a loop without a bound?
  bool unboundedLoop() const { return Unbounded; }

private:
  bool buildCast(const llvm::SCEV *S, AffineForm &Out,
                 llvm::SmallVectorImpl<WrapCondition> &Conditions);
  bool buildProduct(const llvm::SCEV *S, AffineForm &Out,
                    llvm::SmallVectorImpl<WrapCondition> &Conditions);
  bool buildRange(const llvm::SCEV *S, AffineForm &Out,
                  llvm::SmallVectorImpl<WrapCondition> &Conditions);
  bool buildIndex(const llvm::SCEV *S, AffineForm &Out);
  bool buildBetween(const llvm::SCEVAddRecExpr &Rec, AffineForm &Out,
                    llvm::SmallVectorImpl<WrapCondition> &Conditions);
  bool splitCounter(const llvm::SCEVAddRecExpr &Rec, const llvm::SCEVConstant &Step,
                    const llvm::SCEV *&Base, const llvm::SCEV *&Start);
  int findBetween(const llvm::SCEVAddRecExpr &Counter,
                  llvm::SmallVectorImpl<WrapCondition> &Conditions);
  size_t findDim(const llvm::SCEV &S, bool Linked) const;
  bool startsAtIndex(const llvm::SCEV *S) const;
  void useDim(size_t Index, llvm::Type *T, AffineForm &Out);
  bool buildPhi(const llvm::SCEV *S, AffineForm &Out,
                llvm::SmallVectorImpl<WrapCondition> &Conditions);
  // What a condition says of a value: Low <= Value or Value <= High.
  struct Fact {
    const llvm::SCEV *Value = nullptr, *Low = nullptr, *High = nullptr;
  };
  void factsOf(const llvm::Value *Condition, bool IsTrue,
               llvm::SmallVectorImpl<Fact> &Out);
  const llvm::SCEV *signedBound(const llvm::SCEV *S, bool Upper,
                                llvm::ArrayRef<Fact> Known);
  const llvm::SCEV *boundOfChoice(const llvm::SCEV *S, bool Upper);
  void add(AffineForm &To, const AffineForm &From);

  llvm::ScalarEvolution &SE;
  const llvm::Loop &Nest;
  llvm::SmallVectorImpl<Dim> &Dims;
  bool AllowRanges;
  bool Unbounded = false;
  llvm::function_ref<int(const llvm::Instruction &, bool)> AddIndex;
  llvm::function_ref<int(const AffineForm &)> AddLow;
};

} // namespace ferry
#endif
