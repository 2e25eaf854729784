//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Counters.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/PatternMatch.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;
using namespace PatternMatch;

namespace ferry {

namespace {

// How far one iteration of a loop moves a counter, which is a value before it.
class Advance {
public:
  Advance(PHINode &Counter, Loop &L, ScalarEvolution &SE, DominatorTree &DT)
      : Counter(Counter), L(L), SE(SE), DT(DT), Expander(SE, "ferry.step"),
        At(L.getLoopPreheader()->getTerminator()) {}

  // The distance of V from the counter, before the loop; null if not known.
  // Code that turns out not to be needed is left to be removed.
  Value *distance(Value *V, unsigned Depth = 0);

  bool Wrote = false; // any code

private:
  const SCEV *constantDistance(Value *To, const SCEV *From) {
    const SCEV *D = SE.getMinusSCEV(SE.getSCEVAtScope(To, &L), From);
    return !isa<SCEVCouldNotCompute>(D) && SE.isLoopInvariant(D, &L) ? D
                                                                     : nullptr;
  }
  Value *expand(const SCEV *D) {
    if (!Expander.isSafeToExpandAt(D, At))
      return nullptr;
    Wrote = true;
    return Expander.expandCodeFor(D, D->getType(), At->getIterator());
  }
  Value *joined(PHINode &Join, unsigned Depth);
  Value *base(Value *V);

