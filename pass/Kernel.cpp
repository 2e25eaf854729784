//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Kernel.h"
#include "../runtime/image.h"
#include "DeviceModule.h"
#include "ExactFloats.h"
#include "KernelMemory.h"
#include "KernelRules.h"
#include "Shape.h"
#include "Worker.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include <cerrno>

using namespace llvm;

namespace ferry {

namespace {

constexpr uint64_t MaxBlock = 4096; // bytes of parameters that CUDA takes

// Bytes between neighbours of dim K where they are nearest. What is not constant is
// far.
uint64_t nearest(const Shape &S, unsigned K) {
  uint64_t Least = UINT64_MAX;
  for (const Access &A : S.Accesses)
    if (const SCEV *Stride = A.Address.Strides[K]) {
      auto *Known = dyn_cast<SCEVConstant>(Stride);
      Least = std::min(Least, Known ? Known->getAPInt().abs().getLimitedValue()
                                    : UINT64_MAX - 1);
    }
  return Least;
}

// x runs over the dim whose neighbours are nearest in memory, of equals the inner one.
void chooseAxes(const Shape &S, unsigned (&Axes)[3]) {
  SmallVector<unsigned, 3> Order;
  for (unsigned K = 0; K < S.Parallel; ++K)
    Order.push_back(K);
  sort(Order, [&](unsigned X, unsigned Y) {
    return std::make_pair(nearest(S, X), Y) < std::make_pair(nearest(S, Y), X);
  });
  for (unsigned K = S.Parallel; K < 3; ++K)
    Order.push_back(K);
  copy(Order, Axes);
}

class KernelBuilder {
public:
  KernelBuilder(const Shape &S, const Worker &W, DeviceModule &D, StringRef Name)
      : S(S), W(W), M(D.module()), C(M.getContext()), B(C), I64(B.getInt64Ty()), Name(Name),
        Size(S.hasRecord() ? M.getDataLayout().getTypeAllocSize(W.Partial).getFixedValue() : 0) {
    chooseAxes(S, Axes);
  }

  Function *buildRun(Function &Worker);
  Function *buildCombine(Function &Fold);

  unsigned Axes[3];
  Value *Partials = nullptr, *Error = nullptr; // of the function built last
  Value *Delta = nullptr;

private:
  struct Level {
    unsigned Dim;
    BasicBlock *Header, *Exit;
    PHINode *Counter;
    Value *Step;
  };
  void create(const Twine &Suffix);
  Value *field(size_t Offset, Type *T, const char *Name) {
    return B.CreateAlignedLoad(T, B.CreateConstGEP1_64(B.getInt8Ty(), F->getArg(0), Offset),
                               Align(8), Name);
  }
  BasicBlock *block(const char *Name) { return BasicBlock::Create(C, Name, F); }
  Value *ask(const char *What, unsigned Axis);
  Value *threadNumber();
  Value *slot(Value *Number) {
    return B.CreateGEP(B.getInt8Ty(), Partials, B.CreateMul(Number, B.getInt64(Size)));
  }
  Level open(unsigned Dim, Value *Begin, Value *End, Value *Step);
  Level openAxis(unsigned Axis);
  void close(Level &L);

