//===- overlap_test.c - the overlap test against brute force --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Usage: overlap_test [seed [cases]]. Small random nests are run byte by byte;
// INDEPENDENT must never be said of one in which two iterations meet, nor
// DEPENDENT of one in which none do. Then nests of real size, and numbers at
// the ends of 64 bits (build with -fsanitize=undefined,address).
//
//===----------------------------------------------------------------------===//
#include "overlap.h"
#include "bytes.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CASE_DIMS = 4, MAX_CASE_ACCESSES = 5, SPACE = 1 << 17 };

struct nest {
  struct ferry_shape shape;
  uint8_t kinds[FERRY_MAX_ACCESSES];
  int64_t numbers[(FERRY_MAX_DIMS + FERRY_MAX_ACCESSES) * (2 + FERRY_MAX_DIMS)];
};

static int failures;

static void start(struct nest *n, uint32_t dims, uint32_t parallel) {
  memset(n, 0, sizeof *n);
  n->shape = (struct ferry_shape){dims, parallel, 0, n->kinds, NULL, 0};
}

static int64_t *row_of(struct nest *n, uint32_t row) {
  return n->numbers + row * (2 + n->shape.dims);
}

static int64_t *trip_row(struct nest *n, uint32_t dim) {
  return row_of(n, dim);
}

static int64_t *access_row(struct nest *n, uint32_t access) {
  return row_of(n, n->shape.dims + access);
}

static int64_t *add_access(struct nest *n, uint8_t kind, int64_t base,
                           int64_t width) {
  uint32_t at = n->shape.accesses++;
  n->kinds[at] = kind;
  int64_t *row = access_row(n, at);
  row[0] = base;
  row[1] = width;
  return row;
}

static void print_nest(struct nest *n) {
  printf("  %u dims, %u parallel, %u held\n", n->shape.dims, n->shape.parallel,
         n->shape.held);
  for (uint32_t r = 0; r < n->shape.dims + n->shape.accesses; ++r) {
    const char *name =
        r < n->shape.dims ? "trip" : kind_names[n->kinds[r - n->shape.dims]];
    printf("  %-8s", name);
    for (uint32_t c = 0; c < 2 + n->shape.dims; ++c)
      printf(" %lld", (long long)row_of(n, r)[c]);
    printf("\n");
  }
}

static void fail(const char *what, struct nest *n) {
  ++failures;
  printf("FAIL: %s\n", what);
  if (n)
    print_nest(n);
}

//===-- Brute force -------------------------------------------------------===//

struct truth {
  int conflict; // two iterations meet in a byte that is written
  int wraps;    // a value left its range
  int outside;  // an address left the space: no truth known
};

static struct byte space[SPACE];
static uint32_t epoch;

static int64_t value_at(const int64_t *row, uint32_t dims, const int64_t *at) {
  int64_t value = row[0];
  for (uint32_t j = 0; j < dims; ++j)
    value += row[2 + j] * at[j];
  return value;
}

static int64_t lowest, highest; // of the access that runs

static void touch(struct truth *t, int64_t address, int64_t width,
                  int iteration, uint32_t access, uint8_t kind) {
  lowest = width > 0 && address < lowest ? address : lowest;
  highest = width > 0 && address + width > highest ? address + width : highest;
  for (int64_t a = address + SPACE / 2; width-- > 0; ++a) {
    if (a < 0 || a >= SPACE) {
      t->outside = 1;
      return;
    }
    t->conflict |= touch_byte(byte_of(&space[a], epoch), access, iteration, kind);
  }
}

static void run_access(struct nest *n, uint32_t access, struct truth *t,
                       const int64_t *at) {
  int iteration = 0;
  for (uint32_t k = n->shape.held; k < n->shape.parallel; ++k)
    iteration = iteration * 32 + (int)at[k];
  const int64_t *row = access_row(n, access);
  int64_t value = value_at(row, n->shape.dims, at);
  int64_t half = (int64_t)1 << ((row[1] - 1) & 31);
  if (n->kinds[access] == FERRY_WRAP_SIGNED)
    t->wraps |= value < -half || value >= half;
  else if (n->kinds[access] == FERRY_WRAP_UNSIGNED)
    t->wraps |= value < 0 || value >= 2 * half;
  else
    touch(t, value, row[1], iteration, access, n->kinds[access]);
}

