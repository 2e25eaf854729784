// k-means: assigning points is parallel, summing up the clusters is a scatter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

enum { CLUSTERS = 16, MOST = 8 };

static void assign(int n, int dims, const float *points, float centre[CLUSTERS][MOST], int *cluster) {
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
    float best = 1e30f;
    for (int c = 0; c < CLUSTERS; c++) {
      float distance = 0;
      for (int d = 0; d < dims; d++) {
        const float t = points[i * dims + d] - centre[c][d];
        distance += t * t;
      }
      if (distance < best)
        best = distance, cluster[i] = c;
    }
  }
}

static void update(int n, int dims, const float *points, float centre[CLUSTERS][MOST], const int *cluster) {
  int count[CLUSTERS] = {0};
  float sum[CLUSTERS][MOST] = {{0}};
  for (int i = 0; i < n; i++) {
    count[cluster[i]]++;
    for (int d = 0; d < dims; d++)
      sum[cluster[i]][d] += points[i * dims + d];
  }
  for (int c = 0; c < CLUSTERS; c++)
    for (int d = 0; d < dims && count[c]; d++)
      centre[c][d] = sum[c][d] / count[c];
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 100, 200000), dims = MOST, times = size(argc, argv, 60000, 24);
  float *points = array(n * dims, sizeof *points), centre[CLUSTERS][MOST];
  int *cluster = array(n, sizeof *cluster);
  for (int i = 0; i < n * dims; i++)
    points[i] = (float)uniform();
  memcpy(centre, points, sizeof centre);
  for (int t = 0; t < times; t++) {
    assign(n, dims, points, centre, cluster);
    update(n, dims, points, centre, cluster);
  }
  report_floats(&centre[0][0], CLUSTERS * MOST);
}
