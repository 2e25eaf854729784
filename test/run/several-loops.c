// Columns that are worked on by several loops, one after the other: their iterations are
// run together, part by part, and what one part hands to the next is kept meanwhile.
// RUN: %runcheck %s launched=scale launched=deviations launched=three launched=uneven
// RUN: env FERRY_THRESHOLD=0 %ferrycc -O2 -S -emit-llvm -o - %s | \
// RUN:   grep -c "^define.*@\(scale\|deviations\).ferry.jammed.strips" | grep 2
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

enum { ROWS = 70, COLUMNS = 53 };
static double A[ROWS * COLUMNS], R[COLUMNS], S[COLUMNS];

// Gram and Schmidt's.
NOINLINE static void scale(double *a, double *r, const double *q, int n, int m) {
  for (int j = 0; j < m; j++) {
    r[j] = 0;
    for (int i = 0; i < n; i++)
      r[j] += q[i] * a[i * m + j];
    for (int i = 0; i < n; i++)
      a[i * m + j] -= q[i] * r[j] * 0.01;
  }
}

NOINLINE static void deviations(const double *a, double *mean, double *deviation, int n, int m) {
  for (int j = 0; j < m; j++) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++)
      sum += a[i * m + j];
    mean[j] = sum / n;
    for (int i = 0; i < n; i++)
      squares += (a[i * m + j] - sum / n) * (a[i * m + j] - sum / n);
    deviation[j] = squares / n;
  }
}

// A counter, an element of before and a condition go from part to part.
NOINLINE static void three(double *a, double *r, int n, int m) {
  for (int j = m - 1; j >= 0; j--) {
    const double first = a[j];
    double sum = j * 0.5, most = 0;
    for (int i = 0; i < n; i++)
      sum += a[i * m + j];
    for (int i = 0; i < n; i++) {
      most += a[i * m + j] * sum;
      a[i * m + j] = sum > 3 ? first : a[i * m + j] + j;
    }
    for (int i = 0; i < n; i++)
      r[j] += a[i * m + j] * most;
  }
}

// The second loop is not entered in some calls.
NOINLINE static void uneven(double *a, double *r, int n, int k, int m) {
  for (int j = 0; j < m; j++) {
    double sum = 0;
    for (int i = 0; i < n; i++)
      sum += a[i * m + j];
    r[j] = sum;
    for (int i = 0; i < k; i++)
      a[i * m + j] = sum - a[i * m + j];
    r[j] += sum;
  }
}

static void print(const char *name) {
  unsigned long bits = 0;
  for (int i = 0; i < ROWS * COLUMNS; i++) {
    union { double d; unsigned long u; } x = {A[i]}, y = {R[i % COLUMNS]}, z = {S[i % COLUMNS]};
    bits = bits * 31 + x.u + y.u * 7 + z.u;
  }
  printf("%s %.17g %.17g %016lx\n", name, A[COLUMNS + 5], R[7], bits);
}

int main(void) {
  double q[ROWS];
  for (int i = 0; i < ROWS; i++)
    q[i] = i % 3 - 0.75;
  for (int m = COLUMNS; m > 0; m -= 13) // strips that are full, and not
    for (int k = 0; k < 4; k++) {       // workers of both kinds
      for (int i = 0; i < ROWS * COLUMNS; i++)
        A[i] = i * 7 % 11 * 0.125;
      scale(A, R, q, ROWS, m);
      print("scale");
      deviations(A, R, S, ROWS, m);
      print("deviations");
      three(A, R, ROWS, m);
      print("three");
      uneven(A, R, ROWS, k % 2 * 9, m);
      print("uneven");
    }
  return 0;
}
