//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a box of iterations hands on: one field for each reduction and each kept
// value, then flags. The record of the caller begins with the values before the
// loop, that of a worker with the identity.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_RECORD_H
#define FERRY_RECORD_H

#include "Shape.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace llvm {
class BasicBlock;
class Function;
class StructType;
} // namespace llvm

namespace ferry {

struct RecordField {
  llvm::Type *T;
  llvm::Constant *Identity;
  llvm::Value *Start;                // in the caller's record
  llvm::Instruction *Last = nullptr; // what it is after the loop; not of flags
};

// The layout.
class Record {
public:
  explicit Record(const Shape &S);

  llvm::SmallVector<RecordField, 4> Fields;
  // Where the flags are; -1 if there is none.
  int Begun = -1; // has any iteration run?
  struct Flags {
    int Set = -1;     // has it been replaced?
    int Outdone = -1; // does what came before not matter?
  };
  llvm::SmallVector<Flags, 2> KeptFlags;

  bool isEmpty() const { return Fields.empty(); }
  llvm::StructType *type(llvm::LLVMContext &C) const;
  llvm::Constant *identity(llvm::LLVMContext &C) const;
};

// Makes the clone of the loop in a worker go on from the record that is its
// last parameter. Map: from the loop to the clone; Entry: its preheader.
class RecordCode {
public:
  RecordCode(const Shape &S, const Record &R, llvm::ValueToValueMapTy &Map,
             llvm::BasicBlock *Entry, llvm::Value *Partial)
      : S(S), R(R), Map(Map), Entry(Entry), Partial(Partial) {}

  void start();
  void finish(llvm::BasicBlock *Exit); // where the box is done

private:
  using Shadows = llvm::DenseMap<llvm::Instruction *, llvm::Value *>;

  llvm::Value *mapped(llvm::Value *V) const {
    auto It = Map.find(V);
    return It == Map.end() ? V : static_cast<llvm::Value *>(It->second);
  }
  llvm::Value *load(llvm::IRBuilderBase &B, unsigned Field) const;
  void store(llvm::IRBuilderBase &B, llvm::Value *V, unsigned Field) const;
  void startPhi(llvm::PHINode &Phi, llvm::Value *Start);
  void startKept(const Kept &K, unsigned Field);
  void shadow(const Kept &K, int Field, bool Outdone, Shadows &Out);
  llvm::Value *shadowOf(const Kept &K, llvm::Value *V, llvm::Value *Taken,
                        Shadows &Known);
  void takeFirst(const Kept &Key, const Shadows &Set);

  const Shape &S;
  const Record &R;
  llvm::ValueToValueMapTy &Map;
  llvm::BasicBlock *Entry;
  llvm::Value *Partial;
  llvm::SmallVector<llvm::Value *, 4> Flags; // their values at the end
};

// void combine(ptr into, ptr from)
void emitCombine(const Shape &S, const Record &R, llvm::Function &Combine);

} // namespace ferry
#endif
