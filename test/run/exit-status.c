// A program that calls exit after its launches ends as it did before.
// RUN: %runcheck %s launched=fill:1000
#include "Inputs/show.h"
#include <stdlib.h>

int a[1000];

__attribute__((noinline)) void fill(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = i * i;
}
static void last(void) { puts("goodbye"); }

int main(void) {
  atexit(last);
  fill(a, 1000);
  SHOW(a);
  exit(a[3] + 33);
}
