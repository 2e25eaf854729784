// Edges of a grey picture: two derivatives, their length, a threshold.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

static void edges(const unsigned char *in, unsigned char *out, int width, int height) {
#pragma omp parallel for
  for (int y = 1; y < height - 1; y++)
    for (int x = 1; x < width - 1; x++) {
      const unsigned char *p = in + y * width + x;
      const int gx = p[-width + 1] + 2 * p[1] + p[width + 1] - p[-width - 1] - 2 * p[-1] - p[width - 1];
      const int gy = p[width - 1] + 2 * p[width] + p[width + 1] - p[-width - 1] - 2 * p[-width] - p[-width + 1];
      const float length = sqrtf((float)(gx * gx + gy * gy));
      out[y * width + x] = length > 255 ? 255 : (unsigned char)length;
    }
}

int main(int argc, char **argv) {
  const int w = size(argc, argv, 40, 2400), h = size(argc, argv, 30, 1600), times = size(argc, argv, 150000, 125);
  unsigned char *in = array(w * h, 1), *out = array(w * h, 1);
  for (int i = 0; i < w * h; i++)
    in[i] = random_bits();
  for (int t = 0; t < times; t++) {
    edges(in, out, w, h);
    in[t % (w * h)] = out[w + 1 + t % w];
  }
  report_bytes(out, w * h);
}
