// Values of the iteration before that can be computed again: the optimiser makes
// them of a[i] and a[i + 1], people write them. Not so where an iteration writes
// what the one before has read.
// RUN: %runcheck %s launched=neighbours:500 launched=kept_value:500 launched=two_back:500 \
// RUN:   launched=wrap_around:500 launched=two_indices:500 launched=first:500 \
// RUN:   launched=computed launched=columns launched=downwards:500 launched=apart:499 declined=apart:dependent \
// RUN:   refused=shifted launched=swapped_later:499 declined=swapped_later:dependent \
// RUN:   launched=few:14 launched=globals:400
#include "Inputs/show.h"
#include <math.h>

enum { N = 500 };
double a[N + 1], b[N + 1];
int k[N + 1], m[N + 1];
static float before[401], after[401]; // neighbours, so that no hull may grow

__attribute__((noinline)) void neighbours(double *restrict a, const double *b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = b[i] * 0.25 + b[i + 1];
}
__attribute__((noinline)) void kept_value(double *restrict a, const double *b, int n, double x) {
  for (int i = 0; i < n; i++) {
    a[i] = (b[i] + x) * .5;
    x = b[i];
  }
}
__attribute__((noinline)) void two_back(double *restrict a, const double *b, int n) {
  double x = 7, y = 9;
  for (int i = 0; i < n; i++) {
    a[i] = b[i] - x * 3 + y * 5;
    y = x;
    x = b[i];
  }
}
__attribute__((noinline)) void wrap_around(double *restrict a, const double *b, int n) {
  int before = n - 1;
  for (int i = 0; i < n; i++) {
    a[i] = b[i] + b[before];
    before = i;
  }
}
__attribute__((noinline)) void two_indices(double *a, const double *b, int n) {
  int one = n - 1, two = n - 2;
  for (int i = 0; i < n; i++) {
    a[i] = b[i] + b[one] * 3 + b[two] * 5;
    two = one;
    one = i;
  }
}
__attribute__((noinline)) void first(int *k, int n) {
  int is_first = 1;
  for (int i = 0; i < n; i++) {
    k[i] += is_first ? 1000 : i;
    is_first = 0;
  }
}
__attribute__((noinline)) void computed(double *restrict a, const double *b, int n) {
  double root = 1;
  for (int i = 0; i < n; i++) {
    a[i] += root;
    root = fabs(b[i] - 5000) * 2 + i;
  }
}
__attribute__((noinline)) void columns(int *restrict k, const int *m, int rows, int columns) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      k[i * columns + j] = m[i * columns + j] ^ m[i * columns + j + 1];
}
__attribute__((noinline)) void downwards(double *restrict a, const double *b, int n) {
  double x = 0;
  for (int i = n - 1; i >= 0; i--) {
    a[i] = b[i] - x;
    x = b[i];
  }
}
// The compiler does not know where k is.
__attribute__((noinline)) void apart(int *k, const int *m, int n) {
  int x = m[0];
  for (int i = 0; i < n; i++) {
    int y = m[i + 1];
    k[i] = x + 3 * y;
    x = y;
  }
}
// Each iteration overwrites what the next one needs the old value of.
__attribute__((noinline)) void shifted(int *k, int n) {
  int x = 5;
  for (int i = 0; i < n; i++) {
    int y = k[i];
    k[i] = x;
    x = y;
  }
}
// The same, if the two are the same.
__attribute__((noinline)) void swapped_later(int *k, const int *m, int n) {
  int x = 5;
  for (int i = 0; i < n; i++) {
    int y = m[i];
    k[i] = x;
    x = y;
  }
}
__attribute__((noinline)) void few(double *restrict a, const double *b, int n) {
  double x = 7, y = 9, z = 11;
  for (int i = 0; i < n; i++) {
    a[i] = b[i] - x * 3 + y * 5 + z;
    z = y;
    y = x;
    x = b[i];
  }
}
__attribute__((noinline)) void globals(void) {
  for (int i = 0; i < 400; i++)
    after[i] = before[i] * 0.5f + before[i + 1];
}

int main(void) {
  for (int i = 0; i <= N; i++) {
    b[i] = draw(100000) / 7.0;
    k[i] = draw(100000);
    m[i] = draw(100000);
  }
  for (int i = 0; i < 401; i++)
    before[i] = (float)draw(1000) / 3;
  neighbours(a, b, N);
  SHOW(a);
  kept_value(a, b, N, 11);
  SHOW(a);
  two_back(a, b, N);
  SHOW(a);
  wrap_around(a, b, N);
  SHOW(a);
  two_indices(a, b, N);
  SHOW(a);
  first(k, N);
  computed(a, b, N);
  columns(k, m, 20, 25);
  SHOW(a);
  SHOW(k);
  downwards(a, b, N);
  SHOW(a);
  apart(k, m, N - 1);
  SHOW(k);
  apart(k, k, N - 1);
  SHOW(k);
  apart(k + 1, k, N - 2);
  apart(k, k + 1, N - 2);
  SHOW(k);
  shifted(k, N);
  swapped_later(k, m, N - 1);
  SHOW(k);
  swapped_later(k, k, N - 1);
  swapped_later(k, k + 1, N - 1);
  swapped_later(k + 1, k, N - 1);
  SHOW(k);
  for (int n = 0; n <= 5; n++) {
    few(a, b, n);
    show("few", a, 5 * sizeof *a);
  }
  globals();
  SHOW(after);
}
