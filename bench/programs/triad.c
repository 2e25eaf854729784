// The four loops of a memory benchmark: bandwidth is all there is to win.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

enum { MOST = 8000000 };
static double a[MOST], b[MOST], c[MOST];

static void triad(int n, double s) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    c[i] = a[i];
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    b[i] = s * c[i];
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    c[i] = a[i] + b[i];
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    a[i] = b[i] + s * c[i];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 1000, MOST), times = size(argc, argv, 1000000, 15);
  for (int i = 0; i < n; i++)
    a[i] = uniform();
  for (int t = 0; t < times; t++)
    triad(n, 0.41421356237309503);
  report_doubles(a, n);
}
