//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_OPTIONS_H
#define FERRY_OPTIONS_H

#include "../runtime/image.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace ferry {

struct OffloadOptions {
  int64_t Threshold; // constant work up to which a loop is not considered
  std::optional<ferry_image_target> Images = {}; // device code for that
  std::vector<std::string> Wrong = {};           // what is to be said of the others
};

// FERRY_THRESHOLD and FERRY_IMAGES of the compiler's environment, else the defaults.
OffloadOptions optionsFromEnvironment();

// ptx, x86_64 or none. False: it is none of these.
bool parseImages(llvm::StringRef Name, OffloadOptions &O);

} // namespace ferry
#endif
