//===- equations.c - a pair of accesses, one equation for each radix ------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The second look at pairs of which overlap.c has no proof. It keeps what a box
// loses: the trip of a dim may be affine in outer ones (triangles), and one
// array may be indexed in several ways (a[i][j], a[j][i], a[i][i]).
//
// Accesses A and B meet in iterations x and y where
//
//     difference = addressB(y) - addressA(x)
//
// lies in a window. Take one stride R for the length of an array's row, and
// divide each coefficient of the difference by it, to the nearest integer:
//
//     difference = R * high + low.
//
// If the range of `low` lets only one multiple of R end in the window, then
// `high` is known, and so is a window for `low`: one equation has become two,
// which say that the rows are equal and that the columns are. (If it lets a few,
// all of them are tried.) `low` may be divided again, by a smaller stride.
//
// Every equation bounds the distance  d = y_p - x_p  of each parallel dim p:
// add the multiple of d that cancels x_p or y_p; the range of what is left is
// that of a multiple of d. Where the bounds of all equations together leave no
// distance but zero, the accesses never meet in different iterations.
//
// Ranges are those of affine forms over the dims that the form names: the
// innermost dim is replaced by its first or its last value, which is affine in
// the outer ones, and so on. An access that moves with a dim happens inside of
// it, so the trip of that dim says how far it goes, and which outer iterations do not
// come to it.
//
//===----------------------------------------------------------------------===//
#include "equations.h"

enum {
  MAX_RADICES = 8,
  MAX_BRANCHES = 3, // values of `high` that are tried
  MAX_STEPS = 48    // divisions, for one pair
};

// base + sum(x_k * i_k) + sum(y_k * j_k); lies in [min, max].
struct equation {
  int64_t base, x[FERRY_MAX_DIMS], y[FERRY_MAX_DIMS];
  int64_t min, max;
};

struct system {
  struct ferry_triangle nest;
  int64_t radices[MAX_RADICES]; // largest first
  struct equation known[MAX_RADICES + 1];
  int radix_count, count;
  int steps; // left
};

static int64_t magnitude(int64_t a) { return a < 0 ? -a : a; }

static int64_t floor_div(int64_t n, int64_t d) { // d > 0
  return n / d - (n % d < 0);
}

//===-- Ranges ------------------------------------------------------------===//

static int add_product(int64_t *to, int64_t a, int64_t b) {
  int64_t product;
  return !__builtin_mul_overflow(a, b, &product) &&
         !__builtin_add_overflow(*to, product, to);
}

// coefficients[k] * i_k is at its end where i_k is at its last value, which
// is added to `sum` and to the coefficients of outer dims.
static int use_last(const struct ferry_triangle *nest, uint32_t k, int64_t *coefficients,
                    int64_t *sum) {
  const int64_t *trip = nest->numbers + (size_t)k * (2 + nest->dims);
  int affine = 0;
  for (uint32_t j = 0; j < k; ++j) {
    affine |= trip[2 + j] != 0;
    if (trip[2 + j] && !add_product(&coefficients[j], coefficients[k], trip[2 + j]))
      return 0;
  }
  int64_t last;
  return !__builtin_sub_overflow(affine ? trip[0] : nest->most[k], 1, &last) &&
         add_product(sum, coefficients[k], last);
}

// The dim that the trip of another grows with, if it is the only one, and its first
// value that lets that one run; else FERRY_MAX_DIMS.
static uint32_t first_value(const struct ferry_triangle *nest, uint32_t k, int64_t *first) {
  const int64_t *trip = nest->numbers + (size_t)k * (2 + nest->dims);
  uint32_t only = FERRY_MAX_DIMS;
  for (uint32_t j = 0; j < k; ++j)
    if (trip[2 + j] && only != FERRY_MAX_DIMS)
      return FERRY_MAX_DIMS;
    else if (trip[2 + j])
      only = j;
  if (only == FERRY_MAX_DIMS || trip[2 + only] < 0 || trip[0] > 0 || trip[0] < -INT64_MAX / 2)
    return FERRY_MAX_DIMS;
  *first = -floor_div(trip[0] - 1, trip[2 + only]);
  return only;
}

// One iteration's part of a sum.
struct part {
  int64_t coefficients[FERRY_MAX_DIMS], first[FERRY_MAX_DIMS];
};

