//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// May this loop be described? The shape of a loop nest: everything that the
// runtime needs to decide and the worker needs to run. Never changes IR.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SHAPE_H
#define FERRY_SHAPE_H

#include "Affine.h"
#include "FixedLoads.h"
#include "Kept.h"
#include "Previous.h"
#include "Reason.h"
#include "Reduction.h"
#include "Scratch.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/PassManager.h"

namespace llvm {
class AllocaInst;
class DominatorTree;
class LoopInfo;
class TargetLibraryInfo;
} // namespace llvm

namespace ferry {

struct Access {
  AffineForm Address;
  const llvm::SCEV *Width; // bytes, 64 bits wide
  bool Write;
  const llvm::Instruction *By;
  // What the value is for that is read: nothing known, an index that is the
  // origin of a dim, or a pointer that is the source of accesses. Low is no
  // access, but a value: where a dim begins. A cell may be touched in all
  // iterations, by nothing else (Cells.h). Bytes that each iteration has for itself
  // lie in an order that no stride describes (Quadratic.h).
  enum Role { Plain, IndexSigned, IndexUnsigned, Pointer, Low, Cell, Apart } Is = Plain;
  // Does it meet itself in different iterations? Only others.
  bool isCell() const { return Is == Cell || (Is == Apart && Write); }
  int Source = -1; // the Pointer access whose value is added to the address
  // Of an index or a pointer: what reads it. Each iteration of its loops does?
  llvm::SmallVector<const llvm::LoadInst *, 1> Loads = {};
  bool Certain = false;
  llvm::SmallVector<const llvm::Instruction *, 1> Also = {}; // besides By
  // Is one of its instructions there? All of them?
  bool isIn(const llvm::Loop &L) const;
  bool isOnlyIn(const llvm::Loop &L) const;
  void addInstructions(const Access &Other);
  // The width of what was one access in the program; null: of several widths.
  const llvm::SCEV *Unit = nullptr;
};

// enum ferry_access_kind (abi.h)
uint8_t kindOf(const Access &A);

// A header phi of a parallel dim: start + iteration * Step. Where Change is not
// null, the step grows by it after each iteration.
struct Induction {
  llvm::PHINode *Phi;
  const llvm::SCEV *Step;
  unsigned Dim;
  const llvm::SCEV *Change = nullptr;
};

// A phi after the loop, and its value there when all iterations are done.
struct LiveOut {
  llvm::PHINode *Exit;
  const llvm::SCEV *Value; // null: the record has it (Record.h)
};

struct Shape {
  llvm::Loop *L = nullptr;
  unsigned Parallel = 1;
  llvm::SmallVector<Dim, 4> Dims; // the parallel ones first
  llvm::SmallVector<Access, 8> Accesses;
  llvm::SmallVector<WrapCondition, 4> Wraps;
  // Loads before the loop: what they read must still be there.
  llvm::SmallSetVector<llvm::LoadInst *, 2> Rechecks;
  size_t conditions() const { return Wraps.size() + Rechecks.size(); }
  void fillStrides(); // one for each dim, in every form
  llvm::SmallVector<Induction, 4> Inductions;
  llvm::SmallVector<std::unique_ptr<Reduction>, 2> Reductions;
  llvm::SmallVector<struct Previous, 2> Previous;
  KeptList Kept;
  llvm::SmallVector<Scratch, 1> Scratches;
  llvm::SmallVector<LiveOut, 2> LiveOuts;
  // Arrays that live inside one iteration, and addresses into them that the
  // optimiser has moved out of the loop.
  llvm::SmallSetVector<llvm::AllocaInst *, 2> Private;
  llvm::SmallSetVector<llvm::Instruction *, 4> PrivateAddresses;
  llvm::SmallVector<unsigned, 2> Stages; // dims; see Stages.h
  llvm::SmallVector<unsigned, 1> Together; // stages: none of their iterations seems to
                                           // need another one of the same row
  bool Chained = false; // iterations of one need values of the one before
  bool Errno = false, Uneven = false;
  bool Independent = false; // known when compiled, whatever the numbers are
  bool Meets = false;       // known as well: they are not, but may follow each other

  // Does a box hand anything on, or need anything of the one before it?
  bool hasRecord() const { return !Reductions.empty() || !Kept.empty(); }
  bool carriesValues() const { return hasRecord() || !Previous.empty(); }
  // Do the iterations of a box use memory that is the worker's own?
  bool hasOwnMemory() const { return !Private.empty() || !Scratches.empty(); }
  bool needsStack() const; // more than a little, for that
  // May iterations see what others wrote, if these come before them? Values that the
  // worker keeps to itself, or that are loaded before loops, would be old, or new too
  // early: a box begins all its loops again.
  bool readsMemoryAlone() const;
};

struct ShapeContext {
  llvm::Function &F;
  llvm::LoopInfo &LI;
  llvm::ScalarEvolution &SE;
  llvm::DominatorTree &DT;
  const llvm::TargetLibraryInfo &TLI;
  const FixedLoads *Fixed = nullptr; // what copies of loops load before them
};

// Fills Out, or says why not.
Refusal describe(llvm::Loop &L, const ShapeContext &C, Shape &Out);

// 'x' where the pointer leads into an object of that name, else nothing.
std::string nameOf(const llvm::Value *Pointer);

// May loops of the function be offloaded at all?
Refusal examineFunction(const llvm::Function &F);

// print<ferry-shape>: what describe() says about every loop, as text.
struct ShapePrinterPass : llvm::PassInfoMixin<ShapePrinterPass> {
  llvm::PreservedAnalyses run(llvm::Function &F,
                              llvm::FunctionAnalysisManager &FAM);
  static bool isRequired() { return true; }
};

} // namespace ferry
#endif
