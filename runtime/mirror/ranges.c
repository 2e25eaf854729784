//===- ranges.c - sets of addresses ---------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "ranges.h"

#include <string.h>

static size_t first_after(const struct ferry_ranges *set, uintptr_t at) {
  size_t lo = 0, hi = set->count;
  while (lo < hi) {
    const size_t middle = (lo + hi) / 2;
    if (set->all[middle].hi <= at)
      lo = middle + 1;
    else
      hi = middle;
  }
  return lo;
}

const struct ferry_range *ferry_range_after(const struct ferry_ranges *set,
                                            uintptr_t at) {
  const size_t i = first_after(set, at);
  return i < set->count ? &set->all[i] : NULL;
}

static void replace(struct ferry_ranges *set, size_t at, size_t old,
                    size_t new) {
  memmove(set->all + at + new, set->all + at + old,
          (set->count - at - old) * sizeof *set->all);
  set->count += new;
  set->count -= old;
}

bool ferry_add_range(struct ferry_ranges *set, uintptr_t lo, uintptr_t hi) {
  size_t i = first_after(set, lo), end = i;
  if (i > 0 && set->all[i - 1].hi == lo) // it only touches
    end = i--;
  while (end < set->count && set->all[end].lo <= hi)
    ++end;
  if (end == i && set->count == set->room)
    return false;
  if (end > i) {
    lo = set->all[i].lo < lo ? set->all[i].lo : lo;
    hi = set->all[end - 1].hi > hi ? set->all[end - 1].hi : hi;
  }
  replace(set, i, end - i, 1);
  set->all[i] = (struct ferry_range){lo, hi};
  return true;
}

bool ferry_remove_range(struct ferry_ranges *set, uintptr_t lo, uintptr_t hi) {
  const size_t i = first_after(set, lo);
  size_t end = i;
  while (end < set->count && set->all[end].lo < hi)
    ++end;
  if (end == i)
    return true;
  const struct ferry_range first = set->all[i], last = set->all[end - 1];
  const size_t left = first.lo<lo, right = last.hi> hi;
  if (set->count - (end - i) + left + right > set->room)
    return false;
  replace(set, i, end - i, left + right);
  if (left)
    set->all[i] = (struct ferry_range){first.lo, lo};
  if (right)
    set->all[i + left] = (struct ferry_range){hi, last.hi};
  return true;
}

void ferry_keep_out(const struct ferry_ranges *set, uintptr_t at, uintptr_t *lo,
                    uintptr_t *hi) {
  const size_t i = first_after(set, at);
  if (i < set->count && set->all[i].lo < *hi)
    *hi = set->all[i].lo;
  if (i > 0 && set->all[i - 1].hi > *lo)
    *lo = set->all[i - 1].hi;
}
