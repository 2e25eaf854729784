//===- ranges.h - sets of addresses ---------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_RANGES_H
#define FERRY_MIRROR_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FERRY_PAGE = 4096 };

static inline uintptr_t ferry_page_of(uintptr_t at) {
  return at & ~(uintptr_t)(FERRY_PAGE - 1);
}

struct ferry_range {
  uintptr_t lo, hi;
};

// Ascending, apart from each other.
struct ferry_ranges {
  struct ferry_range *all;
  size_t count, room;
};

// False: there is no room, and the set is as before.
bool ferry_add_range(struct ferry_ranges *set, uintptr_t lo, uintptr_t hi);

// False: there is no room for the two that one becomes, and the set is as
// before.
bool ferry_remove_range(struct ferry_ranges *set, uintptr_t lo, uintptr_t hi);

// The first that ends after `at`, or null.
const struct ferry_range *ferry_range_after(const struct ferry_ranges *set,
                                            uintptr_t at);

static inline bool ferry_in_ranges(const struct ferry_ranges *set,
                                   uintptr_t at) {
  const struct ferry_range *found = ferry_range_after(set, at);
  return found && found->lo <= at;
}

static inline bool ferry_meets_ranges(const struct ferry_ranges *set,
                                      uintptr_t lo, uintptr_t hi) {
  const struct ferry_range *found = ferry_range_after(set, lo);
  return found && found->lo < hi;
}

// Shrinks [*lo, *hi) around `at`, which is not in the set, to what is not
// either.
void ferry_keep_out(const struct ferry_ranges *set, uintptr_t at, uintptr_t *lo,
                    uintptr_t *hi);

#endif
