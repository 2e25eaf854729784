//===- search.h - do two accesses meet, in a box of iterations? -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_SEARCH_H
#define FERRY_SEARCH_H

#include "overlap.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ferry_outcome {
  FERRY_APART, // never in different iterations of the parallel dims
  FERRY_MEET,  // in two of them, if the nest runs the whole box
  FERRY_TIRED  // not found out
};

// Of the accesses of the rows `a` and `b`, where dim k runs trips[k] >= 1 times.
enum ferry_outcome ferry_look_for_meeting(const struct ferry_shape *shape,
                                          const int64_t *a, const int64_t *b,
                                          const int64_t *trips);

#ifdef __cplusplus
}
#endif
#endif
