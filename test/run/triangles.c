// One side of a square is computed and copied to the other, or made of it: the
// loop inside begins or ends where the outer counter is, and only that keeps the
// iterations apart. Where it goes one further, they meet.
// RUN: %runcheck %s launched=columns:61 launched=columns_of:61 \
// RUN:   launched=correlation:60 launched=covariance:61 launched=below:61 \
// RUN:   launched=padded:61 launched=mirrored:61 declined=beside \
// RUN:   declined=next declined=narrow launched=narrow:61
#include "Inputs/show.h"

enum { N = 61 };
double square[N][N], data[N][N];
int wide[N * (N + 8)];

__attribute__((noinline)) void columns(void) {
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < N; j++)
      square[j][i] = i - j;
    square[i][i] = 1;
  }
}
__attribute__((noinline)) void columns_of(int n, double a[n][n]) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++)
      a[j][i] += i * j;
    a[i][i] *= 3;
  }
}
__attribute__((noinline)) void correlation(int n, double a[n][n], double d[n][n]) {
  for (int i = 0; i < n - 1; i++) {
    a[i][i] = 1;
    for (int j = i + 1; j < n; j++) {
      a[i][j] = 0;
      for (int k = 0; k < n; k++)
        a[i][j] += d[k][i] * d[k][j];
      a[j][i] = a[i][j];
    }
  }
}
__attribute__((noinline)) void covariance(int n, double a[n][n], double d[n][n]) {
  for (int i = 0; i < n; i++)
    for (int j = i; j < n; j++) {
      a[i][j] = 0;
      for (int k = 0; k < n; k++)
        a[i][j] += d[k][i] * d[k][j];
      a[i][j] /= n - 1.0;
      a[j][i] = a[i][j];
    }
}
__attribute__((noinline)) void below(int n, double a[n][n]) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      a[i][j] = a[j][i] + 1;
}
__attribute__((noinline)) void padded(int *a, int n, int pitch) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      a[i * pitch + j] += a[j * pitch + i];
}
__attribute__((noinline)) void mirrored(int *a, int n, int pitch) {
  for (int i = n - 1; i >= 0; i--)
    for (int j = n - 1; j >= i; j--)
      a[j * pitch + i] = a[i * pitch + j] ^ j;
}
// The elements beside the diagonal are on both sides.
__attribute__((noinline)) void beside(int n, double a[n][n]) {
  for (int i = 0; i < n - 1; i++)
    for (int j = 0; j < i + 2; j++)
      a[i][j] = a[j][i] + 1;
}
__attribute__((noinline)) void next(int n, double a[n][n]) {
  for (int i = 0; i < n - 1; i++)
    for (int j = i + 1; j < n; j++) {
      a[i][j] = a[j][i] * 2;
      a[j][i + 1] = 1 + j;
    }
}
// With rows that are too short, what ends one begins the next.
__attribute__((noinline)) void narrow(int *a, int n, int pitch) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < i; j++)
      a[i * pitch + j] = a[j * pitch + i] + j;
}

int main(void) {
  for (int i = 0; i < N * N; i++)
    data[i / N][i % N] = draw(100);
  for (int i = 0; i < N * (N + 8); i++)
    wide[i] = draw(1000);
  columns();
  SHOW(square);
  columns_of(N, square);
  SHOW(square);
  correlation(N, square, data);
  SHOW(square);
  covariance(N, square, data);
  SHOW(square);
  below(N, square);
  SHOW(square);
  padded(wide, N, N + 8);
  mirrored(wide, N, N + 8);
  narrow(wide, N, N);
  SHOW(wide);
  narrow(wide, N, N / 2);
  SHOW(wide);
  beside(N, square);
  next(N, square);
  SHOW(square);
}
