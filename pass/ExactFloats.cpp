//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ExactFloats.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/SimplifyQuery.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace ferry {

namespace {

//===- conversions and extremes -------------------------------------------===//

// What cvttsd2si and its like do, to 32 or 64 bits.
Value *convert(IRBuilderBase &B, Value *X, unsigned Bits) {
  Type *T = X->getType();
  const APInt Least = APInt::getSignedMinValue(Bits);
  APFloat Low(T->getFltSemantics());
  Low.convertFromAPInt(Least, true, APFloat::rmTowardNegative);
  APFloat High = Low;
  High.changeSign();
  // Of numbers below the least integer, some may be cut off to it.
  APFloat Below = Low;
  Below.next(/*nextDown=*/true);
  APFloat Less(T->getFltSemantics());
  Less.convertFromAPInt(Least.sext(Bits + 1) - 1, true, APFloat::rmTowardNegative);
  const bool CutsOff = Less != Below && Less < Low;
  Value *Fits = B.CreateAnd(
      CutsOff ? B.CreateFCmpOGT(X, ConstantFP::get(T, Less))
              : B.CreateFCmpOGE(X, ConstantFP::get(T, Low)),
      B.CreateFCmpOLT(X, ConstantFP::get(T, High)));
  Type *Int = B.getIntNTy(Bits);
  return B.CreateSelect(Fits, B.CreateFPToSI(X, Int), ConstantInt::get(Int, Least));
}

// As x86-64 without AVX-512 computes it: from signed conversions.
Value *convertUnsigned(IRBuilderBase &B, Value *X, unsigned Bits) {
  if (Bits <= 32)
    return convert(B, X, Bits < 32 ? 32 : 64);
  APFloat Half(X->getType()->getFltSemantics());
  Half.convertFromAPInt(APInt::getOneBitSet(64, 63), false, APFloat::rmNearestTiesToEven);
  Value *Small = convert(B, X, 64);
  Value *Large = convert(B, B.CreateFSub(X, ConstantFP::get(X->getType(), Half)), 64);
  return B.CreateOr(Small, B.CreateAnd(Large, B.CreateAShr(Small, 63)));
}

void replaceConversion(CastInst &Old) {
  IRBuilder<> B(&Old);
  const unsigned Bits = Old.getType()->getIntegerBitWidth();
  Value *X = Old.getOperand(0);
  Value *New = isa<FPToSIInst>(Old) ? convert(B, X, Bits <= 32 ? 32 : 64)
                                    : convertUnsigned(B, X, Bits);
  Old.replaceAllUsesWith(B.CreateTrunc(New, Old.getType()));
  Old.eraseFromParent();
}

// minsd and maxsd give their second operand where neither is less.
void replaceExtreme(IntrinsicInst &Old) {
  IRBuilder<> B(&Old);
  Value *X = Old.getArgOperand(0), *Y = Old.getArgOperand(1);
  Value *Less = Old.getIntrinsicID() == Intrinsic::minnum ? B.CreateFCmpOLT(Y, X)
                                                          : B.CreateFCmpOGT(Y, X);
  Value *New = B.CreateSelect(B.CreateFCmpUNO(X, X), Y, B.CreateSelect(Less, Y, X));
  Old.replaceAllUsesWith(New);
  Old.eraseFromParent();
}

void replaceInexact(Function &F) {
  for (Instruction &I : make_early_inc_range(instructions(F))) {
    if (isa<FPToSIInst>(I) || isa<FPToUIInst>(I))
      replaceConversion(cast<CastInst>(I));
    else if (auto *Call = dyn_cast<IntrinsicInst>(&I);
             Call && (Call->getIntrinsicID() == Intrinsic::minnum ||
                      Call->getIntrinsicID() == Intrinsic::maxnum))
      replaceExtreme(*Call);
  }
}

//===- NaNs ---------------------------------------------------------------===//

// Is the result a number if and only if all operands that it is computed from are,
// but for new NaNs, whose bits the device chooses?
bool computes(const Instruction &I) {
  if (!I.getType()->isFloatingPointTy())
    return false;
  switch (I.getOpcode()) {
  case Instruction::FAdd: case Instruction::FSub: case Instruction::FMul:
  case Instruction::FDiv: case Instruction::FNeg: case Instruction::FPTrunc:
  case Instruction::FPExt:
    return true;
  case Instruction::Call:
    break;
  default:
    return false;
  }
  auto *Call = dyn_cast<IntrinsicInst>(&I);
  switch (Call ? Call->getIntrinsicID() : Intrinsic::not_intrinsic) {
  case Intrinsic::sqrt: case Intrinsic::fma: case Intrinsic::fabs:
  case Intrinsic::copysign: case Intrinsic::floor: case Intrinsic::ceil:
  case Intrinsic::trunc: case Intrinsic::rint: case Intrinsic::nearbyint:
  case Intrinsic::roundeven:
    return true;
  default:
    return false;
  }
}

bool isCopysign(const User *U) {
  auto *Call = dyn_cast<IntrinsicInst>(U);
  return Call && Call->getIntrinsicID() == Intrinsic::copysign;
}

// The bits of a NaN as x86-64 would have made it.
class NaNBits {
public:
  // Vague: values that are NaN whenever they should be, but perhaps another one.
  NaNBits(IRBuilderBase &B, const SmallPtrSetImpl<Value *> &Vague) : B(B), Vague(Vague) {}

