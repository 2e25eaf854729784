// Forces between all pairs of bodies. usage: nbody COUNT
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "twin.h"

__global__ void forces(float *f, const float *x, const float *y, const float *z, long n) {
  const long i = blockIdx.x * (long)blockDim.x + threadIdx.x;
  if (i >= n)
    return;
  float sum = 0;
  for (long j = 0; j < n; j++) {
    const float dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
    const float square = dx * dx + dy * dy + dz * dz + 0.01f;
    sum += dx / (square * sqrtf(square));
  }
  f[i] = sum;
}

int main(int argc, char **argv) {
  const long n = argc > 1 ? atol(argv[1]) : 32768;
  float *f = (float *)malloc(n * sizeof *f), *x = (float *)malloc(n * sizeof *x),
        *y = (float *)malloc(n * sizeof *y), *z = (float *)malloc(n * sizeof *z);
  fill(f, n, 1), fill(x, n, 2), fill(y, n, 3), fill(z, n, 4);
  float *g = on_gpu(f, n), *u = on_gpu(x, n), *v = on_gpu(y, n), *w = on_gpu(z, n);
  for (int r = 0; r < REPETITIONS; r++) {
    const double start = now();
    forces<<<(unsigned)((n + 127) / 128), 128>>>(g, u, v, w, n);
    finish();
    seconds[r] = now() - start;
  }
  back(f, g, n);
  report(f, n);
  return 0;
}
