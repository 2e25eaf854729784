#include <errno.h>
#include <math.h>
#include <stdio.h>

__attribute__((noinline)) static void roots(double *restrict a, const double *restrict b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = sqrt(b[i]);
}

int main(void) {
  double a[100], b[100];
  for (int i = 0; i < 100; i++)
    b[i] = 9;
  for (int round = 0; round < 2; round++) {
    errno = 7;
    roots(a, b, 100);
    printf("%d: %f errno %d\n", round, a[60], errno);
    b[60] = -2;
  }
}
