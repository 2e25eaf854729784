//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A chain leads from the header phi to the value after the iteration. In one
// place of it, the step, an element meets the value so far; everywhere else
// the value is passed on, through inner loops or around a step that is left
// out under some condition. The step is a choice, or a phi behind a branch.
//
// What the comparison decides must be the choices of these steps and nothing
// else: a box compares with another value than the program does.
//
//===----------------------------------------------------------------------===//
#include "Extreme.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;
using namespace llvm::PatternMatch;

namespace ferry {

namespace {

// How a step decides.
struct Decision {
  Value *Condition = nullptr; // null: an intrinsic compares by itself
  bool TakesIfTrue = true;
  const BranchInst *Branch = nullptr;
};

// A key and those that follow it.
class Group {
public:
  explicit Group(const Loop &L) : L(L) {}

  bool addKey(PHINode &Phi);
  void addFollower(PHINode &Phi);
  bool isClosed() const;

  KeptList Members; // the key first

private:
  bool inChain(const Kept &K, const Value *V) const {
    auto *I = dyn_cast<Instruction>(V);
    return I && K.Chain.contains(const_cast<Instruction *>(I));
  }
  bool findStep(Kept &K) const;
  bool isStep(Kept &K, Instruction &I, ArrayRef<Value *> Values) const;
  bool decide(const Kept &K, Decision &Out) const;
  bool decidePhi(const PHINode &Phi, const Value *Element, Decision &Out) const;
  CmpInst *findCompare(Value *Condition, bool IfTrue,
                       SmallVectorImpl<Value *> &Others);
  bool readStep(Kept &K);
  bool readCompare(Kept &K, CmpInst &Compare, bool IfTrue);
  bool isParallel(const Kept &K) const;

