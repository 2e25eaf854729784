//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DeviceModule.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr uint64_t MaxConstant = 16 << 10; // bytes; larger ones stay where they are

bool isPlainData(const Constant &C) {
  if (isa<GlobalValue>(C) || isa<BlockAddress>(C) || isa<ConstantExpr>(C))
    return false;
  return all_of(C.operands(), [](const Use &Op) { return isPlainData(*cast<Constant>(Op)); });
}

// What of a function the host's code generator would use for llvm.fmuladd.
bool fuses(const Function &F) {
  StringRef Features = F.getFnAttribute("target-features").getValueAsString();
  SmallVector<StringRef, 32> Each;
  Features.split(Each, ',');
  return is_contained(Each, "+fma") && !is_contained(Each, "-fma");
}

// The same roundings as on the host. Flags that allow others do so for the host's
// code generator, whose choice is not known here.
void fixRoundings(Instruction &I, bool Fuse) {
  if (isa<FPMathOperator>(I)) {
    FastMathFlags Kept;
    Kept.setNoNaNs(I.hasNoNaNs());
    Kept.setNoInfs(I.hasNoInfs());
    Kept.setNoSignedZeros(I.hasNoSignedZeros());
    I.copyFastMathFlags(Kept);
  }
  auto *Add = dyn_cast<IntrinsicInst>(&I);
  if (!Add || Add->getIntrinsicID() != Intrinsic::fmuladd)
    return;
  IRBuilder<> B(Add);
  B.setFastMathFlags(Add->getFastMathFlags());
  Value *X = Add->getArgOperand(0), *Y = Add->getArgOperand(1), *Z = Add->getArgOperand(2);
  Add->replaceAllUsesWith(
      Fuse ? B.CreateIntrinsic(Intrinsic::fma, {X->getType()}, {X, Y, Z})
           : B.CreateFAdd(B.CreateFMul(X, Y), Z));
  Add->eraseFromParent();
}

void keepCodeOnly(Instruction &I) {
  I.dropDbgRecords();
  I.setDebugLoc(DebugLoc());
  I.dropUnknownNonDebugMetadata(
      {LLVMContext::MD_tbaa, LLVMContext::MD_alias_scope, LLVMContext::MD_noalias,
       LLVMContext::MD_range, LLVMContext::MD_nonnull, LLVMContext::MD_noundef});
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    Call->setAttributes({});
    Call->setCallingConv(CallingConv::C);
  }
}

} // namespace

DeviceModule::DeviceModule(const Module &Program)
    : D(std::make_unique<Module>("ferry device code", Program.getContext())) {
  D->setDataLayout(Program.getDataLayout());
}

void DeviceModule::refuse(const Twine &Reason) {
  if (Refused.empty())
    Refused = Reason.str();
}

Function *DeviceModule::import(const Function &F, std::string &Why) {
  Refused.clear();
  Function *Copy = importCallee(const_cast<Function &>(F));
  Why = Refused;
  return Refused.empty() ? Copy : nullptr;
}

// Intrinsics, and functions whose code is certain. Others become declarations.
Function *DeviceModule::importCallee(Function &F) {
  if (F.isIntrinsic()) {
    auto *Copy = cast<Function>(
        D->getOrInsertFunction(F.getName(), F.getFunctionType()).getCallee());
    Copy->setAttributes(F.getAttributes());
    return Copy;
  }
  if (Open.contains(&F)) {
    refuse("'" + F.getName() + "' calls itself");
    return Functions.lookup(&F);
  }
  if (Function *Known = Functions.lookup(&F))
    return Known;
  const bool HasCode = !F.isDeclaration() && !F.isInterposable();
  auto *Copy = Function::Create(F.getFunctionType(),
                                HasCode ? GlobalValue::InternalLinkage
                                        : GlobalValue::ExternalLinkage,
                                F.getName(), *D);
  Functions[&F] = Copy;
  if (HasCode)
    importBody(F, *Copy);
  return Copy;
}

void DeviceModule::importBody(const Function &From, Function &To) {
  Open.insert(&From);
  ValueToValueMapTy Map;
  for (auto [Old, New] : zip(From.args(), To.args()))
    Map[&Old] = &New;
  for (const BasicBlock &B : From) {
    if (B.hasAddressTaken())
      refuse("it jumps to computed labels");
    Map[&B] = CloneBasicBlock(&B, Map, "", &To, nullptr, /*MapAtoms=*/false);
  }
  const bool Fuse = fuses(From);
  for (Instruction &I : make_early_inc_range(instructions(To))) {
    if (isa<AssumeInst>(I)) {
      I.eraseFromParent();
      continue;
    }
    keepCodeOnly(I);
    // What is called is copied; what is only named stays the program's.
    if (auto *Call = dyn_cast<CallBase>(&I))
      if (Function *Callee = Call->getCalledFunction())
        Call->setCalledFunction(importCallee(*Callee));
  }
  for (Instruction &I : make_early_inc_range(instructions(To))) {
    if (auto *Call = dyn_cast<CallBase>(&I); Call && Call->getCalledFunction())
      for (Use &Op : Call->operands()) {
        if (!Call->isCallee(&Op))
          Op = MapValue(Op.get(), Map, RF_NoModuleLevelChanges, nullptr, this);
      }
    else
      RemapInstruction(&I, Map, RF_NoModuleLevelChanges, nullptr, this);
    fixRoundings(I, Fuse);
  }
  Open.erase(&From);
}

Value *DeviceModule::materialize(Value *V) {
  auto *G = dyn_cast<GlobalValue>(V);
  if (!G)
    return nullptr;
  if (G->isThreadLocal())
    refuse("'" + G->getName() + "' belongs to a thread");
  GlobalValue *&StandIn = StandInOf[G];
  if (!StandIn) {
    StandIn = new GlobalVariable(*D, Type::getInt8Ty(D->getContext()), false,
                                 GlobalValue::ExternalLinkage, nullptr, "");
    StandIns[StandIn] = G;
  }
  return StandIn;
}

GlobalVariable *DeviceModule::copyOfConstant(GlobalValue &Program) {
  auto *G = dyn_cast<GlobalVariable>(&Program);
  if (!G || !G->isConstant() || !G->hasDefinitiveInitializer() ||
      D->getDataLayout().getTypeAllocSize(G->getValueType()) > MaxConstant ||
      !isPlainData(*G->getInitializer()))
    return nullptr;
  GlobalVariable *&Copy = Constants[G];
  if (!Copy) {
    Copy = new GlobalVariable(*D, G->getValueType(), true, GlobalValue::InternalLinkage,
                              G->getInitializer(), "constant");
    Copy->setAlignment(G->getAlign());
  }
  return Copy;
}

} // namespace ferry
