// Calls in nests, and callees that contain loops and calls of their own.
// RUN: %runcheck %s launched=smooth_all:40 launched=smooth launched=two_levels:9 \
// RUN:   declined=two_levels:dependent launched=pairs:100 launched=signs:120 \
// RUN:   launched=fill_grid refused=marking:call launched=both:70 launched=mixed:64 \
// RUN:   launched=in_steps
#include "Inputs/show.h"

#define NOINLINE __attribute__((noinline))

double m[40 * 32];
int a[300], b[300];
long total;

// Its loop is looked into for itself, and as a part of the loop of its caller.
NOINLINE static void mean(double *to, const double *at) { *to = (at[0] + at[1]) / 2; }
NOINLINE void smooth(double *row, int n) {
  double old[32];
  for (int j = 0; j < 32; j++)
    old[j] = row[j];
  for (int j = 0; j < n - 1; j++)
    mean(&row[j], &old[j]);
}
NOINLINE void smooth_all(double *m, int n) {
  for (int i = 0; i < n; i++)
    smooth(m + i * 32, 32);
}

// The outer loop is independent or not, and then the inner one has its turn.
NOINLINE static void bump(int *to, int by) { *to += by; }
NOINLINE void two_levels(int *a, int n, int k, int stride) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < k; j++)
      bump(a + i * stride + j, i + j);
}

struct pair { int x, y[7]; };
NOINLINE static struct pair pair_of(int i) {
  struct pair p = {i, {i + 1, 2, 3, 4, 5, 6, i}};
  if (i % 3 == 0)
    p.y[i % 7] = -i;
  return p;
}
NOINLINE void pairs(int *a, int n) {
  for (int i = 0; i < n; i++) {
    struct pair p = pair_of(i);
    a[i] = p.x + p.y[0] * 3 + p.y[5] + p.y[6];
  }
}

// Several returns.
NOINLINE static int sign(const int *x) {
  if (*x < 0)
    return -1;
  switch (*x & 7) {
  case 0: return 5;
  case 3: return 1 + x[1];
  case 6: return x[1] < 9 ? 0 : x[2];
  }
  return 1;
}
NOINLINE void signs(int *to, const int *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = sign(from + i);
}

static int grid[12][17];
NOINLINE static void set(int i, int j) { grid[i][j] = i * 100 + j; }
NOINLINE void fill_grid(int n, int width) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < width; j++)
      set(i, j);
}

// A store that could be moved before the loop.
NOINLINE static void mark(int *at, int *flag, int i) {
  *at = i * 5;
  *flag = 7;
}
NOINLINE void marking(int *restrict a, int *restrict flag, int n) {
  for (int i = 0; i < n; i++)
    mark(a + i, flag, i);
}

// Two loops of one function.
NOINLINE void both(int *a, int *b, int n) {
  for (int i = 0; i < n; i++)
    bump(a + i, 3);
  for (int i = n - 1; i >= 0; i--)
    bump(b + i, a[i]);
}

// A local variable that only one of the functions it goes to changes.
NOINLINE static void start(int *x, int v) { *x = v & 15; }
NOINLINE static void twice(int *x) { *x *= 2; }
NOINLINE void mixed(int *to, const int *from, int n) {
  for (int i = 0; i < n; i++) {
    int x, y[3] = {i};
    start(&x, from[i]);
    if (from[i] & 1)
      twice(&x);
    start(y + 1, x);
    start(y + 2, from[i] >> 4);
    to[i] = x + y[0] + y[1] * 17 + y[2];
  }
}

// The loop runs many times, launched or not.
NOINLINE static void add_to(long *sum, int *a, int by) {
  *a += by;
  *sum += *a;
}
NOINLINE void in_steps(int *a, int n) {
  for (int t = 0; t < 5; t++) {
    long s = t;
    for (int i = 0; i < n; i++)
      add_to(&s, a + i, t);
    total = total * 31 + s;
  }
}

int main(void) {
  for (int i = 0; i < 40 * 32; i++)
    m[i] = draw(1000);
  for (int i = 0; i < 300; i++)
    b[i] = draw(1000) - 100;
  smooth_all(m, 40);
  SHOW(m);
  smooth(m, 30);
  SHOW(m);
  two_levels(a, 6, 3, 1);
  two_levels(a, 3, 3, 20);
  SHOW(a);
  pairs(a, 100);
  SHOW(a);
  signs(a, b, 120);
  SHOW(a);
  fill_grid(12, 17);
  SHOW(grid);
  marking(a, b + 250, 90);
  SHOW(a);
  both(a, b, 70);
  SHOW(a);
  SHOW(b);
  mixed(a, b, 64);
  SHOW(a);
  in_steps(b, 20);
  SHOW(b);
  SHOW(total);
}
