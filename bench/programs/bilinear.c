// Scales a picture of floats with bilinear interpolation.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

typedef struct {
  int width, height;
  float *pixels;
} Image;

static void scale(const Image *from, Image *to) {
  const float sx = (float)(from->width - 1) / to->width, sy = (float)(from->height - 1) / to->height;
#pragma omp parallel for
  for (int y = 0; y < to->height; y++)
    for (int x = 0; x < to->width; x++) {
      const int x0 = (int)(x * sx), y0 = (int)(y * sy);
      const float fx = x * sx - x0, fy = y * sy - y0;
      const float *p = from->pixels + y0 * from->width + x0, *q = p + from->width;
      to->pixels[y * to->width + x] = (1 - fy) * ((1 - fx) * p[0] + fx * p[1]) + fy * ((1 - fx) * q[0] + fx * q[1]);
    }
}

static Image image(int width, int height) { return (Image){width, height, array(width * height, sizeof(float))}; }

int main(int argc, char **argv) {
  const int n = size(argc, argv, 32, 900), times = size(argc, argv, 48000, 160);
  Image a = image(n, n), b = image(n * 3 / 2, n * 5 / 4);
  for (int i = 0; i < n * n; i++)
    a.pixels[i] = (float)uniform();
  for (int t = 0; t < times; t++) {
    scale(&a, &b);
    scale(&b, &a);
  }
  report_floats(a.pixels, n * n);
}
