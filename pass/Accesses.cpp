//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the most exact description of an address to the least: strided; anywhere
// in an object whose size is known; at an index that an array holds; strided
// from a pointer that an array holds. What an iteration writes must be exact.
//
//===----------------------------------------------------------------------===//
#include "Accesses.h"
#include "Objects.h"
#include "PrivateArrays.h"
#include "Quadratic.h"
#include "Touches.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxChoices = 3;     // in one address
constexpr unsigned MaxDescribed = 256; // before neighbours are united

enum class Allow { Strides, Ranges, Indices };

class AccessDescriber {
public:
  AccessDescriber(Shape &S, ScalarEvolution &SE) : S(S), SE(SE), L(*S.L) {}

  // False where the address cannot be described.
  bool addAny(const Access &A, const SCEV *Address, unsigned MaxChoices);
  int addPointer(const LoadInst &Load);
  int addIndex(const Instruction &Value, bool Signed);

  bool Unbounded = false; // was the last failure that of a loop without bound?

private:
  bool add(Access A, const SCEV *Address);
  const Instruction *findChoice(const SCEV *Address) const;
  bool build(const SCEV *X, Allow What, AffineForm &Out);
  bool buildSourced(const SCEV *Address, Allow What, Access &A);
  bool isAtIndex(const AffineForm &Address) const;
  int insert(const Access &A);
  int insertLoad(Access A, const LoadInst &Load, const SCEV *Address, Allow What);
  int addPrevious(const PHINode &Phi, Access A);

  Shape &S;
  ScalarEvolution &SE;
  const Loop &L;
};

bool AccessDescriber::build(const SCEV *X, Allow What, AffineForm &Out) {
  const size_t Dims = S.Dims.size(), Accesses = S.Accesses.size(),
               Wraps = S.Wraps.size();
  auto Index = [&](const Instruction &Value, bool Signed) {
    return addIndex(Value, Signed);
  };
  auto Low = [&](const AffineForm &Form) {
    Access A{Form, SE.getZero(IntegerType::get(SE.getContext(), 64)), false, nullptr};
    A.Is = Access::Low;
    return insert(A);
  };
  AffineBuilder Affine(SE, L, S.Dims, What != Allow::Strides);
  if (What == Allow::Indices)
    Affine.allowIndices(Index, Low);
  if (Affine.build(X, Out, S.Wraps))
    return true;
  Unbounded = Affine.unboundedLoop();
  S.Dims.truncate(Dims);
  S.Accesses.truncate(Accesses);
  S.Wraps.truncate(Wraps);
  return false;
}

bool sameStrides(const AffineForm &A, const AffineForm &B) {
  auto at = [](const AffineForm &F, size_t K) {
    return K < F.Strides.size() ? F.Strides[K] : nullptr;
  };
  for (size_t K = 0; K < std::max(A.Strides.size(), B.Strides.size()); ++K)
    if (at(A, K) != at(B, K))
      return false;
  return true;
}

// Equal accesses are one. A read for its value is the stricter one.
int AccessDescriber::insert(const Access &A) {
  for (auto [I, Known] : enumerate(S.Accesses)) {
    if (Known.Address.Base != A.Address.Base || Known.Width != A.Width ||
        Known.Source != A.Source || !sameStrides(Known.Address, A.Address) ||
        Known.Is == Access::Cell || A.Is == Access::Cell ||
        (Known.Is == Access::Apart) != (A.Is == Access::Apart))
      continue;
    if (Known.Is == A.Is || (A.Is == Access::Plain && !A.Write)) {
      Known.addInstructions(A);
      Known.Write |= A.Write;
      Known.Loads.append(A.Loads);
      return I;
    }
    if (Known.Is == Access::Plain && !Known.Write && A.Is != Access::Low) {
      Known.addInstructions(A);
      Known.Is = A.Is;
      Known.Loads.append(A.Loads);
      return I;
    }
  }
  S.Accesses.push_back(A);
  return S.Accesses.size() - 1;
}

// Relative to a pointer that the nest loads.
bool AccessDescriber::buildSourced(const SCEV *Address, Allow What, Access &A) {
  auto *Base = dyn_cast<SCEVUnknown>(SE.getPointerBase(Address));
  auto *Load = Base ? dyn_cast<LoadInst>(Base->getValue()) : nullptr;
  if (!Load || !L.contains(Load) || !Load->isSimple())
    return false;
  A.Source = addPointer(*Load);
  return A.Source >= 0 &&
         build(SE.removePointerBase(Address), What, A.Address);
}

