// Where the outer loop turns out dependent, loops inside of it launch by
// themselves; where it does not, it launches whole.
// RUN: %runcheck %s declined=sweep:dependent launched=sweep launched=steps:600 \
// RUN:   refused=steps:same-location
#include "Inputs/show.h"

int a[30 * 30], b[30 * 30];

__attribute__((noinline)) void sweep(int *to, const int *from, int n, int m) {
  for (int i = 1; i < n; i++)
    for (int j = 0; j < m; j++)
      to[i * m + j] += 3 * from[(i - 1) * m + j];
}
// Certain when compiled: only the inner loop has a site.
__attribute__((noinline)) void steps(int *a, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      a[j] = a[j] * 3 + i;
}

int main(void) {
  for (int i = 0; i < 900; i++)
    a[i] = draw(1000);
  sweep(b, a, 30, 30);
  SHOW(b);
  sweep(a, a, 30, 30);
  SHOW(a);
  steps(a, 20, 30);
  SHOW(a);
}
