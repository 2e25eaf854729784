// Bounds and pointers in memory that the loop might change, for all the compiler
// knows: it does, or it does not.
// RUN: %runcheck %s launched=global:3000 declined=global:dependent \
// RUN:   launched=record:600 declined=record:dependent launched=matrix \
// RUN:   launched=copied launched=through launched=carried \
// RUN:   launched=never_entered launched=no_address_yet:2700 \
// RUN:   \
// RUN:   launched=no_longer declined=error:errno-alias launched=error
// RUN: %runcheck %s -fno-strict-aliasing -DANY_TYPE declined=matrix \
// RUN:   launched=matrix
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

enum { SIZE = 4000 };

static int pool[SIZE];
NOINLINE static void global(int *a) {
  for (int i = 0; i < pool[0]; ++i)
    a[i] = a[i] * 3 + i + 500;
}

struct record {
  int rows, columns;
  double *data;
};

NOINLINE static void record(struct record *r, int *a, int add) {
  for (int i = 0; i < r->rows; ++i)
    a[i] += add + i;
}

NOINLINE static void matrix(struct record *r, double s) {
  for (int i = 0; i < r->rows; ++i)
    for (int j = 0; j < r->columns; ++j)
      r->data[i * r->columns + j] *= s;
}

NOINLINE static void copied(struct record *to, const struct record *from) {
  for (int i = 0; i < from->rows; ++i)
    for (int j = 0; j < from->columns; ++j)
      to->data[i * to->columns + j] = sqrt(from->data[i * from->columns + j]);
}

struct outer { struct record *inner; };
NOINLINE static void through(const struct outer *o, long *a) {
  for (int i = 0; i < o->inner->rows; ++i)
    a[i] = o->inner->columns + i;
}

// The optimiser carries the bound from one load to the next.
NOINLINE static void carried(const int *bound, int *a) {
  int i = 0;
  while (i < *bound) {
    a[i] = i * 2;
    ++i;
  }
}

// Loads that may not happen: there is nothing to load from.
NOINLINE static void never_entered(int rows, int columns, const struct record *r, double *a) {
  for (int i = 0; i < rows; ++i) {
    a[i] += i;
    for (int j = 0; j < columns; ++j)
      a[i] += r->data[j] * r->rows;
  }
}

// A load in each branch: one before the loop has to serve both.
NOINLINE static void either(int rows, int columns, const unsigned char *p, double **t, double *y,
                            const float *w) {
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j)
      if (w[i] > 3)
        t[p[i] & 7][j] = w[i] * 0.5 + i;
      else
        y[j] = t[p[i] & 7][i] * 0.5 + i;
}

// Loads that may be done after a store of the first iteration only: before it,
// what is loaded from is no address,
NOINLINE static void no_address_yet(int n, int **a, int **bound, int *to, long *y) {
  for (int i = 0; i < n; ++i) {
    a[i] = to;
    for (int j = 0; j < **bound; ++j)
      y[i * 4 + j] += 3;
  }
}

// or it is never loaded from.
NOINLINE static void no_longer(int n, int *a, const int *flag, const int *bound, long *y) {
  for (int i = 0; i < n; ++i) {
    a[i] = 0;
    if (*flag)
      for (int j = 0; j < *bound; ++j)
        y[i * 4 + j] += 3;
  }
}

// sqrt of a negative number stores into errno, which is the bound.
NOINLINE static void error(const int *bound, double *a) {
  for (int i = 0; i < *bound; ++i)
    a[i] = sqrt(a[i]);
}

static void print(const char *what, const void *data, size_t size) {
  const unsigned char *p = data;
  unsigned long sum = 0;
  for (size_t i = 0; i < size; ++i)
    sum = sum * 31 + p[i];
  printf("%s %lu\n", what, sum);
}

int main(void) {
  int *a = calloc(SIZE, sizeof *a);
  double *d = calloc(SIZE, sizeof *d);
  long *l = calloc(SIZE, sizeof *l);
  for (int i = 0; i < SIZE; ++i)
    a[i] = i % 7, d[i] = i % 11;

  pool[0] = 3000;
  global(a);
  print("global", a, SIZE * sizeof *a);
  pool[0] = 100;
  global(pool); // at i = 0, it becomes longer
  print("pool", pool, sizeof pool);

  struct record *r = malloc(sizeof *r);
  *r = (struct record){300, 10, d};
  record(r, a, 1);
  record(r, a, -1);
  print("record", a, SIZE * sizeof *a);
  struct { int before[5]; struct record r; int after[400]; } mixed = {{0}, {10, 2, d}, {0}};
  record(&mixed.r, mixed.before, 3); // ends later than it would
  print("mixed", &mixed, sizeof mixed.before);
  printf("%d %d\n", mixed.r.rows, mixed.r.columns);

  matrix(r, 1.5);
  print("matrix", d, SIZE * sizeof *d);
#ifdef ANY_TYPE
  struct record *own = (void *)(d + 100);
  *own = (struct record){30, 10, d}; // inside of its own data
  matrix(own, 1.0);
  print("own", d, 100 * sizeof *d);
#endif
  struct record to = {300, 11, malloc(SIZE * sizeof *d)};
  for (int i = 0; i < SIZE; ++i)
    to.data[i] = i, d[i] = i % 11 - 1;
  errno = 0;
  copied(&to, r);
  print("copied", to.data, SIZE * sizeof *d);
  printf("%d\n", errno);

  struct outer o = {r};
  through(&o, l);
  print("through", l, SIZE * sizeof *l);
  r->rows = 40;

  int bound = 2500;
  carried(&bound, a);
  print("carried", a, SIZE * sizeof *a);
  never_entered(1000, 0, NULL, d);
  r->data = to.data;
  never_entered(500, 10, r, d);
  double *t[8], y[60];
  float w[60];
  unsigned char p[60];
  for (int i = 0; i < 8; ++i)
    t[i] = d + 100 + i * 64;
  for (int i = 0; i < 60; ++i)
    p[i] = (unsigned char)(i * 3), w[i] = i % 9, y[i] = 0;
  either(60, 15, p, t, y, w);
  print("either", y, sizeof y);
  print("never entered", d, SIZE * sizeof *d);

  int **addresses = calloc(SIZE, sizeof *addresses), three = 3, flag[900] = {1};
  no_address_yet(900, addresses, addresses, &three, l); // the inner loop alone
  int *volatile none = NULL;
  no_longer(900, flag, flag, none, l);
  flag[0] = 1;
  no_longer(900, a, flag, &three, l);
  print("too late", l, SIZE * sizeof *l);

  for (int i = 0; i < SIZE; ++i)
    d[i] = 100 - i;
  errno = 1000;
  error(&bound, d);
  printf("%d\n", errno);
  errno = 500;
  error(&errno, d); // EDOM is less than 500
  printf("%d\n", errno);
  print("error", d, SIZE * sizeof *d);
  return 0;
}
