// Fast Fourier transforms, radix two, in place, with a table of roots; first
// many rows, each by itself, and then each column of them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

typedef struct {
  double re, im;
} Complex;

static void transform(Complex *a, int n, int stride, const Complex *root) {
  for (int i = 1, j = 0; i < n; i++) {
    int bit = n >> 1;
    for (; j & bit; bit >>= 1)
      j ^= bit;
    j ^= bit;
    if (i < j) {
      const Complex swap = a[i * stride];
      a[i * stride] = a[j * stride], a[j * stride] = swap;
    }
  }
  for (int half = 1; half < n; half *= 2)
    for (int first = 0; first < n; first += 2 * half)
      for (int k = 0; k < half; k++) {
        const Complex w = root[k * (n / (2 * half))];
        Complex *p = a + (first + k) * stride, *q = p + half * stride;
        const Complex t = {q->re * w.re - q->im * w.im, q->re * w.im + q->im * w.re};
        q->re = p->re - t.re, q->im = p->im - t.im;
        p->re += t.re, p->im += t.im;
      }
}

static void plane(Complex *a, int n, const Complex *root) {
#pragma omp parallel for
  for (int row = 0; row < n; row++)
    transform(a + row * n, n, 1, root);
#pragma omp parallel for
  for (int column = 0; column < n; column++)
    transform(a + column, n, n, root);
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 16, 512), times = size(argc, argv, 60000, 30);
  Complex *a = array(n * n, sizeof *a), *root = array(n, sizeof *root);
  for (int k = 0; k < n; k++)
    root[k] = (Complex){cos(-2 * M_PI * k / n), sin(-2 * M_PI * k / n)};
  for (int i = 0; i < n * n; i++)
    a[i].re = uniform();
  for (int t = 0; t < times; t++) {
    plane(a, n, root);
    for (int i = 0; i < n * n; i++)
      a[i].re /= n, a[i].im /= n;
  }
  report_doubles(&a[0].re, 2 * n * n);
}
