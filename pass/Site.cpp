//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Site.h"
#include "../runtime/abi.h"
#include "Ask.h"
#include "Stages.h"
#include "Record.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"

using namespace llvm;

namespace ferry {

namespace {

void expandForm(const AffineForm &Form, Value *Second, unsigned Dims,
                SCEVExpander &Expander, Instruction *At, SiteValues &Out) {
  Type *I64 = Type::getInt64Ty(At->getContext());
  auto expand = [&](const SCEV *X) {
    return Expander.expandCodeFor(X, X->getType(), At->getIterator());
  };
  Out.Numbers.push_back(expand(Form.Base));
  Out.Numbers.push_back(Second);
  for (unsigned K = 0; K < Dims; ++K)
    Out.Numbers.push_back(Form.Strides[K] ? expand(Form.Strides[K])
                                          : ConstantInt::get(I64, 0));
}

// A condition: what was loaded before is what is there now. 2 does not fit in
// one bit.
void emitRecheck(LoadInst &Early, unsigned Dims, IRBuilderBase &B,
                 SiteValues &Out) {
  Value *Now = B.CreateAlignedLoad(Early.getType(), Early.getPointerOperand(),
                                   Early.getAlign());
  Value *Same = B.CreateFreeze(B.CreateICmpEQ(Now, &Early));
  Out.Numbers.push_back(B.CreateSelect(Same, B.getInt64(0), B.getInt64(2)));
  Out.Numbers.push_back(B.getInt64(1));
  Out.Numbers.append(Dims, B.getInt64(0));
}

StructType *siteType(LLVMContext &C) {
  Type *Int32 = Type::getInt32Ty(C), *Int64 = Type::getInt64Ty(C),
       *Ptr = PointerType::get(C, 0);
#define FIELD(CType, LLVMType, Name) LLVMType,
  SmallVector<Type *, 20> Fields = {FERRY_SITE_FIELDS(FIELD)};
#undef FIELD
  return StructType::get(C, Fields);
}

enum SiteField {
#define FIELD(CType, LLVMType, Name) Field_##Name,
  FERRY_SITE_FIELDS(FIELD)
#undef FIELD
  FieldCount
};

Constant *stringConstant(Module &M, StringRef Text) {
  Constant *Init = ConstantDataArray::getString(M.getContext(), Text);
  auto *G = new GlobalVariable(M, Init->getType(), true,
                               GlobalValue::PrivateLinkage, Init, "ferry.str");
  G->setUnnamedAddr(GlobalValue::UnnamedAddr::Global);
  return G;
}

Constant *byteArray(Module &M, ArrayRef<uint8_t> Bytes, const char *Name) {
  Constant *Init = ConstantDataArray::get(M.getContext(), Bytes);
  return new GlobalVariable(M, Init->getType(), true,
                            GlobalValue::PrivateLinkage, Init, Name);
}

Constant *accessKinds(const Shape &S, Module &M) {
  SmallVector<uint8_t, 16> Kinds;
  for (const Access &A : S.Accesses)
    Kinds.push_back(kindOf(A));
  for (const WrapCondition &W : S.Wraps)
    Kinds.push_back(W.Signed ? FERRY_WRAP_SIGNED : FERRY_WRAP_UNSIGNED);
  Kinds.append(S.Rechecks.size(), FERRY_WRAP_UNSIGNED);
  return byteArray(M, Kinds, "ferry.kinds");
}

// What the rows depend on that only memory knows; null where they do not.
Constant *links(const Shape &S, Module &M) {
  SmallVector<uint8_t, 16> Links;
  for (const Dim &D : S.Dims)
    Links.push_back(D.Origin < 0 ? FERRY_NO_LINK : D.Origin);
  for (const Access &A : S.Accesses)
    Links.push_back(A.Source < 0 ? FERRY_NO_LINK : A.Source);
  if (all_of(Links, [](uint8_t L) { return L == FERRY_NO_LINK; }))
    return nullptr;
  Links.append(S.conditions(), FERRY_NO_LINK);
  return byteArray(M, Links, "ferry.links");
}

GlobalVariable *createSite(const Shape &S, const Worker &W, const Work &Amount) {
  const Function &F = *S.L->getHeader()->getParent();
  Module &M = *W.Run->getParent();
  LLVMContext &C = M.getContext();
  const DataLayout &DL = M.getDataLayout();
  StructType *Type = siteType(C);
  SmallVector<Constant *, FieldCount> V;
  for (llvm::Type *T : Type->elements())
    V.push_back(Constant::getNullValue(T));
  auto set = [&](SiteField Field, uint64_t Value) {
    V[Field] = ConstantInt::get(Type->getElementType(Field), Value);
  };
  DebugLoc Loc = S.L->getStartLoc();
  const bool Ordered = !S.Kept.empty() || any_of(S.Reductions, [](auto &R) {
    return R->Phi->getType()->isFloatingPointTy();
  });
  const bool MayBeCut = !S.Independent && !Ordered && S.readsMemoryAlone();
  set(Field_abi, FERRY_ABI_VERSION);
  set(Field_flags, (S.Independent ? FERRY_SITE_INDEPENDENT : 0) |
                       (S.Errno ? FERRY_SITE_ERRNO : 0) |
                       (S.Uneven ? FERRY_SITE_UNEVEN : 0) |
                       (S.needsStack() ? FERRY_SITE_STACK : 0) |
                       (MayBeCut ? FERRY_SITE_PIECES : 0) |
                       (S.Chained ? FERRY_SITE_CHAINED : 0) |
                       (Ordered ? FERRY_SITE_ORDERED : 0));
  set(Field_line, Loc ? Loc.getLine() : 0);
  set(Field_column, Loc ? Loc.getCol() : 0);
  set(Field_dims, S.Dims.size());
  set(Field_parallel, S.Parallel);
  set(Field_accesses, S.Accesses.size() + S.conditions());
  set(Field_context_size, DL.getTypeAllocSize(W.Context));
  set(Field_reduction_size, S.hasRecord() ? DL.getTypeAllocSize(W.Partial).getFixedValue() : 0);
  set(Field_unit, Amount.Unit);
  set(Field_min_units, uint64_t(-1));
  StringRef File = M.getSourceFileName();
  if (Loc)
    File = cast<DIScope>(Loc.getScope())->getFilename();
  V[Field_file] = stringConstant(M, File);
  V[Field_function] = stringConstant(M, F.getName());
  V[Field_kinds] = accessKinds(S, M);
  if (Constant *Links = links(S, M))
    V[Field_links] = Links;
  V[Field_worker] = W.Run;
  if (W.Doacross) {
    V[Field_doacross] = W.Doacross;
    V[Field_stages] = byteArray(M, stageOfAccesses(S), "ferry.stages");
  }
  if (W.Combine) {
    V[Field_combine] = W.Combine;
    V[Field_identity] = W.Identity;
  }
  return new GlobalVariable(M, Type, false, GlobalValue::InternalLinkage,
                            ConstantStruct::get(Type, V), "ferry.site");
}

using SiteFields = SmallVector<Constant *, FieldCount>;

SiteFields fieldsOf(const GlobalVariable &Site) {
  SiteFields Fields;
  for (const Use &Op : cast<Constant>(Site.getInitializer())->operands())
    Fields.push_back(cast<Constant>(Op));
  return Fields;
}

void setFields(GlobalVariable &Site, ArrayRef<Constant *> Fields) {
  Site.setInitializer(
      ConstantStruct::get(cast<StructType>(Site.getValueType()), Fields));
}

void emitDone(IRBuilderBase &B, const Shape &S, const SiteValues &V,
              Value *Result) {
  BasicBlock *Exit = S.L->getUniqueExitBlock(), *Latch = S.L->getLoopLatch();
  SmallDenseMap<Value *, Value *, 4> Results;
  for (auto [I, F] : enumerate(Record(S).Fields))
    if (F.Last)
      Results[F.Last] = B.CreateExtractValue(Result, I + 1);
  for (PHINode &Phi : Exit->phis()) {
    Value *Final = Phi.getIncomingValueForBlock(Latch);
    for (auto [I, Out] : enumerate(S.LiveOuts)) {
      if (Out.Exit == &Phi)
        Final = Out.Value ? static_cast<Value *>(V.LiveOuts[I])
                          : Results.lookup(Final);
    }
    Phi.addIncoming(Final, B.GetInsertBlock());
  }
  B.CreateBr(Exit);
}

} // namespace

Value *isLargeEnough(GlobalVariable &Site, Value *Units, IRBuilderBase &B) {
  StructType *Type = cast<StructType>(Site.getValueType());
  LoadInst *Least = B.CreateAlignedLoad(
      B.getInt64Ty(), B.CreateStructGEP(Type, &Site, Field_min_units), Align(8));
  Least->setAtomic(AtomicOrdering::Monotonic); // the runtime may change it
  return B.CreateICmpSGT(Units, Least);
}

SiteValues expandValues(const Shape &S, const Worker &W,
                        SCEVExpander &Expander) {
  SiteValues Out;
  Instruction *At = S.L->getLoopPreheader()->getTerminator();
  IRBuilder<> B(At);
  unsigned Dims = S.Dims.size();
  for (const Dim &D : S.Dims)
    expandForm(D.Trip, B.getInt64(0), Dims, Expander, At, Out);
  for (const Access &A : S.Accesses)
    expandForm(A.Address,
               Expander.expandCodeFor(A.Width, B.getInt64Ty(), At->getIterator()),
               Dims, Expander, At, Out);
  for (const WrapCondition &W : S.Wraps)
    expandForm(W.Form, B.getInt64(W.Bits), Dims, Expander, At, Out);
  for (LoadInst *Early : S.Rechecks)
    emitRecheck(*Early, Dims, B, Out);
  for (const LiveOut &O : S.LiveOuts)
    Out.LiveOuts.push_back(
        O.Value ? Expander.expandCodeFor(O.Value, O.Value->getType(), At->getIterator())
                : nullptr);
  ScalarEvolution &SE = *Expander.getSE();
  const SCEV *Zero = SE.getZero(B.getInt64Ty()), *One = SE.getOne(B.getInt64Ty());
  for (const Loop *L : W.Around)
    Out.Around.push_back(Expander.expandCodeFor(
        SE.getAddRecExpr(Zero, One, L, SCEV::FlagAnyWrap), B.getInt64Ty(),
        At->getIterator()));
  Out.Amount = expandWork(S, B, Expander);
  return Out;
}

Left expandWhatIsLeft(Shape &S, SiteValues &V, SCEVExpander &Expander) {
  ScalarEvolution &SE = *Expander.getSE();
  const Loop &L = *S.L;
  Instruction *At = L.getLoopPreheader()->getTerminator();
  SmallVector<std::pair<PHINode *, Instruction *>, 4> New;
  for (PHINode &Phi : L.getUniqueExitBlock()->phis()) {
    auto *Last = dyn_cast<Instruction>(Phi.getIncomingValueForBlock(L.getLoopLatch()));
    if (Last && L.contains(Last) && none_of(S.LiveOuts, [&](auto &O) { return O.Exit == &Phi; }))
      New.push_back({&Phi, Last});
  }
  for (auto [Phi, Last] : New) {
    Type *T = Last->getType();
    const SCEV *AtExit = SE.isSCEVable(T) ? SE.getSCEVAtScope(Last, L.getParentLoop())
                                          : SE.getCouldNotCompute();
    if (isa<SCEVCouldNotCompute>(AtExit) || !SE.isLoopInvariant(AtExit, &L) ||
        !SE.dominates(AtExit, At->getParent()) || !Expander.isSafeToExpandAt(AtExit, At))
      return Left::Unknown;
    S.LiveOuts.push_back({Phi, AtExit});
    V.LiveOuts.push_back(Expander.expandCodeFor(AtExit, T, At->getIterator()));
  }
  return New.empty() ? Left::Nothing : Left::Computed;
}

GlobalVariable *insertSite(const Shape &S, const Worker &W, const SiteValues &V) {
  BasicBlock *Preheader = S.L->getLoopPreheader();
  Function &F = *Preheader->getParent();
  LLVMContext &C = F.getContext();
  GlobalVariable *Site = createSite(S, W, V.Amount);
  DebugLoc Loc = S.L->getStartLoc();
  if (!Loc && F.getSubprogram())
    Loc = DILocation::get(C, F.getSubprogram()->getLine(), 0, F.getSubprogram());

  auto *Launch = BasicBlock::Create(C, "ferry.launch", &F, S.L->getHeader());
  auto *Done = BasicBlock::Create(C, "ferry.done", &F, S.L->getHeader());
  IRBuilder<> B(Launch);
  B.SetCurrentDebugLocation(Loc);
  Value *Result = callAsk(S, W, V, *Site, B);
  Value *Ran = B.CreateICmpEQ(B.CreateExtractValue(Result, 0), B.getInt32(0));
  B.SetInsertPoint(Done);
  emitDone(B, S, V, Result);

  BasicBlock *Serial =
      Preheader->splitBasicBlock(Preheader->getTerminator(), "ferry.serial");
  B.SetInsertPoint(Launch);
  B.CreateCondBr(Ran, Done, Serial);
  Preheader->getTerminator()->eraseFromParent();
  B.SetInsertPoint(Preheader);
  B.CreateCondBr(isLargeEnough(*Site, V.Amount.compared(), B), Launch, Serial,
                 MDBuilder(C).createUnlikelyBranchWeights());
  return Site;
}

void setJammed(GlobalVariable &Site, const Jammed &J, ArrayRef<InnerDim> Inner) {
  SiteFields Fields = fieldsOf(Site);
  Fields[Field_jammed] = J.Run;
  if (J.Inside) {
    auto *D = find_if(Inner, [&](const InnerDim &D) { return D.Number == *J.Inside; });
    Fields[Field_jam_kinds] = byteArray(*Site.getParent(), D->Kinds, "ferry.kinds");
    Fields[Field_jam_dim] = ConstantInt::get(Fields[Field_jam_dim]->getType(), D->Number);
  }
  setFields(Site, Fields);
}

void setStrip(GlobalVariable &Site, const JammedStage &J) {
  if (J.Count == 1)
    return;
  SiteFields Fields = fieldsOf(Site);
  auto number = [&](SiteField F, uint64_t N) {
    Fields[F] = ConstantInt::get(Fields[F]->getType(), N);
  };
  Fields[Field_strip_kinds] = byteArray(*Site.getParent(), J.Stage->Kinds, "ferry.kinds");
  number(Field_strip_dim, J.Stage->Number);
  number(Field_strip, J.Count);
  setFields(Site, Fields);
}

void setKernel(GlobalVariable &Site, GlobalVariable &Image, unsigned Number,
               ArrayRef<GlobalValue *> Globals) {
  SiteFields Fields = fieldsOf(Site);
  Fields[Field_image] = &Image;
  Fields[Field_kernel] = ConstantInt::get(Fields[Field_kernel]->getType(), Number);
  if (!Globals.empty()) {
    SmallVector<Constant *, 4> Addresses(Globals.begin(), Globals.end());
    auto *T = ArrayType::get(PointerType::get(Site.getContext(), 0), Addresses.size());
    Fields[Field_kernel_globals] =
        ConstantInt::get(Fields[Field_kernel_globals]->getType(), Addresses.size());
    Fields[Field_globals] =
        new GlobalVariable(*Site.getParent(), T, true, GlobalValue::PrivateLinkage,
                           ConstantArray::get(T, Addresses), "ferry.globals");
  }
  setFields(Site, Fields);
}

} // namespace ferry
