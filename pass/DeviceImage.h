//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The device code of a module: a kernel for each site that can have one, and the image
// that carries them (runtime/image.h). Kernels are made from workers before any loop
// is changed: what they call is the program's own code.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DEVICEIMAGE_H
#define FERRY_DEVICEIMAGE_H

#include "DeviceCode.h"
#include "DeviceModule.h"
#include "Kernel.h"

namespace llvm {
class GlobalVariable;
} // namespace llvm

namespace ferry {

struct Shape;
struct Worker;

class DeviceImage {
public:
  DeviceImage(llvm::Module &Program, const DeviceTarget &Target)
      : Program(Program), Target(Target), D(Program) {}

  // Makes a kernel for a site. Returns the number of its entry.
  unsigned add(const Shape &S, const Worker &W);

  // After the last one: generates the code.
  void finish();

  // Why the loop has no kernel; empty: it has one.
  llvm::StringRef refused(unsigned Entry) const { return Entries[Entry].Why; }
  // Tells the site of its kernel, if it has one.
  void describe(unsigned Entry, llvm::GlobalVariable &Site) const;

private:
  struct Entry {
    Kernel K;
    std::string Why, File;
    unsigned Line = 0, Number = 0; // in the image
  };
  static bool areSame(const Kernel &X, const Kernel &Y);
  std::string nameFor(const llvm::Function &Host) const;
  std::string generate();
  std::string pack(llvm::StringRef Code) const;

  llvm::Module &Program;
  const DeviceTarget &Target;
  DeviceModule D;
  std::vector<Entry> Entries;
  std::vector<const Entry *> Table;
  llvm::GlobalVariable *Image = nullptr;
};

} // namespace ferry
#endif
