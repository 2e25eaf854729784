//===- split.c - where only a few iterations meet the others --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Iteration k of Floyd and Warshall's loop writes the row that all others read, and
// iteration m of `a[i] -= a[m]` the element. Which one that is, only the numbers of an
// execution say. The nest is cut there: what comes before, the iteration itself, what
// comes after. The pieces run one after the other, each in parallel.
//
// The rule that keeps the program's order: dim d is cut only if no two iterations of
// the piece meet that differ in a dim before d. Pieces of dim d then run in its order,
// and what is put out of order by that, iterations that differ in dims before, never
// meets. A guess where to cut is enough, for each piece is tested as a nest of its own.
//
//===----------------------------------------------------------------------===//
#include "split.h"

#include <stdbool.h>
#include <string.h>

enum {
  MAX_CUTS = 8, // of one dim, for one piece more
  MAX_BAND = 2  // iterations that two accesses may meet in
};

struct splitter {
  const struct ferry_shape *shape;
  const int64_t *numbers;
  int64_t *restricted; // the numbers of a piece
  struct ferry_pieces *pieces;
};

static size_t row_size(const struct ferry_shape *shape) { return 2 + shape->dims; }

// The nest that begins where the box does, and ends there.
static bool restrict_to(const struct splitter *s, const struct ferry_box *box) {
  const struct ferry_shape *shape = s->shape;
  const size_t columns = row_size(shape), rows = shape->dims + shape->accesses;
  memcpy(s->restricted, s->numbers, rows * columns * sizeof *s->numbers);
  for (size_t r = 0; r < rows; ++r) {
    int64_t *row = s->restricted + r * columns;
    for (uint32_t k = 0; k < shape->parallel; ++k) {
      int64_t shift;
      if (__builtin_mul_overflow(row[2 + k], box->lo[k], &shift) ||
          __builtin_add_overflow(row[0], shift, &row[0]))
        return false;
    }
  }
  for (uint32_t k = 0; k < shape->parallel; ++k)
    s->restricted[k * columns] = box->hi[k] - box->lo[k];
  return true;
}

// Do no two iterations of the box meet that differ in its first dims?
static bool is_independent(const struct splitter *s, const struct ferry_box *box,
                           uint32_t dims) {
  struct ferry_shape shape = *s->shape;
  shape.parallel = dims;
  return restrict_to(s, box) &&
         ferry_overlap(&shape, s->restricted, NULL) == FERRY_INDEPENDENT;
}

//===- where to cut -------------------------------------------------------===//

struct cuts {
  int count;
  int64_t at[MAX_CUTS];
};

// Sorted, each one once. What does not fit is left out: the test will tell.
static void add_cut(struct cuts *cuts, int64_t at) {
  int i = cuts->count;
  while (i > 0 && cuts->at[i - 1] > at)
    --i;
  if (cuts->count == MAX_CUTS || (i > 0 && cuts->at[i - 1] == at))
    return;
  memmove(&cuts->at[i + 1], &cuts->at[i], (size_t)(cuts->count - i) * sizeof *cuts->at);
  cuts->at[i] = at;
  ++cuts->count;
}

struct accesses {
  const struct ferry_shape *shape;
  const int64_t *numbers;
  int64_t trips[FERRY_MAX_DIMS];
  uint32_t dim; // that is to be cut
};

static const int64_t *row_of(const struct accesses *a, uint32_t access) {
  return a->numbers + (a->shape->dims + access) * row_size(a->shape);
}

// What one iteration of the dim and of those before it touches, for their index 0.
static bool hull_of(const struct accesses *a, const int64_t *row, int64_t *lo, int64_t *hi) {
  int64_t inner[2 + FERRY_MAX_DIMS];
  memcpy(inner, row, row_size(a->shape) * sizeof *inner);
  memset(inner + 2, 0, (a->dim + 1) * sizeof *inner);
  return ferry_range(inner, a->shape->dims, a->trips, lo, hi) &&
         !__builtin_add_overflow(*hi, row[1], hi);
}

