// Inner loops that are not entered in some calls, with counts that are right only where
// they are: those calls have no iterations, and no kernel that counts to 2^62.
// RUN: %runcheck %s launched=thirds:1600 launched=narrow:4200 launched=least:1450 launched=bytes:1600
#include "Inputs/show.h"
#include <string.h>

int a[5000];

__attribute__((noinline)) void thirds(int *p, long n, int lo, int hi) {
  for (long i = 0; i < n; i++) {
    long k = lo;
    while (k < hi) {
      p[i * 100 + k] += 1;
      k += 3;
    }
  }
}
__attribute__((noinline)) void narrow(int *p, long n, unsigned lo, unsigned hi) {
  for (long i = 0; i < n; i++)
    for (unsigned k = lo; k < hi; k++)
      p[i * 100 + k] += 2;
}
__attribute__((noinline)) void least(int *p, long n, int lo, int hi, int most) {
  for (long i = 0; i < n; i++)
    for (long k = lo; k < hi && k < most; k += 3)
      p[i * 100 + k] += 4;
}
// No bytes cannot overlap, however often.
__attribute__((noinline)) void bytes(int *p, long n, int lo, int hi, size_t size) {
  for (long i = 0; i < n; i++) {
    long k = lo;
    while (k < hi) {
      memset(p + i * 100 + k, 8, size);
      k += 3;
    }
  }
}
int main(void) {
  thirds(a, 50, 9, 5);
  narrow(a, 50, 7, 5);
  least(a, 50, 9, 5, 50);
  bytes(a, 50, 9, 5, 0);
  thirds(a, 50, 5, 99);
  narrow(a, 50, 7, 91);
  least(a, 50, 3, 99, 90);
  bytes(a, 50, 5, 99, 4);
  SHOW(a);
}
