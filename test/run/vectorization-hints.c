// Hints for the vectoriser say nothing about threads: a loop that a vector unit
// may run, reading ahead of what it writes, has an order all the same. Such
// loops are offloaded where they prove independent, and not otherwise.
// RUN: %runcheck %s -fopenmp-simd launched=simd_apart:150 launched=safe_apart:150 \
// RUN:   refused=simd_ahead:dependent refused=safe_ahead:dependent \
// RUN:   declined=simd_shifted:dependent declined=safe_shifted:dependent \
// RUN:   launched=simd_sum:150 launched=simd_rows launched=simd_indirect:150
#include "Inputs/show.h"

#define NOINLINE __attribute__((noinline))

int a[200], b[200], at[200];
double m[20][16];

NOINLINE void simd_apart(int *a, const int *b, int n) {
#pragma omp simd
  for (int i = 0; i < n; i++)
    a[i] += b[i] * 3;
}
NOINLINE void safe_apart(int *a, const int *b, int n) {
#pragma clang loop vectorize(assume_safety)
  for (int i = 0; i < n; i++)
    a[i] ^= b[i];
}
NOINLINE void simd_ahead(int *a, int n) {
#pragma omp simd
  for (int i = 0; i < n; i++)
    a[i] = a[i + 1] + i;
}
NOINLINE void safe_ahead(int *a, int n) {
#pragma clang loop vectorize(assume_safety)
  for (int i = 0; i < n; i++)
    a[i] = a[i + 1] - i;
}
NOINLINE void simd_shifted(int *to, const int *from, int n) {
#pragma omp simd
  for (int i = 0; i < n; i++)
    to[i] = from[i] + i;
}
NOINLINE void safe_shifted(int *to, const int *from, int n) {
#pragma clang loop vectorize(assume_safety)
  for (int i = 0; i < n; i++)
    to[i] = from[i] + i;
}
NOINLINE int simd_sum(const int *a, int n) {
  int s = 0;
#pragma omp simd reduction(+ : s)
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}
NOINLINE void simd_rows(int n, double m[n][16]) {
  for (int i = 0; i < n; i++)
#pragma omp simd
    for (int j = 0; j < 15; j++)
      m[i][j] = m[i][j + 1] * 0.5 + i;
}
// Indices that are all different, as the runtime finds.
NOINLINE void simd_indirect(int *a, const int *at, int n) {
#pragma omp simd
  for (int i = 0; i < n; i++)
    a[at[i]] += i;
}

int main(void) {
  for (int i = 0; i < 200; i++) {
    a[i] = draw(1000);
    b[i] = draw(1000);
    at[i] = i * 7 % 200;
  }
  for (int i = 0; i < 20 * 16; i++)
    m[i / 16][i % 16] = draw(1000);
  simd_apart(a, b, 150);
  safe_apart(a, b, 150);
  SHOW(a);
  simd_ahead(a, 150);
  safe_ahead(a, 150);
  SHOW(a);
  simd_shifted(a, a + 1, 150);
  safe_shifted(b, b + 1, 150);
  SHOW(a);
  SHOW(b);
  printf("%d\n", simd_sum(a, 150));
  simd_rows(20, m);
  SHOW(m);
  simd_indirect(a, at, 150);
  SHOW(a);
}
