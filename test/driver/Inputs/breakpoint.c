// The function that breakpoint.gdb stops in: line 9.
#include <stdio.h>

static double a[100000];

__attribute__((noinline)) void square(double *data, double factor, int n) {
  for (int i = 0; i < n; i++) {
    double x = data[i] + i;
    data[i] = x * x * factor;
  }
}

int main(void) {
  square(a, 3, 100000);
  printf("%g\n", a[99999]);
  return 0;
}
