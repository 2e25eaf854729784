// Loops before main and after it, when the libraries are being torn down.
// RUN: %runcheck %s launched=early:300 launched=late:600
#include "Inputs/show.h"
#include <stdlib.h>

int a[300], b[300];

__attribute__((noinline)) void early(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = i * i;
}
__attribute__((noinline)) void late(int *b, const int *a, int n) {
  for (int i = 0; i < n; i++)
    b[i] = a[n - 1 - i] * 3;
}
__attribute__((constructor)) static void before(void) { early(a, 300); }
__attribute__((destructor)) static void after(void) {
  late(b, a, 300);
  SHOW(b);
  fflush(stdout);
}

int main(void) {
  SHOW(a);
  late(b, a, 300);
  SHOW(b);
}
