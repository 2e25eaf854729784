//===- follow_test.c - rows on threads, each behind the one before it -----===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A worker as the pass makes it, by hand: a sweep over a grid in place, run by threads
// that stumble now and then. The result is that of one thread, nobody touches what
// another one may be writing (the thread sanitizer looks on), and errno is the last row's.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "blocks.h"
#include "doacross.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 40, COLUMNS = 64, MOST_THREADS = 8 };

static int failures;
static int grid[ROWS][COLUMNS], expected[ROWS][COLUMNS];
static int64_t strip; // of the plan
static _Thread_local uint64_t stumbles;

static void stumble(void) {
  stumbles = stumbles * 6364136223846793005u + (uintptr_t)&stumbles;
  if (stumbles >> 56 == 0)
    usleep(50);
}

// What the plan says of strips holds for all that is answered.
static void check_strips(int64_t t, int64_t stop) {
  if (stop <= t || (strip > 1 && (stop - t) % strip != 0) || (strip == 1 && stop != t + 1)) {
    printf("strips of %lld: from %lld to %lld\n", (long long)strip, (long long)t,
           (long long)stop);
    exit(1);
  }
}

static void sweep(const void *context, const int64_t *lo, const int64_t *hi, void *partial) {
  struct ferry_stepper *stepper = partial;
  (void)context;
  for (int64_t i = lo[0]; i < hi[0]; ++i) {
    int64_t stop = 0;
    for (int64_t t = 0; t < COLUMNS - 2; ++t) {
      if (t >= stop)
        check_strips(t, stop = stepper->step(stepper, 1, t));
      int *cell = &grid[i + 1][t + 1];
      *cell = (*cell + cell[-1] + cell[1] + cell[COLUMNS] + cell[1 - COLUMNS]) * 7 % 1021;
      stumble();
    }
    errno = i % 5 ? 0 : (int)i + 1;
  }
}

static bool find_plan(struct ferry_doacross *plan) {
  enum { WIDTH = sizeof(int), PITCH = COLUMNS * WIDTH };
  static const int places[] = {0, -1, 1, COLUMNS, 1 - COLUMNS};
  static const uint8_t stages[] = {1, 1, 1, 1, 1};
  static const uint8_t kinds[] = {FERRY_WRITE, FERRY_READ, FERRY_READ, FERRY_READ, FERRY_READ};
  const struct ferry_shape shape = {2, 1, 5, kinds, NULL, 0};
  int64_t numbers[7][4] = {{ROWS - 2}, {COLUMNS - 2}};
  for (int a = 0; a < 5; ++a) {
    const int64_t row[] = {(int64_t)(intptr_t)(&grid[1][1] + places[a]), WIDTH, PITCH, WIDTH};
    memcpy(numbers[2 + a], row, sizeof row);
  }
  return ferry_find_doacross(&shape, stages, numbers[0], plan);
}

struct thread {
  struct ferry_division *division;
  int number, team;
};

static void *take_part(void *argument) {
  const struct thread *t = argument;
  stumbles = (uint64_t)t->number;
  ferry_do_part(t->division, t->number, t->team);
  return NULL;
}

static void fill(void) {
  for (int i = 0; i < ROWS; ++i)
    for (int j = 0; j < COLUMNS; ++j)
      grid[i][j] = (i * 37 + j * 91) % 1021;
}

static void expect_same(const struct ferry_doacross *plan, int threads) {
  static struct ferry_part parts[MOST_THREADS];
  static _Alignas(FERRY_CACHE_LINE) char partials[MOST_THREADS * 1024];
  struct ferry_job job = {.worker = sweep, .parallel = 1, .trips = {ROWS - 2, 0, 0}, .doacross = plan};
  struct ferry_division division = {.parts = parts, .partials = partials};
  struct ferry_floats floats;
  struct thread team[MOST_THREADS];
  pthread_t ids[MOST_THREADS];
  static uint64_t serial;
  ferry_get_floats(&floats);
  division.floats = &floats;
  division.serial = ++serial;
  fill();
  if (!ferry_divide(&division, &job, threads) || (size_t)threads * division.stride > sizeof partials)
    abort();
  ferry_start_following(&division);
  for (int i = 0; i < threads; ++i) {
    team[i] = (struct thread){&division, i, threads};
    pthread_create(&ids[i], NULL, take_part, &team[i]);
  }
  for (int i = 0; i < threads; ++i)
    pthread_join(ids[i], NULL);
  ferry_collect(&division, &job);
  if (memcmp(grid, expected, sizeof grid) || job.error != (ROWS - 3) / 5 * 5 + 1) {
    printf("%d threads, stride %lld: another result, or errno %d\n", threads,
           (long long)plan->stride, job.error);
    ++failures;
  }
}

static int64_t never_ask(struct ferry_stepper *stepper, uint32_t dim, int64_t t) {
  (void)stepper, (void)dim, (void)t;
  return COLUMNS;
}

static void expect_same_alone(const struct ferry_doacross *plan) {
  struct ferry_job job = {.worker = sweep, .trips = {ROWS - 2}, .parallel = 1,
                          .doacross = plan};
  fill();
  ferry_follow_alone(&job);
  failures += memcmp(grid, expected, sizeof grid) != 0;
}

int main(void) {
  struct ferry_stepper whole = {never_ask};
  const int64_t lo[] = {0, 0, 0}, hi[] = {ROWS - 2, 0, 0};
  struct ferry_doacross plan;
  fill();
  sweep(NULL, lo, hi, &whole);
  memcpy(expected, grid, sizeof grid);
  if (!find_plan(&plan)) {
    printf("no plan\n");
    return 1;
  }
  for (int i = 0; i < 60 && failures == 0; ++i) {
    plan.stride = 1 + i % 9;
    plan.strip_dim = 1;
    plan.strip = strip = i % 5;
    expect_same(&plan, 1 + i % MOST_THREADS);
    expect_same_alone(&plan);
  }
  return failures != 0;
}
