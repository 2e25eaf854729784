//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Read describe() at the end first: it is the table of contents.
//
//===----------------------------------------------------------------------===//
#include "Shape.h"
#include "../runtime/abi.h"
#include "Accesses.h"
#include "Callees.h"
#include "Calls.h"
#include "CertainReads.h"
#include "Dependence.h"
#include "PrivateArrays.h"
#include "Quadratic.h"
#include "Trips.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace ferry {

namespace {

class Describer {
public:
  Describer(Loop &L, const ShapeContext &C, Shape &S)
      : L(L), C(C), SE(C.SE), S(S), Expander(C.SE, "ferry") {
    S.L = &L;
  }

  Refusal examineForm();
  Refusal examineInstructions();
  Refusal examineHeader();
  Refusal examineLiveOuts();
  void findParallelDims();
  Refusal checkExpansions();

private:
  Refusal examineInstruction(const Instruction &I);
  bool isCounted(const Loop &X) const;
  bool isPerfectlyNested(const Loop &Outer, const Loop &X) const;
  bool affinePhis(const Loop &X, unsigned Dim, SmallVectorImpl<Induction> &Out);
  void forEachExpression(function_ref<void(const SCEV *&)> Visit);

  Loop &L;
  const ShapeContext &C;
  ScalarEvolution &SE;
  Shape &S;
  SCEVExpander Expander;
  unsigned CalleeSize = 0; // of all functions that are called
};

Refusal Describer::examineForm() {
  if (!L.isLoopSimplifyForm())
    return {Reason::Unsupported, "irregular control flow"};
  if (L.getExitingBlock() != L.getLoopLatch() || !L.getUniqueExitBlock())
    return {Reason::ManyExits, ""};
  if (!hasCount(L, SE))
    return {Reason::Countless, ""};
  return {};
}

Refusal Describer::examineInstruction(const Instruction &I) {
  if (I.isTerminator() && !isa<BranchInst, SwitchInst>(I))
    return {Reason::Unsupported, ""};
  if (isa<AllocaInst>(I) || I.isEHPad() || I.getType()->isTokenTy() ||
      I.getType()->isScalableTy())
    return {Reason::Unsupported, ""};
  for (const Value *V : I.operands())
    if (auto *K = dyn_cast<Constant>(V); K && namesThreadLocal(*K))
      return {Reason::ThreadLocal, ""};
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    auto *II = dyn_cast<IntrinsicInst>(Call);
    if (II && II->getIntrinsicID() == Intrinsic::threadlocal_address)
      return {Reason::ThreadLocal, ""};
    if (auto *M = dyn_cast<MemIntrinsic>(Call))
      return M->isVolatile() ? Refusal{Reason::Volatile, ""} : Refusal{};
    if (Call->isInlineAsm())
      return {Reason::Unsupported, "inline assembly"};
    CallEffect Effect = effectOf(*Call, C.TLI);
    S.Errno |= Effect == CallEffect::Errno;
    if (Effect != CallEffect::Refused)
      return {};
    if (II && II->getIntrinsicID() == Intrinsic::stacksave)
      return {Reason::Unsupported, "an array of variable length"};
    if (Refusal R = examineCallee(*Call, C.TLI, CalleeSize))
      return R;
    return {Reason::Call, ("'" + Call->getCalledFunction()->getName() + "'").str()};
  }
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return Load->isSimple() ? Refusal{} : Refusal{Reason::Volatile, ""};
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return Store->isSimple() ? Refusal{} : Refusal{Reason::Volatile, ""};
  if (I.isAtomic())
    return {Reason::Volatile, ""};
  return I.mayReadOrWriteMemory() || I.mayThrow()
             ? Refusal{Reason::Unsupported, ""}
             : Refusal{};
}

Refusal Describer::examineInstructions() {
  for (BasicBlock *B : L.blocks()) {
    if (B->hasAddressTaken() || B->isEHPad())
      return {Reason::Unsupported, ""};
    for (Instruction &I : *B)
      if (Refusal R = examineInstruction(I))
        return R;
  }
  return {};
}

bool Describer::affinePhis(const Loop &X, unsigned Dim,
                           SmallVectorImpl<Induction> &Out) {
  for (PHINode &Phi : X.getHeader()->phis()) {
    auto *Rec = SE.isSCEVable(Phi.getType())
                    ? dyn_cast<SCEVAddRecExpr>(SE.getSCEV(&Phi))
                    : nullptr;
    if (!Rec || Rec->getLoop() != &X || !Rec->isAffine() ||
        SE.getTypeSizeInBits(Phi.getType()) > 64)
      return false;
    const SCEV *Step = Rec->getStepRecurrence(SE);
    if (!SE.isLoopInvariant(Step, &L))
      return false;
    Out.push_back({&Phi, Step, Dim});
  }
  return true;
}

