// Separable blur of a picture with four bytes a pixel, borders clamped.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

enum { RADIUS = 4 };

static int clamp(int v, int most) { return v < 0 ? 0 : v > most ? most : v; }

static void rows(int w, int h, const uint8_t *in, uint8_t *out, const int *kernel) {
#pragma omp parallel for
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      for (int c = 0; c < 4; c++) {
        int sum = 1 << 15;
        for (int k = -RADIUS; k <= RADIUS; k++)
          sum += kernel[k + RADIUS] * in[(y * w + clamp(x + k, w - 1)) * 4 + c];
        out[(y * w + x) * 4 + c] = sum >> 16;
      }
}

static void columns(int w, int h, const uint8_t *in, uint8_t *out, const int *kernel) {
#pragma omp parallel for
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      for (int c = 0; c < 4; c++) {
        int sum = 1 << 15;
        for (int k = -RADIUS; k <= RADIUS; k++)
          sum += kernel[k + RADIUS] * in[(clamp(y + k, h - 1) * w + x) * 4 + c];
        out[(y * w + x) * 4 + c] = sum >> 16;
      }
}

int main(int argc, char **argv) {
  const int w = size(argc, argv, 20, 1200), h = size(argc, argv, 16, 800), times = size(argc, argv, 32000, 32);
  const int kernel[2 * RADIUS + 1] = {1000, 3500, 8200, 13000, 14136, 13000, 8200, 3500, 1000};
  uint8_t *a = array(w * h, 4), *b = array(w * h, 4);
  for (int i = 0; i < w * h * 4; i++)
    a[i] = random_bits();
  for (int t = 0; t < times; t++) {
    rows(w, h, a, b, kernel);
    columns(w, h, b, a, kernel);
  }
  report_bytes(a, w * h * 4);
}
