// restrict changes nothing but what the optimiser may do before.
// RUN: %runcheck %s launched=axpy:300 launched=gather_rows:20 launched=inlined:300
#include "Inputs/show.h"

float a[300], b[300], c[300];

__attribute__((noinline)) void axpy(float *restrict y, const float *restrict x, float f, int n) {
  for (int i = 0; i < n; i++)
    y[i] += f * x[i];
}
__attribute__((noinline)) void gather_rows(float *restrict y, const float *restrict x,
                                           int n, int m) {
  for (int i = 0; i < n; i++) {
    y[i] = 0;
    for (int j = 0; j < m; j++)
      y[i] += x[i * m + j];
  }
}
static void blend(float *restrict z, const float *restrict x, const float *restrict y, int n) {
  for (int i = 0; i < n; i++)
    z[i] = x[i] * 0.3f + y[i] * 0.7f;
}
__attribute__((noinline)) void inlined(float *z, float *x, float *y, int n) {
  blend(z, x, y, n);
}

int main(void) {
  for (int i = 0; i < 300; i++)
    a[i] = draw(1000) / 7.0f;
  axpy(b, a, 0.3f, 300);
  SHOW(b);
  gather_rows(c, b, 20, 15);
  SHOW(c);
  inlined(c, a, b, 300);
  SHOW(c);
}
