// Counters whose steps are larger than one or known only at run time, in types
// that may wrap: launched if they do not, declined where they would.
// RUN: %runcheck %s launched=leaps launched=from launched=down launched=up_to \
// RUN:   launched=by_step declined=leaps:wrap declined=by_step:short-trip \
// RUN:   launched=butterflies:2304
#include <limits.h>
#include <stdio.h>

enum { LEAP = 1000003 };

__attribute__((noinline)) unsigned leaps(unsigned start, unsigned n) {
  unsigned sum = 0;
  for (unsigned i = start; i < n; i += LEAP)
    sum += i % 7 * 5;
  return sum;
}

__attribute__((noinline)) void from(int *a, unsigned start, unsigned n) {
  for (unsigned i = start; i < n; i += 3)
    a[i] = ~a[i];
}

__attribute__((noinline)) void down(int *a, unsigned start) {
  for (unsigned i = start; i > 4; i -= 3)
    a[i] += (int)i;
}

__attribute__((noinline)) void up_to(int *a, unsigned n) {
  for (unsigned i = 1; i <= n; i += 5)
    a[i] += (int)i;
}

__attribute__((noinline)) void by_step(int *a, size_t n, size_t step) {
  for (size_t i = 0; i < n; i += step)
    a[i] += (int)i;
}

__attribute__((noinline)) void butterflies(double *re, int n, int length) {
  for (int i = 0; i < n; i += length)
    for (int j = 0; j < length / 2; j++) {
      double u = re[i + j], v = re[i + j + length / 2];
      re[i + j] = u + v;
      re[i + j + length / 2] = u - v;
    }
}

int main(void) {
  static int a[1000];
  static double re[512];
  unsigned sum = 0;
  for (int i = 0; i < 512; i++)
    re[i] = i * 0.5;
  from(a, 7, 990);
  from(a, 7, 0);
  down(a, 901);
  down(a, 4);
  up_to(a, 777);
  by_step(a, 900, 7);
  by_step(a, 1, 100);
  by_step(a, 0, 5);
  for (int length = 2; length <= 512; length *= 2)
    butterflies(re, 512, length);
  sum += leaps(5, 900000000);
  sum += leaps(UINT_MAX - 1 - 3 * LEAP, UINT_MAX - 1); // UINT_MAX - 1 itself ends it
  sum += leaps(UINT_MAX - LEAP / 2 - 1 - 3 * LEAP, UINT_MAX - LEAP / 2); // passes zero once
  for (int i = 0; i < 1000; i++)
    sum = sum * 31 + (unsigned)a[i];
  printf("%u %g %g\n", sum, re[0], re[511]);
}
