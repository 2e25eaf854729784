// Thirds are not exact.
#include <fenv.h>
#include <stdio.h>

static double a[1000];

__attribute__((noinline)) static void divide(double by) {
  for (int i = 0; i < 1000; i++)
    a[i] = i / by;
}

int main(void) {
  divide(3);
  printf("inexact %d %g\n", !!fetestexcept(FE_INEXACT), a[30]);
  return 0;
}