static void start_part(const struct ferry_triangle *nest, const int64_t *coefficients,
                       struct part *part) {
  int64_t value;
  for (uint32_t k = 0; k < nest->dims; ++k) {
    part->coefficients[k] = coefficients[k];
    part->first[k] = 0;
  }
  for (uint32_t k = 0; k < nest->dims; ++k) {
    const uint32_t outer = coefficients[k] ? first_value(nest, k, &value) : FERRY_MAX_DIMS;
    if (outer != FERRY_MAX_DIMS && value > part->first[outer])
      part->first[outer] = value;
  }
}

// Replaces dim k by its end.
static int use_end(const struct ferry_triangle *nest, uint32_t k, struct part *part, int sign,
                   int64_t *sum) {
  const int64_t c = part->coefficients[k];
  return (sign < 0 ? c < 0 : c > 0) ? use_last(nest, k, part->coefficients, sum)
                                    : add_product(sum, c, part->first[k]);
}

// The smallest (sign -1) or largest (sign 1) sum of one iteration's part.
static int extreme(const struct ferry_triangle *nest, const int64_t *coefficients,
                   int sign, int64_t *sum) {
  struct part part;
  start_part(nest, coefficients, &part);
  for (uint32_t k = nest->dims; k-- > 0;)
    if (!use_end(nest, k, &part, sign, sum))
      return 0;
  return 1;
}

// The same of two iterations' parts. In held dims, they are one.
static int extreme_of_both(const struct ferry_triangle *nest, const struct equation *e,
                           int sign, int64_t *sum) {
  struct part x, y;
  start_part(nest, e->x, &x);
  start_part(nest, e->y, &y);
  *sum = e->base;
  for (uint32_t k = nest->dims; k-- > 0;) {
    if (k >= nest->held && !use_end(nest, k, &y, sign, sum))
      return 0;
    if (k < nest->held && !add_product(&x.coefficients[k], 1, y.coefficients[k]))
      return 0;
    if (k < nest->held && y.first[k] > x.first[k])
      x.first[k] = y.first[k];
    if (!use_end(nest, k, &x, sign, sum))
      return 0;
  }
  return 1;
}

int ferry_triangle_range(const struct ferry_triangle *nest, const int64_t *row,
                         int64_t *min, int64_t *max) {
  *min = *max = row[0];
  return extreme(nest, row + 2, -1, min) && extreme(nest, row + 2, 1, max);
}

static int range(const struct system *s, const struct equation *e, int64_t *min,
                 int64_t *max) {
  return extreme_of_both(&s->nest, e, -1, min) && extreme_of_both(&s->nest, e, 1, max);
}

//===-- Distances ---------------------------------------------------------===//

// The equation says  form = factor * d + rest, with  min <= form <= max.
static int bound_distance(const struct system *s, const struct equation *rest,
                          int64_t factor, int64_t *from, int64_t *to) {
  int64_t least, most, low, high;
  if (!range(s, rest, &least, &most) ||
      __builtin_sub_overflow(rest->min, most, &low) ||
      __builtin_sub_overflow(rest->max, least, &high) || low == INT64_MIN ||
      high == INT64_MIN)
    return 0;
  if (factor < 0) {
    const int64_t swap = low;
    low = -high;
    high = -swap;
  }
  const int64_t size = magnitude(factor);
  const int64_t first = -floor_div(-low, size), last = floor_div(high, size);
  *from = first > *from ? first : *from;
  *to = last < *to ? last : *to;
  return 1;
}

// What one equation says of y_p - x_p. Without a proof, nothing.
static void narrow_distance(const struct system *s, const struct equation *e,
                            uint32_t p, int64_t *from, int64_t *to) {
  const int64_t x = e->x[p], y = e->y[p];
  int64_t both;
  if (__builtin_add_overflow(x, y, &both) || x == INT64_MIN || y == INT64_MIN)
    return;
  struct equation rest = *e;
  rest.y[p] = 0;
  rest.x[p] = both;
  if (y != 0) // y * y_p = y * d + y * x_p
    bound_distance(s, &rest, y, from, to);
  rest.x[p] = 0;
  rest.y[p] = both;
  if (x != 0 && both != 0) // x * x_p = x * y_p - x * d
    bound_distance(s, &rest, -x, from, to);
}

static int cannot_hold(const struct system *s, const struct equation *e) {
  int64_t min, max;
  return range(s, e, &min, &max) && (min > e->max || max < e->min);
}

