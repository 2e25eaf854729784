// Jacobi iteration on a plane kept as rows behind pointers, with the residual.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static double **grid(int rows, int columns) {
  double **a = array(rows, sizeof *a);
  for (int i = 0; i < rows; i++)
    a[i] = array(columns, sizeof **a);
  return a;
}

static double sweep(int n, double **from, double **to) {
  double worst = 0;
#pragma omp parallel for reduction(max : worst)
  for (int i = 1; i < n - 1; i++)
    for (int j = 1; j < n - 1; j++) {
      to[i][j] = 0.25 * (from[i - 1][j] + from[i + 1][j] + from[i][j - 1] + from[i][j + 1]);
      const double change = to[i][j] > from[i][j] ? to[i][j] - from[i][j] : from[i][j] - to[i][j];
      if (change > worst)
        worst = change;
    }
  return worst;
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 40, 1000), times = size(argc, argv, 90000, 300);
  double **a = grid(n, n), **b = grid(n, n), worst = 0;
  for (int j = 0; j < n; j++)
    a[0][j] = b[0][j] = 1;
  for (int t = 0; t < times; t++) {
    worst = sweep(n, a, b);
    double **swap = a;
    a = b, b = swap;
  }
  double *flat = array(n * n, sizeof *flat);
  for (int i = 0; i < n; i++)
    memcpy(flat + i * n, a[i], n * sizeof *flat);
  flat[0] = worst;
  report_doubles(flat, n * n);
}