  const Shape &S;
  const Worker &W;
  Module &M;
  LLVMContext &C;
  IRBuilder<> B;
  Type *I64;
  StringRef Name;
  const uint64_t Size; // of a partial record; 0: nothing is reduced
  Function *F = nullptr;
};

void KernelBuilder::create(const Twine &Suffix) {
  auto *FT = FunctionType::get(B.getVoidTy(), {B.getPtrTy()}, false);
  F = Function::Create(FT, GlobalValue::ExternalLinkage, Name + Suffix, M);
  for (auto Kind : {Attribute::NoAlias, Attribute::ReadOnly})
    F->addParamAttr(0, Kind);
  F->addFnAttr(Attribute::NoUnwind);
  F->getArg(0)->setName("block");
  B.SetInsertPoint(block("entry"));
}

Value *KernelBuilder::ask(const char *What, unsigned Axis) {
  auto Callee = M.getOrInsertFunction(What, FunctionType::get(I64, {B.getInt32Ty()}, false));
  auto *Asked = cast<Function>(Callee.getCallee());
  Asked->setDoesNotAccessMemory();
  Asked->setDoesNotThrow();
  Asked->addFnAttr(Attribute::WillReturn);
  return B.CreateCall(Callee, {B.getInt32(Axis)});
}

// In the whole grid.
Value *KernelBuilder::threadNumber() {
  Value *Number = ask(DeviceId, 2);
  for (unsigned Axis : {1, 0})
    Number = B.CreateAdd(B.CreateMul(Number, ask(DeviceCount, Axis)), ask(DeviceId, Axis));
  return Number;
}

KernelBuilder::Level KernelBuilder::open(unsigned Dim, Value *Begin, Value *End, Value *Step) {
  BasicBlock *Before = B.GetInsertBlock(), *Body;
  Level L{Dim, block("header"), nullptr, nullptr, Step};
  B.CreateBr(L.Header);
  B.SetInsertPoint(L.Header);
  L.Counter = B.CreatePHI(I64, 2, "i");
  L.Counter->addIncoming(Begin, Before);
  Body = block("body");
  L.Exit = block("exit");
  B.CreateCondBr(B.CreateICmpSLT(L.Counter, End), Body, L.Exit);
  B.SetInsertPoint(Body);
  return L;
}

KernelBuilder::Level KernelBuilder::openAxis(unsigned Axis) {
  const unsigned Dim = Axes[Axis];
  Value *First = field(offsetof(ferry_kernel_args, first) + 8 * Dim, I64, "first"),
        *Trips = field(offsetof(ferry_kernel_args, trips) + 8 * Dim, I64, "trips");
  return open(Dim, B.CreateAdd(First, ask(DeviceId, Axis)), B.CreateAdd(First, Trips),
              ask(DeviceCount, Axis));
}

void KernelBuilder::close(Level &L) {
  L.Counter->addIncoming(B.CreateAdd(L.Counter, L.Step), B.GetInsertBlock());
  B.CreateBr(L.Header);
  B.SetInsertPoint(L.Exit);
}

Function *KernelBuilder::buildRun(Function &Worker) {
  create("");
  Delta = field(offsetof(ferry_kernel_args, delta), I64, "delta");
  Error = field(offsetof(ferry_kernel_args, error), B.getPtrTy(), "error");
  auto *Box = ArrayType::get(I64, 3);
  Value *Lo = B.CreateAlloca(Box, nullptr, "lo"), *Hi = B.CreateAlloca(Box, nullptr, "hi"),
        *Partial = ConstantPointerNull::get(B.getPtrTy());
  if (Size) {
    Partial = B.CreateAlloca(W.Partial, nullptr, "partial");
    B.CreateStore(cast<GlobalVariable>(W.Identity)->getInitializer(), Partial);
  }
  SmallVector<Level, 3> Levels;
  for (unsigned Axis : {2, 1, 0})
    if (Axes[Axis] < S.Parallel)
      Levels.push_back(openAxis(Axis));
  for (Level &L : Levels) {
    B.CreateStore(L.Counter, B.CreateConstGEP1_64(I64, Lo, L.Dim));
    B.CreateStore(B.CreateAdd(L.Counter, B.getInt64(1)), B.CreateConstGEP1_64(I64, Hi, L.Dim));
  }
  B.CreateCall(&Worker, {B.CreateConstGEP1_64(B.getInt8Ty(), F->getArg(0), FERRY_KERNEL_CONTEXT),
                         Lo, Hi, Partial});
  for (Level &L : reverse(Levels))
    close(L);
  if (Size) {
    Partials = field(offsetof(ferry_kernel_args, partials), B.getPtrTy(), "partials");
    B.CreateStore(B.CreateLoad(W.Partial, Partial), slot(threadNumber()));
  }
  B.CreateRetVoid();
  return F;
}

// Folds the slots of a chunk into its first one, in order.
Function *KernelBuilder::buildCombine(Function &Fold) {
  create("_combine");
  Partials = field(offsetof(ferry_combine_args, partials), B.getPtrTy(), "partials");
  Value *Count = field(offsetof(ferry_combine_args, count), I64, "count"),
        *Chunk = field(offsetof(ferry_combine_args, chunk), I64, "chunk");
  Value *Begin = B.CreateMul(threadNumber(), Chunk);
  Value *End = B.CreateBinaryIntrinsic(Intrinsic::umin, B.CreateAdd(Begin, Chunk), Count);
  Level L = open(0, B.CreateAdd(Begin, B.getInt64(1)), End, B.getInt64(1));
  B.CreateCall(&Fold, {slot(Begin), slot(L.Counter)});
  close(L);
  B.CreateRetVoid();
  return F;
}

// All that a kernel calls becomes part of it: its stack and its addresses are known
// then.
void inlineCalls(Function &F) {
  for (bool Again = true; Again;) {
    Again = false;
    SmallVector<CallBase *, 8> Calls;
    for (Instruction &I : instructions(F))
      if (auto *Call = dyn_cast<CallBase>(&I))
        if (Function *Callee = Call->getCalledFunction(); Callee && !Callee->isDeclaration())
          Calls.push_back(Call);
    for (CallBase *Call : Calls) {
      InlineFunctionInfo Info;
      Again |= InlineFunction(*Call, Info).isSuccess();
    }
  }
}

bool isRoot(const Function &F) {
  return F.isDeclaration() && (F.getName() == "sqrt" || F.getName() == "sqrtf") &&
         F.arg_size() == 1 && F.getArg(0)->getType() == F.getReturnType();
}

// sqrt of a negative number sets errno. Many threads may write it at once: the same.
void replaceRoots(Function &F, Value &Error) {
  SmallVector<CallInst *, 4> Roots;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I))
      if (Function *Callee = Call->getCalledFunction(); Callee && isRoot(*Callee))
        Roots.push_back(Call);
  for (CallInst *Call : Roots) {
    IRBuilder<> B(Call);
    Value *X = Call->getArgOperand(0);
    Value *Fails = B.CreateAnd(B.CreateFCmpOLT(X, ConstantFP::getZero(X->getType())),
                               B.CreateIsNotNull(&Error));
    Call->replaceAllUsesWith(B.CreateUnaryIntrinsic(Intrinsic::sqrt, X));
    B.SetInsertPoint(SplitBlockAndInsertIfThen(
        Fails, Call, /*Unreachable=*/false,
        MDBuilder(F.getContext()).createUnlikelyBranchWeights()));
    B.CreateStore(B.getInt32(EDOM), &Error);
    Call->eraseFromParent();
  }
}