// The dims that an access is inside of: those it moves with, and those around
// them. The other loops may be beside it, and need not run for it to happen.
static uint32_t dims_around(struct nest *n, uint32_t access) {
  uint32_t around = (1u << n->shape.parallel) - 1;
  for (uint32_t k = n->shape.dims; k-- > 0;) {
    if (access_row(n, access)[2 + k])
      around |= 1u << k;
    for (uint32_t j = 0; around >> k & 1 && j < k; ++j)
      around |= (uint32_t)(trip_row(n, k)[2 + j] != 0) << j;
  }
  return around;
}

// With `bounds`, those are the trips; else each row at its own indices.
static void run_nest(struct nest *n, uint32_t access, struct truth *t,
                     const int64_t *bounds, uint32_t dim, int64_t *at) {
  if (dim == n->shape.dims) {
    run_access(n, access, t, at);
    return;
  }
  int64_t trip = bounds ? bounds[dim] : value_at(trip_row(n, dim), dim, at);
  if (!(dims_around(n, access) >> dim & 1))
    trip = 1;
  for (at[dim] = 0; at[dim] < trip; ++at[dim])
    run_nest(n, access, t, bounds, dim + 1, at);
}

// Iterations with different indices of held dims do not meet: each starts anew.
static void run_held(struct nest *n, struct truth *t, const int64_t *bounds,
                     uint32_t dim, int64_t *at) {
  if (dim == n->shape.held) {
    ++epoch;
    for (uint32_t i = 0; i < n->shape.accesses; ++i)
      run_nest(n, i, t, bounds, dim, at);
    return;
  }
  const int64_t trip = bounds ? bounds[dim] : value_at(trip_row(n, dim), dim, at);
  for (at[dim] = 0; at[dim] < trip; ++at[dim])
    run_held(n, t, bounds, dim + 1, at);
}

static struct truth brute_force(struct nest *n, const int64_t *bounds) {
  struct truth t = {0, 0, 0};
  int64_t at[MAX_CASE_DIMS];
  run_held(n, &t, bounds, 0, at);
  return t;
}

// Largest trips, found without the code under test.
static void upper_trips(struct nest *n, int64_t *bounds) {
  for (uint32_t k = 0; k < n->shape.dims; ++k) {
    int64_t most = trip_row(n, k)[0];
    for (uint32_t j = 0; j < k; ++j)
      if (trip_row(n, k)[2 + j] > 0)
        most += trip_row(n, k)[2 + j] * (bounds[j] - 1);
    bounds[k] = most < 1 ? 1 : most;
  }
}

//===-- Random nests ------------------------------------------------------===//

static void random_trips(struct nest *n) {
  uint32_t dims = n->shape.dims;
  for (uint32_t k = 0; k < dims; ++k) {
    int64_t *row = trip_row(n, k);
    row[0] = pick(1, dims > 2 ? 4 : 7);
    const uint32_t held = n->shape.held;
    const uint32_t limit = k >= held && k < n->shape.parallel ? held : k;
    if (!limit || !chance(25))
      continue;
    uint32_t outer = (uint32_t)pick(0, limit - 1);
    row[2 + outer] = pick(-1, 1);
    row[0] = chance(20) ? pick(-2, 3) : pick(1, 4);
  }
}

static uint8_t random_kind(struct nest *n) {
  return chance(10)                             ? FERRY_CELL
         : n->shape.accesses == 0 || chance(35) ? FERRY_WRITE
                                                : FERRY_READ;
}

static void wild_accesses(struct nest *n) {
  int small = chance(50);
  int64_t shared[MAX_CASE_DIMS];
  for (int k = 0; k < MAX_CASE_DIMS; ++k)
    shared[k] = pick(-40, 40);
  for (int64_t count = pick(1, 4); count > 0; --count) {
    int64_t base = pick(0, small ? 20 : 400), width = pick(0, 8);
    int64_t *row = add_access(n, random_kind(n), base, width);
    for (uint32_t k = 0; k < n->shape.dims; ++k)
      row[2 + k] = chance(60)   ? shared[k]
                   : chance(30) ? 0
                                : pick(-40, 40) / (small ? 8 : 1);
  }
}

struct layout {
  int64_t width, stride[MAX_CASE_DIMS], size; // of a dense or padded array
};

