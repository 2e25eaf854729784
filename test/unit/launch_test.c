//===- launch_test.c - ferry_launch_v1, as compiled code calls it ---------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sites compiled by hand: above each worker stands the loop that it is made
// from. Every test is a process of its own, for the runtime reads its options
// once. Each one looks at the results and at the counters, so that nothing
// passes because nothing was launched.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/doacross.h"
#include "../../runtime/ferry.h"
#include "../../runtime/split.h"
#include "check.h"

#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

// The program forks with threads running, as programs do.
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) { return "die_after_fork=0"; }

// libomp is not built for ThreadSanitizer: what it calls looks like races.
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) {
  return "called_from_lib:libomp.so\n";
}

#define SITE(name_, line_, flags_, dims_, parallel_, accesses_, kinds_,        \
             worker_)                                                          \
  static struct ferry_site name_ = {.abi = FERRY_ABI_VERSION,                  \
                                    .flags = flags_,                           \
                                    .line = line_,                             \
                                    .column = 3,                               \
                                    .file = "test \"quoted\"\\\n.c",           \
                                    .function = #worker_,                      \
                                    .dims = dims_,                             \
                                    .parallel = parallel_,                     \
                                    .accesses = accesses_,                     \
                                    .kinds = kinds_,                           \
                                    .worker = worker_,                         \
                                    .unit = 10, .min_units = -1}

#define ADDRESS(pointer) ((int64_t)(intptr_t)(pointer))

enum { BIG = 100 * 1000 * 1000 }; // an amount of work that always pays

static uint64_t ended(const struct ferry_site *site, enum ferry_reason why) {
  return site->state ? ferry_ended(site->state, why) : 0;
}
static uint64_t launches(const struct ferry_site *site) {
  return ended(site, FERRY_DONE);
}

//===- saxpy --------------------------------------------------------------===//

// for (i = 0; i < n; i++) y[i] = a * x[i] + y[i];
struct saxpy {
  float a;
  const float *x;
  float *y;
};
static void saxpy(const void *context, const int64_t *lo, const int64_t *hi,
                  void *partial) {
  const struct saxpy *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    c->y[i] = c->a * c->x[i] + c->y[i];
}
static const uint8_t saxpy_kinds[] = {FERRY_READ, FERRY_WRITE};
SITE(saxpy_site, 10, 0, 1, 1, 2, saxpy_kinds, saxpy);

static int launch_saxpy(float a, const float *x, float *y, int64_t n,
                        int64_t work) {
  const struct saxpy context = {a, x, y};
  const int64_t numbers[] = {n, 0, 0, ADDRESS(x), 4, 4, ADDRESS(y), 4, 4};
  return ferry_launch_v1(&saxpy_site, &context, numbers, NULL, work);
}

static void fill(float *x, float *y, int n) {
  for (int i = 0; i < n; ++i) {
    x[i] = (float)i;
    y[i] = 1;
  }
}
static int count_wrong(const float *y, int n, float a) {
  int wrong = 0;
  for (int i = 0; i < n; ++i)
    wrong += y[i] != a * (float)i + 1;
  return wrong;
}

static void test_saxpy(void) {
  enum { N = 1000 };
  static float x[N], y[N];
  for (int n = 2; n <= N; n += 37) {
    fill(x, y, N);
    errno = 77;
    CHECK(launch_saxpy(2, x, y, n, BIG) == 0);
    CHECK(errno == 77);
    CHECK(count_wrong(y, n, 2) == 0);
    CHECK(n == N || y[n] == 1);
  }
  CHECK(launches(&saxpy_site) == 27);
}

static void test_overlapping(void) {
  static float x[1000];
  errno = 5;
  CHECK(launch_saxpy(2, x, x + 1, 900, BIG) != 0);
  CHECK(launch_saxpy(2, x, x + 1, 900, BIG) != 0);
  CHECK(errno == 5);
  CHECK(ended(&saxpy_site, FERRY_HAS_CONFLICT) +
            ended(&saxpy_site, FERRY_UNKNOWN_OVERLAP) == 2);
  CHECK(launch_saxpy(2, x, x + 500, 500, BIG) == 0);
  CHECK(launch_saxpy(2, x, x, 500, BIG) == 0);
  CHECK(launch_saxpy(2, x, x + 1, 900, BIG) != 0);
  CHECK(launches(&saxpy_site) == 2);
}

static void test_empty(void) {
  static float x[4], y[4];
  for (int64_t n = -3; n <= 1; ++n)
    CHECK(launch_saxpy(2, x, y, n, BIG) != 0);
  CHECK(launch_saxpy(2, x, y, INT64_MIN, BIG) != 0);
  CHECK(ended(&saxpy_site, FERRY_SHORT_TRIP) == 6);
  CHECK(y[0] == 0);
}

static void test_off(void) {
  static float x[100], y[100];
  CHECK(launch_saxpy(2, x, y, 100, BIG) != 0);
  CHECK(ended(&saxpy_site, FERRY_OFF) == 1);
  CHECK(saxpy_site.min_units == INT64_MAX);
}

static void test_one_thread(void) {
  static float x[100], y[100];
  CHECK(launch_saxpy(2, x, y, 100, BIG) != 0);
  CHECK(ended(&saxpy_site, FERRY_ONE_THREAD) == 1);
}

static void test_abi(void) {
  static float x[100], y[100];
  saxpy_site.abi = 99;
  CHECK(launch_saxpy(2, x, y, 100, BIG) != 0);
  CHECK(launch_saxpy(2, x, y, 100, BIG) != 0);
  CHECK(saxpy_site.state == NULL);
}

static void test_many_threads(void) {
  static float x[1000], y[1000];
  for (int n = 2; n < 1000; n = 2 * n - 1) {
    fill(x, y, 1000);
    CHECK(launch_saxpy(3, x, y, n, BIG) == 0);
    CHECK(count_wrong(y, n, 3) == 0);
  }
  CHECK(launches(&saxpy_site) == 10);
}

//===- indices in memory --------------------------------------------------===//

// for (i = 0; i < n; i++) y[i] = x[index[i]];
struct gather {
  const int *index;
  const float *x;
  float *y;
};
static void gather(const void *context, const int64_t *lo, const int64_t *hi,
                   void *partial) {
  const struct gather *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    c->y[i] = c->x[c->index[i]];
}
static const uint8_t gather_kinds[] = {FERRY_INDEX_SIGNED | FERRY_CERTAIN, FERRY_READ,
                                       FERRY_WRITE};
static const uint8_t gather_links[] = {FERRY_NO_LINK, 0, FERRY_NO_LINK, FERRY_NO_LINK,
                                       FERRY_NO_LINK};
SITE(gather_site, 15, 0, 2, 1, 3, gather_kinds, gather);

