//===- elements_test.c - what is said of arrays against brute force -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Usage: elements_test [seed [cases]]. Arrays of all widths, with their elements at
// some distance, are looked at where they are and in copies, by one thread and in
// parts. Then arrays of which a page is missing.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "links.h"
#include "random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, SPACE = 1 << 20 };

static int failures;
static char *space;
static long parts;

static int64_t address(const void *of) { return (int64_t)(intptr_t)of; }

static void fail(const char *what, const struct ferry_elements *e) {
  ++failures;
  printf("FAIL: %s: %lld of %lld bytes, %s, every %lld, %s, %s\n", what,
         (long long)e->count, (long long)e->width, e->is_signed ? "signed" : "unsigned",
         (long long)e->step, e->direct ? "direct" : "copied", e->share ? "shared" : "alone");
}

// As a device does: each part has a partial result of its own.
static bool run_in_parts(struct ferry_job *job, int64_t ns) {
  char partial[64];
  const int64_t size = job->trips[0] / 3 + 1;
  if (ns < 0 || job->reduction_size > sizeof partial)
    abort();
  for (int64_t hi = job->trips[0], lo; hi > 0; hi = lo, ++parts) {
    lo = hi > size ? hi - size : 0;
    memcpy(partial, job->identity, job->reduction_size);
    job->worker(job->context, &lo, &hi, partial);
    job->combine(job->reduction, partial);
  }
  return true;
}

static bool refuse(struct ferry_job *job, int64_t ns) { return (void)job, (void)ns, false; }

//===-- Brute force -------------------------------------------------------===//

struct truth {
  int64_t min, max;
  bool falls, repeats, differ;
};

static int64_t value_at(const struct ferry_elements *e, int64_t i) {
  uint64_t value = 0;
  memcpy(&value, (void *)(intptr_t)(e->lo + i * e->step), (size_t)e->width);
  const int unused = (int)(64 - 8 * e->width);
  return e->is_signed ? (int64_t)(value << unused) >> unused : (int64_t)value;
}

static int compare(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}

static struct truth brute_force(const struct ferry_elements *e) {
  static int64_t sorted[SPACE];
  struct truth t = {INT64_MAX, INT64_MIN, false, false, true};
  for (int64_t i = 0; i < e->count; ++i) {
    const int64_t value = sorted[i] = value_at(e, i);
    t.min = value < t.min ? value : t.min;
    t.max = value > t.max ? value : t.max;
    t.falls |= i > 0 && value < value_at(e, i - 1);
    t.repeats |= i > 0 && value == value_at(e, i - 1);
  }
  qsort(sorted, (size_t)e->count, sizeof *sorted, compare);
  for (int64_t i = 1; i < e->count; ++i)
    t.differ &= sorted[i] != sorted[i - 1];
  return t;
}

static void check(const struct ferry_elements *e, const struct truth *t) {
  int64_t min, max;
  errno = 77;
  if (!ferry_extremes(e, &min, &max) || min != t->min || max != t->max)
    fail("extremes", e);
  if (ferry_ascend(e, false) != !t->falls)
    fail("ascend", e);
  if (ferry_ascend(e, true) != (!t->falls && !t->repeats))
    fail("ascend strictly", e);
  // Large values may be too far apart to be told different.
  const bool differ = ferry_differ(e, min, (int64_t)((uint64_t)max - (uint64_t)min + 1));
  if (differ ? !t->differ : t->differ && max - min < e->count)
    fail("differ", e);
  if (errno != 77)
    fail("errno was changed", e);
}

static void check_all_ways(struct ferry_elements *e) {
  static bool (*const shares[])(struct ferry_job *, int64_t) = {NULL, refuse, run_in_parts};
  const struct truth t = brute_force(e);
  for (int way = 0; way < 6; ++way) {
    e->direct = way % 2;
    e->share = shares[way / 2];
    check(e, &t);
  }
}

//===-- Arrays ------------------------------------------------------------===//

static void store(const struct ferry_elements *e, int64_t i, int64_t value) {
  memcpy((void *)(intptr_t)(e->lo + i * e->step), &value, (size_t)e->width);
}

static void fill(const struct ferry_elements *e) {
  const int64_t first = pick(-e->count, e->count), by = pick(0, 2);
  const bool wild = chance(30);
  for (int64_t i = 0; i < e->count; ++i)
    store(e, i, wild ? pick(INT32_MIN, INT32_MAX) * pick(0, INT32_MAX) : first + by * i);
  for (int64_t changes = pick(0, 2); changes > 0; --changes)
    store(e, chance(50) ? e->count - 1 : pick(0, e->count - 1),
          chance(50) ? first : pick(INT64_MIN / 4, INT64_MAX / 4));
}

static void check_random(void) {
  struct ferry_elements e = {.width = (int64_t)1 << pick(0, 3), .is_signed = chance(50)};
  e.step = chance(60) ? e.width : e.width * pick(1, 9) + pick(0, 3);
  if (chance(3))
    e.step = pick(4000, 5000);
  const int64_t most = (SPACE - 64) / e.step;
  e.count = pick(1, chance(80) ? (most < 400 ? most : 400) : most);
  e.lo = address(space) + pick(0, 16);
  fill(&e);
  check_all_ways(&e);
}

// The page before the last one is not there.
static void check_hole(int64_t elements, bool readable) {
  struct ferry_elements e = {.lo = address(space), .step = 4, .width = 4, .count = elements};
  int64_t min, max;
  for (int way = 0; way < 2; ++way) {
    e.share = way ? run_in_parts : NULL;
    if (ferry_extremes(&e, &min, &max) != readable || ferry_ascend(&e, false) != readable ||
        ferry_differ(&e, 0, SPACE / 4) != readable)
      fail("a hole", &e);
  }
}

static void check_holes(void) {
  for (int32_t i = 0; i < SPACE / 4; ++i)
    ((int32_t *)(void *)space)[i] = i;
  const int64_t before = (SPACE - 2 * PAGE) / 4;
  if (mprotect(space + SPACE - 2 * PAGE, PAGE, PROT_NONE))
    abort();
  check_hole(before, true);
  check_hole(before + 1, false);
  check_hole(SPACE / 4, false);
}

static void check_absurd(void) {
  struct ferry_elements e = {.lo = address(space), .step = 4, .width = 4, .count = 10};
  int64_t min, max;
  e.width = 3;
  if (ferry_extremes(&e, &min, &max) || ferry_ascend(&e, false) || ferry_differ(&e, 0, 10))
    fail("three bytes", &e);
  e.width = 4;
  e.step = 1 << 20;
  if (ferry_extremes(&e, &min, &max) || ferry_ascend(&e, false) || ferry_differ(&e, 0, 10))
    fail("far apart", &e);
  e.step = 4;
  e.count = INT64_MAX / 8;
  if (ferry_extremes(&e, &min, &max) || ferry_ascend(&e, false) || ferry_differ(&e, 0, 10))
    fail("too many", &e);
}

int main(int argc, char **argv) {
  const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
  const long cases = argc > 2 ? atol(argv[2]) : compared(300);
  random_state = seed * 0x9e3779b97f4a7c15u + 1;
  space = mmap(NULL, SPACE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (space == MAP_FAILED)
    abort();
  for (long i = 0; i < cases && failures < 5; ++i)
    check_random();
  check_absurd();
  check_holes();
  printf("seed %llu, %ld cases, %ld parts\n", (unsigned long long)seed, cases, parts);
  printf(failures || !parts ? "failed\n" : "passed\n");
  return failures != 0 || !parts;
}