const SCEV *addressOf(const LoadInst &Load, ScalarEvolution &SE) {
  return SE.getSCEV(const_cast<Value *>(Load.getPointerOperand()));
}

int AccessDescriber::insertLoad(Access A, const LoadInst &Load,
                                const SCEV *Address, Allow What) {
  A.Width = widthOf(Load, SE);
  A.By = &Load;
  A.Loads = {&Load};
  if (isPrivate(S, Load.getPointerOperand()) ||
      isScratch(S, Load.getOperandUse(LoadInst::getPointerOperandIndex())) ||
      (!build(Address, What, A.Address) &&
       !(A.Is == Access::Pointer && buildSourced(Address, What, A))))
    return -1;
  return insert(A);
}

int AccessDescriber::addPointer(const LoadInst &Load) {
  Access A{};
  A.Is = Access::Pointer;
  return insertLoad(A, Load, addressOf(Load, SE), Allow::Strides);
}

// A phi that is what the iteration before loaded from the next place: all its
// values lie in memory, the first one too, if it is still there.
int AccessDescriber::addPrevious(const PHINode &Phi, Access A) {
  if (none_of(S.Previous, [&](const Previous &P) { return P.Phi == &Phi; }))
    return -1;
  auto *First = dyn_cast<LoadInst>(Phi.getIncomingValueForBlock(L.getLoopPreheader()));
  auto *Next = dyn_cast<LoadInst>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
  auto *Rec = Next ? dyn_cast<SCEVAddRecExpr>(addressOf(*Next, SE)) : nullptr;
  if (!First || !First->isSimple() || !Rec || !Next->isSimple() || !Rec->isAffine() ||
      Rec->getLoop() != &L)
    return -1;
  const SCEV *Step = Rec->getStepRecurrence(SE);
  if (SE.getMinusSCEV(Rec->getStart(), Step) != addressOf(*First, SE))
    return -1;
  S.Rechecks.insert(First);
  return insertLoad(A, *Next, SE.getMinusSCEV(Rec, Step), Allow::Indices);
}

int AccessDescriber::addIndex(const Instruction &Value, bool Signed) {
  Access A{};
  A.Is = Signed ? Access::IndexSigned : Access::IndexUnsigned;
  if (auto *Phi = dyn_cast<PHINode>(&Value))
    return addPrevious(*Phi, A);
  auto &Load = cast<LoadInst>(Value);
  return Load.isSimple()
             ? insertLoad(A, Load, addressOf(Load, SE), Allow::Indices)
             : -1;
}

// At one value of an index array in each iteration, and not anywhere in a range.
bool AccessDescriber::isAtIndex(const AffineForm &Address) const {
  bool Any = false;
  for (auto [K, Stride] : enumerate(Address.Strides)) {
    if (!Stride || S.Dims[K].L)
      continue;
    const int Origin = S.Dims[K].Origin;
    if (Origin < 0 || S.Accesses[Origin].Is == Access::Low)
      return false;
    Any = true;
  }
  return Any;
}

// Nothing is added where it is false.
bool AccessDescriber::add(Access A, const SCEV *Address) {
  const size_t Dims = S.Dims.size(), Accesses = S.Accesses.size(),
               Wraps = S.Wraps.size();
  const bool IsApart = !A.Write && isApart(Address, S, SE);
  bool Ok = describeQuadratic(Address, S, SE, A) ||
            build(Address, A.Write ? Allow::Strides : Allow::Ranges, A.Address) ||
            (!A.Write && anywhereInObject(Address, S, SE, A)) ||
            (!IsApart && build(Address, Allow::Indices, A.Address) &&
             (!A.Write || isAtIndex(A.Address))) ||
            (!IsApart &&
             buildSourced(Address, A.Write ? Allow::Strides : Allow::Indices, A));
  if (Ok) {
    insert(A);
    return true;
  }
  S.Dims.truncate(Dims);
  S.Accesses.truncate(Accesses);
  S.Wraps.truncate(Wraps);
  if (IsApart)
    return true;
  return !A.Write && addReadThroughPrevious(S, SE, Address, A.Width, *A.By);
}

