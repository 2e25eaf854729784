// What it costs to ask the runtime, beyond the loop: prints nanoseconds, the least of
// many samples. The sites are written by hand, for a loop long enough to be asked
// about would hide the cost; their workers do next to nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define _GNU_SOURCE
#include "../runtime/abi.h"

#include <dlfcn.h>
#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SETTLE = 200, CALLS = 50, SAMPLES = 400 };
static const int64_t
    always = 1000LL * 1000 * 1000 * 1000, // pays, whatever was measured
    hardly = 40 * 1000; // 14 us until it was measured

static int (*ask)(struct ferry_site *, const void *, const int64_t *, void *, int64_t);

static int64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void nothing(const void *context, const int64_t *lo, const int64_t *hi, void *partial) {
  (void)context, (void)lo, (void)hi, (void)partial;
}

static void spend(int64_t ns) {
  const int64_t end = now() + ns;
  while (now() < end)
    ;
}

// Shorter than launches pay for.
static void three_microseconds(const void *context, const int64_t *lo, const int64_t *hi,
                               void *partial) {
  (void)context, (void)lo, (void)hi, (void)partial;
  spend(3 * 1000);
}

// As if memory were the limit: the first half takes as long as the whole.
static void as_long(const void *context, const int64_t *lo, const int64_t *hi, void *partial) {
  (void)context, (void)lo, (void)hi, (void)partial;
  spend(100 * 1000);
}

// for (i = 0; i < n; i++) y[i] = f(x[i]);
static const uint8_t kinds[] = {FERRY_READ, FERRY_WRITE};
static struct ferry_site site = {.abi = FERRY_ABI_VERSION, .line = 1, .file = "asking.c",
                                 .function = "f", .dims = 1, .parallel = 1, .accesses = 2,
                                 .kinds = kinds, .worker = nothing, .unit = 10, .min_units = -1};
static float memory[2000];

static int64_t numbers[9];

static void place(const float *x, const float *y) {
  const int64_t rows[] = {1000, 0, 0, (int64_t)(intptr_t)x, 4, 4, (int64_t)(intptr_t)y, 4, 4};
  memcpy(numbers, rows, sizeof rows);
}

static void call(int64_t work, int count) {
  for (int i = 0; i < count; ++i)
    ask(&site, NULL, numbers, NULL, work);
}

static void read_clock(int64_t work, int count) {
  (void)work;
  for (int i = 0; i < count; ++i)
    now();
}

static void show(void (*calls)(int64_t, int), int64_t work) {
  double least = 1e9;
  for (int sample = 0; sample < SAMPLES; ++sample) {
    const int64_t start = now();
    calls(work, CALLS);
    const double taken = (double)(now() - start) / CALLS;
    least = taken < least ? taken : least;
  }
  printf("%.1f\n", least);
}

static void too_little(void) {
  site.worker = three_microseconds;
  call(hardly, SETTLE);
  show(call, hardly);
}

// Now and then it is tried again.
static void slower(void) {
  site.worker = as_long;
  call(hardly, SETTLE);
  show(call, hardly);
}

static void dependent(void) {
  place(memory, memory + 1);
  call(always, SETTLE);
  show(call, always);
}

static void launched(void) {
  call(always, SETTLE);
  show(call, always);
}

// All the way to the device, which refuses: trapping exceptions would show the order.
static void until_device(void) {
  call(always, SETTLE);
  feenableexcept(FE_DIVBYZERO);
  show(call, always);
}

// The second worker of a site, once it was chosen.
static void in_place(void) {
  site.jammed = nothing;
  call(hardly, SETTLE);
  show(call, hardly);
}

// Loading libomp and starting the threads, too.
static void first(void) {
  const int64_t start = now();
  call(always, 1);
  printf("%.1f\n", (double)(now() - start));
}

int main(int argc, char **argv) {
  const char *what = argc > 2 ? argv[2] : "";
  void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
  void *function = library ? dlsym(library, "ferry_launch_v1") : NULL;
  if (!function)
    return fprintf(stderr, "usage: asking LIBFERRY WHAT\n"), 2;
  memcpy(&ask, &function, sizeof ask);
  place(memory, memory + 1000);
  if (!strcmp(what, "clock"))
    show(read_clock, 0);
  else if (!strcmp(what, "too-little"))
    too_little();
  else if (!strcmp(what, "slower"))
    slower();
  else if (!strcmp(what, "dependent"))
    dependent();
  else if (!strcmp(what, "until-device"))
    until_device();
  else if (!strcmp(what, "in-place"))
    in_place();
  else if (!strcmp(what, "launch"))
    launched();
  else if (!strcmp(what, "first"))
    first();
}
