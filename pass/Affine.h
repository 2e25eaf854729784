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
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class Loop;
class SCEV;
class ScalarEvolution;
class Type;
} // namespace llvm

namespace ferry {

// Base + sum(Strides[k] * iteration of dim k); all parts are invariant in the
// nest. A null stride is zero. Exact modulo 2^width of the type.
struct AffineForm {
  const llvm::SCEV *Base = nullptr;
  llvm::SmallVector<const llvm::SCEV *, 4> Strides;
};

// A form whose value must fit into Bits for another one to be true.
struct WrapCondition {
  AffineForm Form; // 64 bits wide
  unsigned Bits;
  bool Signed;
};

class AffineBuilder {
public:
  // Dims: the loops of the nest that have a bound, outermost first.
  AffineBuilder(llvm::ScalarEvolution &SE, const llvm::Loop &Nest,
                llvm::ArrayRef<const llvm::Loop *> Dims)
      : SE(SE), Nest(Nest), Dims(Dims) {}

  // False where S is no affine form. The conditions under which the form is
  // right are added to Conditions.
  bool build(const llvm::SCEV *S, AffineForm &Out,
             llvm::SmallVectorImpl<WrapCondition> &Conditions);

  // Was the last failure the fault of a loop without a bound?
  bool unboundedLoop() const { return Unbounded; }

private:
  bool buildCast(const llvm::SCEV *S, AffineForm &Out,
                 llvm::SmallVectorImpl<WrapCondition> &Conditions);
  bool buildProduct(const llvm::SCEV *S, AffineForm &Out,
                    llvm::SmallVectorImpl<WrapCondition> &Conditions);
  void add(AffineForm &To, const AffineForm &From);

  llvm::ScalarEvolution &SE;
  const llvm::Loop &Nest;
  llvm::ArrayRef<const llvm::Loop *> Dims;
  bool Unbounded = false;
};

} // namespace ferry
#endif
