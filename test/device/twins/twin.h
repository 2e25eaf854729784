// What both versions of a twin share: times, and a line of JSON with them. `seconds`
// has one time for each repetition, of the loop or kernel alone; `result` must be
// the same in both.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#ifndef TWIN_H
#define TWIN_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REPETITIONS = 10 };
static double seconds[REPETITIONS];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void fill(float *a, size_t n, unsigned seed) {
  for (size_t i = 0; i < n; i++) {
    seed = seed * 1664525u + 1013904223u;
    a[i] = (seed >> 8) / 16777216.0f;
  }
}

static void report(const float *a, size_t n) {
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i];
  printf("{\"result\":\"%.17g\",\"seconds\":[", sum);
  for (int r = 0; r < REPETITIONS; r++)
    printf("%s%.6f", r ? "," : "", seconds[r]);
  puts("]}");
}

#ifdef __CUDACC__
static float *on_gpu(const float *from, size_t n) {
  float *to;
  if (cudaMalloc(&to, n * sizeof *to) ||
      cudaMemcpy(to, from, n * sizeof *to, cudaMemcpyHostToDevice))
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError())), exit(1);
  return to;
}

static void back(float *to, const float *from, size_t n) {
  if (cudaMemcpy(to, from, n * sizeof *to, cudaMemcpyDeviceToHost))
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError())), exit(1);
}

static void finish(void) {
  if (cudaDeviceSynchronize())
    fprintf(stderr, "%s\n", cudaGetErrorString(cudaGetLastError())), exit(1);
}
#endif
#endif