  // Of a value that is one.
  Value *of(Value *V);

private:
  Value *compute(Instruction &I);
  Value *constant(Type *T, uint64_t Bits) { return ConstantInt::get(T, Bits); }
  Type *bitsType(const Value *V) { return B.getIntNTy(V->getType()->getScalarSizeInBits()); }
  uint64_t sign(const Value *V) {
    return uint64_t(1) << (V->getType()->getScalarSizeInBits() - 1);
  }
  uint64_t quietBit(const Value *V) {
    return V->getType()->isFloatTy() ? uint64_t(1) << 22 : uint64_t(1) << 51;
  }
  Value *defaultNaN(const Value *V) {
    return constant(bitsType(V), V->getType()->isFloatTy() ? 0xffc00000u
                                                           : 0xfff8000000000000u);
  }
  Value *firstOf(ArrayRef<Value *> Operands, const Value *Result);

  IRBuilderBase &B;
  const SmallPtrSetImpl<Value *> &Vague;
  DenseMap<Value *, Value *> Known;
};

Value *NaNBits::of(Value *V) {
  if (!Vague.contains(V))
    return B.CreateBitCast(V, bitsType(V));
  if (Value *Found = Known.lookup(V))
    return Found;
  Value *Bits = compute(*cast<Instruction>(V));
  return Known[V] = Bits;
}

// The first operand that is a NaN, quieted; none of them: a new one.
Value *NaNBits::firstOf(ArrayRef<Value *> Operands, const Value *Result) {
  Value *Bits = defaultNaN(Result);
  for (Value *Op : reverse(Operands))
    if (!isa<ConstantFP>(Op))
      Bits = B.CreateSelect(B.CreateFCmpUNO(Op, Op),
                            B.CreateOr(of(Op), constant(bitsType(Op), quietBit(Op))), Bits);
  return Bits;
}

Value *NaNBits::compute(Instruction &I) {
  Value *X = I.getOperand(0);
  Type *T = bitsType(&I);
  if (auto *Choice = dyn_cast<SelectInst>(&I))
    return B.CreateSelect(Choice->getCondition(), of(Choice->getTrueValue()),
                          of(Choice->getFalseValue()));
  switch (I.getOpcode()) {
  case Instruction::FNeg:
    return B.CreateXor(of(X), constant(T, sign(X)));
  case Instruction::FPExt: {
    Value *From = of(X);
    auto part = [&](uint64_t Mask, unsigned Up) {
      Value *Bits = B.CreateAnd(From, constant(From->getType(), Mask));
      return B.CreateShl(B.CreateZExt(Bits, T), Up);
    };
    Value *Sign = part(sign(X), 32), *Rest = part(0x7fffff, 29);
    return B.CreateOr(B.CreateOr(Sign, Rest), constant(T, 0x7ff8000000000000u));
  }
  case Instruction::FPTrunc: {
    Value *From = of(X);
    Value *Sign = B.CreateAnd(B.CreateTrunc(B.CreateLShr(From, 32), T), constant(T, sign(&I)));
    Value *Rest = B.CreateAnd(B.CreateTrunc(B.CreateLShr(From, 29), T), constant(T, 0x3fffff));
    return B.CreateOr(B.CreateOr(Sign, Rest), constant(T, 0x7fc00000u));
  }
  default:
    break;
  }
  auto *Call = dyn_cast<IntrinsicInst>(&I);
  const uint64_t Magnitude = sign(&I) - 1;
  if (Call && Call->getIntrinsicID() == Intrinsic::fabs)
    return B.CreateAnd(of(X), constant(T, Magnitude));
  if (isCopysign(&I)) {
    Value *Sign = B.CreateBitCast(I.getOperand(1), T); // which is not vague
    return B.CreateOr(B.CreateAnd(of(X), constant(T, Magnitude)),
                      B.CreateAnd(Sign, constant(T, sign(&I))));
  }
  SmallVector<Value *, 3> Operands;
  for (Value *Op : Call ? Call->args() : I.operands())
    Operands.push_back(Op);
  return firstOf(Operands, &I);
}

class NaNKeeper {
public:
  explicit NaNKeeper(Function &F) : F(F) {}
  void run();

private:
  bool isVague(const Instruction &I) const;
  bool isSeen(const Use &U) const;
  unsigned depth(const Instruction &I) const;
  void settle(Instruction &I, ArrayRef<Use *> Uses);