static int launch_gather(const int *index, const float *x, float *y, int64_t n) {
  const struct gather context = {index, x, y};
  const int64_t numbers[] = {n, 0, 0, 0, 1, 0, 0, 0, ADDRESS(index), 4, 4, 0,
                             ADDRESS(x), 4, 0, 4, ADDRESS(y), 4, 4, 0};
  gather_site.links = gather_links;
  return ferry_launch_v1(&gather_site, &context, numbers, NULL, BIG);
}

static void on_fault(int number) { _exit(number); }

// So many that all threads look at them, when there are threads; where they are,
// and, when somebody may survive a fault, in copies.
static void test_gather(void) {
  enum { N = 1 << 20 };
  static int index[N];
  static float x[2 * N], y[N];
  int wrong = 0;
  for (int i = 0; i < N; ++i)
    index[i] = (int)(i * 7919LL % N), x[i] = (float)i;
  for (int round = 0; round < 4; ++round) {
    if (round == 2)
      signal(SIGSEGV, on_fault);
    memset(y, 0, sizeof y);
    CHECK(launch_gather(index, x, y, N) == 0);
    for (int i = 0; i < N; ++i)
      wrong += y[i] != (float)index[i];
    index[N - 1 - round] = N - 1;
    CHECK(launch_gather(index, x, x + N, N) == 0);
    index[N - 1 - round] = N;
    CHECK(launch_gather(index, x, x + N, N) != 0);
    index[N - 1 - round] = 0;
  }
  CHECK(wrong == 0);
  CHECK(launches(&gather_site) == 8);
}

//===- a stencil over two parallel dims -----------------------------------===//

// for (i = 0; i < rows; i++) for (j = 0; j < columns; j++)
//   out[i + 1][j + 1] = in[i][j + 1] + in[i + 2][j + 1] + in[i + 1][j] +
//                       in[i + 1][j + 2];
enum { PITCH = 512 };
struct stencil {
  const int (*in)[PITCH];
  int (*out)[PITCH];
};
static void stencil(const void *context, const int64_t *lo, const int64_t *hi,
                    void *partial) {
  const struct stencil *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    for (int64_t j = lo[1]; j < hi[1]; ++j)
      c->out[i + 1][j + 1] = c->in[i][j + 1] + c->in[i + 2][j + 1] +
                             c->in[i + 1][j] + c->in[i + 1][j + 2];
}
static const uint8_t stencil_kinds[] = {FERRY_READ, FERRY_READ, FERRY_READ,
                                        FERRY_READ, FERRY_WRITE};
SITE(stencil_site, 20, 0, 2, 2, 5, stencil_kinds, stencil);

static int launch_stencil(const int (*in)[PITCH], int (*out)[PITCH],
                          int64_t rows, int64_t columns) {
  const struct stencil context = {in, out};
  const int64_t s = sizeof *in;
  const int64_t numbers[] = {rows,    0, 0, 0, columns, 0, 0, 0,
                             ADDRESS(&in[0][1]),  4, s, 4,
                             ADDRESS(&in[2][1]),  4, s, 4,
                             ADDRESS(&in[1][0]),  4, s, 4,
                             ADDRESS(&in[1][2]),  4, s, 4,
                             ADDRESS(&out[1][1]), 4, s, 4};
  return ferry_launch_v1(&stencil_site, &context, numbers, NULL, BIG);
}

static void check_stencil(int64_t rows, int64_t columns) {
  static int in[PITCH][PITCH], out[PITCH][PITCH], expected[PITCH][PITCH];
  const struct stencil serial = {(const void *)in, expected};
  const int64_t lo[2] = {0, 0}, hi[2] = {rows, columns};
  memset(out, 0, sizeof out);
  memset(expected, 0, sizeof expected);
  for (int i = 0; i < PITCH; ++i)
    for (int j = 0; j < PITCH; ++j)
      in[i][j] = i * 1000 + j * j;
  stencil(&serial, lo, hi, NULL);
  CHECK(launch_stencil((const void *)in, out, rows, columns) == 0);
  CHECK(!memcmp(out, expected, sizeof out));
}

static void test_stencil(void) {
  check_stencil(400, 300);
  check_stencil(3, 500); // dim 1 is divided
  check_stencil(1, 500);
  check_stencil(500, 1);
  CHECK(launches(&stencil_site) == 4);
}

//===- a sum --------------------------------------------------------------===//

// for (i = 0; i < n; i++) sum += x[i];
static void sum(const void *context, const int64_t *lo, const int64_t *hi,
                void *partial) {
  const int *x = *(const int *const *)context;
  int64_t s = *(int64_t *)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    s += x[i];
  *(int64_t *)partial = s;
}
static void add_sums(void *into, const void *from) {
  *(int64_t *)into += *(const int64_t *)from;
}
static const int64_t zero;
static const uint8_t one_read[] = {FERRY_READ};
SITE(sum_site, 30, FERRY_SITE_INDEPENDENT, 1, 1, 1, one_read, sum);

static void test_sum(void) {
  enum { N = 12345 };
  static int x[N];
  const int *context = x;
  const int64_t numbers[] = {N, 0, 0, ADDRESS(x), 4, 4};
  sum_site.identity = &zero;
  sum_site.combine = add_sums;
  sum_site.reduction_size = sizeof zero;
  for (int i = 0; i < N; ++i)
    x[i] = i;
  for (int uneven = 0; uneven < 2; ++uneven) {
    int64_t result = 1000;
    sum_site.flags |= uneven ? FERRY_SITE_UNEVEN : 0;
    CHECK(ferry_launch_v1(&sum_site, &context, numbers, &result, BIG) == 0);
    CHECK(result == 1000 + (int64_t)N * (N - 1) / 2);
  }
  CHECK(launches(&sum_site) == 2);
}

// for (i = 0; i < n; i++) if (x[i] > 0) last = i;
static void last(const void *context, const int64_t *lo, const int64_t *hi,
                 void *partial) {
  const int *x = *(const int *const *)context;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    if (x[i] > 0)
      *(int64_t *)partial = i;
}
static void later(void *into, const void *from) {
  if (*(const int64_t *)from >= 0)
    *(int64_t *)into = *(const int64_t *)from;
}
static const int64_t never = -1;
SITE(last_site, 40, FERRY_SITE_ORDERED | FERRY_SITE_UNEVEN, 1, 1, 1, one_read,
     last);

static void test_ordered(void) {
  enum { N = 1000 };
  static int x[N];
  const int *context = x;
  const int64_t numbers[] = {N, 0, 0, ADDRESS(x), 4, 4};
  last_site.identity = &never;
  last_site.combine = later;
  last_site.reduction_size = sizeof never;
  int64_t result = -7;
  CHECK(ferry_launch_v1(&last_site, &context, numbers, &result, BIG) == 0);
  CHECK(result == -7);
  for (int i = 0; i < N; i += 83) {
    x[i] = 1;
    CHECK(ferry_launch_v1(&last_site, &context, numbers, &result, BIG) == 0);
    CHECK(result == i);
  }
  CHECK(launches(&last_site) == 14);
}

