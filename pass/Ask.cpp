//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Ask.h"
#include "Record.h"
#include "Site.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr size_t ManyConstants = 8; // numbers: fewer are stored one by one

FunctionCallee launchFunction(Module &M) {
  LLVMContext &C = M.getContext();
  Type *Ptr = PointerType::get(C, 0), *I64 = Type::getInt64Ty(C);
  auto Callee = M.getOrInsertFunction(
      "__ferry_launch_v1",
      FunctionType::get(Type::getInt32Ty(C), {Ptr, Ptr, Ptr, Ptr, I64}, false));
  if (auto *F = dyn_cast<Function>(Callee.getCallee()))
    F->setDoesNotThrow();
  return Callee;
}

// Keeps all general registers but one, where the target can.
CallingConv::ID askConvention(const Module &M) {
  const Triple &T = M.getTargetTriple();
  return T.isX86_64() || T.isAArch64() ? CallingConv::PreserveMost
                                       : CallingConv::C;
}

// Computes the same wherever its operands are there. Two copies of a freeze may
// differ.
bool isPure(const Instruction &I) {
  if (isa<PHINode>(I) || isa<FreezeInst>(I) || isa<AllocaInst>(I) || I.isTerminator())
    return false;
  if (isa<CallBase>(I) && !isa<IntrinsicInst>(I))
    return false;
  return !I.mayHaveSideEffects() && !I.mayReadOrWriteMemory() &&
         all_of(I.operands(), [](const Use &Op) { // may be sent
           return Op->getType()->isSingleValueType();
         });
}

// The values of a site, computed in f.ferry.ask as far as nothing else needs them,
// or sent to it. Those of other sites need them no more: they compute them, too.
class Sending {
public:
  void send(Value *V) {
    if (!isa<Constant>(V))
      Sent.insert(V);
  }
  // Not what is sent already.
  void compute(Value *V) {
    auto *I = dyn_cast<Instruction>(V);
    if (!I || Sent.contains(I) || !isUnused(*I))
      return send(V);
    if (Moved.insert(I).second)
      for (Value *Op : I->operands())
        compute(Op);
  }

  ArrayRef<Value *> sent() const { return Sent.getArrayRef(); }
  Value *received(Value *V, IRBuilderBase &B, Function &Ask);

private:
  bool isUnused(const Instruction &I);

  SmallSetVector<Value *, 32> Sent;
  SmallPtrSet<Instruction *, 32> Moved;
  SmallDenseMap<const Instruction *, bool, 32> Unused;
  SmallDenseMap<Value *, Value *, 32> Copies;
};

// The program has no use for it, nor for what is computed from it.
bool Sending::isUnused(const Instruction &I) {
  if (auto Known = Unused.find(&I); Known != Unused.end())
    return Known->second;
  const bool Answer = isPure(I) && all_of(I.users(), [&](const User *U) {
    return isUnused(*cast<Instruction>(U));
  });
  return Unused[&I] = Answer;
}

Value *Sending::received(Value *V, IRBuilderBase &B, Function &Ask) {
  if (isa<Constant>(V))
    return V;
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !Moved.contains(I))
    return Ask.getArg(find(Sent, V) - Sent.begin());
  if (Value *Known = Copies.lookup(I))
    return Known;
  Instruction *Copy = I->clone();
  for (Use &Op : Copy->operands())
    Op = received(Op, B, Ask);
  Copy->dropUnknownNonDebugMetadata();
  B.Insert(Copy);
  Copy->setDebugLoc(DebugLoc());
  return Copies[I] = Copy;
}

// The call of f.ferry.ask, and f.ferry.ask itself.
class AskBuilder {
public:
  AskBuilder(const Shape &S, const Worker &W, const SiteValues &V, GlobalVariable &Site)
      : S(S), W(W), V(V), R(S), Site(Site), M(*Site.getParent()),
        C(M.getContext()), B(C) {}

  CallInst *call(IRBuilderBase &At);

private:
  SmallVector<Value *, 16> context() const {
    SmallVector<Value *, 16> All(W.LiveIns.begin(), W.LiveIns.end());
    All.append(V.Around.begin(), V.Around.end());
    return All;
  }
  void collect();
  void createFunction(StructType *Result);
  AllocaInst *allocate(Type *T, uint64_t Count, const char *Name) {
    auto *A = B.CreateAlloca(T, B.getInt64(Count), Name);
    A->setAlignment(std::max(A->getAlign(), Align(16)));
    return A;
  }
  Value *received(Value *X) { return Sends.received(X, B, *Ask); }
  bool copyConstants(Value *Numbers);
  void storeNumbers(Value *Numbers);
  Value *units(StructType *Result);
  void emitBody(StructType *Result);

  const Shape &S;
  const Worker &W;
  const SiteValues &V;
  const Record R;
  GlobalVariable &Site;
  Module &M;
  LLVMContext &C;
  IRBuilder<> B;
  Sending Sends;
  Function *Ask = nullptr;
};

