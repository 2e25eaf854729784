// Tables of pointers: rows that are apart, that are swapped, shared, or hold
// the table itself.
// RUN: %runcheck %s launched=matrices:15000 declined=matrices:unknown-overlap \
// RUN:   launched=product launched=planes declined=planes:unknown-overlap \
// RUN:   launched=records declined=records:unknown-overlap \
// RUN:   declined=table:unknown-overlap declined=slots:unknown-overlap \
// RUN:   launched=down launched=sparse_table
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void matrices(int n, int m, double **a, double **b) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      a[i][j] = b[i][j] * 2 + i * j;
}

NOINLINE static void product(int n, double **a, double **b, double **c) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      double sum = 0;
      for (int k = 0; k < n; ++k)
        sum += a[i][k] * b[k][j];
      c[i][j] = sum;
    }
}

NOINLINE static void planes(int n, int m, double ***a, double ***b) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      for (int k = 0; k < m; ++k)
        a[i][j][k] = b[i][j][k] * 2 + i + j * k;
}

struct record {
  double x, v;
  struct record *next;
};

NOINLINE static void records(int n, struct record **p, double dt) {
  for (int i = 0; i < n; ++i)
    p[i]->x += dt * p[i]->v;
}

// What a row holds are pointers of the table.
NOINLINE static void table(int n, long **a) {
  for (int i = 0; i < n; ++i)
    a[i][0] += 8;
}

// The same, one level down: the pointer that is read is one that is written.
NOINLINE static void slots(int n, struct record **p, struct record *to) {
  for (int i = 0; i < n; ++i) {
    p[i]->next->x = i;
    p[i]->next = to;
  }
}

NOINLINE static void down(int n, int m, int **a) {
  for (int i = n - 1; i >= 0; --i)
    for (int j = m - 1; j >= 0; --j)
      a[i][j] = a[i][j] * 3 + i;
}

NOINLINE static void sparse_table(int n, struct { long tag; int *data; } *t) {
  for (int i = 0; i < n; ++i)
    t[i].data[1] = t[i].data[0] + i;
}

static double **matrix(int n, int m) {
  double **a = malloc((size_t)n * sizeof *a);
  for (int i = 0; i < n; ++i) {
    a[i] = malloc((size_t)m * sizeof **a);
    for (int j = 0; j < m; ++j)
      a[i][j] = i - j;
  }
  return a;
}

static void print(const char *what, double **a, int n, int m) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      sum = sum * 0.99 + a[i][j];
  printf("%s %.17g\n", what, sum);
}

static void swap(double **a, int i, int j) {
  double *row = a[i];
  a[i] = a[j], a[j] = row;
}

static void use_matrices(int n, int m) {
  double **a = matrix(n, m), **b = matrix(n, m);
  matrices(n, m, a, b);
  print("apart", a, n, m);
  matrices(n, m, a, a);
  print("in place", a, n, m);
  swap(a, 3, 40), swap(a, 5, 2);
  matrices(n, m, a, b);
  print("swapped", a, n, m);
  matrices(n - 1, m, a + 1, a);
  print("the row above", a, n, m);
  b[7] = a[8];
  matrices(n, m, a, b);
  print("one row shared", a, n, m);
  b[7] = a[7] + 1;
  matrices(n, m - 1, a, b);
  print("by one element", a, n, m);
  a[4] = a[40];
  matrices(n, m, a, b);
  print("a row twice", a, n, m);
}

static void use_planes(int n, int m) {
  double ***a = malloc((size_t)n * sizeof *a), ***b = malloc((size_t)n * sizeof *b);
  for (int i = 0; i < n; ++i)
    a[i] = matrix(m, m), b[i] = matrix(m, m);
  planes(n, m, a, b);
  planes(n - 1, m, a, a + 1);
  b[1] = a[1];
  planes(n, m, a, b);
  a[2] = a[1];
  planes(n, m, a, b);
  for (int i = 0; i < n; ++i)
    print("plane", a[i], m, m);
  double **x = matrix(m, m), **y = matrix(m, m), **z = matrix(m, m);
  product(m, x, y, z);
  product(m, x, y, x);
  print("product", z, m, m);
  print("into itself", x, m, m);
}

static void use_records(int n) {
  struct record **p = malloc((size_t)n * sizeof *p), *q = calloc((size_t)n, sizeof *q);
  for (int i = 0; i < n; ++i) {
    p[i] = &q[(i * 7) % n];
    *p[i] = (struct record){i, -i, &q[(i * 3) % n]};
  }
  records(n, p, 0.5);
  p[2] = p[9];
  records(n, p, 0.5);
  slots(n, p, q + 1);
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum = sum * 0.999 + q[i].x + (double)(q[i].next - q);
  printf("records %.17g\n", sum);
}

static void use_integers(int n, int m) {
  int **a = malloc((size_t)n * sizeof *a), *all = calloc((size_t)n * (size_t)m, sizeof *all);
  for (int i = 0; i < n; ++i)
    a[i] = all + i * m;
  down(n, m, a);
  struct { long tag; int *data; } *t = malloc((size_t)n * sizeof *t);
  for (int i = 0; i < n; ++i)
    t[i].tag = i, t[i].data = all + i * m;
  sparse_table(n, (void *)t);
  long sum = 0;
  for (int i = 0; i < n * m; ++i)
    sum = sum * 3 + all[i] & 0xffffff;
  printf("integers %ld\n", sum);
  // a[i] points at a[i + 1], which the loop moves before it is used.
  long **own = malloc(((size_t)n + 2) * sizeof *own);
  for (int i = 0; i <= n; ++i)
    own[i] = (long *)(own + i + 1);
  own[n + 1] = 0;
  table(n / 2, own);
  for (int i = 0; i < n; ++i)
    printf("%ld ", own[i] ? (long)(own[i] - (long *)own) : -1);
  puts("");
}

static volatile int n = 60; // the optimiser is not to know it

int main(void) {
  use_matrices(n + 40, n - 10);
  use_planes(n / 10, n / 2);
  use_records(n * 10 - 100);
  use_integers(n, n - 20);
  return 0;
}
