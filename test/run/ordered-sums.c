// Floating-point sums in the order of the program, one for each iteration of a
// parallel loop: workers run several of these together, to the same bits.
// RUN: %runcheck %s launched=rows launched=columns launched=product launched=pair \
// RUN:   launched=some launched=triangle launched=floats launched=forces \
// RUN:   launched=in_place launched=window launched=scaled launched=until
// RUN: %runcheck %s launched=rows -ffp-contract=off
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

enum { N = 203 };
static double A[N * N], B[N * N], C[N * N], x[N], y[N], z[N];
static float fa[N * N], fx[N], fy[N];

NOINLINE static void rows(double *y, const double *A, const double *x, int n, int m) {
  for (int i = 0; i < n; i++) {
    double s = 0;
    for (int j = 0; j < m; j++)
      s += A[i * m + j] * x[j];
    y[i] = s;
  }
}

NOINLINE static void columns(double *y, const double *A, const double *x, int n, int m) {
  for (int j = 0; j < m; j++) {
    double s = 0;
    for (int i = 0; i < n; i++)
      s += A[i * m + j] * x[i];
    y[j] = s;
  }
}

NOINLINE static void product(double *C, const double *A, const double *B, int n, double a, double b) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      double s = C[i * n + j] * b;
      for (int k = 0; k < n; k++)
        s += a * A[i * n + k] * B[k * n + j];
      C[i * n + j] = s;
    }
}

NOINLINE static void pair(double *y, double *z, const double *A, const double *x, int n) {
  for (int i = 0; i < n; i++) {
    double s = 0, p = 1;
    for (int j = 0; j < n; j++) {
      s += A[i * n + j] * x[j];
      p *= 1 + A[i * n + j] * 1e-3;
    }
    y[i] = s;
    z[i] = p;
  }
}

NOINLINE static void some(double *y, const double *A, const double *x, int n) {
  for (int i = 0; i < n; i++) {
    double s = 0;
    for (int j = 0; j < n; j++)
      if (A[i * n + j] > 0.3)
        s += A[i * n + j] * x[j];
    y[i] = s;
  }
}

NOINLINE static void triangle(double *y, const double *A, const double *x, int n) {
  for (int i = 0; i < n; i++) {
    double s = 0;
    for (int j = 0; j <= i; j++)
      s += A[i * n + j] * x[j];
    y[i] = s;
  }
}

NOINLINE static void floats(float *y, const float *A, const float *x, int n, int m) {
  for (int i = 0; i < n; i++) {
    float s = 0;
    for (int j = 0; j < m; j++)
      s += A[i * m + j] * x[j];
    y[i] = s;
  }
}

NOINLINE static void forces(double *f, const double *at, const double *mass, int n) {
  for (int i = 0; i < n; i++) {
    double s = 0;
    for (int j = 0; j < n; j++) {
      double d = at[j] - at[i];
      s += mass[j] * d / (d * d + 0.01);
    }
    f[i] = s;
  }
}

NOINLINE static void in_place(double *y, const double *A, const double *x, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      y[i] += A[i * n + j] * x[j];
}

NOINLINE static void window(float *out, const float *in, const float *k, int n, int m) {
  for (int i = 0; i < n; i++) {
    float s = 0;
    for (int j = 0; j < m; j++)
      s += in[i + j] * k[j];
    out[i] = s;
  }
}

// Backwards, and every other row.
NOINLINE static void scaled(double *y, const double *A, const double *x, int n) {
  for (int i = n - 1; i >= 0; i -= 2) {
    double s = y[i];
    for (int j = n; j-- > 0;)
      s -= A[i * n + j] * x[j] * i;
    y[i] = s / (i + 1);
  }
}

// As long as it takes: the rows have no common number of steps.
NOINLINE static void until(double *y, const double *x, const double *w, int n) {
  for (int i = 0; i < n; i++) {
    double s = x[i], t = 0;
    do {
      t = t * 0.5 + s * w[i];
      s = s * 0.5;
    } while (s > 1e-3);
    y[i] = t;
  }
}

static void show(const char *name, const void *p, unsigned long size) {
  const unsigned char *q = p;
  unsigned long h = 7;
  while (size-- > 0)
    h = h * 31 + *q++;
  printf("%s %lx\n", name, h);
}

int main(void) {
  for (int i = 0; i < N * N; i++) {
    A[i] = (i * 7919 % 1009) / 1009.0 - 0.2;
    B[i] = (i * 31 % 997) / 997.0 - 0.5;
    C[i] = i % 3;
    fa[i] = (float)A[i];
  }
  for (int i = 0; i < N; i++)
    fx[i] = (float)(x[i] = (i * 17 % 101) / 50.0 - 1);
  for (int n = 1; n <= N; n += n < 40 ? 1 : 54) {
    rows(y, A, x, n, N - 1);
    show("rows", y, sizeof y);
    rows(y, A, x, n, 0);
    show("no columns", y, sizeof y);
    columns(y, A, x, n, n);
    show("columns", y, sizeof y);
    product(C, A, B, n, 1.5, 0.5);
    show("product", C, sizeof C);
    pair(y, z, A, x, n);
    show("pair", y, sizeof y);
    show("pair", z, sizeof z);
    some(y, A, x, n);
    show("some", y, sizeof y);
    triangle(y, A, x, n);
    show("triangle", y, sizeof y);
    floats(fy, fa, fx, n, n);
    show("floats", fy, sizeof fy);
    forces(y, x, A, n);
    show("forces", y, sizeof y);
    in_place(y, A, x, n);
    show("in place", y, sizeof y);
    window(fy, fa, fx, n, 9);
    show("window", fy, sizeof fy);
    until(y, x, A, n);
    show("until", y, sizeof y);
    scaled(y, A, x, n);
    show("scaled", y, sizeof y);
  }
}