void AskBuilder::collect() {
  for (Value *X : context())
    Sends.send(X);
  for (const RecordField &F : R.Fields)
    Sends.send(F.Start);
  if (V.Amount.Bound)
    Sends.compute(V.Amount.Units);
  else
    Sends.send(V.Amount.Units);
  for (Value *X : V.Numbers)
    Sends.compute(X);
}

void AskBuilder::createFunction(StructType *Result) {
  SmallVector<Type *, 32> Types;
  for (Value *X : Sends.sent())
    Types.push_back(X->getType());
  Function &Host = *S.L->getHeader()->getParent();
  Ask = createCompanion(Host, FunctionType::get(Result, Types, false), ".ferry.ask");
  Ask->setCallingConv(askConvention(M));
  Ask->addFnAttr(Attribute::Cold);
  leaveUnoptimised(*Ask);
}

// Copies all from a table where that is less code. Inline: memcpy may be the
// program's own, and have sites.
bool AskBuilder::copyConstants(Value *Numbers) {
  SmallVector<Constant *, 32> Table;
  size_t Known = 0;
  for (Value *X : V.Numbers) {
    auto *Number = dyn_cast<ConstantInt>(X);
    Known += Number != nullptr;
    Table.push_back(Number ? Number : B.getInt64(0));
  }
  if (Known < ManyConstants)
    return false;
  auto *T = ArrayType::get(B.getInt64Ty(), Table.size());
  auto *From = new GlobalVariable(M, T, true, GlobalValue::PrivateLinkage,
                                  ConstantArray::get(T, Table), "ferry.numbers");
  From->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  From->setAlignment(Align(16));
  B.CreateMemCpyInline(Numbers, Align(16), From, Align(16),
                       B.getInt64(M.getDataLayout().getTypeAllocSize(T)));
  return true;
}

void AskBuilder::storeNumbers(Value *Numbers) {
  const bool Copied = copyConstants(Numbers);
  for (auto [I, X] : enumerate(V.Numbers)) {
    if (Copied && isa<ConstantInt>(X))
      continue;
    Value *Number = received(X);
    if (Number->getType()->isPointerTy())
      Number = B.CreatePtrToInt(Number, B.getInt64Ty());
    B.CreateStore(Number, B.CreateConstGEP1_64(B.getInt64Ty(), Numbers, I));
  }
}

// Where the guard has compared something else, asks again.
Value *AskBuilder::units(StructType *Result) {
  Value *Units = received(V.Amount.Units);
  if (!V.Amount.Bound)
    return Units;
  Units = B.CreateBinaryIntrinsic(Intrinsic::umin, B.CreateFreeze(Units),
                                  B.getInt64(V.Amount.MaxUnits));
  auto *Go = BasicBlock::Create(C, "go", Ask), *Stay = BasicBlock::Create(C, "stay", Ask);
  B.CreateCondBr(isLargeEnough(Site, Units, B), Go, Stay);
  B.SetInsertPoint(Stay);
  B.CreateRet(B.CreateInsertValue(PoisonValue::get(Result), B.getInt32(1), 0));
  B.SetInsertPoint(Go);
  return Units;
}

void AskBuilder::emitBody(StructType *Result) {
  B.SetInsertPoint(BasicBlock::Create(C, "entry", Ask));
  Value *Context = allocate(W.Context, 1, "context");
  Value *Numbers =
      allocate(B.getInt64Ty(), std::max<size_t>(V.Numbers.size(), 1), "numbers");
  Value *Partial = ConstantPointerNull::get(B.getPtrTy());
  if (S.hasRecord())
    Partial = allocate(W.Partial, 1, "partial");
  Value *Units = units(Result);
  for (auto [I, X] : enumerate(context()))
    B.CreateStore(received(X), B.CreateStructGEP(W.Context, Context, I));
  storeNumbers(Numbers);
  for (auto [I, F] : enumerate(R.Fields))
    B.CreateStore(received(F.Start), B.CreateStructGEP(W.Partial, Partial, I));
  Value *Out = B.CreateInsertValue(
      PoisonValue::get(Result),
      B.CreateCall(launchFunction(M),
                   {&Site, Context, Numbers, Partial,
                    workInFull(V.Amount, Units, B)}),
      0);
  for (auto [I, F] : enumerate(R.Fields))
    if (F.Last)
      Out = B.CreateInsertValue(
          Out, B.CreateLoad(F.T, B.CreateStructGEP(W.Partial, Partial, I)), I + 1);
  B.CreateRet(Out);
}

CallInst *AskBuilder::call(IRBuilderBase &At) {
  collect();
  SmallVector<Type *, 4> Results{Type::getInt32Ty(C)};
  for (const RecordField &F : R.Fields)
    if (F.Last)
      Results.push_back(F.T);
  auto *Result = StructType::get(C, Results);
  createFunction(Result);
  emitBody(Result);
  CallInst *Call = At.CreateCall(Ask, Sends.sent());
  Call->setCallingConv(Ask->getCallingConv());
  return Call;
}

} // namespace

CallInst *callAsk(const Shape &S, const Worker &W, const SiteValues &V,
                  GlobalVariable &Site, IRBuilderBase &At) {
  return AskBuilder(S, W, V, Site).call(At);
}

} // namespace ferry