static int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }

// In the dims before, so that what holds for their first iteration holds for all.
static bool move_alike(const struct accesses *a, const int64_t *one, const int64_t *other) {
  for (uint32_t k = 0; k < a->dim; ++k)
    if (a->trips[k] > 1 && one[2 + k] != other[2 + k])
      return false;
  return true;
}

// Of the dim, those iterations in which `moving` meets what is `still` in it.
static void cut_between(const struct accesses *a, const int64_t *moving,
                        const int64_t *still, struct cuts *cuts) {
  int64_t lo, hi, still_lo, still_hi, least, most;
  const int64_t stride = moving[2 + a->dim];
  if (stride == 0 || stride == INT64_MIN || still[2 + a->dim] != 0 ||
      !move_alike(a, moving, still) ||
      !hull_of(a, moving, &lo, &hi) || !hull_of(a, still, &still_lo, &still_hi) ||
      __builtin_sub_overflow(still_lo, hi, &least) || // stride * i is more than that
      __builtin_sub_overflow(still_hi, lo, &most) ||  // and less than that
      least == INT64_MAX || most == INT64_MIN)
    return;
  const int64_t size = stride < 0 ? -stride : stride;
  int64_t first = floor_div(least, size) + 1, last = floor_div(most - 1, size);
  if (stride < 0) {
    const int64_t swap = first;
    first = -last;
    last = -swap;
  }
  first = first < 0 ? 0 : first;
  last = last < a->trips[a->dim] ? last : a->trips[a->dim] - 1;
  for (int64_t i = first; last - first < MAX_BAND && i <= last; ++i) {
    add_cut(cuts, i);
    add_cut(cuts, i + 1);
  }
}

// The numbers are those of the piece.
static void find_cuts(const struct splitter *s, uint32_t dim, struct cuts *cuts) {
  struct accesses a = {.shape = s->shape, .numbers = s->restricted, .dim = dim};
  int64_t lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  if (!ferry_hulls(a.shape, a.numbers, a.trips, lo, hi))
    return;
  for (uint32_t i = 0; i < a.shape->accesses; ++i)
    for (uint32_t j = 0; j < a.shape->accesses; ++j)
      if (lo[i] < hi[j] && lo[j] < hi[i] &&
          (ferry_writes_memory(a.shape->kinds[i]) || ferry_writes_memory(a.shape->kinds[j])))
        cut_between(&a, row_of(&a, i), row_of(&a, j), cuts);
}

//===- the pieces ---------------------------------------------------------===//

static bool add_piece(struct ferry_pieces *pieces, const struct ferry_box *box) {
  if (pieces->count == FERRY_MAX_PIECES)
    return false;
  pieces->box[pieces->count++] = *box;
  return true;
}

// No two iterations of the box meet that differ in a dim before this one.
static bool split(const struct splitter *s, const struct ferry_box *box, uint32_t dim) {
  if (is_independent(s, box, s->shape->parallel))
    return add_piece(s->pieces, box);
  if (dim == s->shape->parallel || !is_independent(s, box, dim))
    return false;
  struct cuts cuts = {0};
  find_cuts(s, dim, &cuts);
  struct ferry_box piece = *box;
  for (int i = 0; i <= cuts.count; ++i, piece.lo[dim] = piece.hi[dim]) {
    piece.hi[dim] = i < cuts.count ? box->lo[dim] + cuts.at[i] : box->hi[dim];
    if (piece.lo[dim] < piece.hi[dim] && !split(s, &piece, dim + 1))
      return false;
  }
  return true;
}

int ferry_split(const struct ferry_shape *shape, const int64_t *numbers,
                int64_t *scratch, struct ferry_pieces *pieces) {
  const struct splitter s = {shape, numbers, scratch, pieces};
  struct ferry_box whole = {{0}, {0}};
  for (uint32_t k = 0; k < shape->parallel; ++k)
    whole.hi[k] = numbers[k * row_size(shape)];
  pieces->count = 0;
  return !shape->links && split(&s, &whole, 0);
}
