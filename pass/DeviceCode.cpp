//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DeviceCode.h"
#include "ExactFloats.h"
#include "Kernel.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicsNVPTX.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/Signals.h"
#include "llvm/Target/TargetMachine.h"
#include <csignal>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace ferry {

namespace {

// sm_75 is the oldest GPU whose pages can mirror a process; drivers translate for
// newer ones.
const DeviceTarget Targets[] = {
    {FERRY_IMAGE_PTX, "nvptx64-nvidia-cuda", "sm_75", "+ptx63", 1},
    {FERRY_IMAGE_X86_64, "x86_64-unknown-linux-gnu", "x86-64", "", 0},
};

// Seconds. Another thread of the linker may have held a lock when the child was made,
// which then never gets it.
constexpr unsigned Patience = 60;

//===- for a target -------------------------------------------------------===//

Value *readRegister(IRBuilderBase &B, Intrinsic::ID Register) {
  return B.CreateZExt(B.CreateIntrinsic(Register, ArrayRef<Value *>()), B.getInt64Ty());
}

// Replaces the questions of Kernel.h where a thread is.
void placePTXThreads(Module &D) {
  const Intrinsic::ID Thread[] = {Intrinsic::nvvm_read_ptx_sreg_tid_x,
                                  Intrinsic::nvvm_read_ptx_sreg_tid_y,
                                  Intrinsic::nvvm_read_ptx_sreg_tid_z},
                      Threads[] = {Intrinsic::nvvm_read_ptx_sreg_ntid_x,
                                   Intrinsic::nvvm_read_ptx_sreg_ntid_y,
                                   Intrinsic::nvvm_read_ptx_sreg_ntid_z},
                      Block[] = {Intrinsic::nvvm_read_ptx_sreg_ctaid_x,
                                 Intrinsic::nvvm_read_ptx_sreg_ctaid_y,
                                 Intrinsic::nvvm_read_ptx_sreg_ctaid_z},
                      Blocks[] = {Intrinsic::nvvm_read_ptx_sreg_nctaid_x,
                                  Intrinsic::nvvm_read_ptx_sreg_nctaid_y,
                                  Intrinsic::nvvm_read_ptx_sreg_nctaid_z};
  for (const char *Name : {DeviceId, DeviceCount}) {
    Function *Asked = D.getFunction(Name);
    if (!Asked)
      continue;
    for (User *U : make_early_inc_range(Asked->users())) {
      auto *Call = cast<CallInst>(U);
      const uint64_t Axis = cast<ConstantInt>(Call->getArgOperand(0))->getZExtValue();
      IRBuilder<> B(Call);
      Value *Size = readRegister(B, Threads[Axis]), *Answer;
      if (Name == DeviceCount)
        Answer = B.CreateMul(readRegister(B, Blocks[Axis]), Size);
      else
        Answer = B.CreateAdd(B.CreateMul(readRegister(B, Block[Axis]), Size),
                             readRegister(B, Thread[Axis]));
      Call->replaceAllUsesWith(Answer);
      Call->eraseFromParent();
    }
    Asked->eraseFromParent();
  }
}

void makePTXKernel(Function &F, uint64_t BlockSize) {
  LLVMContext &C = F.getContext();
  F.setCallingConv(CallingConv::PTX_Kernel);
  F.addParamAttr(0, Attribute::getWithByValType(
                        C, ArrayType::get(Type::getInt8Ty(C), BlockSize)));
  F.addParamAttr(0, Attribute::getWithAlignment(C, Align(16)));
}

void adapt(Module &D, ArrayRef<const Kernel *> Kernels, const DeviceTarget &T,
           TargetMachine &TM) {
  D.setDataLayout(TM.createDataLayout());
  D.setTargetTriple(TM.getTargetTriple());
  if (T.Is != FERRY_IMAGE_PTX) {
    for (const Kernel *K : Kernels)
      imitateDeviceFloats(*K->Run);
    return;
  }
  D.addModuleFlag(Module::Override, "nvvm-reflect-ftz", 0u);
  placePTXThreads(D);
  for (const Kernel *K : Kernels) {
    makePTXKernel(*K->Run, K->BlockSize);
    if (K->Combine)
      makePTXKernel(*K->Combine, sizeof(ferry_combine_args));
  }
}

// Leaves the kernels, and what they need.
void removeOthers(Module &D, ArrayRef<const Kernel *> Kernels) {
  SmallPtrSet<const Function *, 16> Kept;
  for (const Kernel *K : Kernels)
    Kept.insert({K->Run, K->Combine});
  for (Function &F : D)
    if (!F.isDeclaration() && !Kept.contains(&F))
      F.deleteBody();
  for (Function &F : make_early_inc_range(D))
    if (F.isDeclaration() && F.use_empty())
      F.eraseFromParent();
  for (GlobalVariable &G : make_early_inc_range(D.globals())) {
    G.removeDeadConstantUsers();
    if (G.use_empty())
      G.eraseFromParent();
  }
}

void optimise(Module &D, TargetMachine &TM) {
  LoopAnalysisManager LAM;
  FunctionAnalysisManager FAM;
  CGSCCAnalysisManager CGAM;
  ModuleAnalysisManager MAM;
  PassBuilder PB(&TM);
  PB.registerModuleAnalyses(MAM);
  PB.registerCGSCCAnalyses(CGAM);
  PB.registerFunctionAnalyses(FAM);
  PB.registerLoopAnalyses(LAM);
  PB.crossRegisterProxies(LAM, FAM, CGAM, MAM);
  // Kernels call nothing and export all: what looks at whole modules finds nothing.
  ModulePassManager Passes;
  Passes.addPass(createModuleToFunctionPassAdaptor(
      PB.buildFunctionSimplificationPipeline(OptimizationLevel::O2, ThinOrFullLTOPhase::None)));
  Passes.run(D, MAM);
}

std::unique_ptr<TargetMachine> createMachine(const DeviceTarget &T) {
  std::string Error;
  const Triple TT(T.Triple);
  const Target *Found = TargetRegistry::lookupTarget(TT, Error);
  if (!Found)
    return nullptr;
  TargetOptions Options;
  Options.AllowFPOpFusion = FPOpFusion::Strict;
  return std::unique_ptr<TargetMachine>(
      Found->createTargetMachine(TT, T.CPU, T.Features, Options, Reloc::PIC_, std::nullopt,
                                 CodeGenOptLevel::Default));
}

bool generate(Module &D, ArrayRef<const Kernel *> Kernels, const DeviceTarget &T,
              raw_pwrite_stream &Out) {
  std::unique_ptr<TargetMachine> TM = createMachine(T);
  if (!TM)
    return false;
  removeOthers(D, Kernels);
  adapt(D, Kernels, T, *TM);
  if (verifyModule(D, &errs()))
    return false;
  optimise(D, *TM);
  legacy::PassManager Passes;
  const auto Kind = T.Is == FERRY_IMAGE_PTX ? CodeGenFileType::AssemblyFile
                                            : CodeGenFileType::ObjectFile;
  if (TM->addPassesToEmitFile(Passes, Out, nullptr, Kind))
    return false;
  Passes.run(D);
  return true;
}

//===- in a child ---------------------------------------------------------===//

struct Silent final : DiagnosticHandler {
  bool handleDiagnostics(const DiagnosticInfo &DI) override {
    if (DI.getSeverity() == DS_Error)
      _exit(70);
    return true;
  }
};

// What goes wrong in the child must not be the compiler's: its handlers would remove
// the files that the parent is writing.
void leaveParentAlone(LLVMContext &C) {
  sys::unregisterHandlers();
  remove_fatal_error_handler();
  install_fatal_error_handler([](void *, const char *, bool) { _exit(70); });
  for (int Signal : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGINT, SIGTERM, SIGALRM})
    signal(Signal, SIG_DFL);
  alarm(Patience);
  C.setDiagnosticHandler(std::make_unique<Silent>());
  if (const int Nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC); Nowhere >= 0) {
    dup2(Nowhere, STDOUT_FILENO);
    dup2(Nowhere, STDERR_FILENO);
  }
}

