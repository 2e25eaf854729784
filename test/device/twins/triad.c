// STREAM triad. usage: triad MILLIONS
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__attribute__((noinline)) static void triad(float *a, const float *b, const float *c,
                                            float s, long n) {
  for (long i = 0; i < n; i++)
    a[i] = b[i] + s * c[i];
}

int main(int argc, char **argv) {
  const long n = (argc > 1 ? atol(argv[1]) : 64) * 1000000;
  float *a = malloc(n * sizeof *a), *b = malloc(n * sizeof *b), *c = malloc(n * sizeof *c);
  fill(a, n, 1), fill(b, n, 2), fill(c, n, 3);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    triad(a, b, c, 0.5f, n);
    seconds[r] = now() - start;
  }
  report(a, n);
  return 0;
}
