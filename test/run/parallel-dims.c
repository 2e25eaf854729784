// A nest is divided along as many loops as are independent, up to three.
// RUN: %runcheck %s launched=one:301 launched=two:301 launched=three:315 launched=four:36
#include "Inputs/show.h"

int a[400], b[400];

__attribute__((noinline)) void one(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    out[i] = in[i] * 3 + i;
}

__attribute__((noinline)) void two(int *out, const int *in, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      out[i * m + j] = in[i * m + j] ^ (i + 2 * j);
}

__attribute__((noinline)) void three(int *out, const int *in, int n, int m, int l) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      for (int k = 0; k < l; k++)
        out[(i * m + j) * l + k] = in[(i * m + j) * l + k] - (i * j + k);
}

// The fourth loop runs in order inside the iterations of the three.
__attribute__((noinline)) void four(int *out, const int *in, int n, int m, int l, int h) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      for (int k = 0; k < l; k++)
        for (int o = 0; o < h; o++)
          out[((i * m + j) * l + k) * h + o] += in[((i * m + j) * l + k) * h + o] + o;
}

int main(void) {
  for (int i = 0; i < 400; i++)
    a[i] = draw(1000);
  one(b, a, 301);
  SHOW(b);
  two(b, a, 7, 43);
  SHOW(b);
  three(b, a, 3, 35, 3);
  SHOW(b);
  four(b, a, 4, 3, 3, 5);
  SHOW(b);
}
