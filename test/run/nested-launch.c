// A worker that comes to a site of its own runs that loop itself.
// RUN: %runcheck %s launched=outer:50 declined=inner:nested
#include "Inputs/show.h"

int a[50];

__attribute__((noinline)) static int inner(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++)
    sum += (i * i ^ n) % 7;
  return sum;
}

__attribute__((noinline)) void outer(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += inner(a[i]);
}

int main(void) {
  for (int i = 0; i < 50; i++)
    a[i] = draw(1000);
  outer(a, 50);
  SHOW(a);
}
