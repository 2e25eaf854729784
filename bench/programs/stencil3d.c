// Seven-point stencil in space, single precision, with a macro for the index.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

#define AT(x, y, z) ((x) + nx * ((y) + ny * (z)))

static void step(int nx, int ny, int nz, const float *from, float *to, float centre, float beside) {
#pragma omp parallel for
  for (int z = 1; z < nz - 1; z++)
    for (int y = 1; y < ny - 1; y++)
      for (int x = 1; x < nx - 1; x++)
        to[AT(x, y, z)] = beside * (from[AT(x - 1, y, z)] + from[AT(x + 1, y, z)] + from[AT(x, y - 1, z)] +
                                    from[AT(x, y + 1, z)] + from[AT(x, y, z - 1)] + from[AT(x, y, z + 1)]) +
                          centre * from[AT(x, y, z)];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 12, 160), times = size(argc, argv, 120000, 240);
  const int cells = n * n * n;
  float *a = array(cells, sizeof *a), *b = array(cells, sizeof *b);
  for (int i = 0; i < cells; i++)
    a[i] = b[i] = (float)uniform();
  for (int t = 0; t < times; t++) {
    step(n, n, n, a, b, 0.4f, 0.1f);
    float *swap = a;
    a = b, b = swap;
  }
  report_floats(a, cells);
}
