// Gauss-Seidel in place, red cells first and then black ones.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

enum { MOST = 1026 };
static double u[MOST][MOST], f[MOST][MOST];

static void half(int n, int colour) {
#pragma omp parallel for
  for (int i = 1; i <= n; i++)
    for (int j = 1 + (i + colour) % 2; j <= n; j += 2)
      u[i][j] = 0.25 * (u[i - 1][j] + u[i + 1][j] + u[i][j - 1] + u[i][j + 1] - f[i][j]);
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 40, MOST - 2), times = size(argc, argv, 80000, 300);
  for (int i = 0; i < MOST; i++)
    for (int j = 0; j < MOST; j++)
      f[i][j] = uniform() - 0.5;
  for (int t = 0; t < times; t++) {
    half(n, 0);
    half(n, 1);
  }
  report_doubles(&u[0][0], MOST * MOST);
}
