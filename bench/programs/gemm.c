// Product of two matrices in the order of the textbook: row by column.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void multiply(int n, const double *a, const double *b, double *c) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++)
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 24, 640), times = size(argc, argv, 24000, 1);
  double *a = array(n * n, sizeof *a), *b = array(n * n, sizeof *b), *c = array(n * n, sizeof *c);
  for (int i = 0; i < n * n; i++)
    a[i] = uniform(), b[i] = uniform() - 0.5;
  for (int t = 0; t < times; t++) {
    multiply(n, a, b, c);
    a[t % n] = uniform();
  }
  report_doubles(c, n * n);
}
