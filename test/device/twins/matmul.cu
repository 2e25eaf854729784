// A product of two matrices, each sum in its order. usage: matmul WIDTH
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__global__ void multiply(float *c, const float *a, const float *b, long n) {
  const long j = blockIdx.x * (long)blockDim.x + threadIdx.x;
  const long i = blockIdx.y * (long)blockDim.y + threadIdx.y;
  if (i >= n || j >= n)
    return;
  float sum = 0;
  for (long k = 0; k < n; k++)
    sum += a[i * n + k] * b[k * n + j];
  c[i * n + j] = sum;
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? atol(argv[1]) : 2048;
  float *a = (float *)malloc(n * n * sizeof *a), *b = (float *)malloc(n * n * sizeof *b),
        *c = (float *)malloc(n * n * sizeof *c);
  fill(a, n * n, 1), fill(b, n * n, 2), fill(c, n * n, 3);
  float *x = on_gpu(a, n * n), *y = on_gpu(b, n * n), *z = on_gpu(c, n * n);
  const dim3 block(32, 8), grid((n + 31) / 32, (n + 7) / 8);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    multiply<<<grid, block>>>(z, x, y, n);
    finish();
    seconds[r] = now() - start;
  }
  back(c, z, n * n);
  report(c, n * n);
  return 0;
}
