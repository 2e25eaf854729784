// Complex numbers: products with their check for infinities (a call of the
// compiler's library) and without it; sums and conjugates.
// RUN: %runcheck %s launched=conjugate:90 launched=add:90 launched=multiply:90
// RUN: %runcheck %s launched=conjugate:90 launched=multiply:90 -fcx-limited-range
#include "Inputs/show.h"
#include <complex.h>

double complex a[90], b[90];

__attribute__((noinline)) void conjugate(double complex *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = conj(a[i]) * 2.5;
}
__attribute__((noinline)) void add(double complex *a, const double complex *b, int n) {
  for (int i = 0; i < n; i++)
    a[i] += b[n - 1 - i] + I * i;
}
__attribute__((noinline)) void multiply(double complex *a, const double complex *b, int n) {
  for (int i = 0; i < n; i++)
    a[i] *= b[i];
}

int main(void) {
  for (int i = 0; i < 90; i++) {
    a[i] = draw(1000) / 7.0 + I * (draw(1000) / 9.0);
    b[i] = draw(1000) / 3.0 - I * draw(50);
  }
  conjugate(a, 90);
  add(a, b, 90);
  SHOW(a);
  multiply(a, b, 90);
  SHOW(a);
}
