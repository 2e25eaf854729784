// Longest common subsequence by dynamic programming. Each cell needs its left,
// upper and diagonal neighbour: nothing here is parallel as it stands.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static int longest(const char *a, int n, const char *b, int m, int *row) {
  memset(row, 0, (m + 1) * sizeof *row);
  for (int i = 0; i < n; i++) {
    int diagonal = 0;
    for (int j = 0; j < m; j++) {
      const int above = row[j + 1];
      row[j + 1] = a[i] == b[j] ? diagonal + 1 : above > row[j] ? above : row[j];
      diagonal = above;
    }
  }
  return row[m];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 30, 15000), times = size(argc, argv, 250000, 1);
  char *a = array(n, 1), *b = array(n, 1);
  int *row = array(n + 1, sizeof *row);
  for (int i = 0; i < n; i++)
    a[i] = "ACGT"[random_bits() % 4], b[i] = "ACGT"[random_bits() % 4];
  long sum = 0;
  for (int t = 0; t < times; t++) {
    sum += longest(a, n, b, n, row);
    a[t % n] = "ACGT"[t % 4];
  }
  report(sum, row, n * sizeof *row);
}