//===- errno --------------------------------------------------------------===//

// for (i = 0; i < n; i++) y[i] = sqrt(x[i]);      errno: EDOM, here 1000 + i
struct roots {
  const double *x;
  double *y;
};
static void roots(const void *context, const int64_t *lo, const int64_t *hi,
                  void *partial) {
  const struct roots *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i) {
    if (c->x[i] < 0)
      errno = 1000 + (int)i;
    c->y[i] = c->x[i] < 0 ? 0 : sqrt(c->x[i]);
  }
}
static const uint8_t read_write[] = {FERRY_READ, FERRY_WRITE};
SITE(roots_site, 50, FERRY_SITE_ERRNO, 1, 1, 2, read_write, roots);

static int launch_roots(const double *x, double *y, int64_t n) {
  const struct roots context = {x, y};
  const int64_t numbers[] = {n, 0, 0, ADDRESS(x), 8, 8, ADDRESS(y), 8, 8};
  return ferry_launch_v1(&roots_site, &context, numbers, NULL, BIG);
}

static void test_errno(void) {
  enum { N = 400 };
  static double x[N], y[N];
  for (int uneven = 0; uneven < 2; ++uneven) {
    roots_site.flags |= uneven ? FERRY_SITE_UNEVEN : 0;
    for (int i = 0; i < N; ++i)
      x[i] = 4;
    errno = 3;
    CHECK(launch_roots(x, y, N) == 0);
    CHECK(errno == 3 && y[N - 1] == 2);
    for (int i = 0; i < N; i += 57) {
      x[i] = -1;
      CHECK(launch_roots(x, y, N) == 0);
      CHECK(errno == 1000 + i);
    }
  }
  CHECK(launches(&roots_site) == 2 * 9);
}

static void test_errno_alias(void) {
  static double x[4];
  // An output of two doubles that covers errno.
  double *y = (double *)(ADDRESS(&errno) & ~INT64_C(7));
  CHECK(launch_roots(x, y, 2) != 0);
  CHECK(ended(&roots_site, FERRY_ERRNO_ALIAS) == 1);
  CHECK(launch_roots(x, x, 4) == 0);
}

//===- floating-point environment -----------------------------------------===//

// for (i = 0; i < n; i++) y[i] = a / b;
struct quotient {
  volatile double a, b;
  double *y;
};
static void quotient(const void *context, const int64_t *lo, const int64_t *hi,
                     void *partial) {
  const struct quotient *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    c->y[i] = c->a / c->b;
}
static const uint8_t one_write[] = {FERRY_WRITE};
SITE(quotient_site, 60, 0, 1, 1, 1, one_write, quotient);

static int launch_quotient(double a, double b, double *y, int64_t n) {
  const struct quotient context = {a, b, y};
  const int64_t numbers[] = {n, 0, 0, ADDRESS(y), 8, 8};
  return ferry_launch_v1(&quotient_site, &context, numbers, NULL, BIG);
}

static void test_rounding(void) {
  enum { N = 64 };
  static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO,
                              FE_TONEAREST};
  static double y[N];
  for (size_t m = 0; m < sizeof modes / sizeof *modes; ++m) {
    const volatile double one = -1, three = 3;
    fesetround(modes[m]);
    const double expected = one / three;
    CHECK(launch_quotient(-1, 3, y, N) == 0);
    CHECK(fegetround() == modes[m]);
    for (int i = 0; i < N; ++i)
      CHECK(y[i] == expected);
  }
  fesetround(FE_TONEAREST);
  CHECK(launches(&quotient_site) == 4);
}

// Flags of workers reach the caller, and none that the loop does not raise.
static void test_flags(void) {
  static double y[64];
  feclearexcept(FE_ALL_EXCEPT);
  CHECK(launch_quotient(6, 3, y, 64) == 0);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == 0);
  CHECK(launch_quotient(1, 3, y, 64) == 0);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == FE_INEXACT);
  CHECK(launch_quotient(1, 0, y, 64) == 0);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == (FE_INEXACT | FE_DIVBYZERO));
  CHECK(launches(&quotient_site) == 3);
}

// for (i = 0; i < 64; i++) if (i == 63) y[i] = a / b;     never the caller's
static void test_traps(void) {
  static double y[64];
  feenableexcept(FE_DIVBYZERO);
  CHECK(launch_quotient(6, 3, y, 64) != 0);
  CHECK(ended(&quotient_site, FERRY_FP_TRAPS) == 1);
  CHECK(fegetexcept() == FE_DIVBYZERO);
}

//===- uneven work, wrapping indices --------------------------------------===//

// for (i = 0; i < n; i++) for (y[i] = 0, j = 0; j < i; j++) y[i] += j;
static void triangle(const void *context, const int64_t *lo, const int64_t *hi,
                     void *partial) {
  int64_t *y = *(int64_t *const *)context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i) {
    y[i] = 0;
    for (int64_t j = 0; j < i; ++j)
      y[i] += j;
  }
}
SITE(triangle_site, 70, FERRY_SITE_UNEVEN, 2, 1, 1, one_write, triangle);

static void test_uneven(void) {
  enum { N = 2000 };
  static int64_t y[N];
  int64_t *context = y;
  for (int64_t n = 2; n <= N; n += 333) {
    const int64_t numbers[] = {n, 0, 0, 0, 0, 0, 1, 0, ADDRESS(y), 8, 8, 0};
    memset(y, -1, sizeof y);
    CHECK(ferry_launch_v1(&triangle_site, &context, numbers, NULL, BIG) == 0);
    for (int64_t i = 0; i < n; ++i)
      CHECK(y[i] == i * (i - 1) / 2);
    CHECK(n == N || y[n] == -1);
  }
  CHECK(launches(&triangle_site) == 7);
}

// for (i = 0; i < n; i++) y[(int)(start + i)] = ...;
static const uint8_t write_wrap[] = {FERRY_WRITE, FERRY_WRAP_SIGNED};
SITE(wrap_site, 80, FERRY_SITE_INDEPENDENT, 1, 1, 2, write_wrap, quotient);

static void test_wrap(void) {
  static double y[100];
  const struct quotient context = {1, 2, y};
  int64_t numbers[] = {100, 0, 0, ADDRESS(y), 8, 8, 0, 32, 1};
  CHECK(ferry_launch_v1(&wrap_site, &context, numbers, NULL, BIG) == 0);
  numbers[6] = INT32_MAX - 50;
  CHECK(ferry_launch_v1(&wrap_site, &context, numbers, NULL, BIG) != 0);
  CHECK(ended(&wrap_site, FERRY_WRAP) == 1 && launches(&wrap_site) == 1);
}

//===- launches inside launches -------------------------------------------===//

