// Turns a matrix over: one side is read or written in long steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void transpose(int rows, int columns, const double *in, double *out) {
#pragma omp parallel for
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      out[j * rows + i] = in[i * columns + j];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 40, 2000), times = size(argc, argv, 90000, 20);
  double *a = array(n * n, sizeof *a), *b = array(n * n, sizeof *b);
  for (int i = 0; i < n * n; i++)
    a[i] = uniform();
  for (int t = 0; t < times; t++) {
    transpose(n, n, a, b);
    transpose(n, n, b, a);
    a[t % n] = b[t * 7L % n];
  }
  report_doubles(a, n * n);
}
