// American options by binomial trees: one tree on the stack for each option.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

enum { MOST = 1024 };

static double price(double spot, double strike, int steps) {
  double value[MOST + 1];
  const double up = 1.01, down = 1 / up, chance = 0.502, discount = 0.9999;
  for (int i = 0; i <= steps; i++)
    value[i] = fmax(strike - spot * pow(up, 2 * i - steps), 0);
  for (int s = steps; s-- > 0;) {
    double at = spot * pow(down, s);
    for (int i = 0; i <= s; i++, at *= up * up)
      value[i] = fmax(discount * (chance * value[i + 1] + (1 - chance) * value[i]), strike - at);
  }
  return value[0];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 4, 400), times = size(argc, argv, 18000, 4), steps = size(argc, argv, 40, 600);
  double *spot = array(n, sizeof *spot), *result = array(n, sizeof *result);
  for (int i = 0; i < n; i++)
    spot[i] = 80 + 40 * uniform();
  for (int t = 0; t < times; t++) {
#pragma omp parallel for
    for (int i = 0; i < n; i++)
      result[i] = price(spot[i], 100, steps);
    spot[t % n] += 0.01;
  }
  report_doubles(result, n);
}
