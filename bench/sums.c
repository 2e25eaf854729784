// Loops whose iterations are run together: prints milliseconds of a matrix product and
// matrix times vector, with sums in the order of the program, and of a blur down the
// columns of a matrix. bench/sums compares plain clang and Ferry.
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
    y[i] = y[i] * 0.5 + sum;
  }
}

__attribute__((noinline)) static void blur(float *to, const float *from, int n) {
  for (int j = 0; j < n; ++j)
    for (int i = 1; i < n - 1; ++i)
      to[i * n + j] = (from[(i - 1) * n + j] + from[i * n + j] + from[(i + 1) * n + j]) * 0.3f;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec * 1e-6;
}

int main(void) {
  enum { N = 400, LARGE = 1500 };
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
  float *f = calloc(LARGE * LARGE, sizeof *f), *g = malloc(LARGE * LARGE * sizeof *g);
  for (int i = 0; i < LARGE * LARGE; ++i)
    g[i] = (float)(i % 11);
  start = now();
  for (int k = 0; k < 20; ++k)
    blur(f, g, LARGE);
  printf("blur    %.2f\n", (now() - start) / 20);
  for (int i = 0; i < N * N; ++i)
    all += c[i] * i;
  for (int i = 0; i < LARGE * LARGE; ++i)
    all += f[i] * i;
  fprintf(stderr, "%a\n", all);
}
