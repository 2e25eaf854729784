//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A refusal is a value: a reason and the name or fact that goes with it.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_REASON_H
#define FERRY_REASON_H

#include <string>

namespace ferry {

enum class Reason {
  None,
#define FERRY_REASON(Identifier, Id, Sentence, Hint) Identifier,
#include "Reasons.def"
};

struct Refusal {
  Reason Why = Reason::None;
  std::string Detail; // in the user's words; may be empty
  const char *Hint = nullptr; // in place of the reason's own
  explicit operator bool() const { return Why != Reason::None; }
};

} // namespace ferry
#endif
