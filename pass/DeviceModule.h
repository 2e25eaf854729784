//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module for device code, and what of the program is copied there: functions
// without their promises, debug information and attributes. What only the host
// knows the address of becomes a *stand-in*: a nameless declaration that is replaced
// when a kernel is finished.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DEVICEMODULE_H
#define FERRY_DEVICEMODULE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

namespace ferry {

class DeviceModule final : llvm::ValueMaterializer {
public:
  explicit DeviceModule(const llvm::Module &Program);

  llvm::Module &module() { return *D; }

  // A copy of F, with copies of all that it calls. Null where one of them cannot be
  // copied; then Why says which.
  llvm::Function *import(const llvm::Function &F, std::string &Why);

  // Whom a stand-in stands for; null: it is none.
  llvm::GlobalValue *standsFor(const llvm::GlobalValue &StandIn) const {
    return StandIns.lookup(&StandIn);
  }

  // A copy of a constant, if it holds nothing but small data; else null.
  llvm::GlobalVariable *copyOfConstant(llvm::GlobalValue &Program);

private:
  llvm::Value *materialize(llvm::Value *V) override;
  llvm::Function *importCallee(llvm::Function &F);
  void importBody(const llvm::Function &From, llvm::Function &To);
  void refuse(const llvm::Twine &Reason);

  std::unique_ptr<llvm::Module> D;
  llvm::DenseMap<const llvm::Function *, llvm::Function *> Functions;
  llvm::DenseMap<const llvm::GlobalValue *, llvm::GlobalValue *> StandIns;
  llvm::DenseMap<const llvm::GlobalValue *, llvm::GlobalVariable *> Constants;
  llvm::DenseMap<const llvm::GlobalValue *, llvm::GlobalValue *> StandInOf;
  llvm::SmallPtrSet<const llvm::Function *, 4> Open; // whose bodies are being copied
  std::string Refused;
};

} // namespace ferry
#endif
