// Loops that go down the columns of arrays stored by rows: workers run a cache line of
// neighbouring columns together, each in its own order.
// RUN: %runcheck %s launched=scale launched=blur launched=scan launched=upwards \
// RUN:   launched=narrow launched=mixed launched=chosen launched=shifted launched=planes
#include <stdio.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

enum { N = 83, M = 29, SIZE = N * M };
static double D[3 * SIZE], E[3 * SIZE];
static float F[3 * SIZE];
static unsigned char B[3 * SIZE];
static short S[3 * SIZE];

NOINLINE static void scale(float *a, const float *b, int n, int m) {
  for (int j = 0; j < n; j++)
    for (int i = 0; i < m; i++)
      a[i * n + j] = b[i * n + j] * 0.75f + a[i * n + j];
}

NOINLINE static void blur(double *a, const double *b, int n, int m) {
  for (int j = 0; j < n; j++)
    for (int i = 1; i < m - 1; i++)
      a[i * n + j] = (b[(i - 1) * n + j] + b[i * n + j] + b[(i + 1) * n + j]) * 0.33;
}

// Each element of a column needs the one above it.
NOINLINE static void scan(double *a, int n, int m) {
  for (int j = 0; j < n; j++)
    for (int i = 1; i < m; i++)
      a[i * n + j] += a[(i - 1) * n + j] * 0.5;
}

NOINLINE static void upwards(double *a, const double *b, int n, int m) {
  for (int j = n - 1; j >= 0; j--)
    for (int i = m - 2; i >= 0; i--)
      a[i * n + j] = a[(i + 1) * n + j] * 0.25 - b[i * n + j];
}

NOINLINE static void narrow(unsigned char *a, const unsigned char *b, int n, int m) {
  for (int j = 0; j < n; j++)
    for (int i = 1; i < m; i++)
      a[i * n + j] = (unsigned char)(a[(i - 1) * n + j] * 3 + b[i * n + j]);
}

// Elements of three widths.
NOINLINE static void mixed(double *a, const short *b, float *c, int n, int m) {
  for (int j = 0; j < n; j++)
    for (int i = 0; i < m; i++) {
      a[i * n + j] = b[i * n + j] * 0.5 + c[i * n + j];
      c[i * n + j] = (float)a[i * n + j] * 2;
    }
}

NOINLINE static void chosen(double *a, const double *b, int n, int m) {
  for (int j = 0; j < n; j++)
    for (int i = 1; i < m; i++)
      if (b[i * n + j] > 0.3)
        a[i * n + j] = a[(i - 1) * n + j] + b[i * n + j];
}

// Where the arrays are the same, columns meet: one reads what the next writes.
NOINLINE static void shifted(double *a, const double *b, int n, int m) {
  for (int j = 0; j < n - 1; j++)
    for (int i = 0; i < m; i++)
      a[i * n + j] = b[i * n + j + 1] * 0.5 + 1;
}

// Again and again, with a loop in between that is not parallel: what is said of the
// columns of one plane does not hold for those of another.
NOINLINE static void planes(double *a, int n, int m, int k) {
  for (int j = 0; j < n; j++)
    for (int p = 1; p < k; p++)
      for (int i = 0; i < m; i++)
        a[(p * m + i) * n + j] += a[((p - 1) * m + i) * n + j] * 0.125;
}

NOINLINE static void skewed(double *a, int n, int m, int k) {
  for (int p = 1; p < k; p++)
    for (int j = p; j < n; j++)
      for (int i = 0; i < m; i++)
        a[(p * m + i) * n + j] += a[((p - 1) * m + i) * n + j - 1] * 0.125;
}

static void print(const char *name) {
  double sum = 0;
  for (int i = 0; i < 3 * SIZE; i++)
    sum = sum * 0.875 + D[i] + E[i] * 3 + F[i] + B[i] + S[i];
  unsigned long bits = 0, all = 0;
  for (int i = 0; i < 3 * SIZE; i++) {
    memcpy(&bits, &D[i], sizeof bits);
    all = all * 31 + bits + B[i];
    bits = 0;
    memcpy(&bits, &F[i], sizeof F[i]);
    all = all * 31 + bits;
  }
  printf("%s %a %lx\n", name, sum, all);
}

int main(void) {
  for (int i = 0; i < 3 * SIZE; i++) {
    D[i] = (i * 37) % 101 * 0.0625;
    E[i] = (i * 53) % 97 * 0.03125 - 1;
    F[i] = (float)((i * 41) % 89) * 0.5f;
    B[i] = (unsigned char)(i * 7);
    S[i] = (short)(i * 11);
  }
  for (int n = 1; n <= N; n += n < 20 ? 1 : 21) {
    scale(F, F + SIZE, n, M);
    blur(D, E, n, M);
    scan(D, n, M);
    upwards(D, E, n, M);
    narrow(B, B + SIZE, n, M);
    mixed(D, S, F, n, M);
    chosen(D, E, n, M);
    shifted(D, E, n, M);
    shifted(D, D, n, M);
    planes(D, n, M, 3);
    skewed(D, n, M, 3);
    print("columns");
  }
  return 0;
}