// for (i = 0; i < n; i++) refused[i] = saxpy(...) was not launched;
struct outer {
  float *x, *y;
  int *refused;
};
static void outer(const void *context, const int64_t *lo, const int64_t *hi,
                  void *partial) {
  const struct outer *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    c->refused[i] = launch_saxpy(2, c->x, c->y, 100, BIG) != 0;
}
SITE(outer_site, 90, 0, 1, 1, 1, one_write, outer);

static void test_nested(void) {
  enum { N = 50 };
  static float x[100], y[100];
  static int refused[N];
  const struct outer context = {x, y, refused};
  const int64_t numbers[] = {N, 0, 0, ADDRESS(refused), 4, 4};
  CHECK(ferry_launch_v1(&outer_site, &context, numbers, NULL, BIG) == 0);
  for (int i = 0; i < N; ++i)
    CHECK(refused[i]);
  CHECK(launches(&outer_site) == 1);
  CHECK(ended(&saxpy_site, FERRY_NESTED) == N);
  CHECK(launch_saxpy(2, x, y, 100, BIG) == 0);
}

//===- several program threads --------------------------------------------===//

enum { PROGRAM_THREADS = 8, ROUNDS = 60 };

static void *launch_often(void *unused) {
  enum { N = 700 };
  float x[N], y[N];
  for (int round = 0; round < ROUNDS; ++round) {
    fill(x, y, N);
    const int64_t one = 0, n = N;
    const struct saxpy context = {2, x, y};
    if (launch_saxpy(2, x, y, N, BIG))
      saxpy(&context, &one, &n, NULL);
    CHECK(count_wrong(y, N, 2) == 0);
  }
  return unused;
}

static void run_threads(int count) {
  pthread_t threads[PROGRAM_THREADS];
  for (int i = 0; i < count; ++i)
    CHECK(!pthread_create(&threads[i], NULL, launch_often, NULL));
  for (int i = 0; i < count; ++i)
    pthread_join(threads[i], NULL);
}

static void test_concurrent(void) {
  run_threads(PROGRAM_THREADS);
  CHECK(launches(&saxpy_site) > 0);
  // Not counted are launches while the first thread reads the options.
  CHECK(launches(&saxpy_site) + ended(&saxpy_site, FERRY_BUSY) <=
        PROGRAM_THREADS * ROUNDS);
}

//===- fork ---------------------------------------------------------------===//

static int exit_code(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static pid_t fork_and_launch(bool may_be_busy) {
  static float x[100], y[100];
  pid_t child = fork();
  if (child)
    return child;
  failures = 0;
  fill(x, y, 100);
  const bool done = launch_saxpy(2, x, y, 100, BIG) == 0;
  CHECK(done ? count_wrong(y, 100, 2) == 0 : may_be_busy);
  CHECK(launches(&saxpy_site) == done); // its own only
  _exit(failures != 0); // no reports of sanitizers
}

static void test_fork(void) {
  static float x[100], y[100];
  CHECK(exit_code(fork_and_launch(false)) == 0);
  CHECK(launch_saxpy(2, x, y, 100, BIG) == 0);
  CHECK(exit_code(fork_and_launch(false)) == 0);
  CHECK(launch_saxpy(2, x, y, 100, BIG) == 0);
  CHECK(launches(&saxpy_site) == 2);
}

// The locks of libomp may be held, by a thread that the child does not have.
static void test_fork_while_busy(void) {
  pthread_t thread;
  CHECK(!pthread_create(&thread, NULL, launch_often, NULL));
  for (int i = 0; i < 10; ++i)
    CHECK(exit_code(fork_and_launch(true)) == 0);
  pthread_join(thread, NULL);
  CHECK(launches(&saxpy_site) > 0);
}

//===- signals ------------------------------------------------------------===//

static atomic_int signals, signals_elsewhere;

static void on_signal(int number) {
  (void)number;
  ++signals;
  if (syscall(SYS_gettid) != getpid())
    ++signals_elsewhere;
}

static void test_signals(void) {
  static int64_t y[3000];
  int64_t *context = y;
  const int64_t numbers[] = {3000, 0, 0, 0, 0, 0, 1, 0, ADDRESS(y), 8, 8, 0};
  const struct itimerval often = {{0, 1000}, {0, 1000}}, off = {{0, 0}, {0, 0}};
  signal(SIGALRM, on_signal);
  setitimer(ITIMER_REAL, &often, NULL);
  const int64_t end = ferry_now() + 60LL * 1000 * 1000 * 1000; // busy machines
  while (signals <= 100 && ferry_now() < end)
    CHECK(ferry_launch_v1(&triangle_site, &context, numbers, NULL, BIG) == 0);
  setitimer(ITIMER_REAL, &off, NULL);
  CHECK(signals > 100);
  CHECK(signals_elsewhere == 0);
}

//===- does it pay --------------------------------------------------------===//

static void test_big(void) {
  enum { N = 1 << 20 };
  static float x[N], y[N];
  CHECK(launch_saxpy(2, x, y, N, BIG) == 0); // 35 ms, by the estimate
  CHECK(launches(&saxpy_site) == 1);
}

static void test_small(void) {
  static float x[100], y[100];
  CHECK(launch_saxpy(2, x, y, 10, 50) != 0); // 17 ns
  CHECK(ended(&saxpy_site, FERRY_TOO_LITTLE) == 1);
  CHECK(launch_saxpy(2, x, y, 10, 10) != 0);
  CHECK(ended(&saxpy_site, FERRY_BELOW) == 1);
}

static int64_t four(void) { return 4; }
static int64_t five_us(int64_t now) { return (void)now, 5000; }
static int64_t start_price;
static int64_t start_cost(void) { return start_price; }
static int64_t wake_price, lull_ends; // asleep from then on
static int64_t launch_cost(int64_t now) { return now > lull_ends ? wake_price : 0; }

// Near the limit the first calls are measured in place, and their rate counts.
static void test_decide(void) {
  start_price = 0;
  const struct ferry_device device = {
      .width = four, .launch_ns = five_us, .start_ns = start_cost};
  struct ferry_rates rates = {0};
  int64_t gain, now = 0;
  CHECK(ferry_decide(&rates, &device, 100, &now, &gain) == FERRY_STAY);
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
  for (int i = 0; i < 2; ++i) { // 35 us by the estimate
    CHECK(ferry_decide(&rates, &device, 100 * 1000, &now, &gain) == FERRY_MEASURE);
    ferry_learn_serial(&rates, 100 * 1000, 10 * 1000 + i);
  }
  CHECK(ferry_decide(&rates, &device, 100 * 1000, &now, &gain) == FERRY_STAY);
  CHECK(gain == 10 * 1000 * 3 / 4 - 2 * 5000);
  now = 0; // asked no more
  CHECK(ferry_decide(&rates, &device, 100 * 1000, &now, &gain) == FERRY_STAY);
  CHECK(now == 0);
  CHECK(ferry_decide(&rates, &device, 300 * 1000, &now, &gain) == FERRY_GO);
  for (int i = 0; i < 4; ++i) {
    CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
    ferry_learn_device(&rates, 300 * 1000, 60 * 1000); // slower than here
  }
  int gone = 0;
  for (int i = 0; i < 128; ++i)
    gone += ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO;
  CHECK(gone == 4); // twice after 32 calls and after 64
  for (int i = 128; i < 4000; ++i)
    gone += ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO;
  CHECK(gone == 4 + 6 + 2 * 3); // after 128, 256, 512, and each 1024
  now = 0;
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_STAY && now == 0);
  ferry_learn_device(&rates, 300 * 1000, 20 * 1000); // all is well again
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
  rates = (struct ferry_rates){0}; // do not buy threads on an estimate
  start_price = 40 * 1000 * 1000;
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_MEASURE);
  start_price = 20 * 1000 * 1000;
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
}