// Do the equations leave no distance but zero?
static int no_distance(const struct system *s) {
  int zero = 1;
  for (int i = 0; i < s->count; ++i)
    if (cannot_hold(s, &s->known[i]))
      return 1;
  for (uint32_t p = s->nest.held; p < s->nest.parallel; ++p) {
    int64_t from = 1 - s->nest.most[p], to = s->nest.most[p] - 1;
    for (int i = 0; i < s->count; ++i)
      narrow_distance(s, &s->known[i], p, &from, &to);
    if (from > to)
      return 1;
    zero &= from == 0 && to == 0;
  }
  return zero;
}

//===-- Radices -----------------------------------------------------------===//

int64_t ferry_nearest_quotient(int64_t *c, int64_t radix) {
  int64_t quotient = *c / radix;
  *c %= radix;
  if (magnitude(*c) > radix - magnitude(*c)) {
    const int sign = *c < 0 ? -1 : 1;
    quotient += sign;
    *c -= sign * radix;
  }
  return quotient;
}

// low becomes low - radix * high. False if that changes nothing.
static int split(const struct system *s, struct equation *low,
                 struct equation *high, int64_t radix) {
  int any = 0;
  high->base = 0;
  for (uint32_t k = 0; k < s->nest.dims; ++k) {
    high->x[k] = ferry_nearest_quotient(&low->x[k], radix);
    high->y[k] = ferry_nearest_quotient(&low->y[k], radix);
    any |= high->x[k] || high->y[k];
  }
  return any;
}

static int apart(struct system *s, const struct equation *e, int next);

// Both for each value that `high` may have.
static int apart_in_branches(struct system *s, struct equation *low,
                             int64_t radix, int next) {
  int64_t least, most, from, to, shift;
  struct equation *high = &s->known[s->count];
  if (!range(s, low, &least, &most) ||
      __builtin_sub_overflow(low->min, most, &from) ||
      __builtin_sub_overflow(low->max, least, &to) || from == INT64_MIN)
    return 0;
  from = -floor_div(-from, radix);
  to = floor_div(to, radix);
  if (from > to)
    return 1;
  if (to - MAX_BRANCHES >= from)
    return 0;
  const int64_t min = low->min, max = low->max;
  int all = 1;
  ++s->count;
  for (int64_t q = from; all && q <= to; ++q) {
    high->min = high->max = q;
    all = !__builtin_mul_overflow(q, radix, &shift) &&
          !__builtin_sub_overflow(min, shift, &low->min) &&
          !__builtin_sub_overflow(max, shift, &low->max) && apart(s, low, next);
  }
  --s->count;
  return all;
}

static int apart(struct system *s, const struct equation *e, int next) {
  for (int r = next; r < s->radix_count; ++r) {
    struct equation low = *e;
    if (s->steps-- <= 0)
      return 0;
    if (split(s, &low, &s->known[s->count], s->radices[r]) &&
        apart_in_branches(s, &low, s->radices[r], r + 1))
      return 1;
  }
  s->known[s->count++] = *e;
  const int proved = no_distance(s);
  --s->count;
  return proved;
}

static void add_radix(struct system *s, int64_t stride) {
  const int64_t size = magnitude(stride);
  int at = s->radix_count;
  while (at > 0 && s->radices[at - 1] < size)
    --at;
  if (size < 2 || s->radix_count == MAX_RADICES ||
      (at > 0 && s->radices[at - 1] == size))
    return;
  for (int i = s->radix_count++; i > at; --i)
    s->radices[i] = s->radices[i - 1];
  s->radices[at] = size;
}

int ferry_equations_apart(const struct ferry_triangle *nest, const int64_t *a,
                          const int64_t *b) {
  struct system s = {.nest = *nest, .steps = MAX_STEPS};
  struct equation whole = {.min = 1 - b[1], .max = a[1] - 1};
  if (__builtin_sub_overflow(b[0], a[0], &whole.base))
    return 0;
  for (uint32_t k = 0; k < nest->dims; ++k) {
    if (a[2 + k] == INT64_MIN || b[2 + k] == INT64_MIN)
      return 0;
    whole.x[k] = -a[2 + k];
    whole.y[k] = b[2 + k];
    if (k < nest->held) { // y_k is x_k
      if (__builtin_add_overflow(whole.x[k], whole.y[k], &whole.x[k]))
        return 0;
      whole.y[k] = 0;
    }
    add_radix(&s, a[2 + k]);
    add_radix(&s, b[2 + k]);
  }
  return apart(&s, &whole, 0);
}