  PHINode &Counter;
  Loop &L;
  ScalarEvolution &SE;
  DominatorTree &DT;
  SCEVExpander Expander;
  Instruction *At;
};

// The two ways to a join part at a branch that always goes the same one.
Value *Advance::joined(PHINode &Join, unsigned Depth) {
  BasicBlock *Fork = DT.getNode(Join.getParent())->getIDom()->getBlock();
  auto *Br = dyn_cast<BranchInst>(Fork->getTerminator());
  auto isOnceInIteration = [&](const BasicBlock *B) {
    return L.contains(B) &&
           none_of(L.getSubLoops(), [&](Loop *X) { return X->contains(B); });
  };
  if (Join.getNumIncomingValues() != 2 || Join.getParent() == L.getHeader() ||
      !isOnceInIteration(Join.getParent()) || !isOnceInIteration(Fork) || !Br ||
      !Br->isConditional() || !L.isLoopInvariant(Br->getCondition()) ||
      Br->getSuccessor(0) == Br->getSuccessor(1))
    return nullptr;
  auto comesBy = [&](unsigned Way) -> Value * {
    BasicBlockEdge Edge(Fork, Br->getSuccessor(Way));
    Value *Found = nullptr;
    for (unsigned K = 0; K < 2; ++K) {
      BasicBlock *From = Join.getIncomingBlock(K);
      if (From == Fork ? Br->getSuccessor(Way) == Join.getParent()
                       : DT.dominates(Edge, From))
        Found = Found ? nullptr : Join.getIncomingValue(K);
    }
    return Found;
  };
  Value *True = comesBy(0), *False = comesBy(1);
  if (!True || !False)
    return nullptr;
  True = distance(True, Depth + 1);
  False = distance(False, Depth + 1);
  return True && False
             ? IRBuilder<>(At).CreateSelect(Br->getCondition(), True, False)
             : nullptr;
}

// The one value of the loop that V differs from by an invariant.
Value *Advance::base(Value *V) {
  const SCEV *Whole = SE.getSCEVAtScope(V, &L);
  Value *Base = nullptr;
  SCEVExprContains(Whole, [&](const SCEV *X) {
    if (auto *Unknown = dyn_cast<SCEVUnknown>(X);
        Unknown && !SE.isLoopInvariant(X, &L))
      Base = Unknown->getValue();
    return Base != nullptr;
  });
  return Base && Base != V && Base->getType() == V->getType() ? Base : nullptr;
}

Value *Advance::distance(Value *V, unsigned Depth) {
  auto *I = dyn_cast<Instruction>(V);
  if (!I || !L.contains(I) || V->getType() != Counter.getType() || Depth > 8)
    return nullptr;
  if (const SCEV *D = constantDistance(V, SE.getSCEV(&Counter)))
    return expand(D);
  if (Value *Base = base(V)) {
    const SCEV *More = constantDistance(V, SE.getSCEV(Base));
    Value *First = More ? distance(Base, Depth + 1) : nullptr;
    Value *Second = First ? expand(More) : nullptr;
    return Second ? IRBuilder<>(At).CreateAdd(First, Second) : nullptr;
  }
  auto *Phi = dyn_cast<PHINode>(I);
  if (Phi && Phi->getNumIncomingValues() == 1)
    return distance(Phi->getIncomingValue(0), Depth + 1);
  return Phi ? joined(*Phi, Depth) : nullptr;
}

// Is it (x << n) >> n, the way to extend the sign of what was an int?
bool extendsSign(const User &U, const Value &Of, unsigned &Bits) {
  const APInt *Left, *Right;
  auto *Shift = dyn_cast<Instruction>(&U);
  if (!Shift || !match(Shift, m_Shl(m_Specific(&Of), m_APInt(Left))))
    return false;
  Bits = Shift->getType()->getIntegerBitWidth() - Left->getZExtValue();
  return Shift->hasOneUse() &&
         match(Shift->user_back(), m_AShr(m_Specific(Shift), m_APInt(Right))) &&
         *Left == *Right;
}

// A counter whose upper bits nobody reads, and that was made wider for that, as
// narrow as it was; else the counter.
PHINode &narrow(PHINode &Counter) {
  if (!Counter.getType()->isIntegerTy(64))
    return Counter;
  SmallVector<Instruction *, 2> Reads;
  for (User *U : Counter.users()) {
    unsigned Bits = 0;
    if (!extendsSign(*U, Counter, Bits) || Bits != 32)
      return Counter;
    Reads.push_back(cast<Instruction>(*U->user_begin()));
  }
  if (Reads.empty())
    return Counter;
  auto *Int = Type::getInt32Ty(Counter.getContext());
  auto *Narrow = PHINode::Create(Int, 2, "", Counter.getIterator());
  for (unsigned K = 0; K < 2; ++K) {
    BasicBlock *From = Counter.getIncomingBlock(K);
    IRBuilder<> B(From->getTerminator());
    Narrow->addIncoming(B.CreateTrunc(Counter.getIncomingValue(K), Int), From);
  }
  for (Instruction *Read : Reads) {
    Read->replaceAllUsesWith(
        IRBuilder<>(Read).CreateSExt(Narrow, Counter.getType()));
    auto *Shift = cast<Instruction>(Read->getOperand(0));
    Read->eraseFromParent();
    Shift->eraseFromParent();
  }
  Counter.eraseFromParent();
  return *Narrow;
}

bool advance(PHINode &Counter, Loop &L, ScalarEvolution &SE,
             DominatorTree &DT) {
  auto *Last =
      dyn_cast<Instruction>(Counter.getIncomingValueForBlock(L.getLoopLatch()));
  if (!Last || !L.contains(Last) || Last == &Counter)
    return false;
  Advance Found(Counter, L, SE, DT);
  Value *Step = Found.distance(Last);
  if (!Step)
    return Found.Wrote;
  IRBuilder<> B(Last->getParent(),
                isa<PHINode>(Last) ? Last->getParent()->getFirstInsertionPt()
                                   : std::next(Last->getIterator()));
  Value *New = Counter.getType()->isPointerTy() ? B.CreatePtrAdd(&Counter, Step)
                                                : B.CreateAdd(&Counter, Step);
  SE.forgetLoop(&L);
  Last->replaceAllUsesWith(New);
  RecursivelyDeleteTriviallyDeadInstructions(Last);
  return true;
}

bool improve(Loop &L, ScalarEvolution &SE, DominatorTree &DT) {
  bool Changed = false;
  for (PHINode &Phi : make_early_inc_range(L.getHeader()->phis())) {
    if (!SE.isSCEVable(Phi.getType()) || isa<SCEVAddRecExpr>(SE.getSCEV(&Phi)))
      continue;
    SE.forgetLoop(&L);
    PHINode *Counter = &narrow(Phi);
    Changed |= Counter != &Phi;
    Changed |= advance(*Counter, L, SE, DT);
  }
  return Changed;
}

} // namespace

PreservedAnalyses CountersPass::run(Function &F, FunctionAnalysisManager &FAM) {
  auto &LI = FAM.getResult<LoopAnalysis>(F);
  if (all_of(LI, [](Loop *L) { return L->isInnermost(); }))
    return PreservedAnalyses::all();
  auto &SE = FAM.getResult<ScalarEvolutionAnalysis>(F);
  auto &DT = FAM.getResult<DominatorTreeAnalysis>(F);
  bool Changed = false;
  auto Loops = LI.getLoopsInPreorder();
  for (Loop *L : reverse(Loops)) // inner ones first
    if (!L->isInnermost() && L->isLoopSimplifyForm())
      Changed |= improve(*L, SE, DT);
  if (!Changed)
    return PreservedAnalyses::all();
  PreservedAnalyses PA;
  PA.preserveSet<CFGAnalyses>();
  return PA;
}

} // namespace ferry
