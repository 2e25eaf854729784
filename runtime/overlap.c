//===- overlap.c - may the iterations of a nest run at the same time? -----===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Pair by pair: search.c knows boxes. A nest that is not a box (a triangular one)
// is put in the smallest box around it to prove independence, and meetings are
// looked for in a box inside it. What remains open goes to equations.c, which
// knows triangles.
//
//===----------------------------------------------------------------------===//
#include "overlap.h"
#include "equations.h"
#include "search.h"

enum { MAX_OPEN = 8 }; // pairs without proof before we stop looking on

struct nest {
  const struct ferry_shape *shape;
  const int64_t *numbers;
  int64_t most[FERRY_MAX_DIMS];  // the box around the nest
  int64_t least[FERRY_MAX_DIMS]; // a box inside it; empty where one is < 1
  int triangular;                // does the box hold more than the nest?
};

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

//===-- Trips, hulls and values that must not wrap ------------------------===//

static const int64_t *row_of(const struct nest *nest, uint32_t row) {
  return nest->numbers + (size_t)row * (2 + nest->shape->dims);
}

static const int64_t *access_row(const struct nest *nest, uint32_t access) {
  return row_of(nest, nest->shape->dims + access);
}

int ferry_range(const int64_t *row, uint32_t dims, const int64_t *trips,
                 int64_t *min, int64_t *max) {
  *min = *max = row[0];
  for (uint32_t j = 0; j < dims; ++j) {
    int64_t reach;
    if (__builtin_mul_overflow(row[2 + j], trips[j] - 1, &reach))
      return 0;
    int64_t *end = reach < 0 ? min : max;
    if (__builtin_add_overflow(*end, reach, end))
      return 0;
  }
  return 1;
}

static int within_limits(const struct ferry_shape *shape) {
  if (shape->dims > FERRY_MAX_DIMS || shape->accesses > FERRY_MAX_ACCESSES)
    return 0;
  return shape->parallel <= shape->dims && shape->held <= shape->parallel &&
         shape->parallel - shape->held <= FERRY_MAX_PARALLEL;
}

static int resolve_trips(struct nest *nest) {
  const uint32_t dims = nest->shape->dims, held = nest->shape->held;
  for (uint32_t k = 0; k < dims; ++k) {
    const int64_t *row = row_of(nest, k);
    const int differs = k >= held && k < nest->shape->parallel;
    // A trip may depend on outer dims only; one of a dim that differs on none of those.
    for (uint32_t j = differs ? held : k; j < dims; ++j)
      if (row[2 + j])
        return 0;
    if (!ferry_range(row, k, nest->most, &nest->least[k], &nest->most[k]))
      return 0;
    nest->triangular |= nest->least[k] != nest->most[k];
    // A loop that never runs, taken as one that runs once, touches more.
    nest->most[k] = larger(nest->most[k], 1);
  }
  return 1;
}

int ferry_is_index(uint8_t kind) {
  const int index = kind & ~FERRY_CERTAIN;
  return index == FERRY_INDEX_SIGNED || index == FERRY_INDEX_UNSIGNED;
}

int ferry_touches_memory(uint8_t kind) {
  return kind == FERRY_READ || kind == FERRY_POINTER || ferry_writes_memory(kind) ||
         ferry_is_index(kind);
}

int ferry_writes_memory(uint8_t kind) {
  return kind == FERRY_WRITE || kind == FERRY_CELL;
}

static struct ferry_triangle triangle_of(const struct nest *nest) {
  return (struct ferry_triangle){nest->shape->dims, nest->shape->held,
                                 nest->shape->parallel, nest->numbers, nest->most};
}

// The hull is empty, [0, 0), for rows that touch no memory.
static int find_hull(const struct nest *nest, uint32_t access, int64_t *lo,
                     int64_t *hi) {
  const int64_t *row = access_row(nest, access);
  *lo = *hi = 0;
  if (!ferry_touches_memory(nest->shape->kinds[access]) || row[1] == 0)
    return 1;
  if (row[1] < 0 || !ferry_range(row, nest->shape->dims, nest->most, lo, hi))
    return 0;
  if (nest->triangular) {
    const struct ferry_triangle triangle = triangle_of(nest);
    int64_t min, max;
    if (ferry_triangle_range(&triangle, row, &min, &max)) {
      *lo = min <= max ? min : 0;
      *hi = min <= max ? max : 0;
      if (min > max)
        return 1;
    }
  }
  return !__builtin_add_overflow(*hi, row[1], hi);
}

int ferry_fits(uint8_t kind, const int64_t *row, uint32_t dims, const int64_t *trips) {
  const int64_t width = row[1];
  int64_t min, max;
  if ((kind != FERRY_WRAP_SIGNED && kind != FERRY_WRAP_UNSIGNED) || width < 1 ||
      width > 64 || !ferry_range(row, dims, trips, &min, &max))
    return 0;
  if (kind == FERRY_WRAP_SIGNED) {
    int64_t top = INT64_MAX >> (64 - width);
    return min >= -top - 1 && max <= top;
  }
  // Unsigned values above INT64_MAX cannot be told from overflow: not proved.
  return min >= 0 && max <= INT64_MAX >> (63 - smaller(width, 63));
}

