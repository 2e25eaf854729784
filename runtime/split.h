//===- split.h - a nest in pieces that are independent --------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SPLIT_H
#define FERRY_SPLIT_H

#include "overlap.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { FERRY_MAX_PIECES = 48 };

// Iterations lo[k] <= i_k < hi[k] of the parallel dims; there is at least one.
struct ferry_box {
  int64_t lo[FERRY_MAX_PARALLEL], hi[FERRY_MAX_PARALLEL];
};

struct ferry_pieces {
  int count;
  struct ferry_box box[FERRY_MAX_PIECES];
};

// Divides the iterations of a nest that is a box in its parallel dims, and has neither
// links nor cells, into pieces, each independent, that do what the program does if they
// run one after the other. False where none are found. `scratch` has room for as many
// numbers as there are. Thread-safe; like overlap.c, which it asks, a part of the pass
// as well.
int ferry_split(const struct ferry_shape *shape, const int64_t *numbers,
                int64_t *scratch, struct ferry_pieces *pieces);

#ifdef __cplusplus
}
#endif

#endif
