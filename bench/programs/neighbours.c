// Forces between near particles (Lennard-Jones) through a list of neighbours.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

enum { MOST = 60 };

static void forces(int n, double (*at)[3], int *count, int (*near)[MOST], double (*force)[3]) {
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
    double f[3] = {0, 0, 0};
    for (int k = 0; k < count[i]; k++) {
      const int j = near[i][k];
      double d[3], r2 = 0.01;
      for (int c = 0; c < 3; c++)
        d[c] = at[i][c] - at[j][c], r2 += d[c] * d[c];
      const double r6 = 1e-6 / (r2 * r2 * r2), push = 48 * r6 * (r6 - 0.5) / r2;
      for (int c = 0; c < 3; c++)
        f[c] += push * d[c];
    }
    for (int c = 0; c < 3; c++)
      force[i][c] = f[c];
  }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 60, 40000), times = size(argc, argv, 20000, 80);
  double(*at)[3] = array(n, sizeof *at), (*force)[3] = array(n, sizeof *force);
  int *count = array(n, sizeof *count), (*near)[MOST] = array(n, sizeof *near);
  for (int i = 0; i < n; i++) {
    for (int c = 0; c < 3; c++)
      at[i][c] = uniform() * 10;
    count[i] = MOST / 2 + random_bits() % (MOST / 2);
    for (int k = 0; k < count[i]; k++)
      near[i][k] = (i + 1 + random_bits() % 500) % n;
  }
  for (int t = 0; t < times; t++) {
    forces(n, at, count, near, force);
    for (int i = 0; i < n; i++)
      for (int c = 0; c < 3; c++)
        at[i][c] += 1e-9 * force[i][c];
  }
  report_doubles(&at[0][0], 3 * n);
}