// Innermost dim last in memory, or in any order.
static struct layout random_layout(struct nest *n, const int64_t *bounds,
                                   int64_t element) {
  struct layout a;
  uint32_t order[MAX_CASE_DIMS];
  for (uint32_t k = 0; k < n->shape.dims; ++k)
    order[k] = k;
  if (chance(30))
    for (uint32_t k = n->shape.dims - 1; k > 0; --k) {
      uint32_t other = (uint32_t)pick(0, k), held = order[k];
      order[k] = order[other];
      order[other] = held;
    }
  a.width = element;
  a.size = element;
  for (uint32_t k = n->shape.dims; k-- > 0;) {
    a.stride[order[k]] = a.size;
    a.size *= bounds[order[k]] + (chance(30) ? pick(0, 2) : 0);
  }
  return a;
}

// Sometimes leaves out an inner dim (a reduction), moves by a neighbour (a
// stencil) or runs backwards.
static void add_array_access(struct nest *n, const struct layout *a,
                             const int64_t *bounds, int64_t base) {
  int64_t width = chance(90) ? a->width : pick(1, 2 * a->width);
  int64_t *row = add_access(n, random_kind(n), base, width);
  for (uint32_t k = 0; k < n->shape.dims; ++k) {
    row[2 + k] = a->stride[k];
    if (chance(k < n->shape.parallel ? 2 : 12))
      row[2 + k] = 0;
    if (chance(k < n->shape.parallel ? 4 : 15))
      row[0] += pick(-1, 1) * a->stride[k];
  }
  for (uint32_t k = 0; k < n->shape.dims; ++k)
    if (chance(k < n->shape.parallel ? 2 : 10)) {
      row[0] += row[2 + k] * (bounds[k] - 1);
      row[2 + k] = -row[2 + k];
    }
}

static void array_accesses(struct nest *n, const int64_t *bounds) {
  int64_t fields = chance(40) ? pick(2, 4) : 1,
          width = (int64_t)1 << pick(0, 3);
  int planes = chance(50); // fields far apart, or side by side
  struct layout a = random_layout(n, bounds, planes ? width : width * fields);
  a.width = width;
  int64_t base = pick(-8, 8), apart = planes ? a.size : width;
  int fresh = chance(15);
  for (int64_t count = pick(1, 4); count > 0; --count) {
    if (fresh && chance(50)) {
      a = random_layout(n, bounds, width);
      base = chance(50) ? base : pick(-4000, 4000);
    }
    add_array_access(n, &a, bounds, base + apart * pick(0, fields - 1));
  }
}

// for i, for j from or up to i: square[i][j], square[j][i], square[i][i] and
// neighbours. Where j begins at i, the second dim counts from there.
static void add_corner_access(struct nest *n, int from_i, int64_t pitch,
                              int64_t base, int64_t width) {
  const int64_t size = chance(90) ? width : pick(1, width);
  int64_t *row = add_access(n, random_kind(n), base, size);
  int64_t *i = &row[2 + n->shape.dims - 2], *j = i + 1;
  switch (pick(0, 4)) {
  case 0: *i = *j = 0; break;
  case 1: *i = pitch + width; break;
  case 2: *i = pitch, *j = width; break;
  case 3: *i = width, *j = pitch; break;
  default: *j = chance(50) ? pitch + width : chance(50) ? pitch : width;
  }
  *i += from_i ? *j : 0;
  if (chance(25)) {
    const int64_t down = pick(-1, 1), right = pick(-1, 1);
    row[0] += down * pitch + right * width;
  }
  if (n->shape.dims == 3 && chance(70))
    row[2] = pitch * 8;
}

static void random_triangle(struct nest *n) {
  const uint32_t dims = (uint32_t)pick(2, 3);
  const int64_t rows = pick(2, 7), width = (int64_t)1 << pick(0, 3);
  const int from_i = chance(50);
  start(n, dims, (uint32_t)pick(1, dims - 1));
  if (chance(30)) {
    n->shape.held = dims - 1;
    n->shape.parallel = dims;
  }
  if (dims == 3)
    trip_row(n, 0)[0] = pick(1, 3);
  trip_row(n, dims - 2)[0] = rows;
  trip_row(n, dims - 1)[0] = (from_i ? rows : 0) + pick(-1, 1);
  trip_row(n, dims - 1)[2 + dims - 2] = from_i ? -1 : 1;
  const int64_t pitch = width * (chance(70) ? rows : rows + pick(-1, 3));
  for (int64_t count = pick(1, 4); count > 0; --count)
    add_corner_access(n, from_i, pitch, 0, width);
}

