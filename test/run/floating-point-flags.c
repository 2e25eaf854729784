// Flags are sticky: those from before stay, each kind comes from any worker.
// RUN: %runcheck %s launched=divide:200 launched=convert:100
#include "Inputs/show.h"
#include <fenv.h>

double a[100], b[100];
int c[100];

__attribute__((noinline)) void divide(double *out, const double *x, const double *y, int n) {
  for (int i = 0; i < n; i++)
    out[i] = x[i] / y[i];
}
__attribute__((noinline)) void convert(int *out, const double *x, int n) {
  for (int i = 0; i < n; i++)
    out[i] = (int)x[i];
}

int main(void) {
  for (int i = 0; i < 100; i++)
    a[i] = 8 * i, b[i] = 4;
  feclearexcept(FE_ALL_EXCEPT);
  feraiseexcept(FE_UNDERFLOW);
  b[99] = 0; // divide by zero, by the last worker
  divide(b, a, b, 100);
  printf("%x\n", fetestexcept(FE_ALL_EXCEPT));
  feclearexcept(FE_ALL_EXCEPT);
  a[0] = b[0] = 0; // invalid, by the first one
  divide(a, a, b, 100);
  printf("%x\n", fetestexcept(FE_ALL_EXCEPT));
  feclearexcept(FE_ALL_EXCEPT);
  b[0] = b[99] = 2;
  b[40] = 1.5;
  convert(c, b, 100);
  printf("%x\n", fetestexcept(FE_ALL_EXCEPT));
  SHOW(c);
}
