//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where devices round like x86-64 but differ in what lies beyond numbers:
//
//   NaN        x86-64 hands on the operand that is one, quieted, or makes one with
//              the sign bit set, which printf shows as -nan; GPUs have but one, or
//              leave it open.
//   to integer x86-64 gives the smallest integer for what does not fit; GPUs give
//              the nearest, or 0.
//   min, max   of 0 and -0, and of a NaN.
//
// Which NaN it is can be seen only where a value is stored, carried on by a phi or
// read as bits. There, and nowhere else, a kernel asks whether it is one, which costs
// a comparison and a branch that is seldom taken, and behind the branch finds out
// which, from the operands back to the values that are right.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_EXACTFLOATS_H
#define FERRY_EXACTFLOATS_H

namespace llvm {
class Function;
} // namespace llvm

namespace ferry {

// Makes a kernel compute on a device what it would on x86-64.
void makeFloatsExact(llvm::Function &Kernel);

// For tests on x86-64, after that: what is left to the device is done as GPUs do it.
void imitateDeviceFloats(llvm::Function &Kernel);

} // namespace ferry
#endif
