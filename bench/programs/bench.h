// What the programs of bench/run share: the size asked for, numbers to begin
// with, and a line that tells results apart: their sum, and a hash of all bits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// usage: PROGRAM [large]
static inline int size(int argc, char **argv, int small, int large) {
  return argc > 1 && !strcmp(argv[1], "large") ? large : small;
}

static inline void *array(size_t count, size_t bytes) {
  void *p = calloc(count, bytes);
  if (!p)
    perror("bench"), exit(1);
  return p;
}

static inline uint32_t random_bits(void) {
  static uint64_t state = 88172645463325252u;
  state ^= state << 13, state ^= state >> 7, state ^= state << 17;
  return (uint32_t)(state >> 32);
}

static inline double uniform(void) { return random_bits() / 4294967296.0; }

static inline void report(double sum, const void *data, size_t bytes) {
  const unsigned char *p = data;
  uint64_t hash = 14695981039346656037u;
  for (size_t i = 0; i < bytes; i++)
    hash = (hash ^ p[i]) * 1099511628211u;
  printf("%.12g %016llx\n", sum, (unsigned long long)hash);
}

static inline void report_doubles(const double *a, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i];
  report(sum, a, n * sizeof *a);
}

static inline void report_floats(const float *a, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i];
  report(sum, a, n * sizeof *a);
}

static inline void report_bytes(const unsigned char *a, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i];
  report(sum, a, n);
}

#endif
