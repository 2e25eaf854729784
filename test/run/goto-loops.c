// Loops made of goto are loops.
// RUN: %runcheck %s launched=simple:200 launched=nested launched=middle
#include "Inputs/show.h"

int a[200];

__attribute__((noinline)) void simple(int *a, int n) {
  int i = 0;
again:
  a[i] = a[i] * 3 + i;
  if (++i < n)
    goto again;
}
__attribute__((noinline)) void nested(int *a, int n, int m) {
  int i = 0, j;
outer:
  j = 0;
inner:
  a[i * m + j] ^= i + j;
  if (++j < m)
    goto inner;
  if (++i < n)
    goto outer;
}
// Entered at its test.
__attribute__((noinline)) void middle(int *a, int n) {
  int i = 0;
  goto test;
body:
  if (a[i] & 1)
    goto next;
  a[i] /= 2;
next:
  i++;
test:
  if (i < n)
    goto body;
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(1000);
  simple(a, 200);
  SHOW(a);
  nested(a, 20, 10);
  SHOW(a);
  middle(a, 200);
  SHOW(a);
}