// a[i] = a[i - 1] + a[m]: in vain after some tries, until there is only a[i] + a[m].
static void test_splits(void) {
  static const uint8_t kinds[] = {FERRY_READ, FERRY_READ, FERRY_WRITE};
  struct ferry_state state = {.flags = FERRY_SITE_PIECES,
                              .shape = {1, 1, 3, kinds, NULL, 0},
                              .numbers_size = 12 * sizeof(int64_t)};
  int64_t numbers[] = {900, 0, 0, 4096 - 8, 8, 8, 4096 + 80, 8, 0, 4096, 8, 8};
  struct ferry_pieces pieces;
  int tried = 0;
  ferry_options.mode = FERRY_MODE_AUTO;
  for (int i = 0; i < 100; ++i) {
    atomic_store(&state.splitting.ns, -1);
    CHECK(!ferry_independent_pieces(&state, numbers, BIG, &pieces));
    tried += atomic_load(&state.splitting.ns) >= 0;
  }
  CHECK(tried < 10 && tried >= 3 && !state.in_pieces);
  numbers[3] = 4096;
  for (int i = 0; i < 100 && !state.in_pieces; ++i) {
    atomic_store(&state.splitting.ns, 0);
    ferry_independent_pieces(&state, numbers, BIG, &pieces);
  }
  CHECK(state.in_pieces && state.splitting.skip == 0);
  atomic_store(&state.splitting.ns, 0); // however long it took on a busy machine
  CHECK(ferry_independent_pieces(&state, numbers, BIG, &pieces) && pieces.count == 3);
  feenableexcept(FE_DIVBYZERO);
  CHECK(!ferry_independent_pieces(&state, numbers, BIG, &pieces));
  fedisableexcept(FE_DIVBYZERO);
}

static void not_called(const void *context, const int64_t *lo, const int64_t *hi, void *partial) {
  (void)context, (void)lo, (void)hi, (void)partial;
  abort();
}

static uint32_t followed; // launches before
static bool may_follow(int64_t columns, int64_t instructions) {
  static const uint8_t kinds[] = {FERRY_READ, FERRY_READ, FERRY_WRITE}, stages[] = {1, 1, 1};
  struct ferry_state state = {.shape = {2, 1, 3, kinds, NULL, 0}};
  struct ferry_site site = {.doacross = not_called, .stages = stages};
  const int64_t rows = 1000, pitch = 8 * (columns + 2), at = 1 << 20;
  // a[i][j] = f(a[i-1][j], a[i][j-1])
  const int64_t numbers[] = {rows, 0, 0, 0, columns, 0, 0, 0,
                             at - pitch, 8, pitch, 8, at - 8, 8, pitch, 8, at, 8, pitch, 8};
  struct ferry_doacross plan;
  ferry_learned(&state, rows * columns * instructions)->rates.launched = followed;
  return ferry_may_follow(&state, &site, numbers, rows * columns * instructions, &plan) ==
         FERRY_DONE;
}

// Rows whose hand-over takes longer than they do stay where they are, unless it is known
// what following takes.
static void test_following(void) {
  CHECK(may_follow(2000, 50) && may_follow(100, 5000));
  CHECK(!may_follow(100, 50) && !may_follow(8000, 8));
  followed = 4;
  CHECK(may_follow(8000, 8));
  followed = 0;
  ferry_options.mode = FERRY_MODE_FORCE;
  CHECK(may_follow(100, 50));
}

// Once it is measured that the work takes less than any launch, the guard is raised.
static void test_guard_is_raised(void) {
  static float x[20], y[20];
  const int64_t work = 60 * 1000;
  launch_saxpy(2, x, y, 20, work);
  struct ferry_rates *rates = &ferry_learned(saxpy_site.state, work)->rates;
  for (int i = 0; i < 2; ++i) // whatever the machine was busy with
    ferry_learn_serial(rates, work, 4 * 1000);
  CHECK(saxpy_site.min_units == -1);
  CHECK(launch_saxpy(2, x, y, 20, work) != 0);
  CHECK(ended(&saxpy_site, FERRY_TOO_LITTLE) == 1);
  CHECK(saxpy_site.min_units == work / saxpy_site.unit);
  launch_saxpy(2, x, y, 20, 2 * work); // less may not be taken for more
  launch_saxpy(2, x, y, 20, work / 2);
  CHECK(saxpy_site.min_units >= work / saxpy_site.unit);
}

// Before memory is looked at, the threads have to be worth waking.
static void test_wary(void) {
  const struct ferry_device device = {
      .width = four, .launch_ns = launch_cost, .start_ns = start_cost};
  struct ferry_rates rates = {.wary = true, .serial = 1000, .measured = 2};
  int64_t gain, now;
  start_price = 0;
  wake_price = 10 * 1000; // a loop has to take 27 us
  CHECK(ferry_decide(&rates, &device, 26 * 1000, &now, &gain) == FERRY_STAY);
  CHECK(gain <= 0); // or it would be called slower
  CHECK(ferry_decide(&rates, &device, 28 * 1000, &now, &gain) == FERRY_GO);
  rates.wary = false;
  CHECK(ferry_decide(&rates, &device, 26 * 1000, &now, &gain) == FERRY_GO);
  CHECK(!ferry_worth_starting(&device, gain, now));
}

// A site that always pays is measured all the same, after some launches.
static void test_measured_late(void) {
  const struct ferry_device device = {
      .width = four, .launch_ns = five_us, .start_ns = start_cost};
  struct ferry_rates rates = {0};
  int64_t gain, now = 0;
  int count[FERRY_GO + 1] = {0};
  for (int i = 0; i < 100; ++i) {
    const enum ferry_choice choice =
        ferry_decide(&rates, &device, BIG, &now, &gain);
    ++count[choice];
    if (choice == FERRY_MEASURE)
      ferry_learn_serial(&rates, BIG, BIG / 4);
    else if (choice == FERRY_GO)
      ferry_learn_device(&rates, BIG, BIG / 2); // slower than here
  }
  CHECK(count[FERRY_MEASURE] == 2); // again as it looks slower
  CHECK(count[FERRY_GO] == 32 + 4); // and two later, twice, to see
}

