//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From a module of kernels to the code of a device. A code generator that cannot
// translate something ends the process; so it runs in a child of the compiler.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DEVICECODE_H
#define FERRY_DEVICECODE_H

#include "../runtime/image.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace ferry {

struct Kernel;

struct DeviceTarget {
  ferry_image_target Is;
  const char *Triple, *CPU, *Features;
  unsigned ProgramSpace; // address space of the program's memory
};

// Null where this compiler has no code generator for it.
const DeviceTarget *findTarget(ferry_image_target Is);

struct DeviceCode {
  std::string Bytes; // empty: it failed
  bool Late = false; // because it took too long
};

// The code of these kernels alone, of those in their module. Changes nothing.
DeviceCode emitDeviceCode(llvm::Module &D, llvm::ArrayRef<const Kernel *> Kernels,
                          const DeviceTarget &T);

} // namespace ferry
#endif
