// Functions of the same file that read and write memory: the loop is described
// with their code in place of the calls, whether they may be inlined or not.
// RUN: %runcheck %s launched=elements:150 launched=rows:600 launched=chain:150 \
// RUN:   launched=scratch:60 launched=by_value:100 launched=global_bound:90 \
// RUN:   launched=accumulate:150 launched=result:30 launched=table:150 \
// RUN:   launched=errors:50 refused=recursive:call refused=neighbour:dependent \
// RUN:   declined=shifted:dependent launched=states:100 declined=states:dependent
#include "Inputs/show.h"
#include <errno.h>
#include <math.h>

#define NOINLINE __attribute__((noinline))

int a[150], b[150], count;
long calls, n_global = 90;
double m[30 * 20], v[30];

NOINLINE static void store(int *to, int value) { *to = value * 3 + 1; }
NOINLINE void elements(int *a, int n) {
  for (int i = 0; i < n; i++)
    store(&a[i], i);
}

// Loops of the callee are inner loops of the nest.
NOINLINE static void scale_row(double *row, int n, double by) {
  for (int j = 0; j < n; j++)
    row[j] = row[j] * by + j;
}
NOINLINE void rows(double *m, int n, int width) {
  for (int i = 0; i < n; i++)
    scale_row(m + i * width, width, i * 0.5);
}

NOINLINE static void second(int *to, const int *from) { *to += *from; }
NOINLINE static void first(int *to, const int *from, int k) {
  if (k & 1)
    second(to, from);
  else
    *to -= *from;
}
NOINLINE void chain(int *restrict a, const int *restrict b, int n) {
  for (int i = 0; i < n; i++)
    first(a + i, b + i, i);
}

// Its array is each worker's own.
NOINLINE static int middle(const int *a, int at) {
  int window[8];
  for (int k = 0; k < 8; k++)
    window[k] = a[at + k];
  for (int j = 1; j < 8; j++)
    for (int k = j; k > 0; k--) {
      int low = window[k - 1] < window[k] ? window[k - 1] : window[k];
      window[k] = window[k - 1] + window[k] - low;
      window[k - 1] = low;
    }
  return window[4];
}
NOINLINE void scratch(int *to, const int *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = middle(from, i);
}

struct big { int x[8]; };
NOINLINE static int fold(struct big s, int k) {
  s.x[k & 7] += k;
  for (int i = 1; i < 8; i++)
    s.x[i] += s.x[i - 1] * 3;
  return s.x[7];
}
NOINLINE void by_value(int *to, int n) {
  for (int i = 0; i < n; i++) {
    struct big s = {{i, 1, 2, i}};
    to[i] = fold(s, i);
  }
}

// The calls might have changed the bound.
NOINLINE void global_bound(int *a) {
  for (long i = 0; i < n_global; i++)
    store(a + i, -i);
}

NOINLINE static int counted(int x) { return calls++, x * 2; }
NOINLINE void accumulate(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = counted(a[i]);
}

NOINLINE static void dot(const double *x, const double *y, int n, double *to) {
  double s = 0;
  for (int j = 0; j < n; j++)
    s += x[j] * y[j];
  *to = s;
}
NOINLINE void result(const double *m, double *v, int n, int width) {
  for (int i = 0; i < n; i++) {
    double s;
    dot(m + i * width, m, width, &s);
    v[i] = s / 3;
  }
}

static const int primes[16] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53};
NOINLINE static int prime(unsigned k) { return primes[k & 15]; }
NOINLINE void table(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] ^= prime(a[i]);
}

NOINLINE static void root(double *to, double x) { *to = sqrt(x); }
NOINLINE void errors(double *m, int n) {
  for (int i = 0; i < n; i++)
    root(m + i, 10.0 - i);
}

NOINLINE static int fibonacci(int *count, int x) {
  ++*count;
  return x < 2 ? x : fibonacci(count, x - 1) + fibonacci(count, x - 2);
}
NOINLINE void recursive(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += fibonacci(&count, a[i] & 7);
}

NOINLINE static void from_left(int *at) { at[0] += at[-1] * 3; }
NOINLINE void neighbour(int *a, int n) {
  for (int i = 1; i < n; i++)
    from_left(a + i);
}
NOINLINE static void copy(int *to, const int *from) { *to = *from + 1; }
NOINLINE void shifted(int *a, int *b, int n) {
  for (int i = 0; i < n; i++)
    copy(a + i, b + i);
}

// What the callee loads again each time, and a counter that it keeps in memory.
struct state { int *data; int rows, factor, done; };
NOINLINE static void update(struct state *s, int i) {
  s->data[i] = s->data[i] * s->factor + i;
  if (s->data[i] & 1)
    s->done++;
}
NOINLINE void states(struct state *s) {
  for (int i = 0; i < s->rows; i++)
    update(s, i);
}

int main(void) {
  for (int i = 0; i < 150; i++)
    b[i] = draw(1000);
  elements(a, 150);
  SHOW(a);
  chain(a, b, 150);
  SHOW(a);
  rows(m, 30, 20);
  SHOW(m);
  scratch(a, b, 60);
  SHOW(a);
  by_value(a, 100);
  SHOW(a);
  global_bound(a);
  SHOW(a);
  accumulate(a, 150);
  SHOW(a);
  SHOW(calls);
  result(m, v, 30, 20);
  SHOW(v);
  table(a, 150);
  SHOW(a);
  errno = 0;
  errors(m, 50);
  SHOW(errno);
  recursive(a, 150);
  SHOW(a);
  SHOW(count);
  neighbour(a, 150);
  SHOW(a);
  shifted(a + 1, a, 149);
  SHOW(a);
  struct state s = {a, 100, 3, 7};
  states(&s);
  SHOW(a);
  SHOW(s.done);
  static int around[300]; // its own record is among what it writes
  struct state *inside = (struct state *)(void *)(around + 200);
  *inside = (struct state){around + 204, 90, 1, 0};
  states(inside);
  inside->data = 0;
  SHOW(around);
}
