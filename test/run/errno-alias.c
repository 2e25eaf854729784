// A loop that reads errno, by name or through a pointer, stays where it is,
// whether it may set errno or not.
// RUN: %runcheck %s declined=roots:errno-alias launched=roots:10 \
// RUN:   declined=by_name:errno-alias declined=by_pointer:errno-alias launched=by_pointer:100
#include <errno.h>
#include <math.h>
#include <stdio.h>

__attribute__((noinline)) void roots(double *to, const double *from, const int *bias, int n) {
  for (int i = 0; i < n; i++)
    to[i] = sqrt(from[i]) + *bias;
}

__attribute__((noinline)) void by_name(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = errno + i;
}

__attribute__((noinline)) void by_pointer(int *a, const int *from, int n) {
  for (int i = 0; i < n; i++)
    a[i] = *from * i;
}

int main(void) {
  static int a[100], b[100];
  static double in[10] = {1, 4, 9, 16, -1}, out[10];
  int bias = 100;
  roots(out, in, &bias, 10);
  printf("%d %g\n", errno, out[9]);
  errno = 7;
  roots(out, in, &errno, 10);
  printf("%d %g %g\n", errno, out[3], out[9]);
  errno = 5;
  by_name(a, 100);
  by_pointer(b, &errno, 100);
  printf("%d %d %d\n", errno, a[99], b[99]);
  by_pointer(b, &bias, 100);
  printf("%d\n", b[99]);
}
