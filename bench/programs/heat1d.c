// Heat along a rod: two arrays that change places.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void step(int n, const double *from, double *to) {
#pragma omp parallel for
  for (int i = 1; i < n - 1; i++)
    to[i] = from[i] + 0.25 * (from[i - 1] - 2 * from[i] + from[i + 1]);
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 300, 500000), times = size(argc, argv, 3200000, 2000);
  double *a = array(n, sizeof *a), *b = array(n, sizeof *b);
  a[n / 2] = b[n / 2] = 1000;
  for (int t = 0; t < times; t++) {
    step(n, a, b);
    double *swap = a;
    a = b, b = swap;
  }
  report_doubles(a, n);
}
