//===- search.c - do two accesses meet, in a box of iterations? -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Accesses A and B meet across iterations when there are iterations x and y,
// with different parallel indices, such that
//
//     addressB(y) - addressA(x)  lies in  [1 - widthB, widthA - 1].
//
// The left side is the difference of the bases plus a sum of digits, each an
// integer in a known range times a stride:
//
//   - y_p - x_p, times B's stride, for every parallel dim p that is not held;
//   - x_p, times (B's stride - A's stride), where the two strides differ;
//   - the inner indices of A and of B; those of equal stride make one digit.
//
// We look for such digits as one reads a number of mixed radix: the largest
// stride first. What all smaller digits can add lies in an interval, so only a
// few values of this digit can still end in the window. In arrays as people
// lay them out it is one value for each digit, and the answer takes one step
// per loop; each value that remains is tried in turn. Three ends:
//
//   - no choice is left in which a parallel index differs: that is a proof
//     that the accesses never meet, because every discarded value was
//     discarded by an interval that holds all that the rest can add;
//   - all digits are chosen: these indices are a meeting;
//   - too many steps: unknown. The limit costs precision, never truth.
//
// Whatever could exceed 64 bits is checked once, before the search.
//
//===----------------------------------------------------------------------===//
#include "search.h"

enum {
  MAX_DIGITS = 2 * FERRY_MAX_DIMS,
  MAX_STEPS = 256 // for one pair
};

enum role { DIFFERENCE, START, INNER }; // y_p - x_p; x_p; indices of inner dims

struct digit {
  int64_t stride, min, max;
  int64_t value; // chosen by the search
  enum role role;
  int dim;     // of a parallel dim
  int partner; // the other digit of this parallel dim, or -1
};

struct search {
  struct digit digits[MAX_DIGITS]; // largest stride first
  // What the digits from here on can add.
  int64_t rest_min[MAX_DIGITS + 1], rest_max[MAX_DIGITS + 1];
  int64_t gap;         // base of B - base of A
  int64_t first, last; // the window
  int count;
  int decided; // no DIFFERENCE from this digit on
  int differs; // a parallel index that moves no address may differ anyway
  int steps;   // left
};

static int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t magnitude(int64_t a) { return a < 0 ? -a : a; }

//===-- The digits of a pair ----------------------------------------------===//

// False on overflow. A digit that moves nothing is left out.
static int add_digit(struct search *s, struct digit added) {
  if (added.stride == INT64_MIN)
    return 0;
  if (added.stride == 0 || added.min == added.max)
    return 1;
  if (added.role == INNER && added.stride < 0)
    added =
        (struct digit){-added.stride, -added.max, -added.min, 0, INNER, -1, -1};
  for (struct digit *d = s->digits; d < s->digits + s->count; ++d)
    if (added.role == INNER && d->role == INNER && d->stride == added.stride)
      return !__builtin_add_overflow(d->min, added.min, &d->min) &&
             !__builtin_add_overflow(d->max, added.max, &d->max) &&
             d->min > INT64_MIN;
  int at = s->count++;
  for (;
       at > 0 && magnitude(s->digits[at - 1].stride) < magnitude(added.stride);
       --at)
    s->digits[at] = s->digits[at - 1];
  s->digits[at] = added;
  return 1;
}

// The same index in both.
static int add_held(struct search *s, int64_t a, int64_t b, int64_t trip, int dim) {
  int64_t twist;
  return !__builtin_sub_overflow(b, a, &twist) &&
         add_digit(s, (struct digit){twist, 0, trip - 1, 0, START, dim, -1});
}

static int add_parallel(struct search *s, int64_t a, int64_t b, int64_t trip,
                        int dim) {
  int64_t top = trip - 1;
  if (b == 0 && top > 0)
    s->differs = 1;
  return add_digit(s, (struct digit){b, -top, top, 0, DIFFERENCE, dim, -1}) &&
         add_held(s, a, b, trip, dim);
}

// A's indices count against the gap, B's for it.
static int add_inner(struct search *s, int64_t a, int64_t b, int64_t trip) {
  int64_t top = trip - 1;
  return add_digit(s, (struct digit){a, -top, 0, 0, INNER, -1, -1}) &&
         add_digit(s, (struct digit){b, 0, top, 0, INNER, -1, -1});
}