static void random_nest(struct nest *n) {
  int64_t bounds[MAX_CASE_DIMS];
  if (chance(20)) {
    random_triangle(n);
    return;
  }
  uint32_t dims = (uint32_t)pick(1, MAX_CASE_DIMS);
  uint32_t parallel = (uint32_t)pick(1, dims < 3 ? dims : 3);
  start(n, dims, chance(50) ? 1 : parallel);
  if (dims > 1 && chance(20)) {
    n->shape.held = (uint32_t)pick(1, dims - 1);
    n->shape.parallel = n->shape.held + (uint32_t)pick(1, dims - n->shape.held);
  }
  random_trips(n);
  upper_trips(n, bounds);
  if (chance(25))
    wild_accesses(n);
  else
    array_accesses(n, bounds);
  if (chance(4)) {
    int64_t base = pick(-3, 20), width = pick(1, 8);
    int64_t *row = add_access(
        n, chance(50) ? FERRY_WRAP_SIGNED : FERRY_WRAP_UNSIGNED, base, width);
    for (uint32_t k = 0; k < dims; ++k)
      row[2 + k] = pick(-3, 8);
  }
}

//===-- The properties ----------------------------------------------------===//

struct tally {
  long cases, verdicts[3], needless;
};

static void check_hulls(struct nest *n, const int64_t *bounds) {
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  if (!ferry_hulls(&n->shape, n->numbers, trips, lo, hi)) {
    fail("no hulls", n);
    return;
  }
  for (uint32_t k = 0; k < n->shape.dims; ++k)
    if (trips[k] != bounds[k])
      fail("a wrong trip count", n);
  for (uint32_t i = 0; i < n->shape.accesses; ++i) {
    struct truth t = {0, 0, 0};
    int64_t at[MAX_CASE_DIMS];
    lowest = INT64_MAX, highest = INT64_MIN;
    ++epoch;
    run_nest(n, i, &t, NULL, 0, at);
    if (lowest < highest && (lo[i] > lowest || hi[i] < highest))
      fail("a hull that is too small", n);
    lowest = INT64_MAX, highest = INT64_MIN;
    run_nest(n, i, &t, bounds, 0, at);
    if (lo[i] < hi[i] && (lo[i] < lowest || hi[i] > highest))
      fail("a hull larger than the box", n);
    if (lo[i] > hi[i] || (lo[i] == hi[i] && lo[i] != 0))
      fail("a hull that is neither full nor empty", n);
  }
}

// Far from zero nothing may change, but for giving up.
static void check_moved(struct nest *n, enum ferry_verdict verdict) {
  int64_t end =
      chance(50) ? INT64_MAX - pick(0, 500) : INT64_MIN + pick(0, 500);
  for (uint32_t i = 0; i < n->shape.accesses; ++i)
    if (ferry_touches_memory(n->kinds[i]) &&
        __builtin_add_overflow(access_row(n, i)[0], end, &access_row(n, i)[0]))
      return;
  enum ferry_verdict moved = ferry_overlap(&n->shape, n->numbers, NULL);
  if (moved != verdict && moved != FERRY_UNKNOWN)
    fail("another verdict at another address", n);
}

static void check_random(struct tally *tally) {
  struct nest n;
  int64_t bounds[MAX_CASE_DIMS];
  struct truth upper, exact;
  do {
    random_nest(&n);
    upper_trips(&n, bounds);
    upper = brute_force(&n, bounds);
  } while (upper.outside);
  exact = brute_force(&n, NULL);
  struct ferry_conflict why = {-2, -2};
  enum ferry_verdict verdict = ferry_overlap(&n.shape, n.numbers, &why);
  ++tally->cases;
  ++tally->verdicts[verdict];
  if (verdict == FERRY_INDEPENDENT && exact.conflict)
    fail("INDEPENDENT, but two iterations meet", &n);
  if (verdict == FERRY_DEPENDENT && !exact.conflict)
    fail("DEPENDENT, but no two iterations meet", &n);
  if (verdict != FERRY_UNKNOWN && upper.wraps)
    fail("a value wraps", &n);
  if ((verdict == FERRY_INDEPENDENT) != (why.first == -1))
    fail("the conflict does not go with the verdict", &n);
  if (verdict == FERRY_UNKNOWN && !exact.conflict && !upper.wraps)
    ++tally->needless;
  check_hulls(&n, bounds);
  check_moved(&n, verdict);
}

static int64_t extreme(void) {
  int64_t edge[] = {
      INT64_MIN,     INT64_MAX,        0, 1, -1, INT64_MAX / 2, INT64_MIN / 2,
      INT64_MAX / 4, (int64_t)1 << 32, 8};
  int64_t value = edge[pick(0, 9)], sum;
  return __builtin_add_overflow(value, pick(-2, 2), &sum) ? value : sum;
}

