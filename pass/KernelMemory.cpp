//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "KernelMemory.h"
#include "DeviceModule.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/ReplaceConstant.h"

using namespace llvm;

namespace ferry {

namespace {

//===- globals ------------------------------------------------------------===//

bool isIn(const Function &F, const User *By) {
  auto *I = dyn_cast<Instruction>(By);
  return I && I->getFunction() == &F;
}

// Is the address used for reading only in F, in a way that is seen?
bool isOnlyRead(const Value &Address, const Function &F) {
  return all_of(Address.uses(), [&](const Use &U) {
    const User *By = U.getUser();
    if (!isIn(F, By))
      return true;
    if (isa<GetElementPtrInst>(By))
      return U.getOperandNo() == 0 && isOnlyRead(*By, F);
    if (auto *Copy = dyn_cast<MemTransferInst>(By))
      return &Copy->getRawSourceUse() == &U;
    return isa<LoadInst>(By);
  });
}

SmallSetVector<GlobalValue *, 4> standInsIn(const Function &F, const DeviceModule &D) {
  SmallSetVector<GlobalValue *, 4> Found;
  SmallVector<const Constant *, 8> Look;
  for (const Instruction &I : instructions(F))
    for (const Value *Op : I.operands())
      if (auto *C = dyn_cast<Constant>(Op))
        Look.push_back(C);
  SmallPtrSet<const Constant *, 16> Seen;
  while (!Look.empty()) {
    const Constant *C = Look.pop_back_val();
    if (!Seen.insert(C).second)
      continue;
    if (auto *G = dyn_cast<GlobalValue>(C)) {
      if (D.standsFor(*G))
        Found.insert(const_cast<GlobalValue *>(G));
      continue;
    }
    for (const Use &Op : C->operands())
      Look.push_back(cast<Constant>(Op));
  }
  return Found;
}

void replaceIn(const Function &F, Value &Old, Value &New) {
  Old.replaceUsesWithIf(&New, [&](Use &U) { return isIn(F, U.getUser()); });
}

//===- whose memory -------------------------------------------------------===//

// May the address of an alloca be anywhere but in instructions that are looked at?
bool isLost(const Value &Address, SmallPtrSetImpl<const Value *> &Seen) {
  if (!Seen.insert(&Address).second)
    return false;
  return any_of(Address.uses(), [&](const Use &U) {
    const User *By = U.getUser();
    if (isa<GetElementPtrInst>(By) || isa<PHINode>(By) || isa<SelectInst>(By))
      return isLost(*By, Seen);
    if (isa<StoreInst>(By))
      return U.getOperandNo() == 0;
    return !isa<LoadInst>(By) && !isa<ICmpInst>(By) && !isa<MemIntrinsic>(By) &&
           !isa<LifetimeIntrinsic>(By);
  });
}

bool isOwn(const Value &Object, ArrayRef<Value *> Device) {
  return isa<AllocaInst>(Object) || isa<Argument>(Object) || isa<GlobalVariable>(Object) ||
         is_contained(Device, &Object);
}

enum class Whose { Kernel, Program, Both };
Whose whoseIs(const Value &Address, ArrayRef<Value *> Device) {
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(&Address, Objects, nullptr, /*MaxLookup=*/0);
  const size_t Own = count_if(Objects, [&](const Value *V) { return isOwn(*V, Device); });
  return Own == 0 ? Whose::Program : Own == Objects.size() ? Whose::Kernel : Whose::Both;
}

// Addresses of the program, moved by Delta. What many are computed from is moved once.
class Mover {
public:
  Mover(Function &F, Value &Delta, unsigned Space) : F(F), Delta(Delta), Space(Space) {}

  Value *moved(Value *Address);

private:
  Value *movedRoot(Value *Root);

