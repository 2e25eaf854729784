// Arrays of an iteration whose length is no constant for the language, but for
// the compiler.
// RUN: %runcheck %s launched=constant launched=several refused=variable
#include "Inputs/show.h"
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))
enum { N = 640 };
static double in[N + 16], out[N];

NOINLINE static void constant(int n) {
  const int unroll = 8;
  for (int i = 0; i < n; i += unroll) {
    double result[unroll];
    for (int k = 0; k < unroll; ++k)
      result[k] = in[i + k];
    for (int j = 0; j < 5; ++j)
      for (int k = 0; k < unroll; ++k)
        result[k] += in[i + k + j] * j;
    for (int k = 0; k < unroll; ++k)
      out[i + k] = result[k];
  }
}

NOINLINE static void several(int n) {
  const int a = 3, b = 5;
  for (int i = 0; i < n; ++i) {
    double first[a];
    for (int k = 0; k < a; ++k)
      first[(k + i) % a] = in[i + k];
    if (i & 1) {
      double second[b];
      for (int k = 0; k < b; ++k)
        second[(k * 2) % b] = first[k % a] * k;
      out[i] += second[i % b];
    }
    out[i] += first[i % a];
  }
}

NOINLINE static void variable(int n, int length) {
  for (int i = 0; i < n; ++i) {
    double result[length];
    for (int k = 0; k < length; ++k)
      result[(k + i) % length] = in[i + k % 8];
    out[i] += result[i % length];
  }
}

static volatile int seven = 7;

int main(void) {
  for (int i = 0; i < N + 16; ++i)
    in[i] = draw(1000) * 0.5;
  constant(N);
  SHOW(out);
  several(N);
  SHOW(out);
  variable(N, seven);
  SHOW(out);
}