// Nothing to compare with: the sanitizers look on.
static void check_extreme(void) {
  struct nest n;
  uint32_t dims = (uint32_t)pick(1, FERRY_MAX_DIMS);
  start(&n, dims, (uint32_t)pick(1, dims < 3 ? dims : 3));
  n.shape.held = chance(30) ? (uint32_t)pick(0, n.shape.parallel) : 0;
  int mild = (int)pick(0, 100);
  for (uint32_t k = 0; k < dims; ++k) {
    trip_row(&n, k)[0] = chance(mild) ? pick(1, 9) : extreme();
    for (uint32_t j = 0; k >= n.shape.parallel && j < k; ++j)
      trip_row(&n, k)[2 + j] = chance(80) ? 0 : extreme();
  }
  for (int64_t count = pick(1, 4); count > 0; --count) {
    int64_t base = extreme(), width = chance(mild) ? 8 : extreme();
    uint8_t kind = (uint8_t)(chance(95) ? pick(0, 1) : pick(0, FERRY_CELL + 1));
    int64_t *row = add_access(&n, kind, base, width);
    for (uint32_t k = 0; k < dims; ++k)
      row[2 + k] = chance(mild) ? pick(-8, 8) : extreme();
  }
  struct ferry_conflict why;
  ferry_overlap(&n.shape, n.numbers, &why);
}

//===-- Nests of real size ------------------------------------------------===//

static const char *const verdict_names[] = {"INDEPENDENT", "DEPENDENT",
                                            "UNKNOWN"};

static void expect(const char *what, struct nest *n, enum ferry_verdict wanted,
                   int first, int second) {
  struct ferry_conflict why;
  enum ferry_verdict got = ferry_overlap(&n->shape, n->numbers, &why);
  if (got == wanted && why.first == first && why.second == second)
    return;
  printf("%s: %s (%d, %d), wanted %s (%d, %d)\n", what, verdict_names[got],
         why.first, why.second, verdict_names[wanted], first, second);
  fail(what, n);
}

static void strides(int64_t *row, int64_t s0, int64_t s1, int64_t s2) {
  row[2] = s0;
  row[3] = s1;
  if (s2)
    row[4] = s2;
}

static void cube(struct nest *n, uint32_t parallel, int64_t t0, int64_t t1,
                 int64_t t2) {
  start(n, t2 ? 3 : 2, parallel);
  trip_row(n, 0)[0] = t0;
  trip_row(n, 1)[0] = t1;
  if (t2)
    trip_row(n, 2)[0] = t2;
}

static void check_matmul(uint32_t parallel, int64_t c,
                         enum ferry_verdict wanted) {
  enum { SIZE = 4096, ROW = SIZE * 8 };
  struct nest n;
  cube(&n, parallel, SIZE, SIZE, SIZE);
  strides(add_access(&n, FERRY_WRITE, c, 8), ROW, 8, 0);
  strides(add_access(&n, FERRY_READ, 0, 8), ROW, 0, 8);
  strides(add_access(&n, FERRY_READ, (int64_t)SIZE * ROW, 8), 0, 8, ROW);
  expect("matrix product", &n, wanted, wanted == FERRY_INDEPENDENT ? -1 : 0,
         wanted == FERRY_INDEPENDENT ? -1 : 1);
}

static void check_stencil(int64_t shift, enum ferry_verdict wanted) {
  struct nest n;
  cube(&n, 1, 1000, 5000, 0);
  strides(add_access(&n, FERRY_WRITE, 40008, 8), 40000, 8, 0);
  strides(add_access(&n, FERRY_READ, 40008 + shift, 8), 40000, 8, 0);
  expect("stencil in place", &n, wanted, wanted == FERRY_INDEPENDENT ? -1 : 0,
         wanted == FERRY_INDEPENDENT ? -1 : 1);
}

static void check_transposed(uint32_t parallel, int64_t apart) {
  struct nest n;
  cube(&n, parallel, 3000, 3000, 0);
  strides(add_access(&n, FERRY_WRITE, 0, 4), 12000, 4, 0);
  strides(add_access(&n, FERRY_READ, apart, 4), 4, 12000, 0);
  int meets = apart < (int64_t)3000 * 12000;
  expect("transposed", &n, meets ? FERRY_DEPENDENT : FERRY_INDEPENDENT,
         meets ? 0 : -1, meets ? 1 : -1);
}

