//===- resolve.c - what only memory knows ---------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns a matrix of numbers with links (abi.h) into one without: looks at the
// index arrays of the loop, and at its tables of pointers (rows.c). The nest
// may not write what was looked at, or it would not find the same.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "links.h"

#include <string.h>

int64_t *ferry_row(const struct ferry_nest *nest, uint32_t row) {
  return nest->numbers + (size_t)row * (2 + nest->shape->dims);
}

uint8_t ferry_link(const struct ferry_nest *nest, uint32_t row) {
  return nest->shape->links[row];
}

bool ferry_hull(const struct ferry_nest *nest, uint32_t access, int64_t *lo,
                int64_t *hi) {
  const int64_t *row = ferry_row(nest, nest->shape->dims + access);
  return row[1] >= 0 && ferry_range(row, nest->shape->dims, nest->trips, lo, hi) &&
         !__builtin_add_overflow(*hi, row[1], hi);
}

//===- index arrays -------------------------------------------------------===//

// The distance of the elements that a row can name: they are among those. The
// hull is in the lower half of 64 bits, so no stride that counts is INT64_MIN.
static int64_t common_step(const struct ferry_nest *nest, const int64_t *row) {
  int64_t step = 0;
  for (uint32_t k = 0; k < nest->shape->dims; ++k) {
    int64_t b = nest->trips[k] > 1 ? row[2 + k] : 0;
    for (b = b < 0 ? -b : b; b;) {
      const int64_t rest = step % b;
      step = b;
      b = rest;
    }
  }
  return step ? step : row[1];
}

bool ferry_find_elements(const struct ferry_nest *nest, uint32_t access,
                         struct ferry_elements *out) {
  const int64_t *row = ferry_row(nest, nest->shape->dims + access);
  const uint8_t kind = nest->shape->kinds[access];
  int64_t lo, hi;
  if (!ferry_is_index(kind) || row[1] <= 0 ||
      !ferry_hull(nest, access, &lo, &hi) || lo < 0)
    return false;
  const int64_t step = common_step(nest, row);
  *out = (struct ferry_elements){.lo = lo,
                                 .count = (hi - lo - row[1]) / step + 1,
                                 .step = step,
                                 .width = row[1],
                                 .is_signed = (kind & ~FERRY_CERTAIN) == FERRY_INDEX_SIGNED,
                                 .direct = nest->how->direct && ferry_reads_all(nest, access),
                                 .share = nest->how->share};
  return true;
}

//===- dims ---------------------------------------------------------------===//

// i_dim counts from `first` on, the rows from 0.
static bool shift_rows(struct ferry_nest *nest, uint32_t dim, int64_t first) {
  nest->first[dim] = first;
  const uint32_t rows = nest->shape->dims + nest->shape->accesses;
  for (uint32_t r = 0; r < rows; ++r) {
    int64_t *row = ferry_row(nest, r), shift;
    if (__builtin_mul_overflow(row[2 + dim], first, &shift) ||
        __builtin_add_overflow(row[0], shift, &row[0]))
      return false;
  }
  return true;
}

// Does the row of an access depend on the first dims only?
static bool names_only(const struct ferry_nest *nest, uint32_t access,
                       uint32_t dims) {
  const int64_t *row = ferry_row(nest, nest->shape->dims + access);
  for (uint32_t k = dims; k < nest->shape->dims; ++k)
    if (row[2 + k])
      return false;
  return true;
}

// From one of the values that were found to the next `trip` of them.
static bool resolve_index(struct ferry_nest *nest, uint32_t dim,
                          uint32_t access) {
  int64_t *trip = &ferry_row(nest, dim)[0], min, max, size;
  struct ferry_elements all;
  return ferry_find_elements(nest, access, &all) && ferry_extremes(&all, &min, &max) &&
         !__builtin_sub_overflow(max, min, &size) &&
         !__builtin_add_overflow(*trip, size, trip) && shift_rows(nest, dim, min);
}

