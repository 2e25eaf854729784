// A Julia set: the work of a pixel is only known once it is done.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void draw(int w, int h, unsigned char *picture) {
#pragma omp parallel for schedule(dynamic)
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      double re = 3.0 * x / w - 1.5, im = 2.0 * y / h - 1;
      int steps = 0;
      while (re * re + im * im < 4 && steps < 250) {
        const double t = re * re - im * im - 0.8;
        im = 2 * re * im + 0.156;
        re = t;
        steps++;
      }
      picture[y * w + x] = steps;
    }
}

int main(int argc, char **argv) {
  const int w = size(argc, argv, 16, 1200), h = size(argc, argv, 12, 800), times = size(argc, argv, 15000, 4);
  unsigned char *picture = array(w * h, 1);
  for (int t = 0; t < times; t++)
    draw(w, h, picture);
  report_bytes(picture, w * h);
}
