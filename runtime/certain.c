//===- certain.c - what the nest is certain to read -----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The hull of an index array may hold elements that the nest does not read:
// between its rows, of empty rows, or because it never comes there. Nothing need
// be there, or another thread may just take it away. Only where the compiler says
// that the nest reads each element the row names (FERRY_CERTAIN), and these fill
// the hull, a read before the nest does what the same read in it would do.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "links.h"

static const int64_t *access_row(const struct ferry_nest *nest, uint32_t access) {
  return ferry_row(nest, nest->shape->dims + access);
}

static int64_t size_of(int64_t stride) { return stride < 0 ? -stride : stride; }

static bool is_known(const struct ferry_nest *nest, const int64_t *row) {
  for (uint32_t k = nest->resolved; k < nest->shape->dims; ++k)
    if (row[2 + k])
      return false;
  return true;
}

// Under which the other rows are true.
static bool conditions_hold(const struct ferry_nest *nest) {
  for (uint32_t a = 0; a < nest->shape->accesses; ++a) {
    const uint8_t kind = nest->shape->kinds[a];
    const int64_t *row = access_row(nest, a);
    if (!ferry_touches_memory(kind) && kind != FERRY_LOW &&
        (!is_known(nest, row) || !ferry_fits(kind, row, nest->shape->dims, nest->trips)))
      return false;
  }
  return true;
}

// Do the dims that move the row take all their values? Those that count from LOW
// do so together, not for each value of another dim.
static bool takes_all_values(const struct ferry_nest *nest, const int64_t *row) {
  uint32_t moving = 0;
  bool linked = false;
  for (uint32_t k = 0; k < nest->shape->dims; ++k) {
    if (!row[2 + k])
      continue;
    if (!nest->whole[k])
      return false;
    ++moving;
    linked |= ferry_link(nest, k) != FERRY_NO_LINK;
  }
  return !linked || moving == 1;
}

// The dim of the smallest stride that is not done, or -1.
static int next_dim(const struct ferry_nest *nest, const int64_t *row, uint32_t done) {
  int found = -1;
  for (uint32_t k = 0; k < nest->shape->dims; ++k)
    if (row[2 + k] && nest->trips[k] > 1 && !(done >> k & 1) &&
        (found < 0 || size_of(row[2 + k]) < size_of(row[2 + found])))
      found = (int)k;
  return found;
}

// Does each row of elements begin where the one before it ends? (The hull is in
// the lower half of 64 bits, so no stride that counts is INT64_MIN.)
static bool has_no_gaps(const struct ferry_nest *nest, const int64_t *row) {
  int64_t end = 0;
  uint32_t done = 0;
  for (int k; (k = next_dim(nest, row, done)) >= 0; done |= 1u << k) {
    const int64_t size = size_of(row[2 + k]);
    if (done && size != end)
      return false;
    if (__builtin_mul_overflow(size, nest->trips[k], &end))
      return false;
  }
  return true;
}

bool ferry_reads_all(const struct ferry_nest *nest, uint32_t access) {
  const int64_t *row = access_row(nest, access);
  return nest->shape->kinds[access] & FERRY_CERTAIN && takes_all_values(nest, row) &&
         has_no_gaps(nest, row) && conditions_hold(nest);
}

//===- [a[i], a[i + 1]) ---------------------------------------------------===//

// The index access whose values a row counts, one by one and from `base` on.
static bool counts_values(const struct ferry_nest *nest, const int64_t *row,
                          uint32_t *access, int64_t *base) {
  int dim = -1;
  for (uint32_t k = 0; k < nest->shape->dims; ++k) {
    if (!row[2 + k])
      continue;
    if (row[2 + k] != 1 || dim >= 0 || k >= nest->resolved)
      return false;
    dim = (int)k;
  }
  if (dim < 0 || ferry_link(nest, (uint32_t)dim) == FERRY_NO_LINK)
    return false;
  *access = ferry_link(nest, (uint32_t)dim);
  return ferry_is_index(nest->shape->kinds[*access]) &&
         !__builtin_sub_overflow(row[0], nest->first[dim], base);
}

// Could what an access reads be another value when the nest comes there?
static bool is_written(const struct ferry_nest *nest, uint32_t access) {
  const struct ferry_shape *shape = nest->shape;
  int64_t lo, hi, from, to;
  if (!ferry_hull(nest, access, &lo, &hi))
    return true;
  for (uint32_t w = 0; w < shape->accesses; ++w)
    if (ferry_writes_memory(shape->kinds[w]) &&
        (ferry_link(nest, shape->dims + w) != FERRY_NO_LINK ||
         !is_known(nest, access_row(nest, w)) || !ferry_hull(nest, w, &from, &to) ||
         (from < hi && lo < to)))
      return true;
  return false;
}

// The same array, but `to` begins one element behind `from`: gets both.
static bool are_neighbours(const struct ferry_nest *nest, uint32_t from, uint32_t to,
                           struct ferry_elements *both) {
  const int64_t *a = access_row(nest, from), *b = access_row(nest, to);
  struct ferry_elements behind;
  if (((nest->shape->kinds[from] ^ nest->shape->kinds[to]) & ~FERRY_CERTAIN) ||
      a[1] != b[1] || !ferry_find_elements(nest, from, both) ||
      !ferry_find_elements(nest, to, &behind))
    return false;
  for (uint32_t k = 0; k < nest->shape->dims; ++k)
    if (a[2 + k] != b[2 + k])
      return false;
  both->direct = both->direct && behind.direct;
  ++both->count;
  return behind.lo - both->lo == both->step;
}

bool ferry_rows_follow(const struct ferry_nest *nest, const int64_t *low,
                       const int64_t *end) {
  uint32_t from, to;
  int64_t low_base, end_base;
  struct ferry_elements all;
  return counts_values(nest, low, &from, &low_base) &&
         counts_values(nest, end, &to, &end_base) && low_base == end_base &&
         takes_all_values(nest, access_row(nest, from)) &&
         are_neighbours(nest, from, to, &all) &&
         has_no_gaps(nest, access_row(nest, from)) && !is_written(nest, from) &&
         !is_written(nest, to) && ferry_ascend(&all, /*strictly=*/false);
}
