//===- variants_test.c - which worker is chosen, and that all is done -----===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two workers that count, one of which is slow.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/ferry.h"
#include "check.h"

#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 6400, COLUMNS = 3 };
static int done[ROWS][COLUMNS];
static int64_t slow_calls, fast_calls;

static void run(const int64_t *lo, const int64_t *hi) {
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    for (int64_t j = lo[1]; j < hi[1]; ++j)
      ++done[i][j];
}

// A microsecond for each row.
static void slow(const void *context, const int64_t *lo, const int64_t *hi,
                 void *partial) {
  (void)context, (void)partial;
  ++slow_calls;
  const int64_t end = ferry_now() + 1000 * (hi[0] - lo[0]);
  run(lo, hi);
  while (ferry_now() < end)
    ;
}

static void fast(const void *context, const int64_t *lo, const int64_t *hi,
                 void *partial) {
  (void)context, (void)partial;
  ++fast_calls;
  run(lo, hi);
}

static struct ferry_job job_of(const struct ferry_site *site, int64_t rows) {
  return (struct ferry_job){.worker = site->worker,
                            .jammed = site->jammed,
                            .parallel = 2,
                            .trips = {rows, COLUMNS, 1}};
}

static void run_to_the_end(struct ferry_job *job) {
  int64_t lo[FERRY_MAX_PARALLEL] = {job->first[0]};
  int64_t hi[FERRY_MAX_PARALLEL] = {job->first[0] + job->trips[0], job->trips[1], 1};
  job->worker(job->context, lo, hi, NULL);
}

static int all_done(int64_t rows, int times) {
  for (int64_t i = 0; i < ROWS; ++i)
    for (int64_t j = 0; j < COLUMNS; ++j)
      if (done[i][j] != (i < rows ? times : 0))
        return 0;
  memset(done, 0, sizeof done);
  return 1;
}

// A long loop is compared while it runs, once.
static void test_slices(ferry_worker *plain, ferry_worker *jammed) {
  const struct ferry_site site = {.worker = plain, .jammed = jammed};
  struct ferry_variants v = {0};
  CHECK(ferry_may_be_better(&v, &site));
  for (int k = 0; k < 3; ++k) {
    struct ferry_job job = job_of(&site, ROWS);
    ferry_choose_variant(&v, &site, &job, 6400 * 1000);
    CHECK(job.worker == fast);
    CHECK((job.first[0] > 0) == (k == 0));
    CHECK(!ferry_is_on_trial(&v, &site, &job, 6400 * 1000)); // tried while it runs
    CHECK(job.first[0] + job.trips[0] == ROWS);
    run_to_the_end(&job);
    CHECK(all_done(ROWS, 1));
  }
  CHECK(ferry_may_be_better(&v, &site) == (jammed == fast));
}

// A short one call by call.
static void test_calls(ferry_worker *plain, ferry_worker *jammed) {
  const struct ferry_site site = {.worker = plain, .jammed = jammed};
  struct ferry_variants v = {0};
  slow_calls = fast_calls = 0;
  for (int k = 0; k < 10; ++k) {
    struct ferry_job job = job_of(&site, 40);
    CHECK(ferry_is_on_trial(&v, &site, &job, 40 * 1000) == (k < 4));
    ferry_choose_variant(&v, &site, &job, 40 * 1000);
    CHECK(job.first[0] == 0);
    const int64_t start = ferry_now();
    run_to_the_end(&job);
    ferry_learn_variant(&v, &job, 1000, ferry_now() - start);
    CHECK(all_done(40, 1));
  }
  CHECK(slow_calls == 2 && fast_calls == 8);
}

// Without a second worker there is nothing to choose.
static void test_none(void) {
  const struct ferry_site site = {.worker = slow};
  struct ferry_variants v = {0};
  struct ferry_job job = job_of(&site, ROWS);
  CHECK(!ferry_is_on_trial(&v, &site, &job, 40 * 1000));
  ferry_choose_variant(&v, &site, &job, 6400 * 1000);
  CHECK(job.worker == slow && job.first[0] == 0 && !ferry_may_be_better(&v, &site));
}

