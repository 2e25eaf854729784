// Tiny loops in hot functions: vectors of a few elements, matrices of 4 x 4.
// A twin in OpenMP would be slower: there is none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

__attribute__((noinline)) static void multiply(const float *m, const float *v, float *out, int n) {
  for (int i = 0; i < n; i++) {
    float sum = 0;
    for (int k = 0; k < n; k++)
      sum += m[i * n + k] * v[k];
    out[i] = sum;
  }
}

__attribute__((noinline)) static void scale(float *v, int n, float by) {
  for (int i = 0; i < n; i++)
    v[i] *= by;
}

__attribute__((noinline)) static int count(const unsigned char *s, int n) {
  int ones = 0;
  for (int i = 0; i < n; i++)
    ones += s[i] & 1;
  return ones;
}

int main(int argc, char **argv) {
  const int times = size(argc, argv, 8000000, 20000000);
  float m[16], v[4] = {1, 2, 3, 4}, w[4];
  unsigned char text[16];
  long ones = 0;
  for (int i = 0; i < 16; i++)
    m[i] = (float)uniform(), text[i] = random_bits();
  for (int t = 0; t < times; t++) {
    multiply(m, v, w, 4);
    scale(w, 4, 1 / (w[0] + w[1]));
    memcpy(v, w, sizeof v);
    text[t & 15] += t;
    ones += count(text, 1 + (t & 15));
  }
  report(ones, v, sizeof v);
}
