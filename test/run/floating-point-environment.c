// Workers round as the caller does, and the flags that they raise are raised in
// the caller, and no others.
// RUN: %runcheck %s launched=thirds:800 launched=scale:200
#include "Inputs/show.h"
#include <fenv.h>

double a[200];
float b[200];

__attribute__((noinline)) void thirds(double *a, const float *b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = 1.0 / 3 * b[i] + a[i] / 7;
}
__attribute__((noinline)) void scale(float *b, int n, float by) {
  for (int i = 0; i < n; i++)
    b[i] *= by;
}

int main(void) {
  static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
  for (int i = 0; i < 200; i++)
    b[i] = 1 + draw(1000);
  feclearexcept(FE_ALL_EXCEPT);
  scale(b, 200, 2); // exact
  printf("%x\n", fetestexcept(FE_ALL_EXCEPT));
  for (int m = 0; m < 4; m++) {
    fesetround(modes[m]);
    thirds(a, b, 200);
    fesetround(FE_TONEAREST);
    printf("%x\n", fetestexcept(FE_ALL_EXCEPT));
    SHOW(a);
  }
}
