// Forces between all pairs of bodies. usage: nbody COUNT
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__attribute__((noinline)) static void forces(float *f, const float *x, const float *y,
                                             const float *z, long n) {
  for (long i = 0; i < n; i++) {
    float sum = 0;
    for (long j = 0; j < n; j++) {
      const float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
      const float square = dx * dx + dy * dy + dz * dz + 0.01f;
      sum += dx / (square * sqrtf(square));
    }
    f[i] = sum;
  }
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? atol(argv[1]) : 32768;
  float *f = malloc(n * sizeof *f), *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y),
        *z = malloc(n * sizeof *z);
  fill(f, n, 1), fill(x, n, 2), fill(y, n, 3), fill(z, n, 4);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    forces(f, x, y, z, n);
    seconds[r] = now() - start;
  }
  report(f, n);
  return 0;
}
