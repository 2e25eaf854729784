//===- mirror_test.c - the mirror device, and what a program does to it ---===//
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
// usage: mirror_test [TEST]
// MIRROR_TEST_SECONDS (2) is how long `races` takes, MIRROR_TEST_KILLS (5) how often
// `loss` kills the device, MIRROR_TEST_STEPS how many rounds `mappings` and `moves`
// have, MIRROR_TEST_SEED where they begin.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/ferry.h"
#include "check.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const struct ferry_device *const device = &ferry_device_mirror;

static int count_option(const char *name, int otherwise) {
  const char *chosen = getenv(name);
  return chosen ? atoi(chosen) : otherwise;
}

static struct ferry_traffic now(void) {
  struct ferry_traffic total;
  device->traffic(&total);
  return total;
}

// Zeroed pages with nothing around them that could come along.
static void *map(size_t size) {
  char *all = mmap(NULL, size + 2 * PAGE, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(all + PAGE, size, PROT_READ | PROT_WRITE);
  return all + PAGE;
}

static void start(size_t memory, size_t granule) {
  char why[256];
  ferry_options.mirror_memory = (int64_t)memory;
  ferry_options.mirror_granule = (int64_t)granule;
  ferry_options.threads = 2;
  if (!device->available(why, sizeof why)) {
    fprintf(stderr, "cannot start: %s\n", why);
    exit(1);
  }
  pthread_atfork(NULL, NULL, device->forked); // as launch.c does
}

static enum ferry_reason run(struct ferry_job *job) {
  enum ferry_reason why;
  while ((why = device->ready()) == FERRY_BUSY ||
         (why == FERRY_DONE && (why = device->run(job)) == FERRY_BUSY))
    sched_yield();
  return why;
}

//===- loops --------------------------------------------------------------===//

// for (i = 0; i < n; i++) to[i * step] += by;
struct adding {
  long *to, step, by;
};
static void add(const void *context, const int64_t *lo, const int64_t *hi,
                void *partial) {
  const struct adding *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    c->to[i * c->step] += c->by;
}
static struct ferry_traffic launch_add(long *to, int64_t n, long step,
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
static void sum(const void *context, const int64_t *lo, const int64_t *hi,
                void *partial) {
  long *const *c = context, *into = partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    *into += (*c)[i];
}
static void combine(void *into, const void *from) {
  *(long *)into += *(const long *)from;
}
static long launch_sum(const long *from, int64_t n,
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

//===- which pages move ---------------------------------------------------===//

enum { MIB_LONGS = (1 << 20) / sizeof(long), PAGE_LONGS = PAGE / sizeof(long) };

static void fill(long *at, int64_t n) {
  for (int64_t i = 0; i < n; ++i)
    at[i] = i;
}

static void count_pages(size_t granule) {
  start(64 << 20, granule);
  long *a = map(1 << 20);
  struct ferry_traffic t;
  fill(a, MIB_LONGS);
  CHECK(launch_sum(a, MIB_LONGS, &t) == (long)MIB_LONGS * (MIB_LONGS - 1) / 2);
  CHECK(t.to_device == 256 && t.to_system == 0);
  CHECK(t.device_faults >= 1 && t.device_faults <= (1 << 20) / granule + 4);
  CHECK(launch_sum(a, MIB_LONGS, &t) == (long)MIB_LONGS * (MIB_LONGS - 1) / 2);
  CHECK(t.to_device == 0 && t.device_faults == 0);
  const struct ferry_traffic before = now();
  CHECK(a[0] == 0);
  const uint64_t back = now().to_system - before.to_system;
  CHECK(back >= 1 && back <= granule / PAGE);
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
  CHECK(t.device_faults < 64); // two threads, each from 16K to 2M
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
  CHECK(launch_add(private, MIB_LONGS / 2, 2, 4).borrowed >= 256);
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

//===- races --------------------------------------------------------------===//

static void count_up(const void *context, const int64_t *lo, const int64_t *hi,
                     void *partial) {
  _Atomic long *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    atomic_fetch_add(&(*c)[i % 8], 1);
}
static atomic_bool finished;
static void *count_too(void *at) {
  _Atomic long *a = at;
  long count = 0;
  while (!atomic_load(&finished))
    atomic_fetch_add(&a[count++ % 8], 1);
  return (void *)count;
}
static void test_atomics(void) {
  enum { EACH = 2000, FAULTS = 300, MOST = 100000 };
  start(64 << 20, 4 << 10);
  long *a = map(PAGE), total = 0, rounds = 0;
  void *counted;
  pthread_t thread;
  struct ferry_job job = {.worker = count_up,
                          .context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {EACH}};
  pthread_create(&thread, NULL, count_too, a);
  for (; rounds < MOST && now().cpu_faults < FAULTS; ++rounds)
    CHECK(run(&job) == FERRY_DONE);
  atomic_store(&finished, true);
  pthread_join(thread, &counted);
  for (int i = 0; i < 8; ++i)
    total += a[i];
  CHECK(total == (long)counted + rounds * EACH);
  CHECK(now().cpu_faults >= FAULTS && now().device_faults >= FAULTS);
}

//===- mappings that change -----------------------------------------------===//

// Each thread has a mapping of its own and, beside it, what must be in it.
struct actor {
  uint64_t seed;
  long *a, *model;
  int64_t pages;
  int steps, pipe[2];
  bool forks;
};
static _Thread_local uint64_t seed;

static int64_t any(int64_t low, int64_t high) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return low + (int64_t)((seed >> 33) % (uint64_t)(high - low + 1));
}

static bool is_right(const struct actor *s, int64_t first, int64_t end) {
  for (int64_t i = first * PAGE_LONGS; i < end * PAGE_LONGS; ++i)
    if (s->a[i] != s->model[i]) {
      fprintf(stderr, "page %ld of %ld: %ld, not %ld\n", (long)(i / PAGE_LONGS),
              (long)s->pages, s->a[i], s->model[i]);
      return false;
    }
  return true;
}

static void grow_model(struct actor *s, int64_t pages) {
  s->model = realloc(s->model, (size_t)pages * PAGE);
  if (pages > s->pages)
    memset(s->model + s->pages * PAGE_LONGS, 0,
           (size_t)(pages - s->pages) * PAGE);
  s->pages = pages;
}

static void map_anew(struct actor *s) {
  if (s->a) {
    CHECK(is_right(s, 0, s->pages));
    munmap(s->a, (size_t)s->pages * PAGE);
    free(s->model);
  }
  s->pages = any(1, 200);
  s->a = mmap(NULL, (size_t)s->pages * PAGE, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  s->model = calloc((size_t)s->pages, PAGE);
  if (any(0, 3) == 0)
    madvise(s->a, (size_t)s->pages * PAGE, MADV_HUGEPAGE);
}

static void remap(struct actor *s) {
  const int64_t pages = any(1, 200);
  long *to = mremap(s->a, (size_t)s->pages * PAGE, (size_t)pages * PAGE,
                    MREMAP_MAYMOVE);
  if (to == MAP_FAILED)
    return;
  s->a = to;
  grow_model(s, pages);
  if (any(0, 1))
    return;
  long *place = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  to = mremap(s->a, (size_t)pages * PAGE, (size_t)pages * PAGE,
              MREMAP_MAYMOVE | MREMAP_FIXED, place);
  CHECK(to != MAP_FAILED);
  s->a = to;
}

static void through_pipe(struct actor *s) {
  char *at = (char *)(s->a + any(0, s->pages - 1) * PAGE_LONGS), text[PAGE];
  char *model = (char *)s->model + (at - (char *)s->a);
  CHECK(write(s->pipe[1], at, PAGE) == PAGE &&
        read(s->pipe[0], text, PAGE) == PAGE);
  CHECK(memcmp(text, model, PAGE) == 0);
  memset(text, (int)any(0, 255), PAGE);
  CHECK(write(s->pipe[1], text, PAGE) == PAGE &&
        read(s->pipe[0], at, PAGE) == PAGE);
  memcpy(model, text, PAGE);
}

static void see_child(struct actor *s) {
  int status;
  const pid_t child = fork();
  if (child == 0)
    _exit(!is_right(s, 0, s->pages));
  CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void act(struct actor *s) {
  const int64_t first = any(0, s->pages - 1), end = any(first + 1, s->pages);
  const int64_t lo = first * PAGE_LONGS, hi = end * PAGE_LONGS;
  const int what = (int)any(0, 19);
  if (what < 7) {
    launch_add(s->a + lo, hi - lo, 1, what + 1);
    for (int64_t i = lo; i < hi; ++i)
      s->model[i] += what + 1;
  } else if (what < 11) {
    for (int64_t i = lo; i < hi; i += 17) {
      s->a[i] += 3;
      s->model[i] += 3;
    }
  } else if (what < 13)
    CHECK(is_right(s, first, end));
  else if (what < 14) {
    madvise(s->a + lo, (size_t)(end - first) * PAGE, MADV_DONTNEED);
    memset(s->model + lo, 0, (size_t)(end - first) * PAGE);
  } else if (what < 16) {
    remap(s);
  } else if (what < 17)
    through_pipe(s);
  else if (what < 18) {
    mprotect(s->a + lo, (size_t)(end - first) * PAGE, PROT_READ);
    CHECK(is_right(s, first, end));
    mprotect(s->a, (size_t)s->pages * PAGE, PROT_READ | PROT_WRITE);
  } else if (what < 19)
    map_anew(s);
  else if (s->forks && any(0, 7) == 0)
    see_child(s);
}

static void *play(void *actor) {
  struct actor *s = actor;
  seed = s->seed;
  CHECK(pipe(s->pipe) == 0);
  map_anew(s);
  for (int i = 0; i < s->steps && !failures && !atomic_load(&finished); ++i)
    act(s);
  CHECK(is_right(s, 0, s->pages));
  return NULL;
}

static void play_together(size_t memory, size_t granule, int count,
                          bool forks) {
  struct actor actors[8] = {{0}};
  pthread_t threads[8];
  start(memory, granule);
  for (int i = 0; i < count; ++i) {
    actors[i] = (struct actor){.seed = (uint64_t)i +
                                       (uint64_t)count_option("MIRROR_TEST_SEED", 1),
                               .steps = count_option("MIRROR_TEST_STEPS", 600),
                               .forks = forks};
    if (count > 1)
      pthread_create(&threads[i], NULL, play, &actors[i]);
    else
      play(&actors[i]);
  }
  for (int i = 0; count > 1 && i < count; ++i)
    pthread_join(threads[i], NULL);
  CHECK(now().device_faults > 100);
  CHECK(count > 1 || (now().cpu_faults > 100 && now().dropped > 0));
}

static void test_mappings(void) { play_together(64 << 20, 0, 1, true); }
static void test_mappings_of_three(void) {
  play_together(64 << 20, 0, 3, true);
}
static void test_mappings_in_4M(void) {
  play_together(4 << 20, 64 << 10, 3, false);
}

// All at once, for MIRROR_TEST_SECONDS: loops and CPUs count up in the same pages,
// others map, unmap, move, protect, empty and fork, and one checks that no page
// is on both sides.
enum { SHARED = 16 };

static void count_in_pages(const void *context, const int64_t *lo,
                           const int64_t *hi, void *partial) {
  _Atomic long *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    atomic_fetch_add(&(*c)[i % SHARED * PAGE_LONGS + i % 7], 1);
}

static void *count_in_pages_too(void *at) {
  _Atomic long *a = at;
  long count = 0;
  for (; !atomic_load(&finished); ++count)
    atomic_fetch_add(&a[count % SHARED * PAGE_LONGS + count % 5], 1);
  return (void *)count;
}

static void *check_often(void *unused) {
  long count = 0;
  (void)unused;
  for (; !atomic_load(&finished); ++count) {
    const char *wrong = ferry_check_mirror();
    if (wrong)
      fprintf(stderr, "%s\n", wrong);
    CHECK(!wrong);
    usleep(500);
  }
  return (void *)count;
}

static void test_races(void) {
  enum { EACH = 1000, ACTORS = 2 };
  struct actor actors[ACTORS] = {{0}};
  pthread_t counters[2], players[ACTORS], checker;
  long sum = 0, counted = 0, rounds = 0;
  void *result;
  start(64 << 20, 4 << 10);
  long *a = map(SHARED * PAGE);
  struct ferry_job job = {.worker = count_in_pages,
                          .context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {EACH}};
  for (int i = 0; i < 2; ++i)
    pthread_create(&counters[i], NULL, count_in_pages_too, a);
  for (int i = 0; i < ACTORS; ++i) {
    actors[i] = (struct actor){.seed = (uint64_t)(i + 7), .steps = INT32_MAX, .forks = true};
    pthread_create(&players[i], NULL, play, &actors[i]);
  }
  pthread_create(&checker, NULL, check_often, NULL);
  for (const time_t end = time(NULL) + count_option("MIRROR_TEST_SECONDS", 2); time(NULL) < end; ++rounds)
    CHECK(run(&job) == FERRY_DONE);
  atomic_store(&finished, true);
  for (int i = 0; i < 2; ++i) {
    pthread_join(counters[i], &result);
    counted += (long)result;
  }
  for (int i = 0; i < ACTORS; ++i)
    pthread_join(players[i], NULL);
  pthread_join(checker, &result);
  for (int64_t i = 0; i < SHARED * PAGE_LONGS; ++i)
    sum += a[i];
  if (sum != counted + rounds * EACH)
    fprintf(stderr, "%ld, not %ld + %ld; %lu pages were borrowed\n", sum, counted,
            rounds * EACH, (unsigned long)now().borrowed);
  CHECK(sum == counted + rounds * EACH);
  CHECK(!now().borrowed); // counts of both sides would be lost there
  CHECK(now().device_faults > 20 && now().cpu_faults > 20 && (long)result > 5);
  printf("races: %ld launches, %lu device faults, %lu CPU faults, %ld checks\n", rounds,
         (unsigned long)now().device_faults, (unsigned long)now().cpu_faults, (long)result);
}

// Threads move, shrink, grow and unmap small mappings whose pages were on the
// device, as fast as they can, so that one moves where another one's was just
// before. Nothing is launched in between; then each looks at what it has.
enum { PIECES = 16, MOST_PAGES = 8, MOVES = 60 };
struct piece {
  long *at;
  int64_t pages;
  long expected[MOST_PAGES]; // the first number of each page
};
static void *wait_for_end(void *unused) {
  for (;;)
    pause();
  return unused;
}

struct mover {
  uint64_t seed;
  int rounds;
  struct piece *pieces;
};

static void map_piece(struct piece *p) {
  p->pages = any(1, MOST_PAGES);
  p->at = mmap(NULL, (size_t)p->pages * PAGE, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(p->expected, 0, sizeof p->expected);
}

static void unmap_piece(struct piece *p) {
  munmap(p->at, (size_t)p->pages * PAGE);
}

static void resize_piece(struct piece *p) {
  const int64_t pages = any(1, MOST_PAGES);
  long *to = mremap(p->at, (size_t)p->pages * PAGE, (size_t)pages * PAGE,
                    MREMAP_MAYMOVE);
  CHECK(to != MAP_FAILED);
  for (int64_t i = pages; i < p->pages; ++i)
    p->expected[i] = 0;
  p->at = to;
  p->pages = pages;
}

static void move_piece(struct piece *p) {
  const size_t size = (size_t)p->pages * PAGE;
  long *place = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  p->at = mremap(p->at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  CHECK(p->at == place);
}

// for (i = 0; i < n; i++) for (k = 0; k < pieces[i].pages; k++) ++the first number
static void bump(const void *context, const int64_t *lo, const int64_t *hi,
                 void *partial) {
  struct piece *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    for (int64_t k = 0; k < (*c)[i].pages; ++k)
      ++(*c)[i].at[k * PAGE_LONGS];
}

static void bump_all(struct mover *m) {
  struct ferry_job job = {.worker = bump,
                          .context = &m->pieces,
                          .context_size = sizeof m->pieces,
                          .parallel = 1,
                          .trips = {PIECES}};
  CHECK(run(&job) == FERRY_DONE);
  for (int i = 0; i < PIECES; ++i)
    for (int64_t k = 0; k < m->pieces[i].pages; ++k)
      ++m->pieces[i].expected[k];
}

static void look_at_all(struct mover *m) {
  for (int i = 0; i < PIECES; ++i)
    for (int64_t k = 0; k < m->pieces[i].pages; ++k)
      if (m->pieces[i].at[k * PAGE_LONGS] != m->pieces[i].expected[k]) {
        fprintf(stderr, "piece %d, page %ld at %p: %ld, not %ld\n", i, (long)k,
                (void *)m->pieces[i].at, m->pieces[i].at[k * PAGE_LONGS],
                m->pieces[i].expected[k]);
        ++failures;
      }
}

static void fill_pieces(struct mover *m) {
  for (int i = 0; i < PIECES; ++i)
    for (int64_t k = 0; k < m->pieces[i].pages; ++k)
      m->pieces[i].at[k * PAGE_LONGS] = m->pieces[i].expected[k] =
          any(1, 1 << 30);
}

static void make_pieces(struct mover *m) {
  m->pieces = map(PIECES * sizeof *m->pieces);
  for (int i = 0; i < PIECES; ++i)
    map_piece(&m->pieces[i]);
  fill_pieces(m);
  bump_all(m);
}

static void *move_about(void *mover) {
  struct mover *m = mover;
  seed = m->seed;
  for (int round = 0; round < m->rounds && !failures; ++round) {
    for (int i = 0; i < MOVES; ++i) {
      struct piece *p = &m->pieces[any(0, PIECES - 1)];
      const int64_t what = any(0, 9);
      if (what < 5)
        resize_piece(p);
      else if (what < 7)
        move_piece(p);
      else {
        unmap_piece(p);
        map_piece(p);
      }
    }
    look_at_all(m);
    fill_pieces(m);
    bump_all(m);
  }
  look_at_all(m);
  return NULL;
}

static void move_in_threads(uint64_t seed_of_all, int rounds) {
  enum { MOVERS = 4 };
  struct mover movers[MOVERS] = {{0}};
  pthread_t threads[MOVERS];
  seed = seed_of_all;
  for (int i = 0; i < MOVERS; ++i) {
    movers[i].seed = seed_of_all + (uint64_t)i;
    movers[i].rounds = rounds;
    make_pieces(&movers[i]);
  }
  for (int i = 0; i < MOVERS; ++i)
    pthread_create(&threads[i], NULL, move_about, &movers[i]);
  for (int i = 0; i < MOVERS; ++i)
    pthread_join(threads[i], NULL);
}

static void test_moves(void) {
  pthread_t other;
  start(64 << 20, 0);
  pthread_create(&other, NULL, wait_for_end, NULL); // so there are threads
  move_in_threads((uint64_t)count_option("MIRROR_TEST_SEED", 1),
                  count_option("MIRROR_TEST_STEPS", 20));
}

// What was on the device before there were threads is right, or the program ends
// with a message.
static void test_moves_from_before(void) {
  enum { ROUNDS = 5 };
  int right = 0;
  for (uint64_t round = 1; round <= ROUNDS; ++round) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
      CHECK(freopen("/dev/null", "w", stderr) != NULL);
      start(64 << 20, 0);
      move_in_threads(round, 1);
      _exit(failures ? 2 : 0);
    }
    waitpid(child, &status, 0);
    CHECK(status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 1));
    right += status == 0;
  }
  printf("moves-from-before: %d of %d knew the order\n", right, ROUNDS);
}

// The heap shrinks and grows: what was there is gone.
static void test_break(void) {
  start(64 << 20, 0);
  const uintptr_t page = PAGE, now_at = (uintptr_t)sbrk(0);
  sbrk((intptr_t)(-now_at % page));
  long *a = sbrk(1 << 20);
  fill(a, MIB_LONGS);
  CHECK(launch_add(a, MIB_LONGS, 1, 1).to_device >= 256);
  sbrk(-(1 << 19));
  CHECK(sbrk(1 << 19) == a + MIB_LONGS / 2);
  launch_add(a, MIB_LONGS, 1, 1);
  for (int64_t i = 0; i < MIB_LONGS; ++i)
    if (a[i] != (i < MIB_LONGS / 2 ? i + 2 : 1))
      ++failures;
}

static void use_stack(int depth) {
  volatile long on_stack[4000] = {depth};
  on_stack[3999] = depth;
  launch_add((long *)on_stack, 4000, 1, 1);
  if (depth > 0)
    use_stack(depth - 1);
  CHECK(on_stack[0] == depth + 1 && on_stack[3999] == depth + 1 &&
        on_stack[1] == 1);
}
static void test_stack(void) {
  start(64 << 20, 0);
  use_stack(40); // 1.3 MB
  use_stack(80);
  CHECK(now().to_device > 0);
}

static void *use_own_stack(void *unused) {
  use_stack(3);
  return unused;
}
static void test_threads_end(void) {
  pthread_t threads[4];
  start(64 << 20, 0);
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i)
      pthread_create(&threads[i], NULL, use_own_stack, NULL);
    for (int i = 0; i < 4; ++i)
      pthread_join(threads[i], NULL);
  }
}

//===- the life of a process ----------------------------------------------===//

static void test_fork(void) {
  start(64 << 20, 0);
  long *a = map(1 << 20);
  fill(a, MIB_LONGS);
  for (int round = 0; round < 10; ++round) {
    int status;
    launch_add(a, MIB_LONGS, 1, 1);
    const pid_t child = fork();
    if (child == 0) {
      bool fine = true;
      for (int64_t i = 0; i < MIB_LONGS; ++i)
        fine = fine && a[i] == i + round + 1;
      if (round == 5) { // a device of its own
        start(64 << 20, 0);
        launch_add(a, MIB_LONGS, 1, 5);
        fine = fine && a[9] == 9 + 6 + 5 && now().to_device >= 256;
      }
      _exit(!fine || failures);
    }
    a[0] += 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  launch_add(a, MIB_LONGS, 1, 1);
  CHECK(a[MIB_LONGS - 1] == MIB_LONGS - 1 + 11);
}

// _Fork() and the like call no handlers. Without the right to trace, nobody
// tells.
static void test_raw_fork(void) {
  int status;
  start(64 << 20, 0);
  long *a = map(1 << 20);
  fill(a, MIB_LONGS);
  for (int round = 0; round < 20; ++round) {
    launch_add(a, MIB_LONGS, 1, 1);
    const pid_t child = (pid_t)syscall(SYS_fork);
    if (child == 0) {
      for (int64_t i = 0; i < MIB_LONGS; ++i)
        if (a[i] != i + round + 1)
          _exit(1);
      _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
  }
  CHECK(launch_sum(a, MIB_LONGS, NULL) ==
        (long)MIB_LONGS * (MIB_LONGS - 1) / 2 + 20 * (long)MIB_LONGS);
}

// What a debugger sees that stops all threads: of `a`, -1 if it would wait for ever.
static long look_at(pid_t program, const long *a) {
  char path[64];
  long value = -1;
  snprintf(path, sizeof path, "/proc/%d/mem", (int)program);
  const pid_t child = fork(); // who waits can only be killed
  if (child == 0) {
    alarm(10);
    const int fd = open(path, O_RDONLY);
    _exit(pread(fd, &value, sizeof value, (off_t)(intptr_t)a) == sizeof value
              ? (int)value
              : 255);
  }
  int status;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void go_on_to_stop(pid_t program, bool stopped, int signal) {
  int status;
  do {
    if (stopped)
      ptrace(PTRACE_CONT, program, NULL, (void *)(intptr_t)signal);
    stopped = waitpid(program, &status, 0) == program && WIFSTOPPED(status);
    CHECK(stopped);
  } while (stopped && WSTOPSIG(status) != SIGSTOP);
}

// A program that was started by a debugger.
static void test_debugger(void) {
  int status;
  long *a = map(1 << 20);
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    start(64 << 20, 0);
    for (long round = 0; round < 3; ++round) {
      launch_add(a, MIB_LONGS, 1, 1);
      kill(getpid(), SIGSTOP);
    }
    _exit(failures || now().to_device < 2 * 256); // at first they are zero
  }
  go_on_to_stop(child, false, 0);
  for (long round = 1; round <= 3; ++round) {
    go_on_to_stop(child, true, 0);
    go_on_to_stop(child, true, SIGSTOP); // and now all threads of it
    CHECK(look_at(child, a) == round && look_at(child, &a[MIB_LONGS - 1]) == round);
    kill(child, SIGCONT);
  }
  ptrace(PTRACE_DETACH, child, NULL, NULL);
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

// The device has the code that there was when it was made.
static void test_late_code(void) {
  start(64 << 20, 0);
  long *a = map(PAGE);
  struct ferry_job job = {.context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {2}};
  void *library = dlopen("libresolv.so.2", RTLD_NOW);
  *(void **)&job.worker = library ? dlsym(library, "ns_datetosecs") : NULL;
  CHECK(job.worker && run(&job) == FERRY_LATE_CODE);
  launch_add(a, PAGE_LONGS, 1, 1); // others go on
  dlclose(library);
  job.worker = count_up; // something else may be anywhere now
  CHECK(run(&job) == FERRY_LATE_CODE && a[1] == 1);
}

// A handler touches the pages that a loop works on, whenever it comes.
static long *ticked;
static volatile sig_atomic_t ticks;
static void tick(int number) {
  ticks += number == SIGALRM;
  ++ticked[1];
}
static void test_signals(void) {
  const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
  long rounds = 0;
  start(64 << 20, 4 << 10);
  long *a = ticked = map(4 * PAGE);
  signal(SIGALRM, tick);
  setitimer(ITIMER_REAL, &often, NULL);
  for (; rounds < 100 || ticks < 20; ++rounds)
    launch_add(a, 4 * PAGE_LONGS / 2, 2, 1);
  setitimer(ITIMER_REAL, &never, NULL);
  CHECK(ticked[1] == ticks);
  for (int64_t i = 0; i < 4 * PAGE_LONGS; i += 2)
    if (a[i] != rounds)
      ++failures;
}

static volatile sig_atomic_t children;
static void on_child(int number) { children += number == SIGCHLD; }

static void test_invisible(void) {
  char line[64];
  signal(SIGCHLD, on_child);
  start(64 << 20, 0);
  long *a = map(PAGE);
  launch_add(a, PAGE_LONGS, 1, 1);
  CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
  close_range(3, ~0U, 0);
  launch_add(a, PAGE_LONGS, 1, 1);
  FILE *echo = popen("echo hello", "r");
  CHECK(echo && fgets(line, sizeof line, echo) && strcmp(line, "hello\n") == 0);
  pclose(echo);
  launch_add(a, PAGE_LONGS, 1, 1);
  CHECK(a[5] == 3 && children == 1);
}

static pid_t device_of(pid_t program) {
  char command[64];
  int pid = 0;
  snprintf(command, sizeof command, "pgrep -P %d ferry-device", (int)program);
  FILE *out = popen(command, "r");
  if (!out || fscanf(out, "%d", &pid) != 1)
    pid = 0;
  pclose(out);
  return pid;
}

static bool has_ended(pid_t pid) {
  char name[32], state = 'Z';
  snprintf(name, sizeof name, "/proc/%d/stat", (int)pid);
  FILE *file = fopen(name, "r");
  if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
    state = 'Z';
  if (file)
    fclose(file);
  return state == 'Z' || state == 'X';
}

// However the program ends, its device does.
static void end_by(int way) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  switch (way) {
  case 0:
    exit(0);
  case 1:
    _exit(0);
  case 2:
    abort();
  case 3:
    raise(SIGKILL);
    break;
  default:
    execl("/bin/sleep", "sleep", "0.1", (char *)NULL);
  }
}
static void test_ends(void) {
  for (int way = 0; way < 5; ++way) {
    int ends[2], tries = 0, status;
    char byte;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
      start(64 << 20, 0);
      launch_add(map(PAGE), PAGE_LONGS, 1, 1);
      CHECK(write(ends[1], "", 1) == 1 && read(ends[1], &byte, 1) == 1);
      end_by(way);
      _exit(1);
    }
    CHECK(read(ends[0], &byte, 1) == 1);
    const pid_t its_device = device_of(child);
    CHECK(its_device > 0 && write(ends[0], "", 1) == 1);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(way == 2   ? WTERMSIG(status) == SIGABRT
          : way == 3 ? WTERMSIG(status) == SIGKILL
                     : status == 0);
    while (!has_ended(its_device) && ++tries < 1000)
      usleep(10000);
    CHECK(has_ended(its_device));
  }
}

static void test_loss_when_idle(void) {
  start(64 << 20, 0);
  long *a = map(1 << 20);
  fill(a, MIB_LONGS);
  launch_add(a, MIB_LONGS, 1, 1);
  const pid_t pid = device_of(getpid());
  CHECK(pid > 0 && kill(pid, SIGKILL) == 0);
  for (int64_t i = 0; i < MIB_LONGS; ++i)
    if (a[i] != i + 1)
      ++failures;
  const struct adding c = {a, 1, 1};
  struct ferry_job job = {.worker = add,
                          .context = &c,
                          .context_size = sizeof c,
                          .parallel = 1,
                          .trips = {MIB_LONGS}};
  usleep(10000);
  CHECK(run(&job) == FERRY_NO_DEVICE);
  CHECK(a[7] == 8);
}

// The device is killed at any moment: the data come back and loops run in place,
// or the program ends with a message, if the loop had begun to store.
static void add_until_lost(size_t size, int go) {
  const int64_t n = (int64_t)(size / sizeof(long));
  long *a = map(size), *model = map(size);
  char byte;
  launch_add(a, n, 1, 1);
  for (int64_t i = 0; i < n; ++i)
    model[i] = 1;
  CHECK(write(go, "", 1) == 1 && read(go, &byte, 1) == 1);
  for (int lost = 0; lost < 3;) {
    const int64_t lo = any(0, n - 2), hi = any(lo + 1, n - 1);
    const struct adding c = {a + lo, 1, 3};
    struct ferry_job job = {.worker = add,
                            .context = &c,
                            .context_size = sizeof c,
                            .parallel = 1,
                            .trips = {hi - lo}};
    if (run(&job) != FERRY_DONE) {
      ++lost;
      for (int64_t i = lo; i < hi; ++i)
        a[i] += 3;
    }
    for (int64_t i = lo; i < hi; ++i)
      model[i] += 3;
    for (int64_t i = any(0, n - 1); i < n; i += 3 * PAGE_LONGS) {
      ++a[i];
      ++model[i];
    }
  }
  if (memcmp(a, model, size) != 0)
    _exit(3);
}

static void test_loss(void) {
  const int kills = count_option("MIRROR_TEST_KILLS", 5);
  int whole = 0, told = 0;
  seed = (uint64_t)count_option("MIRROR_TEST_SEED", 1);
  for (int i = 0; i < kills; ++i) {
    int ends[2], status = 0;
    char byte;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);
      CHECK(freopen("/dev/null", "w", stderr) != NULL);
      start(i % 2 ? 4 << 20 : 64 << 20, 0);
      add_until_lost(i % 3 ? 1 << 20 : 8 << 20, ends[1]);
      _exit(failures ? 2 : 0);
    }
    CHECK(read(ends[0], &byte, 1) == 1);
    const pid_t victim = device_of(child);
    CHECK(victim > 0 && write(ends[0], "", 1) == 1);
    usleep((useconds_t)any(0, 20000));
    kill(victim, SIGKILL);
    waitpid(child, &status, 0);
    whole += status == 0;
    told += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    close(ends[0]);
    close(ends[1]);
  }
  printf("loss: %d kills, %d went on, %d ended with a message\n", kills, whole, told);
  CHECK(whole + told == kills);
}

//===----------------------------------------------------------------------===//

static int fails(const char *name, void (*test)(void)) {
  int status;
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    alarm((unsigned)(count_option("MIRROR_TEST_SECONDS", 2) +
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

static void is_available(void) {
  char why[256];
  if (device->available(why, sizeof why))
    return;
  printf("not tested: device mirror cannot be used: %s\n", why);
  ++failures;
}

int main(int argc, char **argv) {
  const struct {
    const char *name;
    void (*run)(void);
  } tests[] = {{"pages-of-4K", test_pages_of_4K},
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
               {"environment", test_environment},
               {"atomics", test_atomics},
               {"mappings", test_mappings},
               {"mappings-of-three", test_mappings_of_three},
               {"mappings-in-4M", test_mappings_in_4M},
               {"races", test_races},
               {"moves", test_moves},
               {"moves-from-before", test_moves_from_before},
               {"break", test_break},
               {"stack", test_stack},
               {"threads-end", test_threads_end},
               {"debugger", test_debugger},
               {"late-code", test_late_code},
               {"signals", test_signals},
               {"fork", test_fork},
               {"raw-fork", geteuid() ? NULL : test_raw_fork},
               {"invisible", test_invisible},
               {"ends", test_ends},
               {"loss-when-idle", test_loss_when_idle},
               {"loss", test_loss}};
  int failed = 0;
  if (fails("available", is_available))
    return 0;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; ++i)
    if (tests[i].run && (argc < 2 || strcmp(argv[1], tests[i].name) == 0))
      failed += fails(tests[i].name, tests[i].run);
  return failed;
}