  const Loop &L;
  SmallVector<Value *, 2> Others; // conditions beside the key's comparison
  SmallPtrSet<const Instruction *, 8> Conjunctions, Steps;
  SmallPtrSet<const BranchInst *, 2> Branches;
  bool Closed = true;
};

// Is I the step: one of its values is the element, all others are the value so
// far?
bool Group::isStep(Kept &K, Instruction &I, ArrayRef<Value *> Values) const {
  Value *Element = nullptr, *SoFar = nullptr;
  for (Value *V : Values) {
    Value *&Known = inChain(K, V) ? SoFar : Element;
    if (Known && (Known != V || !inChain(K, V)))
      return false;
    Known = V;
  }
  if (K.Step || !Element || !SoFar)
    return false;
  K.Step = &I;
  K.SoFar = SoFar;
  K.Element = Element;
  return true;
}

// There is one step, and everything else in the chain passes the value on.
bool Group::findStep(Kept &K) const {
  for (Instruction *I : K.Chain) {
    if (I == K.Phi)
      continue;
    SmallVector<Value *, 4> Values;
    if (auto *Phi = dyn_cast<PHINode>(I))
      Values.assign(Phi->incoming_values().begin(),
                    Phi->incoming_values().end());
    else if (auto *Sel = dyn_cast<SelectInst>(I))
      Values = {Sel->getTrueValue(), Sel->getFalseValue()};
    else
      Values = {I->getOperand(0), I->getOperand(1)};
    bool PassesOn = !isa<MinMaxIntrinsic>(I) &&
                    all_of(Values, [&](Value *V) { return inChain(K, V); });
    if (!PassesOn && !isStep(K, *I, Values))
      return false;
  }
  return K.Step;
}

// Done in more iterations than the program does it, if the value is a box's.
bool isHarmless(const Instruction &I) {
  return isSafeToSpeculativelyExecute(&I) && !I.mayReadOrWriteMemory() &&
         (!isa<FPMathOperator>(I) || isa<PHINode, SelectInst>(I) ||
          I.getOpcode() == Instruction::FNeg) &&
         !isa<CallBase, FPToSIInst, FPToUIInst, SIToFPInst, UIToFPInst>(I);
}

// The side of a branch from which a block, the branch's own or one that does
// nothing but compute, comes to Join: 1, 0, or -1 if it is neither.
int sideOf(const BasicBlock *From, const BasicBlock *Join,
           const BranchInst &Branch) {
  const BasicBlock *Towards = From == Branch.getParent() ? Join : From;
  if (From != Branch.getParent() &&
      (From->getSinglePredecessor() != Branch.getParent() ||
       From->getSingleSuccessor() != Join ||
       !all_of(*From, [](const Instruction &I) {
         return I.isTerminator() || I.isDebugOrPseudoInst() || isHarmless(I);
       })))
    return -1;
  return Branch.getSuccessor(0) == Towards   ? 1
         : Branch.getSuccessor(1) == Towards ? 0
                                             : -1;
}

// The element comes from one side of a branch, the value so far from the other,
// and from wherever else there is no element.
bool Group::decidePhi(const PHINode &Phi, const Value *Element,
                      Decision &Out) const {
  const BasicBlock *Join = Phi.getParent();
  const BasicBlock *From = nullptr;
  for (auto [B, V] : zip(Phi.blocks(), Phi.incoming_values()))
    if (V == Element)
      From = B;
  const BasicBlock *At =
      From->getSingleSuccessor() && From->getSinglePredecessor()
          ? From->getSinglePredecessor()
          : From;
  auto *Branch = dyn_cast<BranchInst>(At->getTerminator());
  if (!Branch || !Branch->isConditional() || !L.contains(Branch) ||
      Branch->getSuccessor(0) == Branch->getSuccessor(1))
    return false;
  int Side = sideOf(From, Join, *Branch);
  if (Side < 0 || none_of(Phi.blocks(), [&](const BasicBlock *B) {
        return B != From && sideOf(B, Join, *Branch) == !Side;
      }))
    return false;
  Out = {Branch->getCondition(), Side == 1, Branch};
  return true;
}

bool Group::decide(const Kept &K, Decision &Out) const {
  if (isa<MinMaxIntrinsic>(K.Step))
    return true;
  if (auto *Phi = dyn_cast<PHINode>(K.Step))
    return decidePhi(*Phi, K.Element, Out);
  auto *Sel = cast<SelectInst>(K.Step);
  Out.Condition = Sel->getCondition();
  Out.TakesIfTrue = Sel->getTrueValue() == K.Element;
  return true;
}

// The one comparison of the key among conditions that must all hold, IfTrue,
// or of which one must not.
CmpInst *Group::findCompare(Value *Condition, bool IfTrue,
                            SmallVectorImpl<Value *> &Others) {
  auto *Compare = dyn_cast<CmpInst>(Condition);
  if (Compare && Members.front()->Compares.contains(Compare))
    return Compare;
  Value *A, *B;
  if (!(IfTrue ? match(Condition, m_LogicalAnd(m_Value(A), m_Value(B)))
               : match(Condition, m_LogicalOr(m_Value(A), m_Value(B)))))
    return nullptr;
  CmpInst *Left = findCompare(A, IfTrue, Others),
          *Right = findCompare(B, IfTrue, Others);
  if (!Left == !Right)
    return nullptr;
  Others.push_back(Left ? B : A);
  Conjunctions.insert(cast<Instruction>(Condition));
  return Left ? Left : Right;
}

// Sets Takes: when does the element replace the value?
bool Group::readCompare(Kept &K, CmpInst &Compare, bool IfTrue) {
  Kept &Key = *Members.front();
  CmpInst::Predicate P = Compare.getPredicate();
  if (Compare.getOperand(0) == Key.SoFar &&
      Compare.getOperand(1) == Key.Element)
    P = CmpInst::getSwappedPredicate(P);
  else if (Compare.getOperand(0) != Key.Element ||
           Compare.getOperand(1) != Key.SoFar)
    return false;
  if (!IfTrue)
    P = CmpInst::getInversePredicate(P);
  switch (P) {
  case CmpInst::FCMP_OGT:
  case CmpInst::FCMP_OGE:
  case CmpInst::FCMP_OLT:
  case CmpInst::FCMP_OLE:
  case CmpInst::FCMP_UGT:
  case CmpInst::FCMP_UGE:
  case CmpInst::FCMP_ULT:
  case CmpInst::FCMP_ULE:
  case CmpInst::ICMP_SGT:
  case CmpInst::ICMP_SGE:
  case CmpInst::ICMP_SLT:
  case CmpInst::ICMP_SLE:
  case CmpInst::ICMP_UGT:
  case CmpInst::ICMP_UGE:
  case CmpInst::ICMP_ULT:
  case CmpInst::ICMP_ULE:
    break;
  default:
    return false;
  }
  Key.Compares[&Compare] = IfTrue;
  K.Compare = &Compare;
  K.Takes = P;
  return true;
}

bool Group::readStep(Kept &K) {
  Decision D;
  if (!decide(K, D))
    return false;
  Kept &Key = *Members.front();
  K.Key = &Key;
  if (D.Branch)
    Branches.insert(D.Branch);
  Steps.insert(K.Step);
  if (auto *M = dyn_cast<MinMaxIntrinsic>(K.Step)) {
    K.Takes = M->getPredicate();
    return &K == &Key;
  }
  SmallVector<Value *, 2> Found;
  CmpInst *Compare = findCompare(D.Condition, D.TakesIfTrue, Found);
  if (!Compare || !readCompare(K, *Compare, D.TakesIfTrue))
    return false;
  if (&K == &Key)
    Others = Found;
  return CmpInst::getStrictPredicate(K.Takes) ==
             CmpInst::getStrictPredicate(Key.Takes) &&
         Found == Others;
}

bool Group::addKey(PHINode &Phi) {
  Members.push_back(std::make_unique<Kept>());
  Kept &K = *Members.front();
  Type *T = Phi.getType();
  return (T->isIntegerTy() || T->isFloatTy() || T->isDoubleTy()) &&
         collectChain(Phi, L, /*MayCompare=*/true, K) && findStep(K) &&
         readStep(K);
}

// The edge on which the element comes, of a step that more than two lead to:
// all others but one are without an element.
std::pair<const BasicBlock *, const BasicBlock *> edgeOf(const Kept &K) {
  auto *Phi = dyn_cast<PHINode>(K.Step);
  if (Phi && Phi->getNumIncomingValues() > 2)
    for (auto [B, V] : zip(Phi->blocks(), Phi->incoming_values()))
      if (V == K.Element)
        return {B, Phi->getParent()};
  return {};
}

// Does the chain of K mirror that of the key, so that both are replaced by the
// same elements?
bool Group::isParallel(const Kept &K) const {
  const Kept &Key = *Members.front();
  SmallDenseMap<const Value *, const Value *, 8> Twin;
  auto isTwin = [&](const Instruction *Mine, const Instruction *Its) {
    if (Its == Key.Step || Mine == K.Step)
      return Its == Key.Step && Mine == K.Step;
    if (isa<PHINode>(Its))
      return isa<PHINode>(Mine) && Mine->getParent() == Its->getParent();
    return isa<SelectInst>(Mine) && isa<SelectInst>(Its) &&
           Mine->getOperand(0) == Its->getOperand(0);
  };
  for (const Instruction *Its : Key.Chain)
    for (const Instruction *Mine : K.Chain)
      if (isTwin(Mine, Its) && !Twin.insert({Its, Mine}).second)
        return false;
  if (Twin.size() != Key.Chain.size() || Twin.size() != K.Chain.size() ||
      edgeOf(Key) != edgeOf(K) || Twin.lookup(Key.Last) != K.Last ||
      Twin.lookup(Key.SoFar) != K.SoFar)
    return false;
  return all_of(Key.Chain, [&](const Instruction *Its) {
    if (Its == Key.Step)
      return true;
    auto *Mine = cast<Instruction>(Twin.lookup(Its));
    if (auto *Phi = dyn_cast<PHINode>(Its))
      return all_of(Phi->blocks(), [&](const BasicBlock *B) {
        const Value *V = Phi->getIncomingValueForBlock(B),
                    *W = cast<PHINode>(Mine)->getIncomingValueForBlock(B);
        return (Its == Key.Phi && !L.contains(B)) || Twin.lookup(V) == W;
      });
    return Twin.lookup(Its->getOperand(1)) == Mine->getOperand(1) &&
           Twin.lookup(Its->getOperand(2)) == Mine->getOperand(2);
  });
}

void Group::addFollower(PHINode &Phi) {
  auto K = std::make_unique<Kept>();
  if (!collectChain(Phi, L, /*MayCompare=*/false, *K) || !findStep(*K) ||
      !isParallel(*K))
    return;
  Closed &= readStep(*K);
  Members.push_back(std::move(K));
}

// Do the comparisons decide about nothing but the steps?
bool Group::isClosed() const {
  auto isUsedWell = [&](const Use &U) {
    auto *I = cast<Instruction>(U.getUser());
    if (auto *Branch = dyn_cast<BranchInst>(I))
      return Branches.contains(Branch);
    return Conjunctions.contains(I) ||
           (isa<SelectInst>(I) && Steps.contains(I) && U.getOperandNo() == 0);
  };
  for (auto [Compare, IfTrue] : Members.front()->Compares)
    if (!all_of(Compare->uses(), isUsedWell))
      return false;
  for (const Instruction *I : Conjunctions)
    if (!all_of(I->uses(), isUsedWell))
      return false;
  return Closed && all_of(Steps, [&](const Instruction *Step) {
           return !isa<PHINode>(Step) ||
                  all_of(Step->getParent()->phis(), [&](const PHINode &Phi) {
                    return Steps.contains(&Phi);
                  });
         });
}

} // namespace

void findExtremes(const Loop &L, SmallVectorImpl<PHINode *> &Phis,
                  KeptList &Out) {
  for (unsigned I = 0; I < Phis.size(); ++I) {
    Group G(L);
    if (!G.addKey(*Phis[I]))
      continue;
    for (PHINode *Phi : Phis)
      if (Phi != Phis[I])
        G.addFollower(*Phi);
    if (!G.isClosed())
      continue;
    erase_if(Phis, [&](PHINode *Phi) {
      return any_of(G.Members, [&](auto &K) { return K->Phi == Phi; });
    });
    for (auto &K : G.Members)
      Out.push_back(std::move(K));
    I = -1;
  }
}

} // namespace ferry
