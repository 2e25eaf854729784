// long double (ten bytes of sixteen are written) and 128-bit integers; a sum of
// the latter is exact in any order.
// RUN: %runcheck %s launched=scale:100 launched=multiply:200 launched=sum:100 \
// RUN:   refused=total:recurrence
#include "Inputs/show.h"

long double a[100];
unsigned __int128 b[100];

__attribute__((noinline)) void scale(long double *a, int n, long double by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + i / 3.0L;
}
__attribute__((noinline)) void multiply(unsigned __int128 *b, int n) {
  for (int i = 0; i < n; i++)
    b[i] = b[i] * b[i] * 0x9e3779b97f4a7c15u + (b[i] >> 61) + b[i] / 77;
}
__attribute__((noinline)) unsigned __int128 sum(const unsigned __int128 *b, int n) {
  unsigned __int128 s = 1;
  for (int i = 0; i < n; i++)
    s += b[i];
  return s;
}
__attribute__((noinline)) long double total(const long double *a, int n) {
  long double s = 0;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}

int main(void) {
  for (int i = 0; i < 100; i++)
    a[i] = b[i] = draw(1000000);
  scale(a, 100, 1.1L);
  SHOW(a);
  multiply(b, 100);
  multiply(b, 100);
  SHOW(b);
  unsigned __int128 s = sum(b, 100);
  SHOW(s);
  printf("%La\n", total(a, 100));
}
