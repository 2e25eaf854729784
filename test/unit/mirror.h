//===- mirror.h - what tests of the mirror device share -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every test is a process of its own. Each looks at the results and at what the
// device did: which pages moved, by whose fault. The device's variables lie in
// the program here, so that all variables of it are borrowed; what is to move
// is mapped.
//
// Where the device cannot be used, as under sanitizers, that is said and
// nothing is tested.
//
// With MIRROR_TEST_DEVICE=hmm, the same of the hmm device, as root: test/hmm/crew.test.
//
// usage: mirror_..._test [TEST]
// MIRROR_TEST_SECONDS (2) is how long `races` takes, MIRROR_TEST_KILLS (5) how often
// `loss` kills the device, MIRROR_TEST_STEPS how many rounds `mappings` and `moves`
// have, MIRROR_TEST_SEED where they begin.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEST_MIRROR_H
#define FERRY_TEST_MIRROR_H

#include "../../runtime/ferry.h"
#include "check.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };
enum { MIB_LONGS = (1 << 20) / sizeof(long), PAGE_LONGS = PAGE / sizeof(long) };

static const struct ferry_device *device = &ferry_device_mirror;

static inline bool on_hmm(void) { return device == &ferry_device_hmm; }

static inline int count_option(const char *name, int otherwise) {
  const char *chosen = getenv(name);
  return chosen ? atoi(chosen) : otherwise;
}

static inline struct ferry_traffic now(void) {
  struct ferry_traffic total;
  device->traffic(&total);
  return total;
}

// Zeroed pages with nothing around them that could come along.
static inline void *map(size_t size) {
  char *all = mmap(NULL, size + 2 * PAGE, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(all + PAGE, size, PROT_READ | PROT_WRITE);
  return all + PAGE;
}

// The memory of the hmm device is one for all who use it.
static inline void limit_hmm(size_t memory) {
  FILE *limit = fopen("/sys/module/ferry_hmm/parameters/limit", "w");
  CHECK(limit && fprintf(limit, "%zu", memory / PAGE) > 0 && fclose(limit) == 0);
}

static inline void start(size_t memory, size_t granule) {
  char why[256];
  if (on_hmm())
    limit_hmm(memory);
  ferry_options.mirror_memory = (int64_t)memory;
  ferry_options.mirror_granule = (int64_t)granule;
  ferry_options.threads = 2;
  if (!device->available(why, sizeof why)) {
    fprintf(stderr, "cannot start: %s\n", why);
    exit(1);
  }
  pthread_atfork(NULL, NULL, device->forked); // as launch.c does
}

static inline enum ferry_reason run(struct ferry_job *job) {
  enum ferry_reason why;
  while ((why = device->ready()) == FERRY_BUSY ||
         (why == FERRY_DONE && (why = device->run(job)) == FERRY_BUSY))
    sched_yield();
  return why;
}

static _Thread_local uint64_t seed;

static inline int64_t any(int64_t low, int64_t high) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return low + (int64_t)((seed >> 33) % (uint64_t)(high - low + 1));
}

//===- loops --------------------------------------------------------------===//

// for (i = 0; i < n; i++) to[i * step] += by;
struct adding {
  long *to, step, by;
};
static inline void add(const void *context, const int64_t *lo, const int64_t *hi,
                void *partial) {
  const struct adding *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    c->to[i * c->step] += c->by;
}
static inline struct ferry_traffic launch_add(long *to, int64_t n, long step,
                                       long by) {
  const struct adding c = {to, step, by};
  struct ferry_traffic traffic = {0};
  struct ferry_job job = {.worker = add,
                          .context = &c,
                          .context_size = sizeof c,
                          .parallel = 1,
                          .trips = {n},
                          .traffic = &traffic};
  CHECK(run(&job) == FERRY_DONE);
  return traffic;
}

// for (i = 0; i < n; i++) sum += from[i];
static inline void sum(const void *context, const int64_t *lo, const int64_t *hi,
                void *partial) {
  long *const *c = context, *into = partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    *into += (*c)[i];
}
static inline void combine(void *into, const void *from) {
  *(long *)into += *(const long *)from;
}
static inline long launch_sum(const long *from, int64_t n,
                              struct ferry_traffic *traffic) {
  static const long zero;
  long result = 0;
  struct ferry_job job = {.worker = sum,
                          .context = &from,
                          .context_size = sizeof from,
                          .parallel = 1,
                          .identity = &zero,
                          .combine = combine,
                          .reduction = &result,
                          .reduction_size = sizeof result,
                          .trips = {n},
                          .traffic = traffic};
  if (traffic)
    *traffic = (struct ferry_traffic){0};
  CHECK(run(&job) == FERRY_DONE);
  return result;
}

// for (i = 0; i < n; i++) atomic: at[i % 8]++;
static inline void count_up(const void *context, const int64_t *lo, const int64_t *hi,
                     void *partial) {
  _Atomic long *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    atomic_fetch_add(&(*c)[i % 8], 1);
}

static inline void fill(long *at, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    at[i] = i;
}

//===- running them -------------------------------------------------------===//

struct test {
  const char *name;
  void (*run)(void); // null: cannot be run
};

static inline int fails(const char *name, void (*test)(void)) {
  int status;
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    // A guest is emulated, maybe on a machine that is busy.
    alarm((on_hmm() ? 5 : 1) * (unsigned)(count_option("MIRROR_TEST_SECONDS", 2) +
                                          10 * count_option("MIRROR_TEST_KILLS", 5) + 60));
    test();
    exit(failures != 0);
  }
  waitpid(child, &status, 0);
  if (status)
    printf("%-20s FAILED (status %x)\n", name, (unsigned)status);
  else
    printf("%-20s ok\n", name);
  return status != 0;
}

static inline void is_available(void) {
  char why[256];
  if (device->available(why, sizeof why))
    return;
  printf("not tested: device %s cannot be used: %s\n", device->name, why);
  ++failures;
}

// All of them, or the one that is named.
static inline int run_tests(const struct test *tests, size_t count, int argc,
                            char **argv) {
  const char *chosen = getenv("MIRROR_TEST_DEVICE");
  int failed = 0;
  if (chosen && !strcmp(chosen, "hmm"))
    device = &ferry_device_hmm;
  if (fails("available", is_available))
    return chosen != NULL;
  for (size_t i = 0; i < count; ++i)
    if (tests[i].run && (argc < 2 || strcmp(argv[1], tests[i].name) == 0))
      failed += fails(tests[i].name, tests[i].run);
  return failed;
}

#endif
