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
// Every read goes through the kernel, which says no where we may not look: a
// hull holds elements that the loop, for reasons of its own, never touches, and
// that another thread may unmap meanwhile.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
  CHUNK = 64 << 10,       // bytes looked at in one go
  SMALL_CHUNK = 4 << 10,  // the same, on the stack
  MAX_ELEMENTS = 1 << 28, // of an index array
};

bool ferry_peek(void *to, int64_t from, size_t size) {
  const int before = errno;
  struct iovec here = {to, size}, there = {(void *)(intptr_t)from, size};
  const bool ok =
      process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)size;
  errno = before;
  return ok;
}

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

struct extremes {
  int64_t min, max;
};

#define SCAN(type)                                                             \
  static void scan_##type(const char *at, int64_t count, int64_t step,         \
                          struct extremes *out) {                              \
    type min, max, value;                                                      \
    __builtin_memcpy(&min, at, sizeof min);                                    \
    max = min;                                                                 \
    if (step == sizeof value) {                                                \
      const type *all = (const type *)(const void *)at;                        \
      for (int64_t i = 0; i < count; ++i) {                                    \
        min = all[i] < min ? all[i] : min;                                     \
        max = all[i] > max ? all[i] : max;                                     \
      }                                                                        \
    } else {                                                                   \
      for (int64_t i = 0; i < count; ++i) {                                    \
        __builtin_memcpy(&value, at + i * step, sizeof value);                 \
        min = value < min ? value : min;                                       \
        max = value > max ? value : max;                                       \
      }                                                                        \
    }                                                                          \
    out->min = min < out->min ? min : out->min;                                \
    out->max = max > out->max ? max : out->max;                                \
  }
SCAN(int8_t)
SCAN(int16_t)
SCAN(int32_t)
SCAN(int64_t)
SCAN(uint8_t)
SCAN(uint16_t)
SCAN(uint32_t)
#undef SCAN

typedef void scan(const char *, int64_t, int64_t, struct extremes *);

// Unsigned numbers of 64 bits are taken for signed ones: so the program would
// have to use those that are not.
static scan *scan_for(uint8_t kind, int64_t width) {
  const bool is_signed = kind == FERRY_INDEX_SIGNED;
  if (!is_signed && kind != FERRY_INDEX_UNSIGNED)
    return NULL;
  switch (width) {
  case 1: return is_signed ? scan_int8_t : scan_uint8_t;
  case 2: return is_signed ? scan_int16_t : scan_uint16_t;
  case 4: return is_signed ? scan_int32_t : scan_uint32_t;
  case 8: return scan_int64_t;
  default: return NULL;
  }
}

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

struct elements {
  int64_t lo, count, step, width;
};

static bool scan_in(char *buffer, int64_t size, scan *scan, struct elements e,
                    struct extremes *out) {
  const int64_t most = (size - e.width) / e.step + 1;
  for (int64_t done = 0; done < e.count; done += most) {
    const int64_t now = e.count - done < most ? e.count - done : most;
    if (!ferry_peek(buffer, e.lo + done * e.step,
                    (size_t)((now - 1) * e.step + e.width)))
      return false;
    scan(buffer, now, e.step, out);
  }
  return true;
}

// In chunks that fit a cache. A mapping costs as much as to look at thousands
// of elements.
static bool scan_all(scan *scan, struct elements e, struct extremes *out) {
  _Alignas(8) char small[SMALL_CHUNK];
  if ((e.count - 1) * e.step <= CHUNK && e.step <= SMALL_CHUNK - e.width)
    return scan_in(small, SMALL_CHUNK, scan, e, out);
  char *buffer = ferry_map(CHUNK);
  const bool ok = buffer && scan_in(buffer, CHUNK, scan, e, out);
  if (buffer)
    munmap(buffer, CHUNK);
  return ok;
}

// The smallest and the largest value of an index access.
static bool look_at_indices(const struct ferry_nest *nest, uint32_t access,
                            struct extremes *out) {
  const int64_t *row = ferry_row(nest, nest->shape->dims + access);
  const int64_t width = row[1];
  scan *scan = scan_for(nest->shape->kinds[access], width);
  int64_t lo, hi;
  if (!scan || !ferry_hull(nest, access, &lo, &hi) || lo < 0)
    return false;
  const int64_t step = common_step(nest, row);
  if (step <= 0 || step > CHUNK - width || (hi - lo - width) / step >= MAX_ELEMENTS)
    return false;
  const struct elements all = {lo, (hi - lo - width) / step + 1, step, width};
  *out = (struct extremes){INT64_MAX, INT64_MIN};
  return scan_all(scan, all, out);
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
  int64_t *trip = &ferry_row(nest, dim)[0], size;
  struct extremes found;
  return look_at_indices(nest, access, &found) &&
         !__builtin_sub_overflow(found.max, found.min, &size) &&
         !__builtin_add_overflow(*trip, size, trip) &&
         shift_rows(nest, dim, found.min);
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
  memset(trip + 2, 0, dims * sizeof *trip);
  return shift_rows(nest, dim, first);
}

static bool resolve_dim(struct ferry_nest *nest, uint32_t dim) {
  const uint8_t link = ferry_link(nest, dim);
  if (link == FERRY_NO_LINK)
    return true;
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
    if (!resolve_dim(nest, k) ||
        !ferry_range(ferry_row(nest, k), k, nest->trips, &least, &most))
      return false;
    nest->trips[k] = most < 1 ? 1 : most;
  }
  return true;
}

// Does the nest write what was looked at? (Not through pointers of a table:
// see rows.c.)
static bool writes_its_own_links(const struct ferry_nest *nest) {
  const struct ferry_shape *shape = nest->shape;
  for (uint32_t i = 0; i < shape->accesses; ++i) {
    int64_t lo, hi, from, to;
    if (shape->kinds[i] < FERRY_INDEX_SIGNED || shape->kinds[i] > FERRY_POINTER ||
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
                   const int *errno_at) {
  struct ferry_nest nest = {.shape = shape, .numbers = numbers};
  return resolve_dims(&nest) && !writes_its_own_links(&nest) &&
         !errno_is_touched(&nest, errno_at) && ferry_resolve_rows(&nest, errno_at) &&
         ferry_resolve_scatter(&nest);
}
