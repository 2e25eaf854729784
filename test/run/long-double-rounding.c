// The x87 unit has settings and flags of its own: workers round long doubles as the
// caller does, and what they raise in it is raised in the caller.
// RUN: %runcheck %s launched=third:800
#include <fenv.h>
#include <stdio.h>

long double a[200];

__attribute__((noinline)) void third(long double *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] /= 3;
}

int main(void) {
  static const int modes[] = {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO, FE_TONEAREST};
  for (int m = 0; m < 4; m++) {
    for (int i = 0; i < 200; i++)
      a[i] = 3 * i;
    a[m ? 199 : 0] += m; // the last one is inexact
    feclearexcept(FE_ALL_EXCEPT);
    fesetround(modes[m]);
    third(a, 200);
    fesetround(FE_TONEAREST);
    printf("%d %x %La %La\n", m, fetestexcept(FE_ALL_EXCEPT), a[100], a[199]);
  }
}
