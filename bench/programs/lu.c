// LU factors of a dense matrix, without pivots, in place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void factor(int n, double *a) {
  for (int k = 0; k < n; k++) {
#pragma omp parallel for
    for (int i = k + 1; i < n; i++) {
      const double f = a[i * n + k] /= a[k * n + k];
      for (int j = k + 1; j < n; j++)
        a[i * n + j] -= f * a[k * n + j];
    }
  }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 60, 1100), times = size(argc, argv, 4800, 3);
  double *a = array(n * n, sizeof *a);
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < n * n; i++)
      a[i] = uniform() + (i % (n + 1) ? 0 : n);
    factor(n, a);
  }
  report_doubles(a, n * n);
}