// A site far below the limit that keeps asking is measured, to be told not to ask.
static void test_measured_when_asking(void) {
  const struct ferry_device device = {
      .width = four, .launch_ns = five_us, .start_ns = start_cost};
  struct ferry_rates rates = {0};
  int64_t gain, now;
  const int64_t work = 3 * 1000; // a microsecond, where it takes 13
  for (int i = 0; i < 32; ++i)
    CHECK(ferry_decide(&rates, &device, work, &now, &gain) == FERRY_STAY && gain <= 0);
  for (int i = 0; i < 2; ++i) {
    CHECK(!ferry_never_pays(&rates, &device, work));
    CHECK(ferry_decide(&rates, &device, work, &now, &gain) == FERRY_MEASURE);
    ferry_learn_serial(&rates, work, 500);
  }
  CHECK(ferry_decide(&rates, &device, work, &now, &gain) == FERRY_STAY);
  CHECK(ferry_never_pays(&rates, &device, work));
}

// A device that looks slower than the loop was at another size: is it, at this one?
static void test_measured_when_slower(void) {
  const struct ferry_device device = {
      .width = four, .launch_ns = five_us, .start_ns = start_cost};
  struct ferry_rates rates = {.serial = 100};
  int64_t gain, now;
  for (int i = 0; i < 4; ++i) {
    CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
    ferry_learn_device(&rates, BIG, BIG / 4);
  }
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_MEASURE);
  ferry_learn_serial(&rates, BIG, BIG);
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
  CHECK(gain == BIG * 3 / 4 - 2 * 5000);
}

// Launches that become faster are not given up, and what is run here again and again is
// known as it is now.
static void test_improving(void) {
  const struct ferry_device device = {
      .width = four, .launch_ns = five_us, .start_ns = start_cost};
  struct ferry_rates rates = {0};
  int64_t gain, now;
  for (int i = 0; i < 2; ++i)
    ferry_learn_serial(&rates, BIG, BIG / 10);
  for (int64_t ns = BIG; ns > BIG / 8; ns -= ns / 8) {
    CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
    ferry_learn_device(&rates, BIG, ns);
  }
  for (int i = 0; i < 2; ++i)
    ferry_learn_device(&rates, BIG, BIG / 8); // the last one no faster
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_STAY);
  for (int i = 0; i < 8; ++i)
    ferry_learn_serial(&rates, BIG, BIG / 2); // less cache
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
}

// Sizes are learned one by one, from the rate of a neighbour.
static void test_sizes(void) {
  static float x[20], y[20];
  launch_saxpy(1, x, y, 20, 100 * 1000); // in place: near the limit
  struct ferry_state *state = saxpy_site.state;
  struct ferry_learned *known = ferry_learned(state, 100 * 1000);
  CHECK(known->rates.serial > 0 && known->rates.measured == 1);
  CHECK(ferry_learned(state, 200 * 1000) == known);
  const int64_t other[] = {0, 1, 1000, 1000 * 1000, INT64_MAX};
  for (int i = 0; i < 5; ++i) {
    struct ferry_learned *new = ferry_learned(state, other[i]);
    CHECK(new != known && new->rates.measured == 0);
    CHECK(new->rates.serial == known->rates.serial);
  }
  struct ferry_learned *large = ferry_learned(state, 1000 * 1000);
  ferry_learn_serial(&large->rates, 1000 * 1000, 999 * 1000 * 1000); // slower: counts
  CHECK(large->rates.serial == 999 * 1000);
}

// Missed gains add up to the price of threads, which is then paid once.
static void test_rent_or_buy(void) {
  const struct ferry_device device = {.start_ns = start_cost, .launch_ns = launch_cost};
  start_price = 300;
  CHECK(!ferry_worth_starting(&device, 100, 1));
  CHECK(!ferry_worth_starting(&device, 199, 2));
  CHECK(ferry_worth_starting(&device, 1, 3));
  CHECK(!ferry_worth_starting(&device, 1, 4));
  CHECK(ferry_worth_starting(&device, 1000, 5));
  start_price = 0;
  CHECK(ferry_worth_starting(&device, 1, 6));
}

// So do those of one busy time, to twice what it costs to wake threads.
static void test_rent_or_wake(void) {
  const struct ferry_device device = {.start_ns = start_cost, .launch_ns = launch_cost};
  const int64_t ms = 1000 * 1000;
  start_price = 0;
  wake_price = 50;
  CHECK(ferry_worth_starting(&device, 100, 1 * ms)); // alone
  CHECK(!ferry_worth_starting(&device, 60, 1 * ms));
  CHECK(ferry_worth_starting(&device, 40, 2 * ms));
  CHECK(!ferry_worth_starting(&device, 60, 2 * ms));
  CHECK(!ferry_worth_starting(&device, 60, 3 * ms + 1)); // slept in between
  CHECK(ferry_worth_starting(&device, 60, 4 * ms));
  lull_ends = 5 * ms;
  CHECK(ferry_worth_starting(&device, 1, 5 * ms));
  lull_ends = 0;
  start_price = 300; // only what is left after waking counts
  for (int i = 0; i < 100; ++i)
    CHECK(!ferry_worth_starting(&device, 99, (2 * i + 10) * ms));
  CHECK(!ferry_worth_starting(&device, 201, 1000 * ms)); // 101
  CHECK(!ferry_worth_starting(&device, 198, 1000 * ms)); // 299
  CHECK(ferry_worth_starting(&device, 1, 1000 * ms));
}

static int64_t move_price;
static int times_asked;
static enum ferry_reason moving_cost(const struct ferry_job *job, int64_t *ns) {
  (void)job;
  ++times_asked;
  *ns = move_price;
  return move_price < 0 ? FERRY_DEVICE_MEMORY : FERRY_DONE;
}

// So do those of one loop, to what it costs to move its data; a launch brings them.
static void test_rent_or_move(void) {
  const struct ferry_device device = {.moving_ns = moving_cost}, shared = {0};
  const struct ferry_traffic none = {0}, much = {.to_device = 1000};
  const struct ferry_job job = {0};
  struct ferry_rates rates = {0};
  CHECK(ferry_worth_moving(&rates, &shared, &job, 1) == FERRY_DONE);
  move_price = 300;
  CHECK(ferry_worth_moving(&rates, &device, &job, 100) == FERRY_MIGRATION);
  CHECK(ferry_worth_moving(&rates, &device, &job, 199) == FERRY_MIGRATION);
  CHECK(times_asked == 1); // it has not missed that much yet
  CHECK(ferry_worth_moving(&rates, &device, &job, 1) == FERRY_DONE);
  CHECK(ferry_worth_moving(&rates, &device, &job, 1) == FERRY_DONE); // busy: not gone
  ferry_learn_moving(&rates, &much);
  move_price = 0;
  CHECK(ferry_worth_moving(&rates, &device, &job, 1) == FERRY_DONE);
  CHECK(times_asked == 4);
  ferry_learn_moving(&rates, &none);
  CHECK(ferry_worth_moving(&rates, &device, &job, 1) == FERRY_DONE);
  CHECK(times_asked == 4); // all was there
  ferry_learn_moving(&rates, &much); // the program has touched it
  move_price = 50;
  CHECK(ferry_worth_moving(&rates, &device, &job, 49) == FERRY_MIGRATION);
  CHECK(ferry_worth_moving(&rates, &device, &job, 1) == FERRY_DONE);
  ferry_learn_moving(&rates, &much);
  move_price = -1;
  CHECK(ferry_worth_moving(&rates, &device, &job, 1000) == FERRY_DEVICE_MEMORY);
}

