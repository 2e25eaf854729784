// A sparse matrix times a vector, with and without restrict: prints seconds for
// 100 products. bench/sparse compares plain clang and Ferry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PRODUCT(name, quick)                                                                   \
  __attribute__((noinline)) static void name(int n, const int *quick start, const int *quick column, \
      const double *quick value, const double *quick x, double *y) {                           \
    for (int i = 0; i < n; ++i) {                                                              \
      double sum = 0;                                                                          \
      for (int j = start[i]; j < start[i + 1]; ++j)                                            \
        sum += value[j] * x[column[j]];                                                        \
      y[i] = sum;                                                                              \
    }                                                                                          \
  }
PRODUCT(restricted, restrict)
PRODUCT(plain, )

int main(void) {
  enum { ROWS = 200000, EACH = 15, TIMES = 100 };
  int *start = malloc((ROWS + 1) * sizeof *start), *column = malloc(ROWS * EACH * sizeof *column);
  double *value = malloc(ROWS * EACH * sizeof *value);
  double *x = malloc(ROWS * sizeof *x), *y = malloc(ROWS * sizeof *y);
  for (int i = 0; i <= ROWS; ++i)
    start[i] = i * EACH;
  for (int i = 0; i < ROWS * EACH; ++i)
    column[i] = (int)((i / EACH + i * 7919L % 5000) % ROWS), value[i] = i % 7;
  for (int i = 0; i < ROWS; ++i)
    x[i] = i;
  for (int quick = 0; quick < 2; ++quick) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int k = 0; k < TIMES; ++k) {
      (quick ? restricted : plain)(ROWS, start, column, value, x, y);
      x[k] = y[k];
    }
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%-8s %.3f\n", quick ? "restrict" : "pointers",
           (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) * 1e-9);
  }
  return 0;
}