// From the smallest start to the largest end. They may move together, so the
// length alone does not say how far that is.
static bool resolve_low(struct ferry_nest *nest, uint32_t dim,
                        uint32_t access) {
  const uint32_t dims = nest->shape->dims;
  const int64_t *low = ferry_row(nest, dims + access);
  int64_t *trip = ferry_row(nest, dim), end[2 + FERRY_MAX_DIMS], first, last, unused;
  for (uint32_t c = 0; c < 2 + dims; ++c)
    if (__builtin_add_overflow(trip[c], low[c], &end[c]))
      return false;
  if (!ferry_range(low, dims, nest->trips, &first, &unused) ||
      !ferry_range(end, dims, nest->trips, &unused, &last) ||
      __builtin_sub_overflow(last, first, &trip[0]))
    return false;
  nest->whole[dim] = first >= 0 && first < last && ferry_rows_follow(nest, low, end);
  memset(trip + 2, 0, dims * sizeof *trip);
  return shift_rows(nest, dim, first);
}

// As often as the row says, at least once. (What is not entered may have the
// trip count -1, as an unsigned number of 32 bits.)
static bool is_constant(const struct ferry_nest *nest, uint32_t dim) {
  const int64_t *row = ferry_row(nest, dim);
  for (uint32_t k = 0; k < nest->shape->dims; ++k)
    if (row[2 + k])
      return false;
  return row[0] >= 1 && row[0] <= INT32_MAX;
}

static bool resolve_dim(struct ferry_nest *nest, uint32_t dim) {
  const uint8_t link = ferry_link(nest, dim);
  nest->whole[dim] = false;
  if (link == FERRY_NO_LINK) {
    nest->whole[dim] = is_constant(nest, dim);
    return true;
  }
  if (dim < nest->shape->parallel || link >= nest->shape->accesses ||
      ferry_link(nest, nest->shape->dims + link) != FERRY_NO_LINK ||
      !names_only(nest, link, dim))
    return false;
  return nest->shape->kinds[link] == FERRY_LOW ? resolve_low(nest, dim, link)
                                               : resolve_index(nest, dim, link);
}

static bool resolve_dims(struct ferry_nest *nest) {
  for (uint32_t k = 0; k < nest->shape->dims; ++k)
    nest->trips[k] = 1;
  for (uint32_t k = 0; k < nest->shape->dims; ++k) {
    int64_t least, most;
    nest->resolved = k;
    if (!resolve_dim(nest, k) ||
        !ferry_range(ferry_row(nest, k), k, nest->trips, &least, &most))
      return false;
    nest->trips[k] = most < 1 ? 1 : most;
  }
  nest->resolved = nest->shape->dims;
  return true;
}

// Does the nest write what was looked at? (Not through pointers of a table:
// see rows.c.)
static bool writes_its_own_links(const struct ferry_nest *nest) {
  const struct ferry_shape *shape = nest->shape;
  for (uint32_t i = 0; i < shape->accesses; ++i) {
    int64_t lo, hi, from, to;
    if ((!ferry_is_index(shape->kinds[i]) && shape->kinds[i] != FERRY_POINTER) ||
        ferry_link(nest, shape->dims + i) != FERRY_NO_LINK)
      continue;
    if (!ferry_hull(nest, i, &lo, &hi))
      return true;
    for (uint32_t j = 0; j < shape->accesses; ++j)
      if (ferry_writes_memory(shape->kinds[j]) &&
          ferry_link(nest, shape->dims + j) == FERRY_NO_LINK &&
          (!ferry_hull(nest, j, &from, &to) || (from < hi && lo < to)))
        return true;
  }
  return false;
}

// Before accesses are moved to where no errno is.
static bool errno_is_touched(const struct ferry_nest *nest, const int *errno_at) {
  const int64_t error = (int64_t)(intptr_t)errno_at;
  for (uint32_t a = 0; errno_at && a < nest->shape->accesses; ++a) {
    int64_t lo, hi;
    if (ferry_touches_memory(nest->shape->kinds[a]) &&
        ferry_link(nest, nest->shape->dims + a) == FERRY_NO_LINK &&
        (!ferry_hull(nest, a, &lo, &hi) ||
         (lo < error + (int64_t)sizeof *errno_at && error < hi)))
      return true;
  }
  return false;
}

bool ferry_resolve(const struct ferry_shape *shape, int64_t *numbers,
                   const int *errno_at, const struct ferry_look *how) {
  struct ferry_nest nest = {.shape = shape, .numbers = numbers, .how = how};
  return resolve_dims(&nest) && !writes_its_own_links(&nest) &&
         !errno_is_touched(&nest, errno_at) && ferry_resolve_rows(&nest, errno_at) &&
         ferry_resolve_scatter(&nest);
}
