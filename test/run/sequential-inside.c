// Loops inside an iteration keep their order: a matrix product in strict
// floating point, and a running sum along each row.
// RUN: %runcheck %s launched=product:323 launched=running:17
#include "Inputs/show.h"

double a[17 * 23], b[23 * 19], c[17 * 19];

__attribute__((noinline)) void product(double *c, const double *a, const double *b,
                                       int n, int l, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) {
      double sum = 0.1;
      for (int k = 0; k < l; k++)
        sum += a[i * l + k] * b[k * m + j];
      c[i * m + j] = sum;
    }
}

__attribute__((noinline)) void running(double *a, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 1; j < m; j++)
      a[i * m + j] += a[i * m + j - 1];
}

int main(void) {
  for (int i = 0; i < 17 * 23; i++)
    a[i] = draw(1000) / 7.0;
  for (int i = 0; i < 23 * 19; i++)
    b[i] = draw(1000) / 11.0 - 30;
  product(c, a, b, 17, 23, 19);
  SHOW(c);
  running(a, 17, 23);
  SHOW(a);
}
