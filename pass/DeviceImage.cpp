//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "DeviceImage.h"
#include "SameWorker.h"
#include "Shape.h"
#include "Site.h"
#include "Worker.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"

using namespace llvm;

namespace ferry {

namespace {

bool sameCode(const Function *X, const Function *Y) {
  return X == Y || (X && Y && ferry::areSame(*X, *Y));
}

// Letters, digits and underscores are all that targets have in common.
std::string plainName(StringRef Name) {
  std::string Plain;
  for (char C : Name)
    Plain += isAlnum(C) ? C : '_';
  return Plain;
}

// Text that other text refers to by its place.
class Strings {
public:
  explicit Strings(size_t Start) : Start(Start) {}
  uint32_t add(StringRef Text) {
    auto [It, New] = At.try_emplace(Text, Start + All.size());
    if (New)
      (All += Text) += '\0';
    return It->second;
  }
  StringRef all() const { return All; }

private:
  size_t Start;
  std::string All;
  StringMap<uint32_t> At;
};

void append(std::string &Out, const void *Data, size_t Size) {
  Out.append(static_cast<const char *>(Data), Size);
}

} // namespace

std::string DeviceImage::nameFor(const Function &Host) const {
  return plainName(Host.getName()) + "_" + utostr(Entries.size());
}

bool DeviceImage::areSame(const Kernel &X, const Kernel &Y) {
  return X.BlockSize == Y.BlockSize && X.Globals == Y.Globals &&
         std::equal(std::begin(X.Axes), std::end(X.Axes), std::begin(Y.Axes)) &&
         sameCode(X.Run, Y.Run) && sameCode(X.Combine, Y.Combine);
}

unsigned DeviceImage::add(const Shape &S, const Worker &W) {
  Entry E;
  const Function &Host = *S.L->getHeader()->getParent();
  E.File = Program.getSourceFileName();
  if (DebugLoc Loc = S.L->getStartLoc()) {
    E.File = cast<DIScope>(Loc.getScope())->getFilename();
    E.Line = Loc.getLine();
  }
  E.K = buildKernel(S, W, D, Target.ProgramSpace, nameFor(Host), E.Why);
  for (auto [I, Known] : enumerate(Entries))
    if (E.Why.empty() && Known.Why.empty() && areSame(E.K, Known.K)) {
      discardKernel(E.K);
      return I;
    }
  Entries.push_back(std::move(E));
  return Entries.size() - 1;
}

// Of all kernels, or of those that can be translated.
std::string DeviceImage::generate() {
  SmallVector<Entry *, 16> Left;
  for (Entry &E : Entries)
    if (E.Why.empty())
      Left.push_back(&E);
  auto code = [&](ArrayRef<Entry *> Of) {
    SmallVector<const Kernel *, 16> Kernels;
    for (Entry *E : Of)
      Kernels.push_back(&E->K);
    return Of.empty() ? DeviceCode() : emitDeviceCode(D.module(), Kernels, Target);
  };
  DeviceCode All = code(Left);
  if (!All.Bytes.empty())
    return All.Bytes;
  for (Entry *E : Left)
    if (All.Late || code(E).Bytes.empty())
      E->Why = "the compiler cannot translate it";
  erase_if(Left, [](Entry *E) { return !E->Why.empty(); });
  All = code(Left);
  for (Entry *E : Left)
    if (All.Bytes.empty())
      E->Why = "the compiler cannot translate it";
  return All.Bytes;
}

std::string DeviceImage::pack(StringRef Code) const {
  const size_t Head = sizeof(ferry_image) + Table.size() * sizeof(ferry_kernel);
  Strings Text(Head);
  std::vector<ferry_kernel> Kernels;
  for (const Entry *E : Table) {
    uint32_t Flags = 0;
    for (unsigned Axis = 0; Axis < 3; ++Axis)
      Flags |= E->K.Axes[Axis] << (FERRY_KERNEL_DIM_BITS * Axis);
    Kernels.push_back({Text.add(E->K.Run->getName()), Text.add(E->File), E->Line, Flags});
  }
  const size_t At = alignTo(Head + Text.all().size(), 8);
  ferry_image Start{};
  memcpy(Start.magic, FERRY_IMAGE_MAGIC, sizeof Start.magic);
  Start.version = FERRY_IMAGE_VERSION;
  Start.target = Target.Is;
  Start.kernels = Kernels.size();
  Start.code_offset = At;
  Start.code_size = Code.size();
  Start.size = alignTo(At + Code.size(), 8);
  std::string Out;
  append(Out, &Start, sizeof Start);
  append(Out, Kernels.data(), Kernels.size() * sizeof(ferry_kernel));
  Out += Text.all();
  Out.resize(At);
  Out += Code;
  Out.resize(Start.size);
  return Out;
}

void DeviceImage::finish() {
  std::string Code = generate();
  for (Entry &E : Entries)
    if (E.Why.empty()) {
      E.Number = Table.size();
      Table.push_back(&E);
    }
  if (Table.empty())
    return;
  if (Target.Is == FERRY_IMAGE_PTX)
    Code += '\0';
  Constant *Bytes = ConstantDataArray::getString(Program.getContext(), pack(Code), false);
  Image = new GlobalVariable(Program, Bytes->getType(), true, GlobalValue::PrivateLinkage,
                             Bytes, "ferry.image");
  Image->setSection(FERRY_IMAGE_SECTION);
  Image->setAlignment(Align(8));
}

void DeviceImage::describe(unsigned Of, GlobalVariable &Site) const {
  const Entry &E = Entries[Of];
  if (!Image || !E.Why.empty())
    return;
  setKernel(Site, *Image, E.Number, E.K.Globals);
}

} // namespace ferry
