// Iterations that need what those before them have written, but follow them at some
// distance: sweeps in place, factorisations, alignments of sequences.
// RUN: %runcheck %s launched=sweep:58 in_step=sweep:1 in_step=backwards:1 in_step=upwards:1 \
// RUN:   in_step=cholesky:1 in_step=lu:1 in_step=lu_and_more:2 in_step=align:1 in_step=pairs:1 in_step=skewed:2 \
// RUN:   in_step=streamed:50 in_step=rows_lu:1 in_step=rows_sweep:1 declined=rows_sweep:unknown-overlap \
// RUN:   refused=chain refused=rows_first declined=skewed:dependent
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

enum { N = 60 };
static double A[N][N], X[N];
static int T[N][N];

// Gauss and Seidel's method, from the upper left.
NOINLINE static void sweep(double (*a)[N]) {
  for (int i = 1; i < N - 1; i++)
    for (int j = 1; j < N - 1; j++)
      a[i][j] = (a[i - 1][j - 1] + a[i - 1][j] + a[i - 1][j + 1] + a[i][j - 1] + a[i][j] +
                 a[i][j + 1] + a[i + 1][j - 1] + a[i + 1][j] + a[i + 1][j + 1]) / 9;
}

// From the right.
NOINLINE static void backwards(double (*a)[N]) {
  for (int i = 1; i < N - 1; i++)
    for (int j = N - 2; j > 0; j--)
      a[i][j] = 0.2 * (a[i - 1][j] + a[i][j - 1] + a[i][j] + a[i][j + 1] + a[i + 1][j - 1]);
}

// From below, with a correction that does not always come.
NOINLINE static void upwards(double (*a)[N], double least) {
  for (int i = N - 2; i > 0; i--)
    for (int j = 1; j < N - 1; j++) {
      const double change = (a[i + 1][j + 1] + a[i][j - 1]) * 0.25 - a[i][j];
      if (fabs(change) > least)
        a[i][j] += change;
    }
}

NOINLINE static void cholesky(double (*a)[N]) {
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        a[i][j] -= a[i][k] * a[j][k];
      a[i][j] /= a[j][j];
    }
    for (int k = 0; k < i; k++)
      a[i][i] -= a[i][k] * a[i][k];
    a[i][i] = sqrt(a[i][i]);
  }
}

NOINLINE static void lu(double (*a)[N]) {
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        a[i][j] -= a[i][k] * a[k][j];
      a[i][j] /= a[j][j];
    }
    for (int j = i; j < N; j++)
      for (int k = 0; k < i; k++)
        a[i][j] -= a[i][k] * a[k][j];
  }
}

// The second loop reads what it has written of its row: not several columns at a time.
NOINLINE static void lu_and_more(double (*a)[N], int more) {
  for (int i = 0; i < N - 4; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        a[i][j] -= a[i][k] * a[k][j] / N;
      a[i][j] /= 1 + a[j][j] * a[j][j];
    }
    for (int j = i; j < N; j++)
      for (int k = 0; k < i + more; k++)
        a[i][j] -= a[i][k] * a[k][j] / N;
  }
}

NOINLINE static void align(int (*t)[N], const char *s, const char *r) {
  for (int i = 1; i < N; i++)
    for (int j = 1; j < N; j++) {
      int best = t[i - 1][j - 1] + (s[i] == r[j] ? 3 : -1);
      best = t[i - 1][j] - 2 > best ? t[i - 1][j] - 2 : best;
      best = t[i][j - 1] - 2 > best ? t[i][j - 1] - 2 : best;
      t[i][j] = best > 0 ? best : 0;
    }
}

// Nussinov's: rows from the last one up, each from the diagonal on.
NOINLINE static void pairs(int (*t)[N], const char *s) {
  for (int i = N - 1; i >= 0; i--)
    for (int j = i + 1; j < N; j++) {
      if (t[i][j - 1] > t[i][j])
        t[i][j] = t[i][j - 1];
      if (i + 1 < N) {
        if (t[i + 1][j] > t[i][j])
          t[i][j] = t[i + 1][j];
        const int bond = t[i + 1][j - 1] + (i < j - 1 && s[i] + s[j] == 'a' + 'd');
        t[i][j] = bond > t[i][j] ? bond : t[i][j];
      }
      for (int k = i + 1; k < j; k++)
        if (t[i][k] + t[k + 1][j] > t[i][j])
          t[i][j] = t[i][k] + t[k + 1][j];
    }
}

// In one array that rows of another length than the loop's are cut from.
NOINLINE static void skewed(double *a, int rows, int columns, int pitch) {
  for (int i = 1; i < rows; i++)
    for (int j = 2; j < columns; j++)
      a[i * pitch + j] += 0.5 * a[(i - 1) * pitch + j + 1] - 0.25 * a[i * pitch + j - 2];
}

