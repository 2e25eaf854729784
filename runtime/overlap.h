//===- overlap.h - may the iterations of a nest run at the same time? -----===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exact integer arithmetic over the numbers of one execution (see abi.h). No
// allocation, no globals, no library calls: the pass compiles the same file
// and asks it about nests whose numbers are all constants.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_OVERLAP_H
#define FERRY_OVERLAP_H

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

enum ferry_verdict {
  FERRY_INDEPENDENT, // no two iterations of the parallel dims (those with the same
                     // indices of held ones) meet in a byte that one of them writes
  FERRY_DEPENDENT,   // two iterations certainly do, if all accesses happen
  FERRY_UNKNOWN      // not proved: treat as dependent
};

struct ferry_shape {
  uint32_t dims, parallel, accesses;
  const uint8_t *kinds; // one enum ferry_access_kind per access
  const uint8_t *links; // one per row, or null (abi.h); resolved before the test
  uint32_t held; // that many of the parallel dims, the first, do not differ
};

// The two accesses (indices after the dim rows) that decided against; -1, -1
// where it was no pair. A wrap row that does not hold names itself twice.
struct ferry_conflict {
  int first, second;
};

// Thread-safe and reentrant. `why` may be null. Numbers whose arithmetic
// overflows 64 bits, and shapes beyond the FERRY_MAX_* limits, are UNKNOWN.
enum ferry_verdict ferry_overlap(const struct ferry_shape *shape,
                                 const int64_t *numbers,
                                 struct ferry_conflict *why);

// The largest trip count of each dim, as the test uses it, and the hull
// [lo, hi) of each access, where lo == hi if there is none; false where the
// arithmetic overflows.
int ferry_hulls(const struct ferry_shape *shape, const int64_t *numbers,
                int64_t *trips, int64_t *lo, int64_t *hi);

// Smallest and largest value of a row over the first `dims` dims, whose trip
// counts are at most `trips`; false where the arithmetic overflows.
int ferry_range(const int64_t *row, uint32_t dims, const int64_t *trips,
                int64_t *min, int64_t *max);

// Does a row of this kind stand for memory? For what is linked to dims?
int ferry_touches_memory(uint8_t kind);
int ferry_is_index(uint8_t kind);

// Does it write there?
int ferry_writes_memory(uint8_t kind);

// Does a WRAP row hold, over dims whose trip counts are at most `trips`?
int ferry_fits(uint8_t kind, const int64_t *row, uint32_t dims, const int64_t *trips);

#ifdef __cplusplus
}
#endif
#endif
