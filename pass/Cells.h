//===----------------------------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables in memory, held in a register by a copy of the loop: *total += a[i],
// out->bytes[out->used++] = x. It is right where nothing else that the iterations
// touch lies there, which is asked at run time: a cell is an access that meets all
// others, but not itself. What happens to the register is for others to describe:
// it is a total, a counter, a value that is kept.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CELLS_H
#define FERRY_CELLS_H

namespace llvm {
class Loop;
class SCEV;
} // namespace llvm

namespace ferry {

struct Fixed;
struct Place;
struct ShapeContext;

// L is a copy, and the place one that it certainly uses. Returns whether it has
// become a cell. Breaks the analyses of the function.
bool promoteToCell(const llvm::SCEV *Address, Place &P, llvm::Loop &L,
                   const ShapeContext &C, Fixed &Out);

} // namespace ferry
#endif