bool writeAll(int To, StringRef Bytes) {
  while (!Bytes.empty()) {
    const ssize_t Written = write(To, Bytes.data(), Bytes.size());
    if (Written < 0 && errno != EINTR)
      return false;
    Bytes = Bytes.drop_front(std::max<ssize_t>(Written, 0));
  }
  return true;
}

std::string readAll(int From) {
  std::string All;
  char Buffer[1 << 16];
  for (ssize_t Got; (Got = read(From, Buffer, sizeof Buffer)) != 0;) {
    if (Got > 0)
      All.append(Buffer, Got);
    else if (errno != EINTR)
      break;
  }
  return All;
}

} // namespace

const DeviceTarget *findTarget(ferry_image_target Is) {
  for (const DeviceTarget &T : Targets) {
    std::string Error;
    if (T.Is == Is && TargetRegistry::lookupTarget(Triple(T.Triple), Error))
      return &T;
  }
  return nullptr;
}

DeviceCode emitDeviceCode(Module &D, ArrayRef<const Kernel *> Kernels, const DeviceTarget &T) {
  int Pipe[2];
  if (pipe2(Pipe, O_CLOEXEC))
    return {};
  const pid_t Child = fork();
  if (Child == 0) {
    leaveParentAlone(D.getContext());
    SmallString<0> Code;
    raw_svector_ostream Out(Code);
    const bool Done = generate(D, Kernels, T, Out) && writeAll(Pipe[1], Code);
    _exit(!Done);
  }
  close(Pipe[1]);
  std::string Code = Child > 0 ? readAll(Pipe[0]) : "";
  close(Pipe[0]);
  int Status = -1;
  while (Child > 0 && waitpid(Child, &Status, 0) < 0 && errno == EINTR)
    ;
  if (Child > 0 && WIFEXITED(Status) && WEXITSTATUS(Status) == 0)
    return {std::move(Code)};
  return {"", Child > 0 && WIFSIGNALED(Status) && WTERMSIG(Status) == SIGALRM};
}

} // namespace ferry
