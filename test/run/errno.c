// errno is what the last failing iteration leaves, and stays what it was where
// none fails.
// RUN: %runcheck %s launched=roots:800 launched=mixed:300 launched=rows:15
// RUN: %runcheck %s launched=roots:800 launched=mixed:300 -fno-math-errno
#include "Inputs/show.h"
#include <errno.h>
#include <math.h>

double a[200], b[200];

__attribute__((noinline)) void roots(double *out, const double *in, int n) {
  for (int i = 0; i < n; i++)
    out[i] = sqrt(in[i]);
}
// sqrt(-1) is EDOM, log(0) is ERANGE: the later one counts.
__attribute__((noinline)) void mixed(double *out, const double *in, int n) {
  for (int i = 0; i < n; i++)
    out[i] = in[i] < 0.5 ? log(in[i]) : sqrt(in[i] - 10);
}
__attribute__((noinline)) void rows(double *out, const double *in, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      out[i * m + j] = exp(in[i * m + j] * (j == 7 ? 1000 : -1000));
}

static void report(void) {
  printf("%d\n", errno);
  SHOW(b);
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = 20 + draw(1000);
  errno = 77;
  roots(b, a, 200); // none fails
  report();
  a[0] = -1;
  errno = 77;
  roots(b, a, 200); // the first
  report();
  a[199] = -4;
  errno = 0;
  roots(b, a, 200);
  report();
  a[0] = a[199] = 4;
  a[99] = -4;
  errno = 77;
  roots(b, a, 200);
  report();
  for (int last = 0; last < 2; last++) {
    a[20] = last ? 5 : 0;
    a[120] = last ? 0 : 5;
    a[99] = a[0] = a[199] = 20;
    errno = 78;
    mixed(b, a, 150);
    report();
  }
  errno = 0;
  rows(b, a, 15, 13);
  report();
}
