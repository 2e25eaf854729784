//===- mirror_pages_test.c - which pages move -----------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "mirror.h"

#include <fenv.h>

//===- which pages move ---------------------------------------------------===//

static void count_pages(size_t granule) {
  start(64 << 20, granule);
  long *a = map(1 << 20);
  struct ferry_traffic t;
  fill(a, MIB_LONGS);
  CHECK(launch_sum(a, MIB_LONGS, &t) == (long)MIB_LONGS * (MIB_LONGS - 1) / 2);
  CHECK(t.to_device == 256 && t.to_system == 0);
  const size_t most = on_hmm() && granule > 256 << 10 ? 256 << 10 : granule;
  CHECK(t.device_faults >= 1 && t.device_faults <= (1 << 20) / most + 4);
  CHECK(launch_sum(a, MIB_LONGS, &t) == (long)MIB_LONGS * (MIB_LONGS - 1) / 2);
  CHECK(t.to_device == 0 && t.device_faults == 0);
  const struct ferry_traffic before = now();
  CHECK(a[0] == 0);
  const uint64_t back = now().to_system - before.to_system;
  CHECK(back >= 1 && back <= (on_hmm() ? 1 : granule / PAGE));
  CHECK(now().cpu_faults - before.cpu_faults == 1);
}
static void test_pages_of_4K(void) { count_pages(4 << 10); }
static void test_pages_of_64K(void) { count_pages(64 << 10); }
static void test_pages_of_2M(void) { count_pages(2 << 20); }

