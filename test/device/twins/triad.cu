// STREAM triad. usage: triad MILLIONS
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__global__ void triad(float *a, const float *b, const float *c, float s, long n) {
  const long i = blockIdx.x * (long)blockDim.x + threadIdx.x;
  if (i < n)
    a[i] = b[i] + s * c[i];
}

int main(int argc, char **argv) {
  const long n = (argc > 1 ? atol(argv[1]) : 64) * 1000000;
  float *a = (float *)malloc(n * sizeof *a), *b = (float *)malloc(n * sizeof *b),
        *c = (float *)malloc(n * sizeof *c);
  fill(a, n, 1), fill(b, n, 2), fill(c, n, 3);
  float *x = on_gpu(a, n), *y = on_gpu(b, n), *z = on_gpu(c, n);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    triad<<<(unsigned)((n + 255) / 256), 256>>>(x, y, z, 0.5f, n);
    finish();
    seconds[r] = now() - start;
  }
  back(a, x, n);
  report(a, n);
  return 0;
}
