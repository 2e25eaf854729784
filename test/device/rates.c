// How fast data gets to the device and back, seen from a loop. Of the first launches of
// a kernel, Ferry sends for the data of every other one (runtime/cuda/admit.c):
// the second one here gets them by page faults, the third is sent for, and the fourth
// finds them there. Then the program looks at each page.
// usage: rates MIB; prints one line of JSON, in seconds
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

__attribute__((noinline)) static void change(long *a, long n) {
  for (long i = 0; i < n; i++)
    a[i] += i;
}

// Only what was not optimised away counts: one byte of each page is enough to move it.
__attribute__((noinline)) static long look(const volatile long *a, long n) {
  long sum = 0;
  for (long i = 0; i < n; i += 512)
    sum += a[i];
  return sum;
}

static double launch(long *a, long n) {
  const double start = now();
  change(a, n);
  return now() - start;
}

int main(int argc, char **argv) {
  const long mib = argc > 1 ? atol(argv[1]) : 256, n = (mib << 20) / (long)sizeof(long);
  const size_t bytes = (size_t)n * sizeof(long);
  long *a = malloc(bytes);
  if (!a)
    return perror("rates"), 1;
  memset(a, 1, bytes);
  change(a, n); // starts the device
  memset(a, 2, bytes);
  const double faults = launch(a, n);
  memset(a, 3, bytes);
  const double sent = launch(a, n), there = launch(a, n), start = now();
  const long sum = look(a, n);
  printf("{\"mib\":%ld,\"by_faults\":%.6f,\"sent_for\":%.6f,\"there\":%.6f,"
         "\"back\":%.6f,\"sum\":%ld}\n",
         mib, faults, sent, there, now() - start, sum);
  free(a);
  return 0;
}
