//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Callees.h"
#include "Calls.h"
#include "LoopCopy.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace ferry {

namespace {

constexpr unsigned MaxInstructions = 3000, MaxDepth = 8;
constexpr const char *Rewrite = "write what it does into the loop";

// What the user can do about a call of a function whose code is elsewhere.
const char *hintFor(StringRef Name, bool IsLibrary) {
  enum Kind { Other, Output, Random, Allocation, Ending, Checking };
  Kind K = StringSwitch<Kind>(Name)
               .Cases({"printf", "fprintf", "vprintf", "vfprintf", "puts"}, Output)
               .Cases({"putchar", "fputs", "fputc", "putc", "fwrite"}, Output)
               .Cases({"fflush", "write", "perror", "scanf", "fscanf"}, Output)
               .Cases({"fgets", "fgetc", "getc", "getchar", "fread"}, Output)
               .Cases({"read", "__isoc99_scanf", "__isoc99_fscanf"}, Output)
               .Cases({"__printf_chk", "__fprintf_chk", "_IO_putc"}, Output)
               .Cases({"rand", "random", "drand48", "lrand48", "mrand48"}, Random)
               .Cases({"srand", "srandom", "srand48"}, Random)
               .Cases({"malloc", "calloc", "realloc", "free", "strdup"}, Allocation)
               .Cases({"aligned_alloc", "posix_memalign"}, Allocation)
               .Cases({"exit", "_exit", "abort", "__assert_fail"}, Ending)
               .StartsWith("__ubsan_handle_", Checking)
               .Default(Other);
  switch (K) {
  case Output:
    return "input and output happen in the order of the program; keep the "
           "results in an array and write them after the loop";
  case Random:
    return "the numbers come from one sequence, in order; draw them into an "
           "array first, or compute them from the loop counter";
  case Allocation:
    return "allocate before the loop, with a part for each iteration";
  case Ending:
    return "iterations after one that ends the program must not run";
  case Checking:
    return "-fsanitize=undefined adds this call";
  case Other:
    break;
  }
  return IsLibrary ? "it is not known which memory this function of the C "
                     "library uses; write the loop that it stands for"
                   : "the code of the function is not in this file; define it "
                     "here or in a header";
}

// Attributes that matter to the callers of a function or to the optimiser, but
// not to how its body has to be compiled.
bool isAboutCalling(Attribute A) {
  if (A.isStringAttribute())
    return false;
  switch (A.getKindAsEnum()) {
  case Attribute::AlwaysInline: case Attribute::InlineHint:
  case Attribute::NoInline: case Attribute::Cold: case Attribute::Hot:
  case Attribute::Memory: case Attribute::MustProgress:
  case Attribute::NoCallback: case Attribute::NoFree:
  case Attribute::NoRecurse: case Attribute::NoSync: case Attribute::NoUnwind:
  case Attribute::WillReturn: case Attribute::NoReturn:
  case Attribute::Speculatable:
    return true;
  default:
    return false;
  }
}

SmallVector<Attribute, 16> compilation(const Function &F) {
  SmallVector<Attribute, 16> Out;
  for (Attribute A : F.getAttributes().getFnAttrs())
    if (!isAboutCalling(A))
      Out.push_back(A);
  return Out;
}

// Some hook wants to see that the function is entered.
bool isWatched(const Function &F) {
  for (StringRef Name :
       {"instrument-function-entry", "instrument-function-exit",
        "instrument-function-entry-inlined", "instrument-function-exit-inlined",
        "fentry-call", "function-instrument", "patchable-function",
        "patchable-function-entry"})
    if (F.hasFnAttribute(Name))
      return true;
  return F.hasPrefixData() || F.hasPrologueData();
}

// Those that describe() knows besides the ones that compute. Others may depend
// on where they stand: the address to which a function returns, for example.
bool isKnownIntrinsic(const CallBase &Call) {
  auto *II = dyn_cast<IntrinsicInst>(&Call);
  return II && (isa<MemIntrinsic>(II) ||
                II->getIntrinsicID() == Intrinsic::threadlocal_address);
}

bool callsItself(const Function &F) {
  return any_of(F.users(), [&](const User *U) {
    auto *Call = dyn_cast<CallBase>(U);
    return Call && Call->getCalledFunction() == &F && Call->getFunction() == &F;
  });
}

class Search {
public:
  Search(const TargetLibraryInfo &TLI, unsigned &Size) : TLI(TLI), Size(Size) {}

  Refusal call(const CallBase &Call);

private:
  Refusal body(const Function &F);
  // "'f'", or "'f', which ...".
  static Refusal about(const Function &F, const Twine &Clause, const char *Hint) {
    return {Reason::Call, ("'" + F.getName() + "'" + Clause).str(), Hint};
  }

  const TargetLibraryInfo &TLI;
  SmallPtrSet<const Function *, 8> Active;
  unsigned &Size;
};

Refusal Search::call(const CallBase &Call) {
  const Function *F = Call.getCalledFunction();
  if (!F)
    return {Reason::Call, "through a pointer",
            "which function it is shows only when the program runs; call it "
            "by its name, or choose between loops that do"};
  if (F->isDeclaration()) {
    LibFunc Lib;
    return about(*F, "", hintFor(F->getName(), TLI.getLibFunc(*F, Lib)));
  }
  const char *Recursion = "a function that calls itself cannot be looked into";
  if (Active.contains(F))
    return about(*F, "", Recursion);
  if (callsItself(*F))
    return about(*F, ", which calls itself", Recursion);
  if (F->isInterposable())
    return about(*F, ", which other files may replace", "make it static");
  const Function &Caller = *Call.getFunction();
  if (!isa<CallInst>(Call) || Call.isMustTailCall() || Call.isStrictFP() ||
      Call.hasOperandBundles() || F->isVarArg() || !F->doesNotThrow() ||
      F->hasGC() || F->hasPersonalityFn() ||
      !isInlineViable(*const_cast<Function *>(F)).isSuccess())
    return about(*F, ", which cannot be looked into", Rewrite);
  if (isWatched(*F) || compilation(*F) != compilation(Caller))
    return about(*F, ", which is compiled differently",
                 "give both functions the same attributes and options");
  return body(*F);
}

Refusal Search::body(const Function &F) {
  if (Active.size() >= MaxDepth ||
      (Size += F.getInstructionCount()) > MaxInstructions)
    return about(F, ", which is too large to be looked into",
                 "move the loop into the function, or make it smaller");
  Active.insert(&F);
  for (const Instruction &I : instructions(F)) {
    auto *Call = dyn_cast<CallBase>(&I);
    if (auto *A = dyn_cast<AllocaInst>(&I); A && !A->isStaticAlloca())
      return about(F, ", which has an array of variable length",
                   "give the array a constant length");
    if (Call && Call->isInlineAsm())
      return about(F, ", which contains inline assembly",
                   "replace it by C or a compiler builtin");
    if (!Call || isChoice(Call) || isKnownIntrinsic(*Call) ||
        effectOf(*Call, TLI) != CallEffect::Refused)
      continue;
    if (isa<IntrinsicInst>(Call))
      return about(F, ", which cannot be looked into", Rewrite);
    Refusal R = call(*Call);
    if (R)
      return about(F, ", which calls " + R.Detail, R.Hint);
  }
  Active.erase(&F);
  return {};
}

} // namespace

Refusal examineCallee(const CallBase &Call, const TargetLibraryInfo &TLI,
                      unsigned &Size) {
  return Search(TLI, Size).call(Call);
}

} // namespace ferry
