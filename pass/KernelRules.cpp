//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "KernelRules.h"
#include "Kernel.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

// Each of the many threads of a device has them.
constexpr uint64_t MaxArrays = 4096; // bytes

bool isPlain(const Type *T) {
  if (auto *I = dyn_cast<IntegerType>(T))
    return I->getBitWidth() <= 64 || I->getBitWidth() == 128;
  if (auto *P = dyn_cast<PointerType>(T))
    return P->getAddressSpace() == 0;
  if (auto *A = dyn_cast<ArrayType>(T))
    return isPlain(A->getElementType());
  if (auto *S = dyn_cast<StructType>(T))
    return all_of(S->elements(), isPlain);
  return T->isFloatTy() || T->isDoubleTy() || T->isVoidTy();
}

std::string describe(const Type &T) {
  if (T.isVectorTy())
    return "it computes with vectors";
  if (T.isX86_FP80Ty() || T.isFP128Ty())
    return "it computes with long double";
  if (T.isHalfTy() || T.isBFloatTy())
    return "it computes with 16-bit floating-point numbers";
  return "it uses a type that devices lack";
}

bool isExact(Intrinsic::ID Id) {
  switch (Id) {
  case Intrinsic::abs: case Intrinsic::smax: case Intrinsic::smin:
  case Intrinsic::umax: case Intrinsic::umin: case Intrinsic::scmp:
  case Intrinsic::ucmp: case Intrinsic::bswap: case Intrinsic::bitreverse:
  case Intrinsic::ctpop: case Intrinsic::ctlz: case Intrinsic::cttz:
  case Intrinsic::fshl: case Intrinsic::fshr:
  case Intrinsic::sadd_sat: case Intrinsic::uadd_sat:
  case Intrinsic::ssub_sat: case Intrinsic::usub_sat:
  case Intrinsic::sadd_with_overflow: case Intrinsic::uadd_with_overflow:
  case Intrinsic::ssub_with_overflow: case Intrinsic::usub_with_overflow:
  case Intrinsic::smul_with_overflow: case Intrinsic::umul_with_overflow:
  case Intrinsic::fabs: case Intrinsic::sqrt: case Intrinsic::fma:
  case Intrinsic::copysign: case Intrinsic::floor: case Intrinsic::ceil:
  case Intrinsic::trunc: case Intrinsic::rint: case Intrinsic::nearbyint:
  case Intrinsic::roundeven: case Intrinsic::minnum: case Intrinsic::maxnum:
  case Intrinsic::memcpy: case Intrinsic::memmove: case Intrinsic::memset:
  case Intrinsic::lifetime_start: case Intrinsic::lifetime_end:
  case Intrinsic::experimental_noalias_scope_decl:
  case Intrinsic::expect:
    return true;
  default:
    return false;
  }
}

std::string examineCall(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  if (Call.isInlineAsm())
    return "it contains assembly";
  if (!Callee)
    return "it calls functions through pointers";
  StringRef Name = Callee->getName();
  if (Name == DeviceId || Name == DeviceCount)
    return "";
  if (!Callee->isIntrinsic())
    return ("it calls '" + Name + "', which has no exact twin there").str();
  if (isExact(Callee->getIntrinsicID())) {
    auto *Move = dyn_cast<MemIntrinsic>(&Call);
    return Move && Move->isVolatile() ? "it uses volatile memory" : "";
  }
  Name.consume_front("llvm.");
  return ("it calls '" + Name.split('.').first + "', which has no exact twin there").str();
}

