//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Calls.h"
#include "LoopCopy.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr uint64_t MaxCalleeStack = 64 << 10;

bool isPureIntrinsic(const IntrinsicInst &I) {
  if (I.isAssumeLikeIntrinsic() || I.isDebugOrPseudoInst())
    return true;
  if (!I.doesNotAccessMemory() || I.isConvergent())
    return false;
  if (I.getCalledFunction()->isTargetIntrinsic())
    return true;
  switch (I.getIntrinsicID()) {
  case Intrinsic::abs: case Intrinsic::smax: case Intrinsic::smin:
  case Intrinsic::umax: case Intrinsic::umin: case Intrinsic::scmp:
  case Intrinsic::ucmp: case Intrinsic::bswap: case Intrinsic::bitreverse:
  case Intrinsic::ctpop: case Intrinsic::ctlz: case Intrinsic::cttz:
  case Intrinsic::fshl: case Intrinsic::fshr:
  case Intrinsic::sadd_sat: case Intrinsic::uadd_sat:
  case Intrinsic::ssub_sat: case Intrinsic::usub_sat:
  case Intrinsic::sshl_sat: case Intrinsic::ushl_sat:
  case Intrinsic::sadd_with_overflow: case Intrinsic::uadd_with_overflow:
  case Intrinsic::ssub_with_overflow: case Intrinsic::usub_with_overflow:
  case Intrinsic::smul_with_overflow: case Intrinsic::umul_with_overflow:
  case Intrinsic::fabs: case Intrinsic::sqrt: case Intrinsic::fma:
  case Intrinsic::fmuladd: case Intrinsic::copysign: case Intrinsic::floor:
  case Intrinsic::ceil: case Intrinsic::trunc: case Intrinsic::rint:
  case Intrinsic::nearbyint: case Intrinsic::round: case Intrinsic::roundeven:
  case Intrinsic::lrint: case Intrinsic::llrint: case Intrinsic::lround:
  case Intrinsic::llround: case Intrinsic::minnum: case Intrinsic::maxnum:
  case Intrinsic::minimum: case Intrinsic::maximum: case Intrinsic::sin:
  case Intrinsic::cos: case Intrinsic::tan: case Intrinsic::asin:
  case Intrinsic::acos: case Intrinsic::atan: case Intrinsic::atan2:
  case Intrinsic::sinh: case Intrinsic::cosh: case Intrinsic::tanh:
  case Intrinsic::exp: case Intrinsic::exp2: case Intrinsic::exp10:
  case Intrinsic::log: case Intrinsic::log2: case Intrinsic::log10:
  case Intrinsic::pow: case Intrinsic::powi: case Intrinsic::ldexp:
  case Intrinsic::frexp: case Intrinsic::is_fpclass:
  case Intrinsic::canonicalize: case Intrinsic::fptosi_sat:
  case Intrinsic::fptoui_sat: case Intrinsic::vector_reduce_add:
  case Intrinsic::vector_reduce_and: case Intrinsic::vector_reduce_or:
  case Intrinsic::vector_reduce_xor: case Intrinsic::vector_reduce_fadd:
  case Intrinsic::vector_reduce_mul:
    return true;
  default:
    return false;
  }
}

// Functions of libm that touch nothing but errno, in every C library Ferry
// runs on. lgamma (signgam) is not among them.
CallEffect libraryEffect(LibFunc F) {
  switch (F) {
#define BOTH(Name) case LibFunc_##Name: case LibFunc_##Name##f:
  BOTH(fabs) BOTH(floor) BOTH(ceil) BOTH(trunc) BOTH(rint) BOTH(nearbyint)
  BOTH(round) BOTH(roundeven) BOTH(copysign) BOTH(fmin) BOTH(fmax)
  BOTH(cbrt) BOTH(atan)
  case LibFunc_abs: case LibFunc_labs: case LibFunc_llabs:
    return CallEffect::None;
  BOTH(sqrt) BOTH(sin) BOTH(cos) BOTH(tan) BOTH(asin) BOTH(acos) BOTH(atan2)
  BOTH(sinh) BOTH(cosh) BOTH(tanh) BOTH(asinh) BOTH(acosh) BOTH(atanh)
  BOTH(exp) BOTH(exp2) BOTH(exp10) BOTH(expm1) BOTH(log) BOTH(log2)
  BOTH(log10) BOTH(log1p) BOTH(logb) BOTH(pow) BOTH(fmod) BOTH(ldexp)
  BOTH(erf) BOTH(remainder) BOTH(hypot) BOTH(fdim)
    return CallEffect::Errno;
#undef BOTH
  default:
    return CallEffect::Refused;
  }
}

