//===- equations.h - a pair of accesses, one equation for each radix ------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_EQUATIONS_H
#define FERRY_EQUATIONS_H

#include "overlap.h"

#ifdef __cplusplus
extern "C" {
#endif

// Is it proved that the accesses of the rows `a` and `b` never meet in different
// iterations of the parallel dims? `most` are the largest trip counts, at least
// 1. The widths are not negative.
int ferry_equations_apart(const struct ferry_shape *shape,
                          const int64_t *numbers, const int64_t *most,
                          const int64_t *a, const int64_t *b);

#ifdef __cplusplus
}
#endif
#endif
