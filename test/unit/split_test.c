//===- split_test.c - pieces do what the whole nest does ------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Usage: split_test [seed [cases]]. Small random nests over one array: each iteration
// mixes what its accesses read into what they write. A nest in pieces, the parallel
// iterations of each backwards, has to leave the same bytes.
//
//===----------------------------------------------------------------------===//
#include "split.h"
#include "random.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIMS = 4, ACCESSES = 4, SPACE = 4096, PITCH = 8 };

struct nest {
  struct ferry_shape shape;
  uint8_t kinds[ACCESSES];
  int64_t numbers[(DIMS + ACCESSES) * (2 + DIMS)];
};

static int failures;
static int64_t scratch[(DIMS + ACCESSES) * (2 + DIMS)];

static int64_t *row_of(struct nest *n, uint32_t row) {
  return n->numbers + row * (2 + n->shape.dims);
}

static int64_t value_at(const int64_t *row, uint32_t dims, const int64_t *at) {
  int64_t value = row[0];
  for (uint32_t k = 0; k < dims; ++k)
    value += row[2 + k] * at[k];
  return value;
}

//===-- Running -----------------------------------------------------------===//

static uint32_t memory[SPACE];

static void run_body(struct nest *n, const int64_t *at) {
  uint32_t value = 1;
  for (uint32_t a = 0; a < n->shape.accesses; ++a) {
    const int64_t *row = row_of(n, n->shape.dims + a);
    uint32_t *cell = &memory[value_at(row, n->shape.dims, at)];
    value = value * 31 + *cell;
    if (n->kinds[a] == FERRY_WRITE)
      *cell = value ^ value >> 7;
  }
}

// The dims that are not parallel, in their order.
static void run_inside(struct nest *n, uint32_t dim, int64_t *at) {
  if (dim == n->shape.dims) {
    run_body(n, at);
    return;
  }
  const int64_t trips = value_at(row_of(n, dim), dim, at);
  for (at[dim] = 0; at[dim] < trips; ++at[dim])
    run_inside(n, dim + 1, at);
  at[dim] = 0;
}

static void run_box(struct nest *n, uint32_t dim, const struct ferry_box *box,
                    bool backwards, int64_t *at) {
  if (dim == n->shape.parallel) {
    run_inside(n, dim, at);
    return;
  }
  for (int64_t i = 0; i < box->hi[dim] - box->lo[dim]; ++i) {
    at[dim] = backwards ? box->hi[dim] - 1 - i : box->lo[dim] + i;
    run_box(n, dim + 1, box, backwards, at);
  }
}

static void run(struct nest *n, const struct ferry_pieces *pieces, bool backwards) {
  int64_t at[DIMS] = {0};
  for (uint32_t i = 0; i < SPACE; ++i)
    memory[i] = i * 2654435761u;
  for (int i = 0; i < pieces->count; ++i)
    run_box(n, 0, &pieces->box[i], backwards, at);
}

static bool same(struct nest *n, const struct ferry_pieces *pieces) {
  static uint32_t expected[SPACE];
  struct ferry_pieces whole = {.count = 1};
  for (uint32_t k = 0; k < n->shape.parallel; ++k)
    whole.box[0].hi[k] = row_of(n, k)[0];
  run(n, &whole, false);
  memcpy(expected, memory, sizeof memory);
  run(n, pieces, true);
  return memcmp(expected, memory, sizeof memory) == 0;
}

//===-- Nests -------------------------------------------------------------===//

static void start(struct nest *n, uint32_t dims, uint32_t parallel) {
  memset(n, 0, sizeof *n);
  n->shape = (struct ferry_shape){dims, parallel, 0, n->kinds, NULL, 0};
}

// An element of an array of up to three indices.
static int64_t *add_access(struct nest *n, uint8_t kind, int64_t at) {
  n->kinds[n->shape.accesses] = kind;
  int64_t *row = row_of(n, n->shape.dims + n->shape.accesses++);
  row[0] = at;
  row[1] = 1;
  return row;
}