// for i, for j > i, for k: c[i][j] and c[j][i] from columns i and j of a, j in any
// order for each i. `last` columns more, or less, than c has.
static void check_correlation(int64_t last, enum ferry_verdict wanted) {
  enum { SIZE = 1200, ROW = SIZE * 8 };
  struct nest n;
  cube(&n, 2, SIZE - 1, SIZE - 1 + last, SIZE);
  n.shape.held = 1;
  trip_row(&n, 1)[2] = -1;
  strides(add_access(&n, FERRY_WRITE, 8, 8), ROW + 8, 8, 0);
  strides(add_access(&n, FERRY_WRITE, ROW, 8), ROW + 8, ROW, 0);
  strides(add_access(&n, FERRY_READ, 2 * SIZE * ROW, 8), 8, 0, ROW);
  strides(add_access(&n, FERRY_READ, 2 * SIZE * ROW + 8, 8), 8, 8, ROW);
  expect("correlation", &n, wanted, wanted == FERRY_INDEPENDENT ? -1 : 0,
         wanted == FERRY_INDEPENDENT ? -1 : 1);
}

static void check_fields(void) {
  struct nest n;
  cube(&n, 2, 100000, 3, 0); // struct { double at[3], speed[3]; } p[100000]
  strides(add_access(&n, FERRY_WRITE, 0, 8), 48, 8, 0);
  strides(add_access(&n, FERRY_READ, 24, 8), 48, 8, 0);
  strides(add_access(&n, FERRY_READ, 48 * 7 + 24, 8), 48, 8, 0);
  expect("fields, another particle's too", &n, FERRY_INDEPENDENT, -1, -1);
  strides(add_access(&n, FERRY_READ, 48 * 7 + 16, 8), 48, 8, 0);
  expect("a field that is written", &n, FERRY_DEPENDENT, 0, 3);
}

static void check_interleaved(void) {
  struct nest n;
  cube(&n, 2, 2000, 2000, 0); // z[i][j].re = z[j][i].im
  strides(add_access(&n, FERRY_WRITE, 0, 8), 32000, 16, 0);
  strides(add_access(&n, FERRY_READ, 8, 8), 16, 32000, 0);
  expect("other parity, transposed", &n, FERRY_INDEPENDENT, -1, -1);
  access_row(&n, 1)[0] = 16 * 1999999 + 9; // meets in single bytes
  if (ferry_overlap(&n.shape, n.numbers, NULL) == FERRY_INDEPENDENT)
    fail("parity off by a byte", &n);
}

static void check_sums(void) {
  struct nest n;
  cube(&n, 1, 1000, 1000, 0);
  strides(add_access(&n, FERRY_WRITE, 4096, 8), 0, 0, 0);
  expect("one sum for all", &n, FERRY_DEPENDENT, 0, 0);
  strides(access_row(&n, 0), 8, 0, 0);
  expect("one sum for each", &n, FERRY_INDEPENDENT, -1, -1);
  strides(access_row(&n, 0), 8, 8, 0);
  expect("histogram of i + j", &n, FERRY_DEPENDENT, 0, 0);
  strides(access_row(&n, 0), 4, 0, 0);
  expect("elements that overlap", &n, FERRY_DEPENDENT, 0, 0);
  strides(access_row(&n, 0), -8, 8000, 0);
  expect("column by column, backwards", &n, FERRY_INDEPENDENT, -1, -1);
  trip_row(&n, 0)[0] = 1;
  strides(access_row(&n, 0), 0, 0, 0);
  expect("a single iteration", &n, FERRY_INDEPENDENT, -1, -1);
}

static void check_triangle(void) {
  struct nest n;
  cube(&n, 1, 1000, 1, 0); // for i < 1000, for j < 1 + i: a[i][j]
  trip_row(&n, 1)[2] = 1;
  strides(add_access(&n, FERRY_WRITE, 0, 8), 8000, 8, 0);
  expect("triangle", &n, FERRY_INDEPENDENT, -1, -1);
  strides(access_row(&n, 0), 7992, 8, 0); // only its corner meets, in the box
  expect("rows that touch", &n, FERRY_UNKNOWN, 0, 0);
  strides(access_row(&n, 0), 4, 8, 0);
  expect("triangle that meets at once", &n, FERRY_DEPENDENT, 0, 0);
  trip_row(&n, 1)[0] = 0; // the first row is empty
  expect("triangle that may be empty", &n, FERRY_UNKNOWN, 0, 0);
}

