// A sorting network: every stage compares pairs that do not touch each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void sort(int *a, int n) {
  for (int k = 2; k <= n; k *= 2)
    for (int j = k / 2; j > 0; j /= 2) {
#pragma omp parallel for
      for (int block = 0; block < n; block += 2 * j)
        for (int i = block; i < block + j; i++) {
          const int x = a[i], y = a[i + j], low = x < y ? x : y, high = x < y ? y : x;
          const int down = (i & k) != 0;
          a[i] = down ? high : low;
          a[i + j] = down ? low : high;
        }
    }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 256, 1 << 20), times = size(argc, argv, 32000, 6);
  int *a = array(n, sizeof *a);
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < n; i++)
      a[i] = random_bits() >> 1;
    sort(a, n);
  }
  report_bytes((unsigned char *)a, n * sizeof *a);
}
