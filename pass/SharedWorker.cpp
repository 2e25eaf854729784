//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "SharedWorker.h"
#include "../runtime/abi.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"

using namespace llvm;

namespace ferry {

namespace {

unsigned dimsAround(const Shape &Inner, const Shape &Outer) {
  auto *Found = find_if(Outer.Dims, [&](const Dim &D) { return D.L == Inner.L; });
  return Found - Outer.Dims.begin();
}

// The worker of Outer repeats what stands around Inner in every box; what the
// iterations of Inner write must make no difference to it.
bool computesOnly(const Loop &Outer, const Loop &Except) {
  for (BasicBlock *B : Outer.blocks())
    if (!Except.contains(B))
      for (Instruction &I : *B)
        if (I.mayReadOrWriteMemory() && !I.isDebugOrPseudoInst())
          return false;
  return true;
}

} // namespace

bool canShareWorker(const Shape &Inner, const Shape &Outer) {
  return dimsAround(Inner, Outer) + Inner.Parallel == Outer.Parallel &&
         !Inner.carriesValues() && !Outer.carriesValues() &&
         !Inner.hasOwnMemory() && !Outer.hasOwnMemory() &&
         computesOnly(*Outer.L, *Inner.L);
}

Worker shareWorker(const Shape &Inner, const Shape &Outer, const Worker &Of) {
  LLVMContext &C = Of.Run->getContext();
  Type *I64 = Type::getInt64Ty(C);
  const unsigned Around = dimsAround(Inner, Outer);
  Worker W;
  W.LiveIns = Of.LiveIns;
  for (unsigned K = 0; K < Around; ++K)
    W.Around.push_back(Outer.Dims[K].L);
  SmallVector<Type *, 16> Fields(Of.Context->elements());
  Fields.append(Around, I64);
  W.Context = StructType::get(C, Fields);
  W.Partial = Of.Partial;

  Function &Host = *Inner.L->getHeader()->getParent();
  W.Run = createWorkerFunction(Host, ".ferry.inner");
  leaveUnoptimised(*W.Run);
  IRBuilder<> B(BasicBlock::Create(C, "entry", W.Run));
  auto *Box = ArrayType::get(I64, FERRY_MAX_PARALLEL);
  Value *Lo = B.CreateAlloca(Box, nullptr, "lo"),
        *Hi = B.CreateAlloca(Box, nullptr, "hi");
  auto set = [&](unsigned K, Value *From, Value *To) {
    B.CreateStore(From, B.CreateConstGEP1_64(I64, Lo, K));
    B.CreateStore(To, B.CreateConstGEP1_64(I64, Hi, K));
  };
  auto given = [&](unsigned Arg, unsigned K) {
    return B.CreateLoad(I64, B.CreateConstGEP1_64(I64, W.Run->getArg(Arg), K));
  };
  for (unsigned K = 0; K < Around; ++K) {
    Value *At = B.CreateLoad(
        I64, B.CreateStructGEP(W.Context, W.Run->getArg(0),
                               Of.Context->getNumElements() + K));
    set(K, At, B.CreateAdd(At, B.getInt64(1)));
  }
  for (unsigned K = 0; K < Inner.Parallel; ++K) {
    Value *From = given(1, K), *To = given(2, K);
    set(Around + K, From, To);
  }
  B.CreateCall(Of.Run, {W.Run->getArg(0), Lo, Hi, W.Run->getArg(3)});
  B.CreateRetVoid();
  return W;
}

} // namespace ferry
