//===- equations.h - a pair of accesses, one equation for each radix ------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_EQUATIONS_H
#define FERRY_EQUATIONS_H

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

// A nest whose trips may be affine in outer dims. `most` are the largest trip
// counts, at least 1.
struct ferry_triangle {
  uint32_t dims, held, parallel; // see struct ferry_shape
  const int64_t *numbers, *most;
};

// Bounds of a row, no wider than those of the box; min > max where the loop never
// runs. False where the arithmetic overflows.
int ferry_triangle_range(const struct ferry_triangle *nest, const int64_t *row,
                         int64_t *min, int64_t *max);

// *c divided by a radix > 1, to the nearest integer; leaves in *c what remains.
int64_t ferry_nearest_quotient(int64_t *c, int64_t radix);

// Is it proved that the accesses of the rows `a` and `b`, of at least one byte
// each, never meet in different iterations of the parallel dims?
int ferry_equations_apart(const struct ferry_triangle *nest, const int64_t *a,
                          const int64_t *b);

#ifdef __cplusplus
}
#endif
#endif
