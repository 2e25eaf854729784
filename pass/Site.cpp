//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
#include "Site.h"
#include "../runtime/abi.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolutionExpressions.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/ScalarEvolutionExpander.h"
#include <dlfcn.h>

using namespace llvm;

namespace ferry {

namespace {

const unsigned char StubBitcode[] = {
#include "stub_bitcode.inc"
};

constexpr int64_t GuessedTrips = 16;    // of a loop whose count is unknown
constexpr int64_t MaxWork = 1LL << 31;  // keeps products within 64 bits

// Machine instructions, roughly: what the guard compares.
int64_t costOf(const Instruction &I) {
  if (I.isDebugOrPseudoInst() || I.isLifetimeStartOrEnd())
    return 0;
  switch (I.getOpcode()) {
  case Instruction::PHI: case Instruction::GetElementPtr:
  case Instruction::Trunc: case Instruction::ZExt: case Instruction::SExt:
    return 0;
  case Instruction::UDiv: case Instruction::SDiv: case Instruction::URem:
  case Instruction::SRem: case Instruction::FDiv:
    return 10;
  case Instruction::FRem:
    return 40;
  case Instruction::Call:
    if (auto *F = cast<CallInst>(I).getCalledFunction(); F && F->isIntrinsic())
      return 3;
    return 40;
  default:
    return 1;
  }
}

int64_t ownCost(const Loop &L) {
  int64_t Cost = 0;
  for (BasicBlock *B : L.blocks())
    if (none_of(L.getSubLoops(), [&](Loop *X) { return X->contains(B); }))
      for (Instruction &I : *B)
        Cost += costOf(I);
  return std::max<int64_t>(Cost, 1);
}

// The trip count where it is the same for each iteration of the nest.
const SCEV *knownTrips(const Shape &S, const Loop &L) {
  for (const Dim &D : S.Dims)
    if (D.L == &L)
      return none_of(D.Trip.Strides, [](auto *S) { return S; }) ? D.Trip.Base
                                                               : nullptr;
  return nullptr;
}

std::optional<int64_t> constantWorkOf(const Shape &S, const Loop &L) {
  auto *Trips = dyn_cast_or_null<SCEVConstant>(knownTrips(S, L));
  if (!Trips)
    return std::nullopt;
  int64_t Work = ownCost(L);
  for (Loop *X : L.getSubLoops()) {
    auto Inner = constantWorkOf(S, *X);
    if (!Inner)
      return std::nullopt;
    Work += *Inner;
  }
  int64_t N = Trips->getAPInt().getLimitedValue(MaxWork);
  return std::min(N * std::min(Work, MaxWork), MaxWork);
}

Value *clampWork(IRBuilderBase &B, Value *V) {
  return B.CreateBinaryIntrinsic(Intrinsic::umin, V, B.getInt64(MaxWork));
}

Value *expandWork(const Shape &S, const Loop &L, IRBuilderBase &B,
                  SCEVExpander &Expander) {
  Value *Work = B.getInt64(ownCost(L));
  for (Loop *X : L.getSubLoops())
    Work = B.CreateAdd(Work, expandWork(S, *X, B, Expander));
  Value *Trips = B.getInt64(GuessedTrips);
  if (const SCEV *Known = knownTrips(S, L))
    Trips = B.CreateFreeze(Expander.expandCodeFor(
        Known, B.getInt64Ty(), B.GetInsertPoint()));
  return clampWork(B, B.CreateMul(clampWork(B, Trips), clampWork(B, Work)));
}

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

Constant *accessKinds(const Shape &S, Module &M) {
  SmallVector<uint8_t, 16> Kinds;
  for (const Access &A : S.Accesses)
    Kinds.push_back(A.Write ? FERRY_WRITE : FERRY_READ);
  for (const WrapCondition &W : S.Wraps)
    Kinds.push_back(W.Signed ? FERRY_WRAP_SIGNED : FERRY_WRAP_UNSIGNED);
  Constant *Init = ConstantDataArray::get(M.getContext(), Kinds);
  return new GlobalVariable(M, Init->getType(), true,
                            GlobalValue::PrivateLinkage, Init, "ferry.kinds");
}

GlobalVariable *createSite(const Shape &S, const Worker &W) {
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
  bool AnyFloat = any_of(S.Reductions, [](auto &R) {
    return R->Phi->getType()->isFloatingPointTy();
  });
  set(Field_abi, FERRY_ABI_VERSION);
  set(Field_flags, (S.Independent ? FERRY_SITE_INDEPENDENT : 0) |
                       (S.Errno ? FERRY_SITE_ERRNO : 0) |
                       (S.Uneven ? FERRY_SITE_UNEVEN : 0) |
                       (AnyFloat ? FERRY_SITE_ORDERED : 0));
  set(Field_line, Loc ? Loc.getLine() : 0);
  set(Field_column, Loc ? Loc.getCol() : 0);
  set(Field_dims, S.Dims.size());
  set(Field_parallel, S.Parallel);
  set(Field_accesses, S.Accesses.size() + S.Wraps.size());
  set(Field_context_size, DL.getTypeAllocSize(W.Context));
  set(Field_reduction_size, S.Reductions.empty() ? 0 : DL.getTypeAllocSize(W.Partial).getFixedValue());
  set(Field_min_work, uint64_t(-1));
  StringRef File = M.getSourceFileName();
  if (Loc)
    File = cast<DIScope>(Loc.getScope())->getFilename();
  V[Field_file] = stringConstant(M, File);
  V[Field_function] = stringConstant(M, F.getName());
  V[Field_kinds] = accessKinds(S, M);
  V[Field_worker] = W.Run;
  if (W.Combine) {
    V[Field_combine] = W.Combine;
    V[Field_identity] = W.Identity;
  }
  return new GlobalVariable(M, Type, false, GlobalValue::InternalLinkage,
                            ConstantStruct::get(Type, V), "ferry.site");
}

FunctionCallee launchFunction(Module &M) {
  LLVMContext &C = M.getContext();
  Type *Ptr = PointerType::get(C, 0), *I64 = Type::getInt64Ty(C);
  auto Callee = M.getOrInsertFunction(
      "__ferry_launch_v1",
      FunctionType::get(Type::getInt32Ty(C), {Ptr, Ptr, Ptr, Ptr, I64}, false));
  if (auto *F = dyn_cast<Function>(Callee.getCallee()))
    F->setDoesNotThrow();
  return Callee;
}

// The launch block: what the runtime and the worker need, then the call.
Value *emitLaunch(IRBuilderBase &B, const Shape &S, const Worker &W,
                  const SiteValues &V, const SiteFrame &Frame,
                  GlobalVariable *Site) {
  for (auto [I, LiveIn] : enumerate(W.LiveIns))
    B.CreateStore(LiveIn, B.CreateStructGEP(W.Context, Frame.Context, I));
  for (auto [I, Handle] : enumerate(V.Numbers)) {
    Value *Number = Handle;
    if (Number->getType()->isPointerTy())
      Number = B.CreatePtrToInt(Number, B.getInt64Ty());
    B.CreateStore(Number, B.CreateConstGEP1_64(B.getInt64Ty(), Frame.Numbers, I));
  }
  for (auto [I, R] : enumerate(S.Reductions))
    B.CreateStore(R->Phi->getIncomingValueForBlock(S.L->getLoopPreheader()),
                  B.CreateStructGEP(W.Partial, Frame.Partial, I));
  Value *Partial = S.Reductions.empty()
                       ? (Value *)ConstantPointerNull::get(B.getPtrTy())
                       : Frame.Partial;
  return B.CreateCall(launchFunction(*Site->getParent()),
                      {Site, Frame.Context, Frame.Numbers, Partial, V.Work});
}

void emitDone(IRBuilderBase &B, const Shape &S, const Worker &W,
              const SiteValues &V, const SiteFrame &Frame) {
  BasicBlock *Exit = S.L->getUniqueExitBlock(), *Latch = S.L->getLoopLatch();
  SmallVector<Value *, 2> Results;
  for (auto [I, R] : enumerate(S.Reductions))
    Results.push_back(
        B.CreateLoad(R->Phi->getType(), B.CreateStructGEP(W.Partial, Frame.Partial, I)));
  for (PHINode &Phi : Exit->phis()) {
    Value *Final = Phi.getIncomingValueForBlock(Latch);
    for (auto [I, Out] : enumerate(S.LiveOuts)) {
      if (Out.Exit != &Phi)
        continue;
      if (!Out.Reduced)
        Final = V.LiveOuts[I];
      else
        for (auto [J, R] : enumerate(S.Reductions))
          if (R.get() == Out.Reduced)
            Final = Results[J];
    }
    Phi.addIncoming(Final, B.GetInsertBlock());
  }
  B.CreateBr(Exit);
}

} // namespace

std::optional<int64_t> constantWork(const Shape &S) {
  return constantWorkOf(S, *S.L);
}

SiteValues expandValues(const Shape &S, SCEVExpander &Expander) {
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
  for (const LiveOut &O : S.LiveOuts)
    Out.LiveOuts.push_back(
        O.Value ? Expander.expandCodeFor(O.Value, O.Value->getType(), At->getIterator())
                : nullptr);
  Out.Work = expandWork(S, *S.L, B, Expander);
  return Out;
}

SiteFrame createFrame(Function &F, ArrayRef<const Worker *> Workers,
                      size_t MaxNumbers) {
  const DataLayout &DL = F.getDataLayout();
  uint64_t Context = 8, Partial = 0;
  Align Alignment(16);
  for (const Worker *W : Workers) {
    Context = std::max<uint64_t>(Context, DL.getTypeAllocSize(W->Context));
    Partial = std::max<uint64_t>(Partial, DL.getTypeAllocSize(W->Partial));
    Alignment = std::max({Alignment, DL.getABITypeAlign(W->Context),
                          DL.getABITypeAlign(W->Partial)});
  }
  IRBuilder<> B(&*F.getEntryBlock().getFirstInsertionPt());
  auto allocate = [&](uint64_t Bytes, const char *Name) {
    AllocaInst *A = B.CreateAlloca(ArrayType::get(B.getInt8Ty(), Bytes), nullptr, Name);
    A->setAlignment(Alignment);
    return A;
  };
  SiteFrame Frame;
  Frame.Context = allocate(Context, "ferry.context");
  Frame.Numbers = allocate(MaxNumbers * 8, "ferry.numbers");
  if (Partial)
    Frame.Partial = allocate(Partial, "ferry.partial");
  return Frame;
}

void insertSite(const Shape &S, const Worker &W, const SiteValues &V,
                const SiteFrame &Frame) {
  BasicBlock *Preheader = S.L->getLoopPreheader();
  Function &F = *Preheader->getParent();
  LLVMContext &C = F.getContext();
  GlobalVariable *Site = createSite(S, W);
  DebugLoc Loc = S.L->getStartLoc();
  if (!Loc && F.getSubprogram())
    Loc = DILocation::get(C, F.getSubprogram()->getLine(), 0, F.getSubprogram());

  auto *Launch = BasicBlock::Create(C, "ferry.launch", &F, S.L->getHeader());
  auto *Done = BasicBlock::Create(C, "ferry.done", &F, S.L->getHeader());
  IRBuilder<> B(Launch);
  B.SetCurrentDebugLocation(Loc);
  Value *Result = emitLaunch(B, S, W, V, Frame, Site);
  Value *Ran = B.CreateICmpEQ(Result, B.getInt32(0));
  B.SetInsertPoint(Done);
  emitDone(B, S, W, V, Frame);

  BasicBlock *Serial =
      Preheader->splitBasicBlock(Preheader->getTerminator(), "ferry.serial");
  B.SetInsertPoint(Launch);
  B.CreateCondBr(Ran, Done, Serial);
  Preheader->getTerminator()->eraseFromParent();
  B.SetInsertPoint(Preheader);
  StructType *Type = cast<StructType>(Site->getValueType());
  LoadInst *MinWork = B.CreateAlignedLoad(
      B.getInt64Ty(), B.CreateStructGEP(Type, Site, Field_min_work), Align(8));
  MinWork->setAtomic(AtomicOrdering::Monotonic); // the runtime may change it
  B.CreateCondBr(B.CreateICmpSGT(V.Work, MinWork), Launch, Serial);
}

void linkStub(Module &M) {
  Dl_info Info;
  std::string Path;
  if (dladdr(reinterpret_cast<void *>(&linkStub), &Info) && Info.dli_fname) {
    SmallString<128> P(sys::path::parent_path(Info.dli_fname));
    sys::path::append(P, "libferry.so");
    Path = P.str().str();
  }
  auto Buffer = MemoryBufferRef(
      StringRef(reinterpret_cast<const char *>(StubBitcode), sizeof StubBitcode),
      "ferry stub");
  auto Stub = cantFail(parseBitcodeFile(Buffer, M.getContext()));
  Stub->setDataLayout(M.getDataLayout());
  Stub->setTargetTriple(M.getTargetTriple());
  for (StringRef Name : {"llvm.module.flags", "llvm.ident", "llvm.errno.tbaa"})
    if (NamedMDNode *N = Stub->getNamedMetadata(Name))
      N->eraseFromParent();
  auto shareOnce = [&](GlobalObject &G) {
    if (G.isDeclaration() || G.hasLocalLinkage())
      return;
    G.setLinkage(GlobalValue::LinkOnceODRLinkage);
    G.setVisibility(GlobalValue::HiddenVisibility);
    G.setDSOLocal(true);
    G.setComdat(Stub->getOrInsertComdat(G.getName()));
  };
  for (Function &F : *Stub) {
    shareOnce(F);
    for (StringRef Name : {"target-cpu", "target-features", "tune-cpu"})
      F.removeFnAttr(Name);
  }
  if (GlobalVariable *P = Stub->getGlobalVariable("__ferry_runtime_path")) {
    auto *Init = ConstantDataArray::getString(M.getContext(), Path);
    auto *G = new GlobalVariable(*Stub, Init->getType(), true,
                                 GlobalValue::ExternalLinkage, Init, "");
    P->replaceAllUsesWith(G);
    G->takeName(P);
    P->eraseFromParent();
  }
  for (GlobalVariable &G : Stub->globals())
    shareOnce(G);
  Linker::linkModules(M, std::move(Stub));
}

} // namespace ferry
