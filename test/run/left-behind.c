// What one loop leaves behind, the next one begins with: its counter, or what was made
// of it. The first loop's site jumps over where that would have come from.
// RUN: %runcheck %s launched=carried:300 launched=steps:100
#include "Inputs/show.h"

int a[4000], b[4000];

__attribute__((noinline)) void carried(int *a, int *b, int lo, int hi, long w) {
  long c = 0;
  for (long k = lo; k < hi; k++) {
    a[k] += b[c];
    c = k * w;
  }
  for (long k = lo; k < hi; k++) {
    b[k] += a[c];
    c = k * w + 1;
  }
  for (long k = lo; k < hi; k++) {
    a[k] += b[c];
    c = k;
  }
}
__attribute__((noinline)) void steps(int *a, int n, int m) {
  int i, k;
  for (i = 0; i < n; i += 3)
    a[i] = i;
  for (k = i; k < m; k++)
    a[k] += k;
  for (unsigned short j = n; j < m; j += 2)
    a[j + k] += j;
}
int main(void) {
  for (int i = 0; i < 4000; i++)
    b[i] = i * 7 % 1001, a[i] = i;
  carried(a, b + 1000, 5, 305, 3);
  steps(a, 300, 900);
  SHOW(a);
  SHOW(b);
}
