// The inner loop of a nest runs by the worker of the whole, where the whole
// must not.
// RUN: %runcheck %s declined=shift:dependent launched=shift:1950 \
// RUN:   declined=cube:dependent launched=cube:12000 \
// RUN:   declined=reload:dependent launched=reload:36000
#include <stdio.h>
#include <stdlib.h>

enum { N = 40, M = 300 };
static volatile int rows = N, planes = 4;

// down = M: each row is made of the one above.
__attribute__((noinline)) static void shift(double *to, const double *from, int n, int m, int first) {
  for (int i = first; i < n; i += 3)
    for (int j = 1; j < m; j += 2)
      to[i * m + j] = from[i * m + j] * 0.5 + i * j;
}

// Three deep: the two inner loops are left, then one.
__attribute__((noinline)) static void cube(long *to, const long *from, int n, int m, int d) {
  for (int i = n - 1; i >= 0; --i)
    for (int j = 0; j < m; ++j)
      for (int k = 0; k < d; ++k)
        to[(i * m + j) * d + k] = from[(i * m + j) * d + k] * 3 + i + 10 * j + 100 * k;
}

// What stands before the inner loop is read once, and not by each thread: the
// loop writes it.
__attribute__((noinline)) static void reload(long *to, const long *from, int n, int m) {
  for (int i = 0; i < n; ++i) {
    const long x = from[i * m];
    for (int j = 0; j < m; ++j)
      to[i * m + j] = x + j + 1;
  }
}

static long sum(const void *data, size_t size) {
  const unsigned char *p = data;
  unsigned long s = 0;
  for (size_t i = 0; i < size; ++i)
    s = s * 31 + p[i];
  return (long)(s >> 1);
}

int main(void) {
  double *a = calloc(2 * N * M, sizeof *a);
  long *b = calloc(2 * N * M, sizeof *b);
  for (int i = 0; i < 2 * N * M; ++i)
    a[i] = i % 17, b[i] = i % 23;
  shift(a + N * M, a, rows, M, 1);
  shift(a + 3 * M, a, rows, M, 1); // a row is made of an earlier one
  printf("%ld\n", sum(a, 2 * N * M * sizeof *a));
  cube(b + N * M, b, planes, rows, M / 4);
  cube(b + N * M / 4, b, planes, rows, M / 4);         // planes
  cube(b + M / 4, b, planes, rows, M / 4);             // rows
  printf("%ld\n", sum(b, 2 * N * M * sizeof *b));
  reload(b, b, rows, M);
  reload(b + M, b, rows, M);
  reload(b + 5, b, rows, M);
  printf("%ld\n", sum(b, 2 * N * M * sizeof *b));
  return 0;
}
