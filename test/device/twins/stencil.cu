// A 2-D stencil of five points. usage: stencil WIDTH
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__global__ void step(float *to, const float *from, long n) {
  const long j = blockIdx.x * (long)blockDim.x + threadIdx.x + 1;
  const long i = blockIdx.y * (long)blockDim.y + threadIdx.y + 1;
  if (i < n - 1 && j < n - 1)
    to[i * n + j] = 0.2f * (from[i * n + j] + from[(i - 1) * n + j] +
                            from[(i + 1) * n + j] + from[i * n + j - 1] +
                            from[i * n + j + 1]);
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? atol(argv[1]) : 8192;
  float *a = (float *)malloc(n * n * sizeof *a), *b = (float *)malloc(n * n * sizeof *b);
  fill(a, n * n, 1), fill(b, n * n, 1);
  float *x = on_gpu(a, n * n), *y = on_gpu(b, n * n);
  const dim3 block(64, 4), grid((n + 61) / 64, (n + 1) / 4);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    step<<<grid, block>>>(r % 2 ? x : y, r % 2 ? y : x, n);
    finish();
    seconds[r] = now() - start;
  }
  back(a, x, n * n);
  report(a, n * n);
  return 0;
}