// Products and quotients of complex numbers, in the compiler's own library;
// some versions scale with functions of libm.
bool isComplexArithmetic(StringRef Name) {
  return StringSwitch<bool>(Name)
      .Cases({"__mulsc3", "__muldc3", "__mulxc3", "__multc3"}, true)
      .Cases({"__divsc3", "__divdc3", "__divxc3", "__divtc3"}, true)
      .Default(false);
}

CallEffect worse(CallEffect A, CallEffect B) { return A > B ? A : B; }

// A function of the module whose body, callees included, computes a value from
// its arguments and nothing else.
CallEffect bodyEffect(const Function &F, const TargetLibraryInfo &TLI,
                      SmallPtrSetImpl<const Function *> &Active);

CallEffect callEffect(const CallBase &Call, const TargetLibraryInfo &TLI,
                      SmallPtrSetImpl<const Function *> &Active) {
  if (!isa<CallInst>(Call) || Call.isInlineAsm() || Call.isMustTailCall())
    return CallEffect::Refused;
  if (auto *I = dyn_cast<IntrinsicInst>(&Call))
    return isPureIntrinsic(*I) ? CallEffect::None : CallEffect::Refused;
  const Function *F = Call.getCalledFunction();
  if (isChoice(&Call))
    return CallEffect::None;
  if (!F || Call.hasOperandBundles() || Call.isStrictFP() ||
      Call.getFunctionType() != F->getFunctionType())
    return CallEffect::Refused;
  LibFunc Lib;
  if (F->isDeclaration()) {
    if (isComplexArithmetic(F->getName()))
      return CallEffect::Errno;
    if (TLI.getLibFunc(Call, Lib) && TLI.has(Lib))
      return Call.doesNotAccessMemory() &&
                     libraryEffect(Lib) == CallEffect::Errno
                 ? CallEffect::None
                 : libraryEffect(Lib);
    return CallEffect::Refused;
  }
  return bodyEffect(*F, TLI, Active);
}

CallEffect bodyEffect(const Function &F, const TargetLibraryInfo &TLI,
                      SmallPtrSetImpl<const Function *> &Active) {
  if (!F.hasExactDefinition() || F.isVarArg() || !F.doesNotThrow() ||
      F.hasFnAttribute(Attribute::StrictFP) || Active.size() > 8 ||
      !Active.insert(&F).second) // recursion
    return CallEffect::Refused;
  CallEffect Effect = CallEffect::None;
  uint64_t Stack = 0;
  for (const Instruction &I : instructions(F)) {
    for (const Value *V : I.operands())
      if (auto *C = dyn_cast<Constant>(V); C && namesThreadLocal(*C))
        return CallEffect::Refused;
    if (auto *A = dyn_cast<AllocaInst>(&I)) {
      auto Size = A->getAllocationSize(F.getDataLayout());
      if (!A->isStaticAlloca() || !Size || Size->isScalable())
        return CallEffect::Refused;
      Stack += Size->getFixedValue();
    } else if (auto *Call = dyn_cast<CallBase>(&I)) {
      Effect = worse(Effect, callEffect(*Call, TLI, Active));
    } else if (I.mayReadOrWriteMemory() || I.mayThrow()) {
      return CallEffect::Refused;
    }
    if (Effect == CallEffect::Refused || Stack > MaxCalleeStack)
      return CallEffect::Refused;
  }
  Active.erase(&F);
  return Effect;
}

} // namespace

CallEffect effectOf(const CallBase &Call, const TargetLibraryInfo &TLI) {
  SmallPtrSet<const Function *, 8> Active;
  return callEffect(Call, TLI, Active);
}

bool namesThreadLocal(const Constant &C) {
  if (auto *G = dyn_cast<GlobalVariable>(&C))
    return G->isThreadLocal();
  if (isa<GlobalValue>(C))
    return false;
  for (const Use &U : C.operands())
    if (auto *Op = dyn_cast<Constant>(U); Op && namesThreadLocal(*Op))
      return true;
  return false;
}

} // namespace ferry