// Where the order shows, the program's is kept.
static void test_traps(void) {
  const struct ferry_site site = {.worker = slow, .jammed = fast};
  struct ferry_variants v = {0};
  struct ferry_job job = job_of(&site, ROWS);
  feenableexcept(FE_DIVBYZERO);
  ferry_choose_variant(&v, &site, &job, 6400 * 1000);
  CHECK(job.worker == slow && job.first[0] == 0 && !ferry_may_be_better(&v, &site));
  fedisableexcept(FE_DIVBYZERO);
  CHECK(ferry_may_be_better(&v, &site));
}

// What the device does not run, the better worker does: y[i] = i, or y[i] = y[i - 1].
static void launch(int64_t base, uint64_t in_place) {
  static const uint8_t kinds[] = {FERRY_WRITE, FERRY_READ};
  static struct ferry_site site = {.abi = FERRY_ABI_VERSION, .line = 1, .file = "a.c",
                                   .function = "f", .dims = 2, .parallel = 2,
                                   .accesses = 2, .kinds = kinds, .worker = slow,
                                   .jammed = fast, .unit = 1, .min_units = -1};
  const int64_t numbers[] = {ROWS, 0, 0, 0, COLUMNS, 0, 0, 0,
                             4096 + base, 4, 4 * COLUMNS, 4, 4096, 4, 4 * COLUMNS, 4};
  const int result = ferry_launch_v1(&site, NULL, numbers, NULL, 100 * 1000 * 1000);
  const struct ferry_state *state = site.state;
  CHECK(state->in_place == in_place);
  CHECK(result == (base != 0));
  CHECK(all_done(ROWS, base == 0));
}

// for i: { y[i * pitch] = 0; for j: y[i * pitch + j * step] = ..; }
static int may_interleave(struct ferry_variants *v, uint8_t outside, int64_t step,
                          int64_t ns) {
  const uint8_t kinds[] = {outside, FERRY_WRITE};
  const struct ferry_site site = {.jammed = fast, .jam_kinds = kinds, .jam_dim = 1};
  const struct ferry_shape shape = {.dims = 2, .parallel = 1, .accesses = 2};
  const int64_t numbers[] = {100, 0, 0,   0, 30,   0, 0,   0,
                             0,   4, 400, 0, 4096, 4, 400, step};
  return ferry_may_interleave(v, &shape, &site, numbers, ns);
}

// The loop inside may be interleaved if it does not meet itself. Without the program's
// own loop being slower for that.
static void test_inside(void) {
  const struct ferry_site site = {.worker = slow, .jammed = fast, .jam_kinds = (uint8_t[]){0}};
  struct ferry_variants v = {0};
  CHECK(may_interleave(&v, FERRY_LOW, 4, INT64_MAX));
  CHECK(!may_interleave(&v, FERRY_LOW, 0, INT64_MAX));
  CHECK(!may_interleave(&v, FERRY_LOW, 3, INT64_MAX));
  CHECK(!may_interleave(&v, FERRY_WRITE, 4, INT64_MAX));
  CHECK(!may_interleave(&v, FERRY_LOW, 4, 1000)); // not worth the question
  CHECK(!ferry_may_be_better(&v, &site));
  v.asking = 1000 * 1000 * 1000; // once; it is not believed for ever
  int calls = 0;
  while (calls < 1000 && !may_interleave(&v, FERRY_LOW, 4, 1000 * 1000))
    ++calls;
  CHECK(calls > 100 && calls < 300);
  struct ferry_job job = job_of(&site, ROWS);
  job.jammed = NULL; // not for these numbers
  ferry_choose_variant(&v, &site, &job, 6400 * 1000);
  CHECK(job.worker == slow && job.first[0] == 0);
}

int main(void) {
  setenv("FERRY_THREADS", "1", 1);
  test_slices(slow, fast);
  test_slices(fast, slow);
  test_calls(slow, fast);
  test_calls(fast, slow);
  test_none();
  test_traps();
  test_inside();
  launch(0, 1);
  launch(4, 1); // dependent: the program's own loop runs
  launch(0, 2);
  printf(failures ? "%d FAILED\n" : "all passed\n", failures);
  return failures != 0;
}
