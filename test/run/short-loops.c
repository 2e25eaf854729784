// Loops that run never or once are not divided; two iterations are.
// RUN: %runcheck %s launched=set:5 declined=set:short-trip launched=nest:11 \
// RUN:   declined=nest:short-trip \
// RUN:   launched=sum:2 declined=sum:short-trip
#include "Inputs/show.h"

int a[20];

__attribute__((noinline)) void set(int *a, int n) {
  int i = 0;
  do
    a[i] += 10 + i;
  while (++i < n);
}
__attribute__((noinline)) void nest(int *a, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      a[i * m + j] *= j + 2;
}
__attribute__((noinline)) int sum(const int *a, int n) {
  int s = 100;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}

int main(void) {
  int before = 1;
  set(a, 1);
  set(a, 0);
  set(a, 2);
  set(a, 3);
  nest(a, 0, 9);
  nest(a, 9, 0);
  nest(a, -1, -1);
  nest(a, 1, 1);
  nest(a, 1, 3);
  nest(a, 4, 1);
  nest(a, 2, 2);
  before += sum(a, 0) + 3 * sum(a, 1) + 7 * sum(a, 2) + 9 * sum(a, -3);
  printf("%d\n", before);
  SHOW(a);
}