// for i < n, for j: square[i][j] and the same square in other directions, as
// for correlations, which are computed on one side and copied to the other.
static void check_square(int64_t pitch) {
  const int64_t n = 256, corner = pitch + 8;
  struct nest t;
  cube(&t, 1, n, n, 0); // j < n: square[j][i], square[i][i]
  strides(add_access(&t, FERRY_WRITE, 0, 8), 8, pitch, 0);
  strides(add_access(&t, FERRY_WRITE, 0, 8), corner, 0, 0);
  expect("columns and their diagonal", &t, FERRY_INDEPENDENT, -1, -1);
  strides(add_access(&t, FERRY_READ, 0, 8), pitch, 8, 0);
  expect("columns, rows", &t, FERRY_DEPENDENT, 0, 2);
  cube(&t, 1, n, n - 1, 0); // i < j < n: square[i][j], square[j][i], square[i][i]
  trip_row(&t, 1)[2] = -1;
  strides(add_access(&t, FERRY_WRITE, 8, 8), corner, 8, 0);
  strides(add_access(&t, FERRY_WRITE, pitch, 8), corner, pitch, 0);
  strides(add_access(&t, FERRY_WRITE, 0, 8), corner, 0, 0);
  expect("above, below and on the diagonal", &t, FERRY_INDEPENDENT, -1, -1);
  strides(add_access(&t, FERRY_READ, corner, 8), corner, 0, 0);
  expect("the next on the diagonal", &t, FERRY_UNKNOWN, 2, 3);
  cube(&t, 1, n, 0, 0); // j < i: square[i][j], square[j][i]
  trip_row(&t, 1)[2] = 1;
  strides(add_access(&t, FERRY_WRITE, 0, 8), pitch, 8, 0);
  strides(add_access(&t, FERRY_READ, 0, 8), 8, pitch, 0);
  expect("below from above", &t, FERRY_INDEPENDENT, -1, -1);
  trip_row(&t, 1)[0] = 1;
  expect("and on the diagonal", &t, FERRY_INDEPENDENT, -1, -1);
  trip_row(&t, 1)[0] = 2;
  expect("and just beside", &t, FERRY_DEPENDENT, 0, 1);
}

static void check_linked(void) {
  const uint8_t links[] = {FERRY_NO_LINK, 1, FERRY_NO_LINK, FERRY_NO_LINK};
  struct nest n;
  cube(&n, 1, 100, 100, 0);
  n.shape.links = links;
  strides(add_access(&n, FERRY_WRITE, 0, 8), 8, 0, 0);
  strides(add_access(&n, FERRY_READ, 0, 8), 0, 8, 0);
  expect("perhaps at one of these values", &n, FERRY_UNKNOWN, 0, 1);
  strides(access_row(&n, 1), 16, 0, 0);
  expect("at no value of memory", &n, FERRY_DEPENDENT, 0, 1);
}

// for i < n, for j > i: square[i][j]; the box would reach beyond the square.
static void check_hull_of_triangle(void) {
  int64_t trips[FERRY_MAX_DIMS], lo[1], hi[1];
  struct nest n;
  cube(&n, 1, 100, 99, 0);
  trip_row(&n, 1)[2] = -1;
  strides(add_access(&n, FERRY_WRITE, 8, 8), 808, 8, 0);
  if (!ferry_hulls(&n.shape, n.numbers, trips, lo, hi) || lo[0] != 8 ||
      hi[0] != 100 * 800)
    fail("hull of a triangle", &n);
  // for i < n, for j < i: square[i - 1][j]; the first row comes to no j.
  cube(&n, 1, 100, 0, 0);
  trip_row(&n, 1)[2] = 1;
  strides(add_access(&n, FERRY_WRITE, -800, 8), 800, 8, 0);
  if (!ferry_hulls(&n.shape, n.numbers, trips, lo, hi) || lo[0] != 0)
    fail("hull of a triangle that begins late", &n);
}