// What a loop whose worker could be copied must not need.
std::string examineSite(const Shape &S, const Worker &W) {
  if (!S.Kept.empty())
    return "values of its last iteration are used after it";
  if (any_of(S.Reductions, [](auto &R) { return R->Phi->getType()->isFloatingPointTy(); }))
    return "it adds up floating-point numbers in the order of its iterations";
  return examineHost(*W.Run);
}

} // namespace

Kernel buildKernel(const Shape &S, const Worker &W, DeviceModule &D, unsigned ProgramSpace,
                   StringRef Name, std::string &Why) {
  Kernel K;
  if (!(Why = examineSite(S, W)).empty())
    return {};
  Function *Worker = D.import(*W.Run, Why);
  Function *Fold = Worker && W.Combine ? D.import(*W.Combine, Why) : nullptr;
  if (!Why.empty())
    return {};
  const DataLayout &DL = D.module().getDataLayout();
  const uint64_t Context = DL.getTypeAllocSize(W.Context);
  KernelBuilder Builder(S, W, D, Name);
  copy(Builder.Axes, K.Axes);
  K.Run = Builder.buildRun(*Worker);
  inlineCalls(*K.Run);
  replaceRoots(*K.Run, *Builder.Error);
  const uint64_t Table = alignTo(FERRY_KERNEL_CONTEXT + Context, 8);
  K.Globals = nameGlobals(*K.Run, D, Table);
  K.BlockSize = Table + 8 * K.Globals.size();
  Why = K.BlockSize > MaxBlock ? "it uses too many values from before the loop"
                               : examineKernel(*K.Run);
  if (Why.empty())
    Why = reachProgram(*K.Run, *Builder.Delta, {Builder.Partials, Builder.Error},
                       ProgramSpace);
  if (Why.empty())
    makeFloatsExact(*K.Run);
  if (Why.empty() && Fold) {
    K.Combine = Builder.buildCombine(*Fold);
    inlineCalls(*K.Combine);
    Why = examineKernel(*K.Combine);
  }
  if (Why.empty())
    return K;
  discardKernel(K);
  return {};
}

void discardKernel(Kernel &K) {
  for (Function *F : {K.Run, K.Combine})
    if (F)
      F->eraseFromParent();
  K.Run = K.Combine = nullptr;
}

} // namespace ferry
