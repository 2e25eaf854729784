// Attention: scores, softmax and weighted sums for every position.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

static void attend(int n, int width, const float *q, const float *k, const float *v, float *scores, float *out) {
#pragma omp parallel for
  for (int t = 0; t < n; t++) {
    float *s = scores + t * n, most = -1e30f, sum = 0;
    for (int u = 0; u <= t; u++) {
      float score = 0;
      for (int i = 0; i < width; i++)
        score += q[t * width + i] * k[u * width + i];
      s[u] = score / 8;
      if (s[u] > most)
        most = s[u];
    }
    for (int u = 0; u <= t; u++)
      s[u] = expf(s[u] - most), sum += s[u];
    for (int i = 0; i < width; i++)
      out[t * width + i] = 0;
    for (int u = 0; u <= t; u++)
      for (int i = 0; i < width; i++)
        out[t * width + i] += s[u] / sum * v[u * width + i];
  }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 10, 1200), width = 64, times = size(argc, argv, 60000, 16);
  float *q = array(n * width, sizeof *q), *k = array(n * width, sizeof *k), *v = array(n * width, sizeof *v);
  float *scores = array(n * n, sizeof *scores), *out = array(n * width, sizeof *out);
  for (int i = 0; i < n * width; i++)
    q[i] = (float)uniform(), k[i] = (float)uniform(), v[i] = (float)uniform();
  for (int t = 0; t < times; t++) {
    attend(n, width, q, k, v, scores, out);
    q[t % n] = out[t % n];
  }
  report_floats(out, n * width);
}