static void check_wraps(void) {
  struct nest n;
  cube(&n, 1, 100, 100, 0);
  strides(add_access(&n, FERRY_WRITE, 0, 8), 800, 8, 0);
  strides(add_access(&n, FERRY_WRAP_SIGNED, INT32_MAX - 9999, 32), 100, 1, 0);
  expect("just fits", &n, FERRY_INDEPENDENT, -1, -1);
  ++access_row(&n, 1)[0];
  expect("just wraps", &n, FERRY_UNKNOWN, 1, 1);
  n.kinds[1] = FERRY_WRAP_UNSIGNED;
  expect("fits without sign", &n, FERRY_INDEPENDENT, -1, -1);
  access_row(&n, 1)[0] = -1;
  access_row(&n, 1)[1] = 64;
  expect("negative without sign", &n, FERRY_UNKNOWN, 1, 1);
  n.kinds[1] = FERRY_WRAP_SIGNED;
  expect("any value fits 64 bits", &n, FERRY_INDEPENDENT, -1, -1);
  access_row(&n, 1)[1] = 65;
  expect("no such width", &n, FERRY_UNKNOWN, 1, 1);
}

static void check_limits(void) {
  struct nest n;
  cube(&n, 1, 100, 100, 0);
  int64_t *row = add_access(&n, FERRY_WRITE, 0, 8);
  strides(row, 800, 8, 0);
  row[1] = -1;
  expect("negative width", &n, FERRY_UNKNOWN, -1, -1);
  row[1] = 0;
  row[2] = 0;
  expect("no bytes", &n, FERRY_INDEPENDENT, -1, -1);
  row[1] = 8;
  row[2] = 800;
  trip_row(&n, 0)[2] = 1;
  expect("trip that depends on itself", &n, FERRY_UNKNOWN, -1, -1);
  trip_row(&n, 0)[2] = 0;
  row[0] = INT64_MAX - 80000;
  expect("ends at the last byte", &n, FERRY_INDEPENDENT, -1, -1);
  ++row[0];
  expect("ends beyond the last byte", &n, FERRY_UNKNOWN, -1, -1);
  trip_row(&n, 0)[0] = trip_row(&n, 1)[0] = ((int64_t)1 << 62) + 1;
  row[0] = INT64_MIN;
  n.shape.parallel = 0;
  strides(row, 1, 1, 0);
  expect("one iteration over all memory", &n, FERRY_INDEPENDENT, -1, -1);
  n.shape.parallel = 1;
  expect("the whole address space", &n, FERRY_UNKNOWN, 0, 0);
  row[0] = 0;
  n.kinds[0] = FERRY_CELL + 1;
  expect("no such kind", &n, FERRY_UNKNOWN, 0, 0);
  n.shape.parallel = 3;
  expect("more parallel dims than dims", &n, FERRY_UNKNOWN, -1, -1);
}

static void check_units(void) {
  int64_t apart = (int64_t)1 << 40;
  for (uint32_t parallel = 1; parallel <= 2; ++parallel) {
    check_matmul(parallel, apart, FERRY_INDEPENDENT);
    // C over A: a row of C needs that row of A only.
    check_matmul(parallel, 0,
                 parallel == 1 ? FERRY_INDEPENDENT : FERRY_DEPENDENT);
    check_transposed(parallel, 0);
    check_transposed(parallel, 3000 * 12000);
  }
  check_stencil(-40000, FERRY_DEPENDENT);
  check_stencil(-8, FERRY_DEPENDENT); // column 0 reads the end of a row above
  check_correlation(0, FERRY_INDEPENDENT);
  check_correlation(2, FERRY_UNKNOWN);
  check_fields();
  check_interleaved();
  check_sums();
  check_triangle();
  check_square(2048);
  check_square(2048 + 64);
  check_linked();
  check_hull_of_triangle();
  check_wraps();
  check_limits();
}

int main(int argc, char **argv) {
  uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
  long cases = argc > 2 ? atol(argv[2]) : compared(1000000);
  long extremes = argc > 2 ? cases / 4 : looked_on(250000);
  struct tally t = {0, {0, 0, 0}, 0};
  random_state = seed * 0x9e3779b97f4a7c15u + 1;
  printf("seed %llu, %ld cases\n", (unsigned long long)seed, cases);
  check_units();
  while (t.cases < cases && failures < 5)
    check_random(&t);
  for (long i = 0; i < extremes && failures < 5; ++i)
    check_extreme();
  printf("%ld cases: %ld independent, %ld dependent, %ld unknown of which %ld "
         "needless (%.2f %%)\n",
         t.cases, t.verdicts[0], t.verdicts[1], t.verdicts[2], t.needless,
         t.cases ? 100.0 * (double)t.needless / (double)t.cases : 0.0);
  printf(failures ? "failed\n" : "passed\n");
  return failures != 0;
}
