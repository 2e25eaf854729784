//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loader stub (runtime/stub.c), carried as bitcode: textual IR cannot be
// parsed in a compiler that discards value names.
//
//===----------------------------------------------------------------------===//
#include "Site.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <dlfcn.h>

using namespace llvm;

namespace ferry {

namespace {

const unsigned char StubBitcode[] = {
#include "stub_bitcode.inc"
};

// libferry.so beside the plugin, or empty.
std::string runtimePath() {
  Dl_info Info;
  if (!dladdr(reinterpret_cast<void *>(&linkStub), &Info) || !Info.dli_fname)
    return "";
  // The plugin may be named relative to where the compiler runs, which is not
  // where the program will.
  SmallString<128> Path(Info.dli_fname);
  sys::fs::make_absolute(Path);
  sys::path::remove_dots(Path, /*remove_dot_dot=*/false);
  sys::path::remove_filename(Path);
  sys::path::append(Path, "libferry.so");
  return Path.str().str();
}

// As if it had been compiled with the module.
void adapt(Module &Stub, const Module &M) {
  Stub.setDataLayout(M.getDataLayout());
  Stub.setTargetTriple(M.getTargetTriple());
  for (StringRef Name : {"llvm.module.flags", "llvm.ident", "llvm.errno.tbaa"})
    if (NamedMDNode *N = Stub.getNamedMetadata(Name))
      N->eraseFromParent();
  for (Function &F : Stub)
    for (StringRef Name : {"target-cpu", "target-features", "tune-cpu"})
      F.removeFnAttr(Name);
}

void defineRuntimePath(Module &Stub) {
  GlobalVariable *Declared = Stub.getGlobalVariable("__ferry_runtime_path");
  auto *Init = ConstantDataArray::getString(Stub.getContext(), runtimePath());
  auto *Path = new GlobalVariable(Stub, Init->getType(), true,
                                  GlobalValue::ExternalLinkage, Init, "");
  Declared->replaceAllUsesWith(Path);
  Path->takeName(Declared);
  Declared->eraseFromParent();
}

// One copy in each program or shared library, seen by nobody else.
void shareOnce(GlobalObject &G) {
  if (G.isDeclaration() || G.hasLocalLinkage())
    return;
  G.setLinkage(GlobalValue::LinkOnceODRLinkage);
  G.setVisibility(GlobalValue::HiddenVisibility);
  G.setDSOLocal(true);
  G.setComdat(G.getParent()->getOrInsertComdat(G.getName()));
}

} // namespace

void nameJumps(Module &M) {
  Function *Inline = M.getFunction("llvm.eh.sjlj.longjmp");
  if (!Inline || Inline->use_empty())
    return;
  auto Jump = M.getOrInsertFunction(
      "longjmp", FunctionType::get(Type::getVoidTy(M.getContext()), true));
  auto *Named = dyn_cast<Function>(Jump.getCallee());
  if (!Named)
    return;
  if (Named->use_empty())
    Named->setLinkage(GlobalValue::ExternalWeakLinkage);
  auto *Use = new GlobalVariable(M, Named->getType(), false,
                                 GlobalValue::PrivateLinkage, Named, "ferry.jump");
  appendToUsed(M, {Use});
}

void linkStub(Module &M) {
  MemoryBufferRef Buffer(
      StringRef(reinterpret_cast<const char *>(StubBitcode), sizeof StubBitcode),
      "ferry stub");
  auto Stub = cantFail(parseBitcodeFile(Buffer, M.getContext()));
  adapt(*Stub, M);
  defineRuntimePath(*Stub);
  for (GlobalObject &G : Stub->global_objects())
    shareOnce(G);
  for (Function &F : *Stub)
    if (!F.isDeclaration())
      leaveUnoptimised(F);
  Linker::linkModules(M, std::move(Stub));
}

} // namespace ferry
