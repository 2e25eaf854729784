//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Values accumulated over all iterations of a loop by an operation that may be
// done in any order.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_REDUCTION_H
#define FERRY_REDUCTION_H

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/FMF.h"
#include "llvm/IR/Instruction.h"
#include "llvm/IR/Intrinsics.h"

namespace llvm {
class Constant;
class IRBuilderBase;
class Loop;
class PHINode;
class StoreInst;
} // namespace llvm

namespace ferry {

// The operation: an opcode of Instruction, or an intrinsic (min, max).
struct ReductionKind {
  unsigned Opcode = 0;
  llvm::Intrinsic::ID Intrinsic = llvm::Intrinsic::not_intrinsic;
  bool operator==(const ReductionKind &K) const {
    return Opcode == K.Opcode && Intrinsic == K.Intrinsic;
  }
  explicit operator bool() const { return Opcode || Intrinsic; }

  llvm::Constant *identity(llvm::Type *T) const;
  llvm::Value *combine(llvm::IRBuilderBase &B, llvm::Value *X,
                       llvm::Value *Y) const;
};

struct Reduction {
  llvm::PHINode *Phi = nullptr;         // header phi: the value so far
  llvm::Instruction *Last = nullptr;    // its value after the iteration
  ReductionKind Kind;
  llvm::SmallSetVector<llvm::Instruction *, 8> Chain; // Phi .. Last
  llvm::FastMathFlags FMF;
};

enum class ReductionMatch { Yes, No, OrderedFloat };

// Phi is a header phi of L, which has one latch.
ReductionMatch matchReduction(llvm::PHINode &Phi, const llvm::Loop &L,
                              Reduction &Out);

// The store that writes each value of Phi to one place, where Phi would be a
// reduction or a value that is kept or replaced without it: *total += a[i].
const llvm::StoreInst *findStoredTotal(const llvm::PHINode &Phi,
                                       const llvm::Loop &L);

} // namespace ferry
#endif
