// Arrays that iterations fill, but not always, or not before all of the reads.
// RUN: %runcheck %s launched=under declined=ahead:dependent declined=wraps:wrap \
// RUN:   launched=safe
#include "Inputs/show.h"
#include <stdbool.h>
#include <stddef.h>

enum { SIZE = 4096 };
int a[SIZE], b[SIZE], d[SIZE], t[64];
double x[SIZE], y[SIZE], z[SIZE];

// Where c is small nobody fills it, and the other write stays (so the loop must not).
__attribute__((noinline)) void beside(int n, int c, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    if (c > 3)
      for (int j = 0; j < 16; j++)
        t[j] = a[i + j];
    if (a[i] & 1)
      t[2] = a[i];
    b[i] = a[i] + 1;
  }
}

__attribute__((noinline)) void under(int n, int c, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    if (c > 3)
      for (int j = 0; j < 16; j++)
        t[j] = a[i + j];
    b[i] = a[i] + 1;
  }
}

// The first read comes before the loop that fills, in one block with its condition.
__attribute__((noinline)) void ahead(int n, long m, const int *a, int *b, int *t) {
  for (long i = 0; i < n; ++i) {
    b[i] = t[3];
    for (long j = 0; j < m; ++j)
      t[j] = a[j] ^ i;
    for (long j = 0; j < m; ++j)
      if (a[j] > 9)
        t[j] += a[j];
  }
}

// A bound that is no bound: eight times k is zero.
__attribute__((noinline)) void wraps(int n, size_t m, size_t k, const double *a, double *b,
                                     double *t) {
  for (int i = 0; i < n; i++) {
    for (size_t j = 0; j < m; j++)
      t[j] = a[i + j];
    double s = 0;
    for (size_t j = 0; j < k; j++) {
      if (t[j] < 0)
        break;
      s += t[j];
    }
    b[i] = s;
  }
}

// A choice between constants, different in each iteration.
__attribute__((noinline)) void varies(int n, const int *restrict a, int *restrict b,
                                      int *restrict d, int *restrict t) {
  for (int i = 0; i < n; i++) {
    int ok = 0;
    switch (a[i] & 7) {
    case 0: b[i] = a[i] * 3; ok = 1; break;
    case 1: d[i] = a[i] * 5; ok = 0; break;
    case 2: b[i] = a[i + 1]; ok = 1; break;
    default: d[i] = 7; break;
    }
    for (int j = 0; j < 8; j++)
      d[n + i * 8 + j] = a[i + j] * j;
    if (ok)
      for (int j = 0; j < 16; j++)
        t[j] = a[i + j] + i;
    for (int j = 0; j < 8; j++)
      b[n + i * 8 + j] = a[i + j] ^ j;
  }
}

// The condition cannot be computed where the program does not.
__attribute__((noinline)) static bool check(int k) { return 100 / k > 3; }
__attribute__((noinline)) void called(int n, int k, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    if (a[i + 50] < 0)
      b[i + 2000]++;
    if (k != 0)
      if (check(k))
        for (int j = 0; j < 16; j++)
          t[j] = a[i + j];
    b[i] = a[i] + 1;
  }
}

// Filled once more with what was there, from both ends (and only if m > 0).
__attribute__((noinline)) void safe(int n, int m, const int *a, int *b, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i + j];
    for (int j = 0; j < m; j++)
      t[j] = t[m - 1 - j] * 3;
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[j] - i;
  }
}

int main(void) {
  for (int i = 0; i < SIZE; i++) {
    a[i] = i * 7919 % 101;
    x[i] = i * 7919 % 101;
    z[i] = i < 20 ? i : -1;
  }
  for (int i = 0; i < 64; i++)
    t[i] = -i;
  for (int c = 2; c < 6; c += 2) {
    beside(100, c, a, b, t);
    SHOW(t);
    under(99, c, a, b, t);
    SHOW(t);
  }
  ahead(40, 16, a, b, t);
  SHOW(b);
  wraps(100, 4, (size_t)1 << 61, x, y, z);
  SHOW(y);
  varies(100, a, b, d, t);
  SHOW(b);
  SHOW(d);
  SHOW(t);
  called(40, 3, a, b, t);
  called(40, 0, a, b, t);
  SHOW(t);
  safe(40, 30, a, b, t);
  SHOW(b);
  SHOW(t);
  return 0;
}
