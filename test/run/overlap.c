// The same function with arguments that overlap, which is seen at run time, and
// with arguments that do not.
// RUN: %runcheck %s launched=add:200 declined=add:dependent \
// RUN:   launched=transpose:100 declined=transpose:dependent \
// RUN:   launched=spread:66 declined=spread:dependent
#include "Inputs/show.h"

int a[200], b[200];

__attribute__((noinline)) void add(int *out, const int *x, const int *y, int n) {
  for (int i = 0; i < n; i++)
    out[i] = x[i] + y[i];
}
__attribute__((noinline)) void transpose(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      out[i * n + j] = in[j * n + i];
}
// Steps of s elements of three: with s < 3 they reach into each other.
__attribute__((noinline)) void spread(int *a, int n, int s) {
  for (int i = 0; i < n; i++) {
    a[i * s] += i;
    a[i * s + 1] += a[i * s];
    a[i * s + 2] *= 3;
  }
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(1000);
  add(b, a, a + 100, 100); // apart
  SHOW(b);
  add(a, a, a, 100); // each its own
  SHOW(a);
  add(a + 1, a, b, 100); // one behind
  SHOW(a);
  add(a, a + 1, b, 100); // one ahead
  SHOW(a);
  add(b + 50, a, b, 99); // the last half meets the first
  SHOW(b);
  transpose(b, a, 10);
  SHOW(b);
  transpose(a, a, 10);
  SHOW(a);
  spread(a, 66, 3);
  SHOW(a);
  spread(a, 66, 2);
  SHOW(a);
  spread(a, 100, 0);
  SHOW(a);
}
