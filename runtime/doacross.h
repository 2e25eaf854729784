//===- doacross.h - iterations that follow each other at a distance -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DOACROSS_H
#define FERRY_DOACROSS_H

#include "overlap.h"

#ifdef __cplusplus
extern "C" {
#endif

// How far a row has come. A row is an iteration of dim 0; its place is a number of
// bytes: what it has still to write lies at that column of the array, or after it.
// Before iteration t of a stage, in row i, that is  place + by_row * i + by_step * t.
struct ferry_stage {
  uint32_t dim;
  int64_t place, by_row, by_step; // by_step > 0
};

struct ferry_doacross {
  uint32_t count;
  struct ferry_stage stages[FERRY_MAX_DIMS];
  // An iteration may begin when all rows before are that much further than its place.
  // At least 1.
  int64_t lead;
  int64_t start; // a row may begin when all before have come to that place
  int64_t span; // of all columns, in bytes
  // What the caller sets, with what find_doacross() leaves there:
  int64_t stride;     // iterations between two questions: 1
  uint32_t strip_dim; // that stage runs so many together,
  int64_t strip;      // or must ask before each: 1; none does: 0
  int inner_apart; // could each stage's iterations run at the same time instead?
};

// Does the nest do what the program does if its rows run at the same time, each behind
// the one before it? `stage_of`: see abi.h. False where it is not proved. Thread-safe;
// allocates nothing.
int ferry_find_doacross(const struct ferry_shape *shape, const uint8_t *stage_of,
                        const int64_t *numbers, struct ferry_doacross *plan);

#ifdef __cplusplus
}
#endif

#endif
