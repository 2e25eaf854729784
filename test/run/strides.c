// Counting down, in steps, along columns, and with a step only known here.
// RUN: %runcheck %s launched=down:200 launched=step:67 launched=by:50 \
// RUN:   launched=columns:200 launched=mirror:200 launched=backwards:67
#include "Inputs/show.h"

int a[200], b[200];

__attribute__((noinline)) void down(int *out, const int *in, int n) {
  for (int i = n - 1; i >= 0; i--)
    out[i] = in[i] * 7 - i;
}
__attribute__((noinline)) void step(int *out, const int *in, int n) {
  for (int i = 0; i < n; i += 3)
    out[i] = in[n - 1 - i];
}
__attribute__((noinline)) void by(int *out, const int *in, int n, int s) {
  for (int i = 0; i < n; i++)
    out[i * s] -= in[i * s + 1];
}
__attribute__((noinline)) void columns(int *out, const int *in, int n, int m) {
  for (int j = 0; j < m; j++)
    for (int i = 0; i < n; i++)
      out[i * m + j] ^= in[j * n + i];
}
__attribute__((noinline)) void mirror(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    out[n - 1 - i] = in[i];
}
__attribute__((noinline)) void backwards(int *end, int n) {
  for (int *p = end; n > 0; n -= 3, p -= 3)
    p[-1] = p[-2] + n;
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(100000);
  down(b, a, 200);
  SHOW(b);
  step(b, a, 200);
  SHOW(b);
  by(b, b, 50, 4);
  SHOW(b);
  columns(b, a, 10, 20);
  SHOW(b);
  mirror(b, a, 200);
  SHOW(b);
  backwards(b + 200, 199);
  SHOW(b);
}
