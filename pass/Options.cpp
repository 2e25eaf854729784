//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Options.h"
#include "../runtime/abi.h"
#include "llvm/ADT/StringSwitch.h"
#include <cstdlib>

using namespace llvm;

namespace ferry {

static StringRef lookUp(const char *Name) {
  const char *Text = std::getenv(Name);
  return Text ? Text : "";
}

OffloadOptions optionsFromEnvironment() {
  OffloadOptions O{FERRY_DEFAULT_THRESHOLD};
  if (StringRef Text = lookUp("FERRY_THRESHOLD"); !Text.empty()) {
    int64_t Value;
    if (!Text.getAsInteger(10, Value) && Value >= 0)
      O.Threshold = Value;
    else
      O.Wrong.push_back(("FERRY_THRESHOLD=" + Text + " is no number, ignored").str());
  }
  if (StringRef Text = lookUp("FERRY_IMAGES"); !Text.empty() && !parseImages(Text, O))
    O.Wrong.push_back(("FERRY_IMAGES=" + Text + " is not known, use ptx or none; ignored").str());
  return O;
}

bool parseImages(StringRef Name, OffloadOptions &O) {
  if (Name != "ptx" && Name != "x86_64" && Name != "none")
    return false;
  O.Images = StringSwitch<std::optional<ferry_image_target>>(Name)
                 .Case("ptx", FERRY_IMAGE_PTX)
                 .Case("x86_64", FERRY_IMAGE_X86_64)
                 .Default(std::nullopt);
  return true;
}

} // namespace ferry
