// Price of an Asian option by simulation; each path has its own random numbers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

static double normal(uint64_t *state) {
  double sum = -6;
  for (int k = 0; k < 12; k++) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    sum += (*state >> 33) / 2147483648.0;
  }
  return sum;
}

static void simulate(int paths, int steps, double *payoff) {
  const double drift = 0.0001, volatility = 0.01;
#pragma omp parallel for
  for (int p = 0; p < paths; p++) {
    uint64_t state = p * 0x9e3779b97f4a7c15u + 1;
    double price = 100, sum = 0;
    for (int s = 0; s < steps; s++) {
      price *= exp(drift + volatility * normal(&state));
      sum += price;
    }
    payoff[p] = fmax(sum / steps - 100, 0);
  }
}

int main(int argc, char **argv) {
  const int paths = size(argc, argv, 8, 100000), times = size(argc, argv, 50000, 2);
  double *payoff = array(paths, sizeof *payoff);
  for (int t = 0; t < times; t++)
    simulate(paths, size(argc, argv, 10, 250), payoff);
  report_doubles(payoff, paths);
}