// One launch says enough.
static void test_thrashing(void) {
  const struct ferry_device device = {
      .width = four, .launch_ns = five_us, .start_ns = start_cost};
  const struct ferry_traffic over = {.to_device = 5000, .thrashed = 1};
  struct ferry_rates rates = {.serial = 1000, .measured = 2};
  int64_t gain, now;
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_GO);
  ferry_learn_device(&rates, BIG, 2 * BIG);
  ferry_learn_moving(&rates, &over);
  CHECK(ferry_decide(&rates, &device, BIG, &now, &gain) == FERRY_STAY);
  CHECK(gain > 0 && rates.thrashes);
}

// With the mirror device: what does not fit stays, and what would take longer to move.
// Both is known before the device is made. The numbers say more than the worker does.
static void launch_spanning(int64_t pages, enum ferry_reason why) {
  static float x[16], y[16];
  const struct saxpy context = {1, x, y};
  const int64_t each = pages * 4096 / 16;
  const int64_t numbers[] = {16, 0, 0, ADDRESS(x), each, each,
                             ADDRESS(x) + (INT64_C(1) << 40), 4, 4};
  for (int i = 0; i < 4; ++i) {
    CHECK((ferry_launch_v1(&saxpy_site, &context, numbers, NULL, BIG) != 0) == (i > 1));
    struct ferry_state *state = saxpy_site.state;
    ferry_learned(state, BIG)->rates.serial = 100; // 10 ms, whatever it took
    CHECK(state->in_place == (i < 1 ? 1 : 2));
    CHECK(ended(&saxpy_site, why) == (i < 2 ? 0 : (uint64_t)i - 1));
  }
}
static void test_too_large(void) { launch_spanning(1 << 20, FERRY_DEVICE_MEMORY); }
static void test_far_away(void) { launch_spanning(5000, FERRY_MIGRATION); }

static void test_measured(void) {
  enum { N = 2000 };
  static float x[N], y[N];
  fill(x, y, N);
  CHECK(launch_saxpy(1, x, y, N, 50 * 1000) == 0); // 17 us: near the limit
  CHECK(count_wrong(y, N, 1) == 0);
  struct ferry_state *state = saxpy_site.state;
  CHECK(state->in_place == 1);
  CHECK(ferry_learned(state, 50 * 1000)->rates.serial > 0);
}

// A short loop that is dependent each time is not tested each time. A longer one is.
static void test_in_vain(void) {
  static float x[4000];
  const int64_t work = 50 * 1000; // 17 us: near the limit
  for (int n = 100; n < 103; ++n)
    CHECK(launch_saxpy(2, x, x + 1, n, work) != 0);
  for (int i = 0; i < 8; ++i)
    CHECK(launch_saxpy(2, x, x + 2000, 2000, work) != 0);
  CHECK(ended(&saxpy_site, FERRY_HAS_CONFLICT) == 11);
  CHECK(launch_saxpy(2, x, x + 2000, 2000, work) == 0);
  for (int n = 100; n < 103; ++n)
    CHECK(launch_saxpy(2, x, x + 1, n, work) != 0);
  launch_saxpy(2, x, x + 2000, 2000, work + 1); // measured, or saved for threads
  CHECK(ended(&saxpy_site, FERRY_HAS_CONFLICT) == 14);
}

// Who takes turns is always tested.
static void test_turns(void) {
  static float x[4000];
  CHECK(launch_saxpy(2, x, x + 1, 900, BIG) != 0);
  struct ferry_state *state = saxpy_site.state;
  const int64_t meet[] = {900, 0, 0, ADDRESS(x), 4, 4, ADDRESS(x + 1), 4, 4};
  const int64_t apart[] = {900, 0, 0, ADDRESS(x), 4, 4, ADDRESS(x + 2000), 4, 4};
  for (int i = 0; i < 20; ++i) {
    CHECK(ferry_patient_independence(state, apart, 1, NULL) == FERRY_DONE);
    CHECK(ferry_known_in_vain(state, 1) == FERRY_DONE);
    CHECK(ferry_patient_independence(state, meet, 1, NULL) == FERRY_HAS_CONFLICT);
    CHECK(ferry_known_in_vain(state, 1) == FERRY_DONE);
  }
  for (int i = 0; i < 2; ++i)
    ferry_patient_independence(state, meet, 1, NULL);
  CHECK(ferry_known_in_vain(state, 2) == FERRY_DONE); // may be different
  CHECK(ferry_known_in_vain(state, 1) == FERRY_HAS_CONFLICT);
}

//===- driver -------------------------------------------------------------===//

struct test {
  const char *name;
  void (*run)(void);
  const char *settings[4];
};

#define FORCE "FERRY=force"
#define FOUR "FERRY_THREADS=4"
#define MIRROR "FERRY_DEVICE=mirror"
static const struct test tests[] = {
    {"saxpy", test_saxpy, {FORCE, FOUR}},
    {"default threads", test_saxpy, {FORCE}},
    {"many threads", test_many_threads, {FORCE, "FERRY_THREADS=13"}},
    {"overlapping", test_overlapping, {FORCE, FOUR}},
    {"empty", test_empty, {FORCE, FOUR}},
    {"off", test_off, {"FERRY=off"}},
    {"one thread", test_one_thread, {FORCE, "FERRY_THREADS=1"}},
    {"abi", test_abi, {FORCE}},
    {"gather", test_gather, {FORCE, FOUR}},
    {"stencil", test_stencil, {FORCE, FOUR}},
    {"sum", test_sum, {FORCE, FOUR}},
    {"ordered", test_ordered, {FORCE, FOUR}},
    {"errno", test_errno, {FORCE, FOUR}},
    {"errno alias", test_errno_alias, {FORCE, FOUR}},
    {"rounding", test_rounding, {FORCE, FOUR}},
    {"flags", test_flags, {FORCE, FOUR}},
    {"traps", test_traps, {FORCE, FOUR}},
    {"uneven", test_uneven, {FORCE, FOUR}},
    {"wrap", test_wrap, {FORCE, FOUR}},
    {"nested", test_nested, {FORCE, FOUR}},
    {"concurrent", test_concurrent, {FORCE, FOUR}},
    {"fork", test_fork, {FORCE, FOUR}},
    {"fork while busy", test_fork_while_busy, {FORCE, FOUR}},
    {"signals", test_signals, {FORCE, FOUR}},
    {"big", test_big, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"small", test_small, {"FERRY=auto", "FERRY_THREADS=2", "FERRY_THRESHOLD=10"}},
    {"decide", test_decide, {0}},
    {"guard is raised", test_guard_is_raised, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"wary", test_wary, {0}},
    {"measured late", test_measured_late, {0}},
    {"measured when asking", test_measured_when_asking, {0}},
    {"measured when slower", test_measured_when_slower, {0}},
    {"improving", test_improving, {0}},
    {"sizes", test_sizes, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"rent or buy", test_rent_or_buy, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"rent or wake", test_rent_or_wake, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"rent or move", test_rent_or_move, {0}},
    {"thrashing", test_thrashing, {0}},
    {"too large", test_too_large, {"FERRY_THREADS=2", MIRROR, "FERRY_MIRROR_MEMORY=4M"}},
    {"far away", test_far_away, {"FERRY_THREADS=2", MIRROR, "FERRY_MIRROR_MEMORY=64M"}},
    {"in vain", test_in_vain, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"splits", test_splits, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"following", test_following, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"turns", test_turns, {"FERRY=auto", "FERRY_THREADS=2"}},
    {"measured", test_measured, {"FERRY=auto", "FERRY_THREADS=2"}},
};