// Most indices are a dim, or an element of its range: a pivot.
static void add_random_access(struct nest *n) {
  int64_t *row = add_access(n, chance(45) ? FERRY_WRITE : FERRY_READ, 0);
  row[0] = SPACE / 2;
  for (int64_t pitch = 1, index = 0; index < 3; ++index, pitch *= PITCH) {
    const uint32_t dim = (uint32_t)pick(0, n->shape.dims - 1);
    if (chance(60))
      row[2 + dim] += chance(90) ? pitch : -pitch;
    row[0] += pitch * (chance(60) ? pick(0, PITCH - 1) : chance(20) ? -1 : 0);
  }
}

static void random_nest(struct nest *n) {
  const uint32_t dims = (uint32_t)pick(1, DIMS);
  start(n, dims, (uint32_t)pick(1, dims < 3 ? dims : 3));
  for (uint32_t k = 0; k < dims; ++k) {
    row_of(n, k)[0] = pick(1, PITCH - 1);
    if (k >= n->shape.parallel && chance(20)) // a triangle
      row_of(n, k)[2 + pick(0, k - 1)] = pick(0, 1);
  }
  const int64_t accesses = pick(2, ACCESSES);
  while (n->shape.accesses < accesses)
    add_random_access(n);
}

static int count_iterations(const struct nest *n, const struct ferry_pieces *pieces) {
  int64_t sum = 0;
  for (int i = 0; i < pieces->count; ++i) {
    int64_t product = 1;
    for (uint32_t k = 0; k < n->shape.parallel; ++k)
      product *= pieces->box[i].hi[k] - pieces->box[i].lo[k];
    sum += product;
  }
  return (int)sum;
}

static void fail(const char *what, struct nest *n, const struct ferry_pieces *pieces) {
  ++failures;
  printf("FAIL: %s, %u dims, %u parallel\n", what, n->shape.dims, n->shape.parallel);
  for (uint32_t r = 0; r < n->shape.dims + n->shape.accesses; ++r) {
    printf(r < n->shape.dims                           ? "  trip "
           : n->kinds[r - n->shape.dims] == FERRY_READ ? "  read "
                                                       : "  write");
    for (uint32_t c = 0; c < 2 + n->shape.dims; ++c)
      printf(" %lld", (long long)row_of(n, r)[c]);
    printf("\n");
  }
  for (int i = 0; i < pieces->count; ++i)
    for (uint32_t k = 0; k < n->shape.parallel; ++k)
      printf("  piece %d: %lld..%lld\n", i, (long long)pieces->box[i].lo[k],
             (long long)pieces->box[i].hi[k]);
}

static void check_pieces(struct nest *n, const struct ferry_pieces *pieces) {
  int whole = 1;
  for (uint32_t k = 0; k < n->shape.parallel; ++k)
    whole *= (int)row_of(n, k)[0];
  if (count_iterations(n, pieces) != whole)
    fail("not all iterations, or some twice", n, pieces);
  else if (!same(n, pieces))
    fail("other bytes", n, pieces);
}

static void check_random(long *found) {
  struct nest n;
  struct ferry_pieces pieces;
  random_nest(&n);
  if (!ferry_split(&n.shape, n.numbers, scratch, &pieces))
    return;
  *found += pieces.count > 1;
  check_pieces(&n, &pieces);
}

