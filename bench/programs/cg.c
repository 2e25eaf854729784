// Conjugate gradients; the matrix is sparse, in compressed rows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

typedef struct {
  int n, *start, *column;
  double *value;
} Matrix;

static void multiply(const Matrix *m, const double *x, double *y) {
#pragma omp parallel for
  for (int i = 0; i < m->n; i++) {
    double sum = 0;
    for (int k = m->start[i]; k < m->start[i + 1]; k++)
      sum += m->value[k] * x[m->column[k]];
    y[i] = sum;
  }
}

static double dot(int n, const double *x, const double *y) {
  double sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < n; i++)
    sum += x[i] * y[i];
  return sum;
}

static void add(int n, double *y, const double *x, double scale, double keep) {
#pragma omp parallel for
  for (int i = 0; i < n; i++)
    y[i] = keep * y[i] + scale * x[i];
}

static Matrix laplace(int side) {
  const int n = side * side;
  Matrix m = {n, array(n + 1, sizeof(int)), array(5 * n, sizeof(int)), array(5 * n, sizeof(double))};
  int used = 0;
  for (int i = 0; i < n; i++) {
    const int next[5] = {i - side, i - 1, i, i + 1, i + side};
    for (int k = 0; k < 5; k++)
      if (next[k] >= 0 && next[k] < n && !(k == 1 && i % side == 0) && !(k == 3 && next[k] % side == 0))
        m.column[used] = next[k], m.value[used++] = k == 2 ? 4 : -1;
    m.start[i + 1] = used;
  }
  return m;
}

int main(int argc, char **argv) {
  const int side = size(argc, argv, 12, 500), solves = size(argc, argv, 4500, 1);
  Matrix m = laplace(side);
  const int n = m.n;
  double *x = array(n, sizeof *x), *r = array(n, sizeof *r), *p = array(n, sizeof *p), *q = array(n, sizeof *q);
  for (int t = 0; t < solves; t++) {
    for (int i = 0; i < n; i++)
      x[i] = 0, r[i] = p[i] = uniform();
    double rr = dot(n, r, r);
    for (int k = 0; k < 200 && rr > 1e-20; k++) {
      multiply(&m, p, q);
      const double alpha = rr / dot(n, p, q), old = rr;
      add(n, x, p, alpha, 1);
      add(n, r, q, -alpha, 1);
      rr = dot(n, r, r);
      add(n, p, r, 1, rr / old);
    }
  }
  report_doubles(x, n);
}
