// A product of two matrices, each sum in its order. usage: matmul WIDTH
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__attribute__((noinline)) static void multiply(float *c, const float *a, const float *b,
                                               long n) {
  for (long i = 0; i < n; i++)
    for (long j = 0; j < n; j++) {
      float sum = 0;
      for (long k = 0; k < n; k++)
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? atol(argv[1]) : 2048;
  float *a = malloc(n * n * sizeof *a), *b = malloc(n * n * sizeof *b),
        *c = malloc(n * n * sizeof *c);
  fill(a, n * n, 1), fill(b, n * n, 2), fill(c, n * n, 3);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    multiply(c, a, b, n);
    seconds[r] = now() - start;
  }
  report(c, n * n);
  return 0;
}
