// The types of pointers say nothing: ints and floats may be the same memory.
// RUN: %runcheck %s launched=convert:60 declined=convert:dependent -fno-strict-aliasing
#include "Inputs/show.h"

int a[160];

__attribute__((noinline)) void convert(float *to, const int *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = from[i] * 0.5f;
}

int main(void) {
  for (int i = 0; i < 160; i++)
    a[i] = draw(1000);
  convert((float *)a + 70, a, 60); // apart
  SHOW(a);
  convert((float *)a, a + 3, 60);
  SHOW(a);
  convert((float *)a + 2, a, 60);
  SHOW(a);
}
