// Floating-point sums in the order of the program, in loops inside of the parallel one:
// workers run several of these together where they are independent within an iteration,
// and only there.
// RUN: %runcheck %s launched=triangle launched=total launched=relay launched=pitched \
// RUN:   launched=twice launched=deep
// RUN: %runcheck %s launched=triangle -ffp-contract=off
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

enum { N = 61 };
static double A[N * N], C[N * N * 2], D[N], T[N * N * N];

// c[i][j] and c[j][i]: a triangle, both halves of which are written.
NOINLINE static void triangle(double *c, const double *a, int n) {
  for (int i = 0; i < n - 1; i++) {
    c[i * n + i] = 1;
    for (int j = i + 1; j < n; j++) {
      c[i * n + j] = 0;
      for (int k = 0; k < n; k++)
        c[i * n + j] += a[k * n + i] * a[k * n + j];
      c[j * n + i] = c[i * n + j];
    }
  }
}

// Each sum begins with the one before.
NOINLINE static void chain(double *c, const double *a, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 1; j < n - i; j++) {
      double s = c[i * n + j - 1] * 0.5;
      for (int k = 0; k < n; k++)
        s += a[k * n + i] * a[k * n + j];
      c[i * n + j] = s;
    }
}

// All add to the cell that the iteration has set before.
NOINLINE static void total(double *d, double *c, const double *a, int n) {
  for (int i = 0; i < n; i++) {
    d[i] = i;
    for (int j = 0; j < n - i; j++) {
      double s = d[i] * 0.25;
      for (int k = 0; k < n; k++)
        s += a[k * n + i] * a[k * n + j];
      c[i * n + j] = s;
      d[i] += s;
    }
  }
}

// The same, where e may be d: what the iteration writes first is written inside as well.
NOINLINE static void relay(double *d, const double *e, const double *a, int n) {
  for (int i = 0; i < n; i++) {
    d[i] = i;
    for (int j = 0; j < n - i; j++) {
      double s = e[i] * 0.25;
      for (int k = 0; k < n; k++)
        s += a[k * n + i] * a[k * n + j];
      d[i] = s;
    }
  }
}

// The same cell each time where the pitch is 0.
NOINLINE static void pitched(double *c, const double *a, int n, int pitch) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n - i; j++) {
      double s = c[i * 2 * n + j * pitch] * 0.125;
      for (int k = 0; k < n; k++)
        s += a[k * n + i] * a[k * n + j];
      c[i * 2 * n + j * pitch] = s;
    }
}

// Reads what the fifth iteration before has written.
NOINLINE static void behind(double *c, const double *a, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 5; j < n - i; j++) {
      double s = c[i * n + j - 5];
      for (int k = 0; k < j % 7 + 3 && k < n; k++)
        s += a[k * n + i];
      for (int k = 0; k < n; k++)
        s += a[k * n + j];
      c[i * n + j] = s;
    }
}

// Two such loops, one after the other, the second on what the first has made.
NOINLINE static void twice(double *restrict c, double *restrict b, const double *a, int n) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j <= i; j++) {
      double s = 0;
      for (int k = 0; k < n; k++)
        s += a[k * n + i] * a[k * n + j];
      c[i * n + j] = s;
    }
    for (int j = 0; j <= i; j++) {
      double s = 1;
      for (int k = 0; k <= i; k++)
        s += c[i * n + k] * a[k * n + j];
      b[i * n + j] = s;
    }
  }
}

// Within two loops, of which the second is a triangle as well.
NOINLINE static void deep(double *t, const double *a, int n) {
  for (int i = 0; i < n; i++)
    for (int h = 0; h <= i; h++)
      for (int j = 0; j <= h; j++) {
        double s = 0;
        for (int k = 0; k < n; k++)
          s += a[i * n + k] * a[k * n + j];
        t[(i * n + h) * n + j] = s;
      }
}

static void print(const char *name, const double *x, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum = sum * 0.99 + x[i];
  printf("%s %a\n", name, sum);
}

int main(void) {
  for (int i = 0; i < N * N; i++)
    A[i] = 1.0 / (i % 89 + 1);
  for (int i = 0; i < N * N * 2; i++)
    C[i] = i % 17;
  triangle(C, A, N);
  print("triangle", C, N * N);
  chain(C, A, N);
  print("chain", C, N * N);
  total(D, C, A, N);
  print("total", D, N);
  print("total", C, N * N);
  relay(D, D, A, N);
  print("relay", D, N);
  relay(D, C, A, N);
  print("relay", D, N);
  for (int pitch = 0; pitch < 3; pitch++) {
    pitched(C, A, N, pitch);
    print("pitched", C, N * N * 2);
  }
  behind(C, A, N);
  print("behind", C, N * N);
  twice(C, T, A, N);
  print("twice", C, N * N);
  print("twice", T, N * N);
  deep(T, A, N);
  print("deep", T, N * N * N);
}
