// Shortest paths between all pairs (Floyd-Warshall).
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static void paths(int n, int *distance) {
  for (int k = 0; k < n; k++) {
#pragma omp parallel for
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++) {
        const int through = distance[i * n + k] + distance[k * n + j];
        if (through < distance[i * n + j])
          distance[i * n + j] = through;
      }
  }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 30, 700), times = size(argc, argv, 15000, 3);
  int *distance = array(n * n, sizeof *distance);
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < n * n; i++)
      distance[i] = i % (n + 1) ? 1 + random_bits() % 1000 : 0;
    paths(n, distance);
  }
  report_bytes((unsigned char *)distance, n * n * sizeof *distance);
}
