// Flow around a square by the lattice Boltzmann method (D2Q9), pulling.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static const int dx[9] = {0, 1, 0, -1, 0, 1, -1, -1, 1}, dy[9] = {0, 0, 1, 0, -1, 1, 1, -1, -1};
static const int opposite[9] = {0, 3, 4, 1, 2, 7, 8, 5, 6};
static const float weight[9] = {4 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 9.f, 1 / 36.f, 1 / 36.f, 1 / 36.f, 1 / 36.f};

static void step(int nx, int ny, const float *from, float *to, const unsigned char *solid) {
#pragma omp parallel for
  for (int y = 1; y < ny - 1; y++)
    for (int x = 1; x < nx - 1; x++) {
      const int here = y * nx + x;
      float in[9], density = 0, ux = 0, uy = 0;
      for (int d = 0; d < 9; d++) {
        const int there = here - dy[d] * nx - dx[d];
        in[d] = solid[there] ? from[here * 9 + opposite[d]] : from[there * 9 + d];
        density += in[d], ux += in[d] * dx[d], uy += in[d] * dy[d];
      }
      ux /= density, uy /= density;
      const float squares = 1.5f * (ux * ux + uy * uy);
      for (int d = 0; d < 9; d++) {
        const float along = 3 * (dx[d] * ux + dy[d] * uy);
        to[here * 9 + d] = in[d] + 1.2f * (weight[d] * density * (1 + along + 0.5f * along * along - squares) - in[d]);
      }
    }
}

int main(int argc, char **argv) {
  const int nx = size(argc, argv, 32, 500), ny = size(argc, argv, 20, 300), times = size(argc, argv, 30000, 200);
  float *a = array(nx * ny * 9, sizeof *a), *b = array(nx * ny * 9, sizeof *b);
  unsigned char *solid = array(nx * ny, 1);
  for (int i = 0; i < nx * ny; i++) {
    const int x = i % nx, y = i / nx;
    solid[i] = x > nx / 4 && x < nx / 3 && y > ny / 3 && y < ny / 2;
    for (int d = 0; d < 9; d++)
      a[i * 9 + d] = b[i * 9 + d] = weight[d] * (1 + 0.3f * dx[d] * 0.1f);
  }
  for (int t = 0; t < times; t++) {
    step(nx, ny, a, b, solid);
    float *swap = a;
    a = b, b = swap;
  }
  report_floats(a, nx * ny * 9);
}