// Fills in what the search reads at every step. After it, no sum that the
// search forms can leave 64 bits: each is at most twice `total`.
static int sum_rests(struct search *s) {
  int64_t total, size;
  if (s->gap == INT64_MIN ||
      __builtin_add_overflow(magnitude(s->gap), s->last - s->first, &total))
    return 0;
  s->rest_min[s->count] = s->rest_max[s->count] = 0;
  for (int i = s->count - 1; i >= 0; --i) {
    struct digit *d = &s->digits[i];
    if (__builtin_mul_overflow(magnitude(d->stride), larger(-d->min, d->max),
                               &size) ||
        __builtin_add_overflow(total, size, &total) || total > INT64_MAX / 4)
      return 0;
    int64_t one = d->stride * d->min, other = d->stride * d->max;
    s->rest_min[i] = s->rest_min[i + 1] + smaller(one, other);
    s->rest_max[i] = s->rest_max[i + 1] + larger(one, other);
    if (d->role == DIFFERENCE)
      s->decided = (int)larger(s->decided, i + 1);
    for (int j = 0; j < s->count; ++j)
      if (j != i && d->role != INNER && s->digits[j].dim == d->dim)
        d->partner = j;
  }
  return total <= INT64_MAX / 4;
}

static int start_search(struct search *s, const struct ferry_shape *shape,
                        const int64_t *a, const int64_t *b,
                        const int64_t *trips) {
  s->count = s->decided = s->differs = 0;
  s->steps = MAX_STEPS;
  // Also keeps last - first in range.
  if (a[1] > INT64_MAX / 4 || b[1] > INT64_MAX / 4 ||
      __builtin_sub_overflow(b[0], a[0], &s->gap))
    return 0;
  s->first = 1 - b[1];
  s->last = a[1] - 1;
  for (uint32_t k = 0; k < shape->dims; ++k)
    if (!(k < shape->held
              ? add_held(s, a[2 + k], b[2 + k], trips[k], (int)k)
          : k < shape->parallel
              ? add_parallel(s, a[2 + k], b[2 + k], trips[k], (int)k)
              : add_inner(s, a[2 + k], b[2 + k], trips[k])))
      return 0;
  return sum_rests(s);
}

//===-- The search --------------------------------------------------------===//

static int64_t floor_div(int64_t n, int64_t d) { // d > 0
  return n / d - (n % d < 0);
}

// The values of digit `at` with which the sum can still end in the window.
static void values_left(const struct search *s, int at, int64_t gap,
                        int64_t *min, int64_t *max) {
  const struct digit *d = &s->digits[at];
  int64_t from = s->first - gap - s->rest_max[at + 1];
  int64_t to = s->last - gap - s->rest_min[at + 1];
  if (d->stride < 0) {
    int64_t swap = from;
    from = -to;
    to = -swap;
  }
  int64_t size = magnitude(d->stride);
  *min = larger(d->min, -floor_div(-from, size));
  *max = smaller(d->max, floor_div(to, size));
  if (d->partner >= 0 && d->partner < at) {
    // Of x_p and y_p - x_p one is known, and 0 <= y_p < n: d->max is n - 1.
    int64_t known = s->digits[d->partner].value;
    *min = larger(*min, -known);
    *max = smaller(*max, d->max - known);
  }
}

static enum ferry_outcome search(struct search *s, int at, int64_t gap, int differs) {
  if (!differs && at >= s->decided)
    return FERRY_APART; // the same iteration of the parallel dims
  if (gap + s->rest_max[at] < s->first || gap + s->rest_min[at] > s->last)
    return FERRY_APART;
  if (at == s->count)
    return FERRY_MEET;
  if (s->steps-- <= 0)
    return FERRY_TIRED;
  struct digit *d = &s->digits[at];
  int64_t min, max;
  values_left(s, at, gap, &min, &max);
  for (int64_t v = min; v <= max; ++v) {
    d->value = v;
    enum ferry_outcome out = search(s, at + 1, gap + d->stride * v,
                              differs || (d->role == DIFFERENCE && v != 0));
    if (out != FERRY_APART)
      return out;
  }
  return FERRY_APART;
}

// Every address difference is the gap plus a multiple of the strides' common
// divisor. Finds what interleaved accesses of different strides hide.
static int divisor_keeps_apart(const struct search *s) {
  int64_t common = 0;
  for (int i = 0; i < s->count; ++i)
    for (int64_t b = magnitude(s->digits[i].stride); b;) {
      int64_t rest = common % b;
      common = b;
      b = rest;
    }
  if (common == 0)
    return 0;
  int64_t last = s->last - s->gap; // is there a multiple in [first, last]?
  return floor_div(last, common) * common < s->first - s->gap;
}

enum ferry_outcome ferry_look_for_meeting(const struct ferry_shape *shape,
                                          const int64_t *a, const int64_t *b,
                                          const int64_t *trips) {
  struct search s;
  if (!start_search(&s, shape, a, b, trips))
    return FERRY_TIRED;
  enum ferry_outcome out = search(&s, 0, s.gap, s.differs);
  return out == FERRY_TIRED && divisor_keeps_apart(&s) ? FERRY_APART : out;
}