// Numbers at the ends of 64 bits: for the sanitizers, and no piece is outside.
static int64_t extreme(void) {
  static const int64_t ends[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
  const int64_t around = pick(-2, 2);
  switch (pick(0, 3)) {
  case 0: return ends[pick(0, 6)];
  case 1: return (int64_t)1 << pick(0, 62);
  case 2: return -((int64_t)1 << pick(0, 62));
  default: return around;
  }
}

static void check_extreme(void) {
  struct nest n;
  struct ferry_pieces pieces;
  start(&n, 2, (uint32_t)pick(1, 2));
  for (uint32_t k = 0; k < 2; ++k)
    row_of(&n, k)[0] = chance(50) ? pick(1, 9) : (extreme() & INT64_MAX) | 1;
  for (int a = 0; a < 3; ++a) {
    int64_t *row = add_access(&n, a ? FERRY_WRITE : FERRY_READ, extreme());
    for (uint32_t k = 0; k < 2; ++k)
      row[2 + k] = extreme();
  }
  if (!ferry_split(&n.shape, n.numbers, scratch, &pieces))
    return;
  for (int i = 0; i < pieces.count; ++i)
    for (uint32_t k = 0; k < n.shape.parallel; ++k)
      if (pieces.box[i].lo[k] < 0 || pieces.box[i].lo[k] >= pieces.box[i].hi[k] ||
          pieces.box[i].hi[k] > row_of(&n, k)[0])
        fail("a piece outside", &n, &pieces);
}

//===-- Loops that people write -------------------------------------------===//

static void expect(const char *what, struct nest *n, int count) {
  struct ferry_pieces pieces;
  const int found = ferry_split(&n->shape, n->numbers, scratch, &pieces);
  if (!found != !count || (found && pieces.count != count))
    fail(what, n, &pieces);
  else if (found)
    check_pieces(n, &pieces);
}

// d[i][j] = min(d[i][j], d[i][k] + d[k][j])
static void check_floyd(int64_t k, int count) {
  struct nest n;
  start(&n, 2, 2);
  row_of(&n, 0)[0] = row_of(&n, 1)[0] = 32;
  int64_t *row_k = add_access(&n, FERRY_READ, 32 * k);
  row_k[3] = 1;
  int64_t *column_k = add_access(&n, FERRY_READ, k);
  column_k[2] = 32;
  int64_t *element = add_access(&n, FERRY_WRITE, 0);
  element[2] = 32;
  element[3] = 1;
  expect("Floyd and Warshall", &n, count);
}

// a[i] = a[first] + a[last] + a[i]
static void check_ends(int64_t step, int64_t first, int64_t last, int count) {
  struct nest n;
  start(&n, 1, 1);
  row_of(&n, 0)[0] = 100;
  const int64_t base = step < 0 ? 99 * -step : 0;
  add_access(&n, FERRY_READ, first);
  add_access(&n, FERRY_READ, last);
  add_access(&n, FERRY_WRITE, base)[2] = step;
  expect("both ends", &n, count);
}

// a[i] = a[i - distance]
static void check_chain(int64_t distance) {
  struct nest n;
  start(&n, 1, 1);
  row_of(&n, 0)[0] = 100;
  add_access(&n, FERRY_READ, 100 - distance)[2] = 1;
  add_access(&n, FERRY_WRITE, 100)[2] = 1;
  expect("a chain", &n, distance == 0 ? 1 : 0);
}

// a[i][j] = a[i][4] + a[i - 1][j + 4]: cut at column 4, no piece has two iterations
// that meet, but those of different pieces do, and their rows differ.
static void check_rows_that_meet(void) {
  struct nest n;
  start(&n, 2, 2);
  row_of(&n, 0)[0] = 4;
  row_of(&n, 1)[0] = 8;
  add_access(&n, FERRY_READ, 100 + 4)[2] = 8;
  int64_t *above = add_access(&n, FERRY_READ, 100 - 8 + 4);
  int64_t *element = add_access(&n, FERRY_WRITE, 100);
  above[2] = element[2] = 8;
  above[3] = element[3] = 1;
  expect("rows that meet", &n, 0);
}

static void check_written_loops(void) {
  check_rows_that_meet();
  check_floyd(7, 9);
  check_floyd(0, 4);
  check_floyd(31, 4);
  check_ends(1, 0, 99, 3);
  check_ends(1, 99, 0, 3);
  check_ends(1, 50, 50, 3);
  check_ends(1, 200, 300, 1);
  check_ends(-1, 0, 99, 3);
  check_ends(3, 51, 52, 3); // 52 is between two elements
  check_ends(-3, 51, 0, 4);
  for (int64_t distance = -1; distance < 3; ++distance)
    check_chain(distance);
}

int main(int argc, char **argv) {
  const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
  const long cases = argc > 2 ? atol(argv[2]) : compared(300000);
  const long extremes = argc > 2 ? cases : looked_on(300000);
  long found = 0;
  random_state = seed * 0x9e3779b97f4a7c15u + 1;
  check_written_loops();
  for (long i = 0; i < cases && failures < 5; ++i)
    check_random(&found);
  for (long i = 0; i < extremes && failures < 5; ++i)
    check_extreme();
  printf("%ld cases, %ld in pieces\n", cases, found);
  if (found < cases / 100)
    ++failures;
  printf(failures ? "failed\n" : "passed\n");
  return failures != 0;
}