bool isKnownOpcode(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::Ret: case Instruction::Br: case Instruction::Switch:
  case Instruction::Unreachable: case Instruction::FNeg:
  case Instruction::Add: case Instruction::Sub: case Instruction::Mul:
  case Instruction::UDiv: case Instruction::SDiv: case Instruction::URem:
  case Instruction::SRem: case Instruction::Shl: case Instruction::LShr:
  case Instruction::AShr: case Instruction::And: case Instruction::Or:
  case Instruction::Xor: case Instruction::FAdd: case Instruction::FSub:
  case Instruction::FMul: case Instruction::FDiv:
  case Instruction::Alloca: case Instruction::Load: case Instruction::Store:
  case Instruction::GetElementPtr: case Instruction::Trunc:
  case Instruction::ZExt: case Instruction::SExt: case Instruction::FPToUI:
  case Instruction::FPToSI: case Instruction::UIToFP: case Instruction::SIToFP:
  case Instruction::FPTrunc: case Instruction::FPExt:
  case Instruction::PtrToInt: case Instruction::PtrToAddr:
  case Instruction::IntToPtr: case Instruction::BitCast:
  case Instruction::ICmp: case Instruction::FCmp: case Instruction::PHI:
  case Instruction::Select: case Instruction::ExtractValue:
  case Instruction::InsertValue: case Instruction::Freeze: case Instruction::Call:
    return true;
  default:
    return false;
  }
}

std::string examineAlloca(const AllocaInst &A, uint64_t &Arrays) {
  auto Size = A.getAllocationSize(A.getDataLayout());
  if (!Size || Size->isScalable() || !A.isStaticAlloca())
    return "it has arrays of variable length";
  Arrays += Size->getFixedValue();
  return Arrays > MaxArrays ? "its iterations have large arrays of their own" : "";
}

// 128-bit integers become floating-point numbers in a function of the compiler's
// library.
bool convertsWide(const Instruction &I) {
  auto *Cast = dyn_cast<CastInst>(&I);
  if (!Cast)
    return false;
  const Type *From = Cast->getSrcTy(), *To = Cast->getDestTy();
  return (From->isIntegerTy(128) && To->isFloatingPointTy()) ||
         (To->isIntegerTy(128) && From->isFloatingPointTy());
}

std::string examineInstruction(const Instruction &I, uint64_t &Arrays) {
  for (const Value *Op : I.operands())
    if (Type *T = Op->getType();
        !isPlain(T) && !T->isLabelTy() && !T->isMetadataTy() && !isa<Function>(Op))
      return describe(*T);
  if (!isPlain(I.getType()))
    return describe(*I.getType());
  if (auto *Call = dyn_cast<CallBase>(&I))
    return examineCall(*Call);
  if (auto *A = dyn_cast<AllocaInst>(&I))
    return examineAlloca(*A, Arrays);
  if (I.getOpcode() == Instruction::FRem)
    return "it calls 'fmod', which has no exact twin there";
  if (!isKnownOpcode(I) || convertsWide(I))
    return "it does what devices cannot";
  return I.isAtomic() || I.isVolatile() ? "it uses volatile or atomic memory" : "";
}

} // namespace

std::string examineHost(const Function &F) {
  for (auto Kind : {Attribute::SanitizeAddress, Attribute::SanitizeHWAddress,
                    Attribute::SanitizeMemory, Attribute::SanitizeThread,
                    Attribute::SanitizeMemTag, Attribute::SanitizeType})
    if (F.hasFnAttribute(Kind))
      return "it is compiled with a sanitizer";
  if (F.hasFnAttribute(Attribute::StrictFP))
    return "it depends on the floating-point environment";
  for (const char *Name : {"denormal-fp-math", "denormal-fp-math-f32"})
    if (StringRef Mode = F.getFnAttribute(Name).getValueAsString();
        !Mode.empty() && Mode != "ieee,ieee" && Mode != "ieee")
      return "it is compiled for another treatment of denormal numbers";
  return "";
}

std::string examineKernel(const Function &Kernel) {
  uint64_t Arrays = 0;
  for (const Instruction &I : instructions(Kernel))
    if (std::string Why = examineInstruction(I, Arrays); !Why.empty())
      return Why;
  return "";
}

} // namespace ferry
