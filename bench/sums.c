// Sums in the order of the program: prints milliseconds of a matrix product and of
// matrix times vector. bench/sums compares plain clang and Ferry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

__attribute__((noinline)) static void product(double *c, const double *a, const double *b, int n) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (int k = 0; k < n; ++k)
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

__attribute__((noinline)) static void times(double *y, const double *a, const double *x, int n) {
  for (int i = 0; i < n; ++i) {
    double sum = 0;
    for (int j = 0; j < n; ++j)
      sum += a[i * n + j] * x[j];
    y[i] = sum;
  }
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

int main(void) {
  enum { N = 400 };
  double *a = malloc(N * N * sizeof *a), *b = malloc(N * N * sizeof *b);
  double *c = malloc(N * N * sizeof *c), all = 0;
  for (int i = 0; i < N * N; ++i)
    a[i] = i % 7 / 3.0, b[i] = i % 5 / 7.0;
  double start = now();
  for (int k = 0; k < 4; ++k)
    product(c, a, b, N);
  printf("product %.2f\n", (now() - start) / 4);
  start = now();
  for (int k = 0; k < 400; ++k)
    times(c, a, b + k, N);
  printf("times   %.4f\n", (now() - start) / 400);
  for (int i = 0; i < N * N; ++i)
    all += c[i] * i;
  fprintf(stderr, "%a\n", all);
}