// A value in the address that is one of several.
const Instruction *AccessDescriber::findChoice(const SCEV *Address) const {
  const Instruction *Found = nullptr;
  auto isChoice = [&](const SCEV *X) {
    auto *U = dyn_cast<SCEVUnknown>(X);
    auto *I = U ? dyn_cast<Instruction>(U->getValue()) : nullptr;
    if (!I || !L.contains(I) || !isa<SelectInst, PHINode>(I) ||
        any_of(L.getLoopsInPreorder(),
               [&](const Loop *Y) { return Y->getHeader() == I->getParent() && isa<PHINode>(I); }))
      return false;
    Found = I;
    return true;
  };
  SCEVExprContains(Address, isChoice);
  return Found;
}

// Where the address depends on a choice, either may be touched: i == 0 ? i : i - 1,
// or one store that the optimiser has made of two in the branches of an if.
bool AccessDescriber::addAny(const Access &A, const SCEV *Address,
                             unsigned MaxChoices) {
  if (add(A, Address))
    return true;
  const Instruction *Choice = MaxChoices ? findChoice(Address) : nullptr;
  if (!Choice)
    return false;
  auto *Select = dyn_cast<SelectInst>(Choice);
  SmallVector<const Value *, 4> Values;
  if (Select)
    Values = {Select->getTrueValue(), Select->getFalseValue()};
  else
    Values.append(cast<PHINode>(Choice)->op_begin(), cast<PHINode>(Choice)->op_end());
  return all_of(Values, [&](const Value *V) {
    ValueToSCEVMapTy Map{{Choice, SE.getSCEV(const_cast<Value *>(V))}};
    const SCEV *One = SCEVParameterRewriter::rewrite(Address, SE, Map);
    return addAny(A, One, MaxChoices - 1);
  });
}

Refusal describeInstruction(Instruction &I, Shape &S, const ShapeContext &C) {
  SmallVector<Touch, 2> Touches;
  if (Refusal R = findTouches(I, C.SE, Touches))
    return R;
  for (const Touch &T : Touches) {
    Value *Pointer = *T.Pointer;
    if (isPrivate(S, Pointer) || isScratch(S, *T.Pointer))
      continue;
    if (Pointer->getType()->getPointerAddressSpace() != 0)
      return {Reason::Unsupported, "address space"};
    AccessDescriber D(S, C.SE);
    if (!C.SE.isLoopInvariant(T.Width, S.L) ||
        !D.addAny(Access{{}, T.Width, T.Write, &I}, C.SE.getSCEV(Pointer), MaxChoices))
      return {D.Unbounded ? Reason::InnerBound : Reason::UnknownAddress, nameOf(Pointer)};
  }
  return {};
}

// No iteration may write what was loaded once for all of them.
Refusal describeFixed(const Fixed &Before, Shape &S, const ShapeContext &C) {
  if (!Before.IsRight)
    return {Reason::SameLocation, ""};
  for (LoadInst *Load : Before.Loads)
    if (Refusal R = describeInstruction(*Load, S, C))
      return R;
  for (const Cell &X : Before.Cells) {
    Access A{{}, widthOf(*X.After, C.SE), true, X.After};
    A.Is = Access::Cell;
    if (!AccessDescriber(S, C.SE).addAny(A, C.SE.getSCEV(X.Pointer), 0))
      return {Reason::UnknownAddress, nameOf(X.Pointer)};
  }
  for (Value *Difference : Before.Differences) {
    WrapCondition IsZero{{}, 1, /*Signed=*/false}; // twice 1 needs two bits
    IsZero.Form.Base = C.SE.getMulExpr(
        C.SE.getSCEV(Difference), C.SE.getConstant(Difference->getType(), 2));
    S.Wraps.push_back(IsZero);
  }
  return {};
}

} // namespace

int addIndex(Shape &S, ScalarEvolution &SE, const Instruction &Value, bool Signed) {
  return AccessDescriber(S, SE).addIndex(Value, Signed);
}

Refusal describeAccesses(Shape &S, const ShapeContext &C) {
  if (C.Fixed)
    if (Refusal R = describeFixed(C.Fixed->lookup(S.L->getHeader()), S, C))
      return R;
  for (BasicBlock *B : S.L->blocks())
    for (Instruction &I : *B)
      if (Refusal R = describeInstruction(I, S, C))
        return R;
  for (const Scratch &X : S.Scratches)
    addAccesses(X, S, C.SE);
  S.fillStrides();
  return S.Accesses.size() > MaxDescribed ? Refusal{Reason::TooComplex, ""}
                                          : Refusal{};
}

} // namespace ferry
