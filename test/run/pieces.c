// Loops in which a few iterations meet all others: which ones, only the numbers say.
// They are cut there, and what lies before and after runs in parallel.
// RUN: %runcheck %s launched=floyd launched=ends launched=count launched=backwards
#include <math.h>
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

enum { N = 61 };
static int D[N * N];
static double A[N * N], V[N];

// Row k and column k are read by all iterations; the path over k may be negative.
NOINLINE static void floyd(int *d, int n) {
  for (int k = 0; k < n; k++)
    for (int i = 0; i < n; i++)
      for (int j = 0; j < n; j++)
        d[i * n + j] = d[i * n + j] < d[i * n + k] + d[k * n + j]
                           ? d[i * n + j]
                           : d[i * n + k] + d[k * n + j];
}

// All rows but the pivot's are changed; the description cannot know that. The factor is
// loaded once for a row, though pieces would run it in parts: not cut.
NOINLINE static void jordan(double *a, int n, int k) {
  for (int i = 0; i < n; i++)
    if (i != k) {
      const double f = a[i * n + k] / a[k * n + k];
      for (int j = 0; j < n; j++)
        a[i * n + j] -= f * a[k * n + j];
    }
}

// The first iteration changes what all others read, the last what none does any more.
NOINLINE static void ends(double *v, int n) {
  for (int i = 0; i < n; i++)
    v[i] = v[i] * 0.5 + v[0] + v[n - 1];
}

NOINLINE static void backwards(double *v, int n, int m) {
  for (int i = n - 1; i >= 0; i--)
    v[i] = v[i] * 0.25 - v[m];
}

// A sum of integers over all pieces.
NOINLINE static int count(int *d, int n, int m) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    d[i] = d[i] * 3 + d[m];
    sum += d[i];
  }
  return sum;
}

// errno follows the order of the iterations: left alone.
NOINLINE static void roots(double *v, int n, int m) {
  for (int i = 0; i < n; i++)
    v[i] = sqrt(v[i] + v[m]);
}

// Each iteration meets the next.
NOINLINE static void chain(double *v, int n, int m) {
  for (int i = 1; i < n; i++)
    v[i] = v[i - 1] * 0.5 + v[m];
}

// What a worker keeps to itself must not be cut: the sum in v[0], which the first
// iteration stores to as well; the element before, which is loaded an iteration early.
NOINLINE static void cell(double *v, int n, int step) {
  for (int i = 0; i < n; i++) {
    v[i * step] = v[i * step + 1] * 0.5 + i;
    v[0] += v[i * step + 2];
  }
}

NOINLINE static void before(double *v, double *w, int n, int m) {
  double last = v[0];
  for (int i = 1; i < n; i++) {
    const double x = v[i];
    v[m] = x * 0.5 + i;
    w[i] = last - x;
    last = x;
  }
}

static void print(const char *name, const double *v, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum = sum * 1.25 + v[i];
  printf("%s %a\n", name, sum);
}

int main(void) {
  for (int i = 0; i < N * N; i++) {
    D[i] = (i * 7919) % 613 - (i % 97 == 5 ? 40 : 0);
    A[i] = (i * 31) % 17 + (i % (N + 1) == 0 ? 50 : 0.25);
  }
  for (int i = 0; i < N; i++)
    V[i] = i * 0.125 + 1;
  floyd(D, N);
  unsigned sum = 0;
  for (int i = 0; i < N * N; i++)
    sum = sum * 31 + (unsigned)D[i];
  printf("floyd %u\n", sum);
  for (int k = 0; k < N; k += 7)
    jordan(A, N, k);
  print("jordan", A, N * N);
  ends(V, N);
  print("ends", V, N);
  backwards(V, N, 11);
  print("backwards", V, N);
  for (int m = 0; m < N; m += 20)
    printf("count %d\n", count(D, N, m));
  for (int step = 1; step < 4; step++)
    cell(A + 3, N, step);
  print("cell", A, N * 4);
  before(V, A, N, 30);
  print("before", A, N);
  roots(V, N, 3);
  print("roots", V, N);
  chain(V, N, 30);
  print("chain", V, N);
  return 0;
}
