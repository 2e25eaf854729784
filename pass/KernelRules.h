//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What code a device may run: what every code generator can translate and what has
// the same result there, to the last bit. By list: a code generator that meets
// anything else ends the compiler.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_KERNELRULES_H
#define FERRY_KERNELRULES_H

#include <string>

namespace llvm {
class Function;
} // namespace llvm

namespace ferry {

// Half a sentence in the words of the source, or nothing: may a function that was
// compiled like this one run elsewhere at all?
std::string examineHost(const llvm::Function &F);

// The same of a kernel, with all that it calls inlined.
std::string examineKernel(const llvm::Function &Kernel);

} // namespace ferry
#endif
