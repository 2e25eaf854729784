// Prefix sums and a filter that keeps what is large: both carry a value along.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static long prefix(int n, const int *a, long *sum) {
  long total = 0;
  for (int i = 0; i < n; i++)
    sum[i] = total += a[i];
  return total;
}

static int keep(int n, const int *a, int least, int *kept) {
  int count = 0;
  for (int i = 0; i < n; i++)
    if (a[i] > least)
      kept[count++] = a[i];
  return count;
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 500, 5000000), times = size(argc, argv, 400000, 45);
  int *a = array(n, sizeof *a), *kept = array(n, sizeof *kept);
  long *sum = array(n, sizeof *sum), all = 0;
  for (int i = 0; i < n; i++)
    a[i] = random_bits() >> 8;
  for (int t = 0; t < times; t++) {
    all += prefix(n, a, sum);
    all += keep(n, a, 1 << 23, kept);
    a[t % n] = t;
  }
  report(all, sum, n * sizeof *sum);
}
