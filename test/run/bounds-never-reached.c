// Bounds that the loop never comes near, SIZE_MAX for "no limit", bound nothing:
// such a nest must not be taken for one whose inner loop does not run.
// RUN: %runcheck %s declined=until_stop:wrap declined=at_most:dependent declined=either:dependent \
// RUN:   declined=clamped:wrap
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

__attribute__((noinline)) void until_stop(int *a, const char *stop, size_t s, size_t e, int n) {
  for (int i = 0; i < n; i++)
    for (size_t j = s; j != e; ++j) {
      if (stop[j])
        break;
      a[i + j] = a[i + j] * 3 + i;
    }
}

__attribute__((noinline)) void at_most(int *a, size_t x, size_t y, int n) {
  for (int i = 0; i < n; i++) {
    size_t j = 0, m = x < y ? x : y;
    do
      a[i + j] = a[i + j] * 3 + i;
    while (j++ < m);
  }
}

__attribute__((noinline)) void either(int *a, size_t x, size_t y, int n) {
  for (int i = 0; i < n; i++)
    for (size_t j = 0; j != x && j < y; ++j)
      a[i + j] = a[i + j] * 3 + i;
}

__attribute__((noinline)) void clamped(int *a, const long *x, long lo, long hi, int n) {
  for (int i = 0; i < n; i++) {
    long k = x[i];
    k = k < lo ? lo : k;
    k = k > hi ? hi : k;
    a[i + 100] += a[k];
  }
}

int main(void) {
  static int a[1000];
  static long x[1000];
  static char stop[30];
  unsigned sum = 0;
  stop[20] = 1;
  for (int i = 0; i < 1000; i++) {
    a[i] = i;
    x[i] = i < 10 ? i : i + 50;
  }
  until_stop(a, stop, 10, 9, 500);
  at_most(a, SIZE_MAX, 10, 500);
  either(a, (size_t)-3, 10, 500);
  clamped(a, x, LONG_MIN, LONG_MAX, 500);
  clamped(a, x, -(1L << 62), 1L << 62, 500);
  for (int i = 0; i < 1000; i++)
    sum = sum * 31 + (unsigned)a[i];
  printf("%u\n", sum);
}