  Function &F;
  SmallPtrSet<Value *, 32> Vague;
  DenseMap<const Value *, unsigned> Depth; // operations that are to be looked through
};

constexpr unsigned MaxDepth = 24;

bool NaNKeeper::isVague(const Instruction &I) const {
  if (auto *Choice = dyn_cast<SelectInst>(&I))
    return Choice->getType()->isFloatingPointTy() &&
           (Vague.contains(Choice->getTrueValue()) || Vague.contains(Choice->getFalseValue()));
  return computes(I) && !I.hasNoNaNs() &&
         !isKnownNeverNaN(&I, SimplifyQuery(F.getDataLayout()));
}

// Does it matter there which NaN it is?
bool NaNKeeper::isSeen(const Use &U) const {
  auto *By = cast<Instruction>(U.getUser());
  if (isCopysign(By))
    return U.getOperandNo() == 1;
  if (isa<SelectInst>(By))
    return false; // is vague itself
  return !computes(*By) && !isa<FCmpInst>(By) && !isa<FPToSIInst>(By);
}

unsigned NaNKeeper::depth(const Instruction &I) const {
  unsigned Sum = 1;
  for (const Value *Op : I.operands())
    Sum += Depth.lookup(Op);
  return Sum;
}

// Behind I, makes sure which NaN it is, for those uses.
void NaNKeeper::settle(Instruction &I, ArrayRef<Use *> Uses) {
  Instruction *Next = I.getNextNode();
  IRBuilder<> B(Next);
  Value *IsNaN = B.CreateFCmpUNO(&I, &I);
  BasicBlock *Before = I.getParent();
  Instruction *Seldom =
      SplitBlockAndInsertIfThen(IsNaN, Next, /*Unreachable=*/false,
                                MDBuilder(F.getContext()).createUnlikelyBranchWeights());
  B.SetInsertPoint(Seldom);
  Value *Right = B.CreateBitCast(NaNBits(B, Vague).of(&I), I.getType());
  B.SetInsertPoint(Next->getParent(), Next->getParent()->begin());
  PHINode *Settled = B.CreatePHI(I.getType(), 2, "settled");
  Settled->addIncoming(&I, Before);
  Settled->addIncoming(Right, Seldom->getParent());
  for (Use *U : Uses)
    U->set(Settled);
}

void NaNKeeper::run() {
  SmallVector<Instruction *, 64> All;
  for (BasicBlock *B : ReversePostOrderTraversal<Function *>(&F))
    for (Instruction &I : *B)
      All.push_back(&I);
  for (Instruction *I : All) {
    if (!isVague(*I))
      continue;
    Vague.insert(I);
    const unsigned Here = depth(*I);
    SmallVector<Use *, 4> Uses;
    for (Use &U : I->uses())
      if (Here > MaxDepth || isSeen(U))
        Uses.push_back(&U);
    if (Here <= MaxDepth)
      Depth[I] = Here;
    if (!Uses.empty())
      settle(*I, Uses);
  }
}

} // namespace

void makeFloatsExact(Function &Kernel) {
  replaceInexact(Kernel);
  NaNKeeper(Kernel).run();
}

void imitateDeviceFloats(Function &Kernel) {
  for (Instruction &I : make_early_inc_range(instructions(Kernel))) {
    IRBuilder<> B(I.getParent(), std::next(I.getIterator()));
    Value *New = nullptr;
    if (isa<FPToSIInst>(I)) {
      New = B.CreateIntrinsic(Intrinsic::fptosi_sat, {I.getType(), I.getOperand(0)->getType()},
                              {I.getOperand(0)});
    } else if (computes(I)) {
      const APInt Bits = I.getType()->isFloatTy() ? APInt(32, 0x7fffffff)
                                                  : APInt(64, 0x7fffffffffffffff);
      New = B.CreateSelect(B.CreateFCmpUNO(&I, &I),
                           ConstantFP::get(I.getContext(),
                                           APFloat(I.getType()->getFltSemantics(), Bits)),
                           &I);
    } else {
      continue;
    }
    I.replaceUsesWithIf(New, [&](Use &U) {
      auto *By = dyn_cast<FCmpInst>(U.getUser());
      return U.getUser() != New && !(By && By->getNextNode() == New);
    });
  }
}

} // namespace ferry