  Function &F;
  Value &Delta;
  unsigned Space;
  DenseMap<Value *, Value *> Known;
};

Value *Mover::movedRoot(Value *Root) {
  IRBuilder<> B(F.getContext());
  if (auto *I = dyn_cast<Instruction>(Root))
    B.SetInsertPoint(*I->getInsertionPointAfterDef());
  else
    B.SetInsertPoint(cast<Instruction>(Delta).getNextNode());
  Value *There = B.CreateGEP(B.getInt8Ty(), Root, &Delta);
  return Space ? B.CreateAddrSpaceCast(There, B.getPtrTy(Space)) : There;
}

Value *Mover::moved(Value *Address) {
  if (Value *Found = Known.lookup(Address))
    return Found;
  auto *Step = dyn_cast<GetElementPtrInst>(Address);
  Value *There;
  if (Step && !Step->getType()->isVectorTy()) {
    Value *From = moved(Step->getPointerOperand());
    SmallVector<Value *, 4> Indices(Step->indices());
    IRBuilder<> B(Step->getNextNode());
    // Not inbounds: there need be no such object at delta.
    There = B.CreateGEP(Step->getSourceElementType(), From, Indices, "",
                        GEPNoWrapFlags::none());
  } else {
    There = movedRoot(Address);
  }
  return Known[Address] = There;
}

using AddressUses = SmallVector<Use *, 16>;

// What is dereferenced.
AddressUses addressesOf(Function &F) {
  AddressUses Found;
  for (Instruction &I : instructions(F)) {
    if (isa<LoadInst>(I) || isa<StoreInst>(I))
      Found.push_back(&I.getOperandUse(isa<LoadInst>(I) ? LoadInst::getPointerOperandIndex()
                                                        : StoreInst::getPointerOperandIndex()));
    if (auto *Memory = dyn_cast<MemIntrinsic>(&I))
      Found.push_back(&Memory->getRawDestUse());
    if (auto *Copy = dyn_cast<MemTransferInst>(&I))
      Found.push_back(&Copy->getRawSourceUse());
  }
  return Found;
}

// The callee of an intrinsic has the address spaces of its arguments in its name.
void renameIntrinsic(MemIntrinsic &I) {
  SmallVector<Type *, 3> Types;
  for (unsigned K = 0; K < (isa<MemTransferInst>(I) ? 2u : 1u); ++K)
    Types.push_back(I.getArgOperand(K)->getType());
  Types.push_back(I.getLength()->getType());
  Function *Callee =
      Intrinsic::getOrInsertDeclaration(I.getModule(), I.getIntrinsicID(), Types);
  I.setCalledFunction(Callee);
}

} // namespace

SmallVector<GlobalValue *, 2> nameGlobals(Function &Kernel, DeviceModule &D, uint64_t Offset) {
  const auto StandIns = standInsIn(Kernel, D);
  SmallVector<Constant *, 4> All(StandIns.begin(), StandIns.end());
  convertUsersOfConstantsToInstructions(All, &Kernel, /*RemoveDeadConstants=*/false);
  SmallVector<GlobalValue *, 2> Named;
  IRBuilder<> B(Kernel.getEntryBlock().getTerminator()); // which uses none
  for (GlobalValue *G : StandIns) {
    GlobalValue *Program = D.standsFor(*G);
    GlobalVariable *Copy = nullptr;
    if (isOnlyRead(*G, Kernel) && (Copy = D.copyOfConstant(*Program))) {
      replaceIn(Kernel, *G, *Copy);
      continue;
    }
    Value *At = B.CreateConstGEP1_64(B.getInt8Ty(), Kernel.getArg(0),
                                     Offset + 8 * Named.size());
    replaceIn(Kernel, *G, *B.CreateAlignedLoad(B.getPtrTy(), At, Align(8)));
    Named.push_back(Program);
  }
  return Named;
}

std::string reachProgram(Function &Kernel, Value &Delta, ArrayRef<Value *> Device,
                         unsigned Space) {
  SmallPtrSet<const Value *, 16> Seen;
  for (Instruction &I : instructions(Kernel))
    if (isa<AllocaInst>(I) && isLost(I, Seen))
      return "it keeps the address of a variable of the iteration";
  AddressUses Program;
  for (Use *U : addressesOf(Kernel))
    switch (whoseIs(*U->get(), Device)) {
    case Whose::Both:
      return "it is not known whether an address is that of a variable of the iteration";
    case Whose::Program:
      Program.push_back(U);
      break;
    case Whose::Kernel:
      break;
    }
  Mover M(Kernel, Delta, Space);
  for (Use *U : Program)
    U->set(M.moved(U->get()));
  for (Instruction &I : instructions(Kernel))
    if (auto *Memory = dyn_cast<MemIntrinsic>(&I))
      renameIntrinsic(*Memory);
  return "";
}

} // namespace ferry
