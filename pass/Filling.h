//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What each iteration of a nest fills of one object, without gaps: the first half of
// the search for scratch arrays (see Scratch.h).
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_FILLING_H
#define FERRY_FILLING_H

#include "Shape.h"
#include "Touches.h"

namespace ferry {

// What has to hold when the loop starts, for the runtime to see.
struct Needs {
  llvm::SmallVector<WrapCondition, 4> Conditions;

  void requireNotNegative(const llvm::SCEV *X) { requireFits(X, 63); }
  void requireFits(const llvm::SCEV *X, unsigned Bits) {
    Conditions.push_back({AffineForm{X, {}}, Bits, /*Signed=*/false});
  }
  void require(const Condition &X, llvm::ScalarEvolution &SE);
};

// Something that touches the object.
struct Part {
  Touch T;
  llvm::Instruction *By;
  AffineForm Form; // bytes from the object on; no base: not known
  llvm::SmallVector<WrapCondition, 2> Wraps;
};

// Writes that together touch Width bytes in each iteration of the loops around.
struct Stripe {
  const llvm::SCEV *Base, *Width;
  llvm::SmallVector<const llvm::SCEV *, 4> Strides;
  llvm::SmallVector<const Part *, 2> Writes;
  llvm::SmallVector<Condition, 2> When;
};

// Bytes [Begin, End) from the object on.
struct Range {
  const llvm::SCEV *Begin = nullptr, *End = nullptr;
};

// A range that each iteration fills, with stripes that touch.
struct Filled {
  Range Bytes;
  llvm::SmallVector<const Stripe *, 4> Stripes;
};

// The bytes of a range that are not in the filled one, if any, are not known to be
// elsewhere. Then Rest, where it is not null, is the number that decides: they are in
// the filled one unless it is negative.
struct Inclusion {
  bool Inside = false;
  const llvm::SCEV *Rest = nullptr;
};

class Filling {
public:
  // Of iterations of the innermost one of so many parallel dims.
  Filling(const Shape &S, const ShapeContext &C, llvm::Value &Object, unsigned Parallel)
      : S(S), C(C), SE(C.SE), Object(Object), Parallel(Parallel),
        P(*S.Dims[Parallel - 1].L), Dims(S.Dims) {}

  // False where the object can have no copy, or too little is known. Else fills in
  // parts, dims, stripes and ranges.
  bool find(llvm::ArrayRef<Touch> Touches);

  llvm::ArrayRef<Part> parts() const { return Parts; }
  llvm::ArrayRef<Dim> dims() const { return Dims; } // and those of ranges
  llvm::ArrayRef<Filled> filled() const { return Ranges; }
  bool isStripe(const Part &X) const {
    return llvm::any_of(Stripes, [&](const Stripe &Y) { return llvm::is_contained(Y.Writes, &X); });
  }

  // Does the dim count inside of an iteration of Y? Y null: of all of the nest.
  static bool isInner(const Dim &D, const llvm::Loop *Y);
  // Is it done in every iteration of all loops around, if conditions hold?
  bool isCertain(const Part &X, llvm::SmallVectorImpl<Condition> &When) const;
  // What an iteration of Y fills of the stripe; nothing where gaps remain.
  Range rangeOf(const Stripe &X, const llvm::Loop &Y) const;
  // The bytes that lie between all those that an iteration of Y touches.
  Range hullOf(const Part &X, const llvm::Loop *Y, Needs &Needed) const;
  // Of X, which By touches.
  Inclusion isInside(const Range &In, const Range &X, const llvm::Instruction &By) const;
  bool meet(const Range &A, const Range &B) const; // certainly
  bool isWhole(const Filled &F) const;             // of the object

private:
  bool canHold() const;
  bool usesRange(const AffineForm &Form) const;
  bool leadsHere(llvm::Value *V, llvm::SmallPtrSetImpl<llvm::Value *> &Seen) const;
  bool collect(llvm::ArrayRef<Touch> Touches);
  void joinStripes();
  void findFilled();
  bool isSmall(const llvm::SCEV *X, Needs &Out) const;
  const llvm::SCEV *mostOf(const AffineForm &Trip, Needs &Out) const;

  const Shape &S;
  const ShapeContext &C;
  llvm::ScalarEvolution &SE;
  llvm::Value &Object;
  const unsigned Parallel;
  const llvm::Loop &P;
  llvm::SmallVector<Dim, 4> Dims;
  llvm::SmallVector<Part, 0> Parts;
  llvm::SmallVector<Stripe, 8> Stripes;
  llvm::SmallVector<Filled, 2> Ranges;
};

} // namespace ferry
#endif
