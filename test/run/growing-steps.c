// Counters whose step grows: columns of packed triangles.
// RUN: %runcheck %s launched=column launched=walks launched=wide launched=two launched=last \
// RUN:   declined=stands:wrap declined=shrinks:wrap declined=short_step:wrap \
// RUN:   declined=meets:dependent declined=pairs:dependent
#include "Inputs/show.h"

enum { N = 60, SIZE = 6000 };
float packed[SIZE], column_of[N * 4];
int a[SIZE], b[SIZE];

// TSVC s141: the rows of column `from` of a lower triangle.
__attribute__((noinline)) void column(int from, int n, float *to, const float *x) {
  int k = (from + 1) * from / 2 + from;
  for (int j = from; j < n; j++) {
    to[k] += x[j];
    k += j + 1;
  }
}

__attribute__((noinline)) void walks(int n, int *to, const int *x) {
  for (int j = 0; j < n; j++, to += j)
    *to ^= x[j];
}

__attribute__((noinline)) void wide(long n, int *to, const int *x) {
  unsigned long k = 5;
  for (long j = 0; j < n; j++, k += 3 * j + 7)
    to[k] = x[j] + j;
}

// Each iteration touches two elements, and the first step is one.
__attribute__((noinline)) void pairs(unsigned n, int *to, const int *x) {
  unsigned k = 0;
  for (unsigned j = 0; j < n; j++, k += j + 1) {
    to[k] += x[j];
    to[k + 1] -= x[j + 1];
  }
}

// Read elsewhere, at two places.
__attribute__((noinline)) void two(int n, int *to, const int *x) {
  int k = 0, l = 0;
  for (int j = 0; j < n; j++) {
    to[k] = x[l] * 3 - x[l + 1];
    k += j + 2;
    l += 2 * j + 1;
  }
}

__attribute__((noinline)) int last(int n, int *to, const int *x) {
  int k = 0;
  for (int j = 0; j < n; j++) {
    to[k] = x[j];
    k += j + 1;
  }
  return k;
}

// The first step is none.
__attribute__((noinline)) void stands(int n, int *to, const int *x) {
  int k = 7;
  for (int j = 0; j < n; j++) {
    to[k] += x[j];
    k += j;
  }
}

__attribute__((noinline)) void shrinks(int n, int *to, const int *x) {
  int k = 7;
  for (int j = 0; j < n; j++) {
    to[k] += x[j];
    k += 40 - j;
  }
}

// Less than an element.
__attribute__((noinline)) void short_step(int n, char *to, const int *x) {
  int k = 0;
  for (int j = 0; j < n; j++) {
    __builtin_memcpy(to + k, x + j, 4);
    k += j + 1;
  }
}

__attribute__((noinline)) void meets(int n, int *to, const int *x) {
  int k = 0;
  for (int j = 0; j < n; j++) {
    to[k] = x[j] * 2;
    k += j + 1;
  }
}

int main(void) {
  for (int i = 0; i < SIZE; i++)
    packed[i] = i * 0.25f, a[i] = draw(1000), b[i] = draw(1000);
  for (int i = 0; i < N * 4; i++)
    column_of[i] = i;
  for (int from = 0; from < N; from += 19)
    column(from, N, packed, column_of);
  SHOW(packed);
  walks(N, a + 100, b);
  SHOW(a);
  wide(40, a, b);
  SHOW(a);
  pairs(N, a, b);
  SHOW(a);
  two(N, a, b);
  SHOW(a);
  printf("%d %d %d\n", last(N, a, b), last(0, a, b), last(-3, a, b));
  SHOW(a);
  stands(N, a, b);
  SHOW(a);
  shrinks(40, a, b);
  SHOW(a);
  short_step(N, (char *)a, b);
  SHOW(a);
  meets(N, a, a + 30);
  SHOW(a);
  return 0;
}