static int value_fits(const struct nest *nest, uint32_t access) {
  const uint8_t kind = nest->shape->kinds[access];
  return kind == FERRY_LOW || ferry_fits(kind, access_row(nest, access),
                                         nest->shape->dims, nest->most);
}

//===-- The verdict -------------------------------------------------------===//

// Does a linked dim move the access? Then nobody knows that it takes all values.
static int moves_by_memory(const struct ferry_shape *shape, const int64_t *row) {
  for (uint32_t k = 0; shape->links && k < shape->dims; ++k)
    if (row[2 + k] && shape->links[k] != FERRY_NO_LINK)
      return 1;
  return 0;
}

// A meeting in the box around the nest is one only where the nest is that box.
static enum ferry_outcome look_inside(const struct nest *nest, const int64_t *a,
                                const int64_t *b) {
  int box = 1;
  if (moves_by_memory(nest->shape, a) || moves_by_memory(nest->shape, b))
    return FERRY_TIRED;
  for (uint32_t k = 0; k < nest->shape->dims; ++k) {
    if (nest->least[k] < 1)
      return FERRY_TIRED; // the accesses may never happen
    box &= nest->least[k] == nest->most[k];
  }
  return box ? FERRY_MEET : ferry_look_for_meeting(nest->shape, a, b, nest->least);
}

static enum ferry_verdict judge_pair(const struct nest *nest, uint32_t first,
                                     uint32_t second) {
  const struct ferry_shape *shape = nest->shape;
  const int64_t *a = access_row(nest, first), *b = access_row(nest, second);
  enum ferry_outcome out = ferry_look_for_meeting(shape, a, b, nest->most);
  if (out == FERRY_APART)
    return FERRY_INDEPENDENT;
  if (out == FERRY_MEET && look_inside(nest, a, b) == FERRY_MEET)
    return FERRY_DEPENDENT;
  const struct ferry_triangle triangle = triangle_of(nest);
  return ferry_equations_apart(&triangle, a, b)
             ? FERRY_INDEPENDENT
             : FERRY_UNKNOWN;
}

static enum ferry_verdict judge_pairs(const struct nest *nest,
                                      const int64_t *lo, const int64_t *hi,
                                      struct ferry_conflict *why) {
  const uint8_t *kinds = nest->shape->kinds;
  int open = 0;
  for (uint32_t i = 0; i < nest->shape->accesses; ++i)
    for (uint32_t j = i; j < nest->shape->accesses; ++j) {
      if (lo[i] >= hi[j] || lo[j] >= hi[i] || lo[i] == hi[i] ||
          lo[j] == hi[j] ||
          !(ferry_writes_memory(kinds[i]) || ferry_writes_memory(kinds[j])) ||
          (i == j && kinds[i] == FERRY_CELL))
        continue;
      enum ferry_verdict pair = judge_pair(nest, i, j);
      if (pair == FERRY_INDEPENDENT)
        continue;
      if (pair == FERRY_DEPENDENT || !open)
        *why = (struct ferry_conflict){(int)i, (int)j};
      if (pair == FERRY_DEPENDENT || ++open == MAX_OPEN)
        return pair;
    }
  return open ? FERRY_UNKNOWN : FERRY_INDEPENDENT;
}

int ferry_hulls(const struct ferry_shape *shape, const int64_t *numbers,
                int64_t *trips, int64_t *lo, int64_t *hi) {
  struct nest nest = {.shape = shape, .numbers = numbers};
  if (!within_limits(shape) || !resolve_trips(&nest))
    return 0;
  for (uint32_t k = 0; k < shape->dims; ++k)
    trips[k] = nest.most[k];
  for (uint32_t i = 0; i < shape->accesses; ++i)
    if (!find_hull(&nest, i, &lo[i], &hi[i]))
      return 0;
  return 1;
}

enum ferry_verdict ferry_overlap(const struct ferry_shape *shape,
                                 const int64_t *numbers,
                                 struct ferry_conflict *why) {
  struct nest nest = {.shape = shape, .numbers = numbers};
  struct ferry_conflict unused;
  int64_t lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  why = why ? why : &unused;
  *why = (struct ferry_conflict){-1, -1};
  if (!within_limits(shape) || !resolve_trips(&nest))
    return FERRY_UNKNOWN;
  for (uint32_t i = 0; i < shape->accesses; ++i) {
    if (!find_hull(&nest, i, &lo[i], &hi[i]))
      return FERRY_UNKNOWN;
    if (!ferry_touches_memory(shape->kinds[i]) && !value_fits(&nest, i)) {
      *why = (struct ferry_conflict){(int)i, (int)i};
      return FERRY_UNKNOWN;
    }
  }
  for (uint32_t k = shape->held; k < shape->parallel; ++k)
    if (nest.most[k] > 1)
      return judge_pairs(&nest, lo, hi, why);
  return FERRY_INDEPENDENT; // one iteration meets nobody
}
