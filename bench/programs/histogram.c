// Counts values, then equalises a picture with them. The counting is not
// parallel as it stands: two pixels may meet in one counter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void equalise(size_t n, unsigned char *picture) {
  unsigned count[256] = {0};
#pragma omp parallel for reduction(+ : count[:256])
  for (size_t i = 0; i < n; i++)
    count[picture[i]]++;
  unsigned char map[256];
  for (size_t v = 0, sum = 0; v < 256; v++) {
    sum += count[v];
    map[v] = sum * 255 / n;
  }
#pragma omp parallel for
  for (size_t i = 0; i < n; i++)
    picture[i] = map[picture[i]];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 1000, 4000000), times = size(argc, argv, 160000, 160);
  unsigned char *picture = array(n, 1);
  for (int i = 0; i < n; i++)
    picture[i] = random_bits() & random_bits();
  for (int t = 0; t < times; t++) {
    equalise(n, picture);
    picture[t % n] ^= t;
  }
  report_bytes(picture, n);
}