// What cannot move before it does not keep what a loop spans from coming in one go.
static void test_prefetch(void) {
  static const uint8_t read = FERRY_READ;
  const struct ferry_shape shape = {1, 1, 1, &read, NULL, 0};
  struct ferry_traffic t = {0};
  long *const all = map(PAGE + (1 << 20)), *const a = all + PAGE_LONGS;
  long result = 0;
  start(64 << 20, 0);
  CHECK(mmap(all, PAGE, PROT_READ | PROT_WRITE,
             MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == all);
  fill(a, MIB_LONGS);
  const int64_t numbers[] = {MIB_LONGS + 8, 0, 0, (int64_t)(a - 8), 8, 8};
  const long *const from = a - 8;
  const long zero = 0;
  struct ferry_job job = {.worker = sum,
                          .context = &from,
                          .context_size = sizeof from,
                          .parallel = 1,
                          .identity = &zero,
                          .combine = combine,
                          .reduction = &result,
                          .reduction_size = sizeof result,
                          .trips = {MIB_LONGS + 8},
                          .shape = &shape,
                          .numbers = numbers,
                          .traffic = &t};
  CHECK(run(&job) == FERRY_DONE);
  CHECK(t.prefetched == 256 && t.to_device == 256 && t.borrowed == 1);
}

static void test_growing_granule(void) {
  start(64 << 20, 0);
  long *a = map(16 << 20);
  fill(a, 16 * MIB_LONGS);
  const struct ferry_traffic t = launch_add(a, 16 * MIB_LONGS, 1, 1);
  CHECK(t.to_device == 16 * 256);
  CHECK(on_hmm() || t.device_faults < 64); // two threads, each from 16K to 2M
  for (int64_t i = 0; i < 16 * MIB_LONGS; ++i)
    if (a[i] != i + 1)
      ++failures;
}

// Memory that was never touched does not travel, and none is made for what the
// loop leaves out.
static void test_untouched(void) {
  start(64 << 20, 4 << 10);
  long *a = map(64 << 20);
  const struct ferry_traffic t = launch_add(a, 16, 8 * PAGE_LONGS, 5);
  CHECK(t.to_device == 0 && t.zeroed == 16);
  CHECK(a[0] == 5 && a[8 * PAGE_LONGS] == 5 && a[PAGE_LONGS] == 0);
  CHECK(now().to_system == 2);
}

static void test_capacity(void) {
  start(4 << 20, 0);
  long *a = map(24 << 20);
  fill(a, 24 * MIB_LONGS);
  uint64_t evicted = 0;
  for (int round = 0; round < 3; ++round)
    evicted += launch_add(a, 24 * MIB_LONGS, 1, 1).evicted;
  CHECK(evicted >= 3 * 16 * 256);
  for (int64_t i = 0; i < 24 * MIB_LONGS; ++i)
    if (a[i] != i + 3)
      ++failures;
}

//===- all kinds of memory ------------------------------------------------===//

struct node {
  struct node *next;
  long value;
};
static void walk(const void *context, const int64_t *lo, const int64_t *hi,
                 void *partial) {
  struct node *const *const *lists = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    for (struct node *n = (*lists)[i]; n; n = n->next)
      n->value *= 3;
}

static void test_pointers(void) {
  enum { LISTS = 20, LENGTH = 500 };
  struct node *lists[LISTS] = {0}, *const *context = lists;
  start(64 << 20, 0);
  for (int k = 0; k < LISTS * LENGTH; ++k) {
    struct node *n = malloc(sizeof *n + (size_t)(k % 700));
    *n = (struct node){lists[k % LISTS], k};
    lists[k % LISTS] = n;
  }
  struct ferry_traffic traffic = {0};
  struct ferry_job job = {.worker = walk,
                          .context = &context,
                          .context_size = sizeof context,
                          .parallel = 1,
                          .trips = {LISTS},
                          .traffic = &traffic};
  CHECK(run(&job) == FERRY_DONE);
  CHECK(traffic.to_device > 0);
  for (int k = LISTS * LENGTH - 1; k >= 0; --k) {
    struct node *n = lists[k % LISTS];
    if (n->value != 3 * k)
      ++failures;
    lists[k % LISTS] = n->next;
    free(n);
  }
}

static long initialised[5000] = {1, 2, 3};
static long bss[5000];

static void test_variables(void) {
  long on_stack[3000] = {7};
  start(64 << 20, 0);
  initialised[4999] = 11;
  struct ferry_traffic t = launch_add(initialised, 4999, 1, 10);
  CHECK(t.borrowed > 0);
  CHECK(initialised[0] == 11 && initialised[2] == 13 &&
        initialised[4998] == 10 && initialised[4999] == 11);
  launch_add(bss, 5000, 1, 10);
  CHECK(bss[0] == 10 && bss[4999] == 10);
  t = launch_add(on_stack, 3000, 1, 1);
  CHECK(t.to_device > 0);
  CHECK(on_stack[0] == 8 && on_stack[2999] == 1);
}

static void test_files(void) {
  char name[] = "/tmp/ferry-mirror-XXXXXX";
  long *model = malloc(1 << 20);
  const int fd = mkstemp(name);
  unlink(name);
  fill(model, MIB_LONGS);
  CHECK(write(fd, model, 1 << 20) == 1 << 20);
  start(64 << 20, 0);
  long *shared = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  long *private =
      mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  CHECK(launch_add(shared, MIB_LONGS - 1, 1, 3).borrowed >= 256);
  const struct ferry_traffic t = launch_add(private, MIB_LONGS / 2, 2, 4);
  CHECK(t.borrowed + t.to_device >= 256); // the copies may move, with the kernel's HMM
  CHECK(pread(fd, model, 1 << 20, 0) == 1 << 20);
  for (int64_t i = 0; i < MIB_LONGS; ++i)
    if (model[i] != i + 3 * (i < MIB_LONGS - 1) ||
        private[i] != model[i] + (i % 2 ? 0 : 4))
      ++failures;
  long *constant = mmap(NULL, 1 << 20, PROT_READ, MAP_SHARED, fd, 0);
  long expected = 0;
  for (int64_t i = 0; i < MIB_LONGS; ++i)
    expected += constant[i];
  CHECK(launch_sum(constant, MIB_LONGS, NULL) == expected);
}

// Locked memory stays; mremap brings in what it grows by before it tells of it.
static void test_locked(void) {
  start(64 << 20, 0);
  long *a = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  fill(a, MIB_LONGS);
  CHECK(launch_add(a, MIB_LONGS, 1, 1).to_device >= 256);
  CHECK(mlock(a, 1 << 20) == 0);
  a = mremap(a, 1 << 20, 2 << 20, MREMAP_MAYMOVE);
  CHECK(a != MAP_FAILED);
  CHECK(launch_add(a, 2 * MIB_LONGS, 1, 1).borrowed >= 512);
  for (int64_t i = 0; i < 2 * MIB_LONGS; ++i)
    if (a[i] != (i < MIB_LONGS ? i + 2 : 1))
      ++failures;
}

//===- system calls, signals, errors --------------------------------------===//

static void test_system_calls(void) {
  int ends[2];
  char text[PAGE];
  start(64 << 20, 4 << 10);
  long *a = map(4 * PAGE);
  CHECK(pipe(ends) == 0);
  launch_add(a, 4 * PAGE_LONGS, 1, 0x0101010101010101);
  CHECK(write(ends[1], a, PAGE) == PAGE);
  CHECK(read(ends[0], text, PAGE) == PAGE);
  CHECK(text[0] == 1 && text[PAGE - 1] == 1);
  CHECK(write(ends[1], text, PAGE) == PAGE);
  CHECK(read(ends[0], a + PAGE_LONGS, PAGE) == PAGE);
  CHECK(now().cpu_faults == 2);
  launch_add(a, 4 * PAGE_LONGS, 1, 1);
  CHECK(a[PAGE_LONGS] == 0x0101010101010102);
}

static void *guarded;
static volatile sig_atomic_t faults;
static void unguard(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  faults += (char *)info->si_addr >= (char *)guarded;
  mprotect(guarded, PAGE, PROT_READ | PROT_WRITE);
}

// A handler that provides the memory that a loop touches works as ever.
static void test_fault_handler(void) {
  struct sigaction action = {.sa_sigaction = unguard, .sa_flags = SA_SIGINFO};
  start(64 << 20, 4 << 10);
  long *a = map(4 * PAGE);
  fill(a, 4 * PAGE_LONGS);
  guarded = a + 2 * PAGE_LONGS;
  mprotect(guarded, PAGE, PROT_NONE);
  sigaction(SIGSEGV, &action, NULL);
  launch_add(a, 4 * PAGE_LONGS, 1, 1);
  CHECK(faults == 1);
  for (int64_t i = 0; i < 4 * PAGE_LONGS; ++i)
    if (a[i] != i + 1)
      ++failures;
}

static int status_of_child(void (*child)(void)) {
  int status = 0;
  const pid_t pid = fork();
  if (pid == 0) {
    child();
    _exit(0);
  }
  waitpid(pid, &status, 0);
  return status;
}

static void touch_nothing(void) { launch_add(NULL, 100, 1, 1); }
static void touch_gap(void) {
  long *a = map(PAGE);
  launch_add(a, 2 * PAGE_LONGS, 1, 1);
}
static void divide(const void *context, const int64_t *lo, const int64_t *hi,
                   void *partial) {
  volatile long *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    (*c)[0] = 5 / (*c)[1];
}
static void divide_by_zero(void) {
  long *a = map(PAGE);
  struct ferry_job job = {.worker = divide,
                          .context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {2}};
  run(&job);
}
static void start_and_touch_nothing(void) {
  start(64 << 20, 0);
  touch_nothing();
}
static void start_and_touch_gap(void) {
  start(64 << 20, 0);
  touch_gap();
}
static void start_and_divide(void) {
  start(64 << 20, 0);
  divide_by_zero();
}

static void test_fatal_faults(void) {
  CHECK(WTERMSIG(status_of_child(start_and_touch_nothing)) == SIGSEGV);
  CHECK(WTERMSIG(status_of_child(start_and_touch_gap)) == SIGSEGV);
  CHECK(WTERMSIG(status_of_child(start_and_divide)) == SIGFPE);
}

// for (i = 0; i < n; i++) to[i] = i == 77 ? 1.0 / 0 : 1.0 / 10, and errno
static void round_down(const void *context, const int64_t *lo,
                       const int64_t *hi, void *partial) {
  double *const *c = context;
  volatile double one = 1, ten = 10, zero = 0;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i) {
    (*c)[i] = i == 77 ? one / zero : one / ten;
    if (i % 40 == 3)
      errno = 100 + (int)i;
  }
}
static void test_environment(void) {
  start(64 << 20, 0);
  double *a = map(PAGE), down;
  struct ferry_job job = {.worker = round_down,
                          .context = &a,
                          .context_size = sizeof a,
                          .flags = FERRY_SITE_ERRNO,
                          .parallel = 1,
                          .trips = {100}};
  fesetround(FE_DOWNWARD);
  feclearexcept(FE_ALL_EXCEPT);
  volatile double one = 1, ten = 10;
  down = one / ten;
  feclearexcept(FE_ALL_EXCEPT);
  CHECK(run(&job) == FERRY_DONE);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == (FE_INEXACT | FE_DIVBYZERO));
  CHECK(fegetround() == FE_DOWNWARD);
  CHECK(job.error == 183);
  CHECK(memcmp(&a[5], &down, sizeof down) == 0);
  fesetround(FE_TONEAREST);
  CHECK(memcmp(&a[5], &(double){one / ten}, sizeof down) != 0);
}

int main(int argc, char **argv) {
  const struct test tests[] = {
      {"pages-of-4K", test_pages_of_4K},
      {"pages-of-64K", test_pages_of_64K},
      {"pages-of-2M", test_pages_of_2M},
      {"prefetch", test_prefetch},
      {"growing-granule", test_growing_granule},
      {"untouched", test_untouched},
      {"capacity", test_capacity},
      {"pointers", test_pointers},
      {"variables", test_variables},
      {"files", test_files},
      {"locked", test_locked},
      {"system-calls", test_system_calls},
      {"fault-handler", test_fault_handler},
      {"fatal-faults", test_fatal_faults},
      {"environment", test_environment}};
  return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