Refusal Describer::examineHeader() {
  SmallVector<PHINode *, 4> Others;
  Reason Why = Reason::Recurrence;
  for (PHINode &Phi : L.getHeader()->phis()) {
    auto *Rec = SE.isSCEVable(Phi.getType())
                    ? dyn_cast<SCEVAddRecExpr>(SE.getSCEV(&Phi))
                    : nullptr;
    if (Rec && Rec->getLoop() == &L && Rec->isAffine() &&
        SE.getTypeSizeInBits(Phi.getType()) <= 64) {
      S.Inductions.push_back({&Phi, Rec->getStepRecurrence(SE), 0});
      continue;
    }
    if (Rec && isQuadratic(*Rec, L, SE)) {
      S.Inductions.push_back({&Phi, Rec->getOperand(1), 0, Rec->getOperand(2)});
      continue;
    }
    auto Found = std::make_unique<Reduction>();
    switch (matchReduction(Phi, L, *Found)) {
    case ReductionMatch::Yes:
      S.Reductions.push_back(std::move(Found));
      break;
    case ReductionMatch::OrderedFloat:
      Why = Reason::FpReduction;
      [[fallthrough]];
    case ReductionMatch::No:
      Others.push_back(&Phi);
    }
  }
  findPrevious(S, C, Others);
  findKept(L, Others, S.Kept);
  if (Others.empty())
    return {};
  if (const StoreInst *Total = findStoredTotal(*Others.front(), L)) {
    auto *Sum = dyn_cast<FPMathOperator>(Total->getValueOperand());
    return Sum && isa<BinaryOperator, IntrinsicInst>(Sum) && !Sum->hasAllowReassoc()
               ? Refusal{Reason::FpReduction, ""}
               : Refusal{Reason::SameLocation, nameOf(Total->getPointerOperand())};
  }
  return {Why, ""};
}

Refusal Describer::examineLiveOuts() {
  for (PHINode &Exit : L.getUniqueExitBlock()->phis()) {
    auto *V = dyn_cast<Instruction>(Exit.getIncomingValueForBlock(L.getLoopLatch()));
    if (!V || !L.contains(V))
      continue;
    auto isLast = [&](auto &X) { return X->Last == V; };
    if (any_of(S.Reductions, isLast) || any_of(S.Kept, isLast)) {
      S.LiveOuts.push_back({&Exit, nullptr});
      continue;
    }
    const SCEV *AtExit = SE.isSCEVable(V->getType())
                             ? SE.getSCEVAtScope(V, L.getParentLoop())
                             : nullptr;
    if (AtExit && SE.isLoopInvariant(AtExit, &L)) {
      S.LiveOuts.push_back({&Exit, AtExit});
      continue;
    }
    if (!canBeKept(*V->getType()))
      return {Reason::LiveOut, ""};
    S.Kept.push_back(std::make_unique<Kept>());
    S.Kept.back()->Last = V;
    S.LiveOuts.push_back({&Exit, nullptr});
  }
  return {};
}

bool Describer::isCounted(const Loop &X) const {
  return X.isLoopSimplifyForm() && X.getExitingBlock() == X.getLoopLatch() &&
         !isa<SCEVCouldNotCompute>(SE.getBackedgeTakenCount(&X)) &&
         SE.isLoopInvariant(SE.getBackedgeTakenCount(&X), &L) &&
         SE.getTypeSizeInBits(SE.getBackedgeTakenCount(&X)->getType()) <= 64;
}

// Nothing but X happens in an iteration of Outer, so that it can be split
// along X and the rest repeated.
bool Describer::isPerfectlyNested(const Loop &Outer, const Loop &X) const {
  for (BasicBlock *B : Outer.blocks())
    for (Instruction &I : *B) {
      bool InX = X.contains(&I);
      if (InX ? any_of(I.users(), [&](User *U) {
            auto *UI = cast<Instruction>(U);
            return !X.contains(UI) && !isa<PHINode>(UI);
          })
              : I.mayHaveSideEffects())
        return false;
    }
  for (PHINode &Exit : X.getUniqueExitBlock()->phis())
    if (!Exit.use_empty())
      return false;
  return true;
}

void Describer::findParallelDims() {
  const Loop *Outer = &L;
  while (!S.carriesValues() && S.Private.empty() && !S.Errno &&
         S.Parallel < FERRY_MAX_PARALLEL && Outer->getSubLoops().size() == 1) {
    const Loop *X = Outer->getSubLoops().front();
    SmallVector<Induction, 4> Phis;
    if (!isCounted(*X) || !isPerfectlyNested(*Outer, *X) ||
        !affinePhis(*X, S.Parallel, Phis))
      return;
    S.Inductions.append(Phis);
    ++S.Parallel;
    Outer = X;
  }
}

