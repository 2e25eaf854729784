// A 2-D stencil of five points. usage: stencil WIDTH
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__attribute__((noinline)) static void step(float *to, const float *from, long n) {
  for (long i = 1; i < n - 1; i++)
    for (long j = 1; j < n - 1; j++)
      to[i * n + j] = 0.2f * (from[i * n + j] + from[(i - 1) * n + j] +
                              from[(i + 1) * n + j] + from[i * n + j - 1] +
                              from[i * n + j + 1]);
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? atol(argv[1]) : 8192;
  float *a = malloc(n * n * sizeof *a), *b = malloc(n * n * sizeof *b);
  fill(a, n * n, 1), fill(b, n * n, 1);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    step(r % 2 ? a : b, r % 2 ? b : a, n);
    seconds[r] = now() - start;
  }
  report(a, n * n);
  return 0;
}