// Runs in a child with `settings`; what it writes on stderr goes to `log`.
static int run_child(void (*run)(void), const char *const *settings, int count,
                     FILE *log) {
  fflush(NULL);
  pid_t child = fork();
  if (child)
    return exit_code(child);
  failures = 0;
  for (int i = 0; i < count && settings[i]; ++i)
    putenv((char *)settings[i]);
  if (log)
    dup2(fileno(log), STDERR_FILENO);
  alarm(120);
  run();
  exit(failures != 0);
}

static int run_test(const struct test *test) {
  const int code = run_child(test->run, test->settings, 4, NULL);
  printf("%-16s %s\n", test->name, code ? "FAILED" : "ok");
  return code != 0;
}

static char *read_all(FILE *file, char *text, size_t size) {
  rewind(file);
  text[fread(text, 1, size - 1, file)] = 0;
  return text;
}

// A declined launch and a done one, as JSON.
static void test_stats(void) {
  static char text[4096];
  char name[] = "/tmp/ferry-stats-XXXXXX", setting[64];
  FILE *file = fdopen(mkstemp(name), "r");
  snprintf(setting, sizeof setting, "FERRY_STATS=json:%s", name);
  CHECK(run_child(test_overlapping, (const char *[]){FORCE, FOUR, setting}, 3,
                  NULL) == 0);
  read_all(file, text, sizeof text);
  CHECK(strstr(text, "{\"schema\":1,\"sites\":["));
  CHECK(strstr(text, "{\"file\":\"test \\\"quoted\\\"\\\\\\u000a.c\",\"line\":10,"
                     "\"column\":3,\"function\":\"saxpy\",\"device\":\"host\","
                     "\"launches\":2,\"declined\":{"));
  CHECK(strstr(text, "\"iterations\":1000,\"seconds\":"));
  CHECK(strstr(text, "\"totals\":{\"launches\":2,"));
  fclose(file);
  unlink(name);
}

static void expect_messages(void (*run)(void), const char *const *settings,
                            int count, const char *const *expected) {
  static char text[8192];
  FILE *log = tmpfile();
  CHECK(run_child(run, settings, count, log) == 0);
  read_all(log, text, sizeof text);
  for (; *expected; ++expected)
    if (!strstr(text, *expected)) {
      fprintf(stderr, "missing: %s\nin: %s\n", *expected, text);
      ++failures;
    }
  fclose(log);
}

static void test_messages(void) {
  expect_messages(
      test_big,
      (const char *[]){"FERRY=atuo", "FERRY_THRAEDS=2", "FERRY_THRESHOLD=-1",
                       "FERRY_THREADS=2", "FERRY_STATS=jsn:x",
                       "FERRY_DEVICE=hmn", "FERRY_VERBOSE=1"},
      7,
      (const char *[]){
          "ferry: FERRY=atuo is not known, did you mean FERRY=auto?",
          "ferry: FERRY_THRAEDS is not an option, did you mean FERRY_THREADS?",
          "ferry: FERRY_THRESHOLD=-1 is not a number that can be used",
          "ferry: FERRY_STATS=jsn:x is not known, use one of 0|1|json:FILE",
          "ferry: FERRY_DEVICE=hmn is not known, did you mean FERRY_DEVICE=hmm?",
          "ferry: device host: 2 threads, ", NULL});
  expect_messages(test_overlapping, (const char *[]){FORCE, FOUR, "FERRY_STATS=1"},
                  3, (const char *[]){"launches", "total", NULL});
  expect_messages(test_off, (const char *[]){"FERRY=off", "FERRY_STATS=json:/x/y"},
                  2, (const char *[]){"ferry: cannot write the statistics to "
                                      "/x/y: No such file",
                                      NULL});
}

//===- what it costs ------------------------------------------------------===//

static void time_calls(const char *what, int64_t n, int64_t work, int count) {
  static float x[1 << 16], y[1 << 16];
  int64_t best = INT64_MAX;
  for (int sample = 0; sample < 20; ++sample) {
    const int64_t start = ferry_now();
    for (int i = 0; i < count; ++i)
      launch_saxpy(1, x, y, n, work);
    const int64_t taken = (ferry_now() - start) / count;
    best = taken < best ? taken : best;
  }
  printf("%-32s %6lld ns\n", what, (long long)best);
}

static void time_launch(void) { time_calls("warm launch", 16, BIG, 1000); }
static void time_dependent(void) {
  static float x[100];
  const int64_t start = ferry_now();
  for (int i = 0; i < 1000000; ++i)
    launch_saxpy(1, x, x + 1, 99, BIG);
  printf("%-32s %6.1f ns\n", "declined: dependent (cached)",
         (double)(ferry_now() - start) / 1e6);
}
static void time_too_little(void) {
  time_calls("declined: too little work", 16, 20001, 100000);
}

static void measure(void) {
  run_child(time_launch, (const char *[]){FORCE, NULL}, 2, NULL);
  run_child(time_dependent, (const char *[]){FORCE, NULL}, 2, NULL);
  run_child(time_too_little, (const char *[]){"FERRY=auto", NULL}, 2, NULL);
}

// launch_test [name of a test | --measure]
int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "--measure")) {
    measure();
    return 0;
  }
  for (size_t i = 0; i < sizeof tests / sizeof *tests; ++i)
    if (argc < 2 || !strcmp(argv[1], tests[i].name))
      failures += run_test(&tests[i]);
  if (argc < 2) {
    test_stats();
    test_messages();
  }
  printf(failures ? "%d FAILED\n" : "all passed\n", failures);
  return failures != 0;
}
