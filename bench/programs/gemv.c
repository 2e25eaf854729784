// A matrix times a vector, again and again (power iteration).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

static void apply(int n, double **a, const double *x, double *y) {
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j < n; j++)
      sum += a[i][j] * x[j];
    y[i] = sum;
  }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 40, 1500), times = size(argc, argv, 300000, 150);
  double **a = array(n, sizeof *a), *x = array(n, sizeof *x), *y = array(n, sizeof *y);
  for (int i = 0; i < n; i++) {
    a[i] = array(n, sizeof **a);
    x[i] = 1;
    for (int j = 0; j < n; j++)
      a[i][j] = uniform();
  }
  for (int t = 0; t < times; t++) {
    apply(n, a, x, y);
    double norm = 0;
    for (int i = 0; i < n; i++)
      norm += y[i] * y[i];
    norm = sqrt(norm);
    for (int i = 0; i < n; i++)
      x[i] = y[i] / norm;
  }
  report_doubles(x, n);
}