// Rows behind pointers.
NOINLINE static void rows_lu(double **a, int n) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++)
        a[i][j] -= a[i][k] * a[k][j];
      a[i][j] /= a[j][j];
    }
    for (int j = i; j < n; j++)
      for (int k = 0; k < i; k++)
        a[i][j] -= a[i][k] * a[k][j];
  }
}

NOINLINE static void rows_sweep(double **a, int n) {
  for (int i = 1; i < n - 1; i++) {
    double *const row = a[i];
    for (int j = 1; j < n - 1; j++)
      row[j] = 0.25 * (a[i - 1][j] + row[j - 1] + row[j + 1] + a[i + 1][j]);
  }
}

// The bounds and the pitch lie in memory, and are not always written to.
NOINLINE static void bounded(int *a, const int *rows, const int *columns, const int *pitch) {
  for (int i = 1; i < *rows; i++)
    for (int j = 1; j < *columns; j++)
      a[i * *pitch + j] = (a[(i - 1) * *pitch + j + 1] * 3 + a[i * *pitch + j - 1]) & 7;
}

// Stores that other CPUs see late.
NOINLINE static void streamed(double (*a)[N]) {
  for (int i = 1; i < N; i++)
    for (int j = 1; j < N - 1; j++)
      __builtin_nontemporal_store(a[i - 1][j + 1] * 0.3 + a[i][j - 1] * 0.5 + 7, &a[i][j]);
}

// No element of a row needs another one of it: vectors are better.
NOINLINE static void vectors(double (*a)[N]) {
  for (int i = 1; i < N; i++)
    for (int j = 1; j < N - 1; j++)
      a[i][j] = a[i - 1][j + 1] * 0.3 + a[i - 1][j] * 0.5 + 7;
}

// Each element needs the end of the one before: there is no distance.
NOINLINE static void chain(double (*a)[N], double *x) {
  for (int i = 0; i < N; i++) {
    for (int j = 0; j < i; j++)
      x[i] -= a[i][j] * x[j];
    x[i] /= 2 + a[i][i];
  }
}

// Reads the whole row before, from its first column on.
NOINLINE static void rows_first(double (*a)[N]) {
  for (int i = 1; i < N; i++)
    for (int j = 0; j < N; j++) {
      double sum = 0;
      for (int k = 0; k < N; k++)
        sum += a[i - 1][k];
      a[i][j] = a[i][j] * 0.5 + sum / N;
    }
}

static double *rows[N]; // of A, in some order

static void fill(void) {
  for (int i = 0; i < N; i++) {
    X[i] = i % 7 - 3;
    for (int j = 0; j < N; j++) {
      rows[i][j] = i == j ? 2 * N : (i * 7 + j * 7) % 13 * 0.25;
      T[i][j] = 0;
    }
  }
}

static void print(const char *name) {
  unsigned long bits = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      union { double d; unsigned long u; } x = {A[i][j]}, y = {X[j]};
      bits = bits * 31 + x.u + y.u + (unsigned)T[i][j];
    }
  printf("%s %.17g %d %016lx\n", name, A[N / 2][N / 3], T[3][N - 4], bits);
}

#define TRY(call)                                                                       \
  do {                                                                                  \
    fill();                                                                             \
    call;                                                                               \
    print(#call);                                                                       \
  } while (0)

int main(void) {
  char s[N + 1], r[N + 1];
  for (int i = 0; i < N; i++)
    s[i] = "abcd"[i * i % 11 % 4], r[i] = "abcd"[i * 5 % 13 % 4];
  s[N] = r[N] = 0;
  for (int i = 0; i < N; i++)
    rows[i] = A[i];
  TRY(sweep(A));
  TRY(backwards(A));
  TRY(upwards(A, 0.1));
  TRY(cholesky(A));
  TRY(lu(A));
  TRY(lu_and_more(A, 0));
  TRY(lu_and_more(A, 1));
  TRY(align(T, s, r));
  TRY(pairs(T, s));
  TRY(skewed(&A[0][0], N, N - 3, N));
  TRY(skewed(&A[0][0], 20, 40, 2 * N + 7));
  TRY(skewed(&A[0][0], 20, N + 20, N)); // rows overlap
  for (int i = 0; i < N; i++)
    rows[i * 7 % N] = A[i];
  TRY(rows_lu(rows, N));
  TRY(rows_sweep(rows, N));
  rows[5] = rows[6]; // one row twice
  TRY(rows_sweep(rows, N));
  const int nine = 9, most = N - 1, pitch = N;
  TRY((T[0][5] = 1, bounded(T[0], &nine, &most, &pitch)));
  TRY((T[0][5] = 1, T[2][3] = 40, bounded(T[0], &nine, &T[2][3], &pitch)));
  TRY((T[0][5] = 1, T[3][3] = 9, bounded(T[0], &T[3][3], &most, &pitch)));
  TRY((T[0][5] = 1, T[1][3] = N, bounded(T[0], &nine, &most, &T[1][3])));
  for (int i = 0; i < 50; i++)
    TRY(streamed(A));
  TRY(vectors(A));
  TRY(chain(A, X));
  TRY(rows_first(A));
  return 0;
}