// All that has to be computed before the loop.
void Describer::forEachExpression(function_ref<void(const SCEV *&)> Visit) {
  auto visit = [&](const SCEV *&X) {
    if (X)
      Visit(X);
  };
  auto visitForm = [&](AffineForm &F) {
    visit(F.Base);
    for (const SCEV *&Stride : F.Strides)
      visit(Stride);
  };
  for (Dim &D : S.Dims)
    visitForm(D.Trip);
  for (Access &A : S.Accesses) {
    visitForm(A.Address);
    visit(A.Width);
  }
  for (WrapCondition &W : S.Wraps)
    visitForm(W.Form);
  for (Induction &I : S.Inductions) {
    visit(I.Step);
    visit(I.Change);
  }
  for (LiveOut &O : S.LiveOuts)
    visit(O.Value);
  for (Scratch &X : S.Scratches) {
    visit(X.Begin);
    visit(X.Size);
  }
}

// A step that is known only at run time is divided by. If it is zero the loop
// does not come to where the quotient counts, but the division must not trap.
class DivisionGuard : public SCEVRewriteVisitor<DivisionGuard> {
public:
  using SCEVRewriteVisitor::SCEVRewriteVisitor;
  const SCEV *visitUDivExpr(const SCEVUDivExpr *D) {
    const SCEV *By = visit(D->getRHS());
    if (!SE.isKnownNonZero(By))
      By = SE.getUMaxExpr(By, SE.getOne(By->getType()));
    return SE.getUDivExpr(visit(D->getLHS()), By);
  }
};

Refusal Describer::checkExpansions() {
  Instruction *At = L.getLoopPreheader()->getTerminator();
  bool Ok = true;
  forEachExpression([&](const SCEV *&X) {
    X = DivisionGuard(SE).visit(X);
    Ok &= Expander.isSafeToExpandAt(X, At) && SE.dominates(X, At->getParent());
  });
  if (!Ok)
    return {Reason::TooComplex, "its bounds cannot be computed before it"};
  return {};
}

} // namespace

void Shape::fillStrides() {
  for (Dim &D : Dims)
    D.Trip.Strides.resize(Dims.size(), nullptr);
  for (Access &A : Accesses)
    A.Address.Strides.resize(Dims.size(), nullptr);
  for (WrapCondition &W : Wraps)
    W.Form.Strides.resize(Dims.size(), nullptr);
}

bool Shape::needsStack() const {
  uint64_t Bytes = 0;
  for (const AllocaInst *A : Private)
    Bytes += A->getAllocationSize(A->getDataLayout())->getFixedValue();
  for (const Scratch &X : Scratches) {
    auto *Size = dyn_cast<SCEVConstant>(X.Size);
    Bytes += Size ? Size->getAPInt().getLimitedValue() : uint64_t(FERRY_MOST_STACK);
  }
  return Bytes > FERRY_LITTLE_STACK;
}

bool Access::isIn(const Loop &L) const {
  return L.contains(By) || any_of(Also, [&](const Instruction *I) { return L.contains(I); });
}

bool Access::isOnlyIn(const Loop &L) const {
  return L.contains(By) && all_of(Also, [&](const Instruction *I) { return L.contains(I); });
}

void Access::addInstructions(const Access &Other) {
  Also.push_back(Other.By);
  Also.append(Other.Also);
}

bool Shape::readsMemoryAlone() const {
  const Loop *Innermost = Dims[Parallel - 1].L;
  return Previous.empty() && Kept.empty() && Scratches.empty() && Rechecks.empty() &&
         !Errno && Innermost && all_of(Accesses, [&](const Access &A) {
           return A.Is == Access::Plain && A.Source < 0 && A.isOnlyIn(*Innermost);
         });
}

uint8_t kindOf(const Access &A) {
  const uint8_t Certain = A.Certain ? FERRY_CERTAIN : 0;
  switch (A.Is) {
  case Access::Plain: return A.Write ? FERRY_WRITE : FERRY_READ;
  case Access::IndexSigned: return FERRY_INDEX_SIGNED | Certain;
  case Access::IndexUnsigned: return FERRY_INDEX_UNSIGNED | Certain;
  case Access::Pointer: return FERRY_POINTER;
  case Access::Low: return FERRY_LOW;
  case Access::Cell: return FERRY_CELL;
  case Access::Apart: return A.Write ? FERRY_CELL : FERRY_READ;
  }
  llvm_unreachable("no such role");
}

std::string nameOf(const Value *Pointer) {
  const Value *Object = getUnderlyingObject(Pointer, 12);
  return Object->hasName() ? ("'" + Object->getName() + "'").str() : "";
}

Refusal describe(Loop &L, const ShapeContext &C, Shape &Out) {
  Describer D(L, C, Out);
  Refusal R;
  (R = D.examineForm()) || (R = findPrivateArrays(L, C, Out)) ||
      (R = D.examineInstructions()) || (R = D.examineHeader()) ||
      (R = D.examineLiveOuts());
  if (R)
    return R;
  D.findParallelDims();
  describeTrips(Out, C.SE);
  if (Out.Dims.empty() || Out.Dims.front().L != &L)
    return {Reason::Countless, ""};
  findScratch(Out, C);
  (R = describeAccesses(Out, C)) || (R = describePrevious(Out, C)) ||
      (R = decideParallel(Out, C)) || (R = D.checkExpansions());
  if (R)
    return R;
  findCertainReads(Out, C);
  return {};
}

} // namespace ferry
