// Writes at places that an array says: independent where it says each once.
// RUN: %runcheck %s launched=put:6000 declined=put:unknown-overlap \
// RUN:   launched=update declined=update:unknown-overlap launched=blocks \
// RUN:   declined=blocks:unknown-overlap launched=two \
// RUN:   declined=two:unknown-overlap launched=count \
// RUN:   declined=count:unknown-overlap refused=bytes \
// RUN:   declined=shifted:unknown-overlap declined=itself:unknown-overlap \
// RUN:   launched=fields launched=spread:40 declined=spread:unknown-overlap
#include <stdio.h>
#include <stdlib.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void put(int n, const int *at, const double *b, double *a) {
  for (int i = 0; i < n; ++i)
    a[at[i]] = b[i] * 2;
}

NOINLINE static void update(int n, const int *at, const double *b, double *a) {
  for (int i = 0; i < n; ++i)
    a[at[i]] += b[at[i]] * 2 + a[at[i]];
}

NOINLINE static void blocks(int n, int m, const long *at, const double *b, double *a) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      a[8 * at[i] + j] += b[i * m + j];
}

NOINLINE static void two(int n, const int *at, const int *to, double *a, double *b) {
  for (int i = 0; i < n; ++i) {
    a[at[i]] = i;
    b[to[i]] = -i;
  }
}

NOINLINE static void count(int n, const int *x, int *histogram) {
  for (int i = 0; i < n; ++i)
    histogram[x[i]]++;
}

NOINLINE static void bytes(int n, const unsigned char *x, int *histogram) {
  for (int i = 0; i < n; ++i)
    histogram[x[i]]++;
}

// Each place once, but its neighbour is read.
NOINLINE static void shifted(int n, const int *at, double *a) {
  for (int i = 0; i < n; ++i)
    a[at[i]] = a[at[i] + 1] * 0.5;
}

NOINLINE static void itself(int n, int *at) {
  for (int i = 0; i < n; ++i)
    at[at[i]] = i;
}

struct body { int slot; float mass; };
NOINLINE static void fields(int n, const struct body *bodies, struct body *sorted) {
  for (int i = 0; i < n; ++i)
    sorted[bodies[i].slot] = bodies[i];
}

// Index elements that are not one stride after the other.
NOINLINE static void spread(int n, int m, int row, int column, const int *at, double *a) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      a[at[i * row + j * column]] = i * 2 + j;
}

static double *a, *b;
static int *at, *to, *histogram;
static void print(const char *what, int n) {
  double sum = 0;
  unsigned counts = 0;
  for (int i = 0; i < 8 * n; ++i)
    sum = sum * 0.99 + a[i] - b[i];
  for (int i = 0; i < n; ++i)
    counts = counts * 3 + (unsigned)histogram[i];
  printf("%s %.17g %u\n", what, sum, counts);
}

static void use_all(const char *what, int n) {
  long *wide = malloc((size_t)n * sizeof *wide);
  for (int i = 0; i < n; ++i)
    wide[i] = at[i];
  put(n, at, b, a);
  print(what, n);
  update(n, at, b, a);
  blocks(n, 8, wide, b, a);
  two(n, at, to, a, b);
  print(what, n);
  two(n, at, to, a, a);
  two(n, at, to, a, a + n);
  count(n, at, histogram);
  shifted(n, at, a);
  print(what, n);
  free(wide);
}

static volatile int size = 1000;

int main(void) {
  const int n = size;
  at = malloc((size_t)n * sizeof *at), to = malloc((size_t)n * sizeof *to);
  a = malloc((size_t)n * 9 * sizeof *a), b = malloc((size_t)n * 9 * sizeof *b);
  histogram = calloc((size_t)n, sizeof *histogram);
  unsigned char *small = malloc((size_t)n);
  struct body *bodies = malloc((size_t)n * sizeof *bodies), *sorted = malloc((size_t)n * sizeof *sorted);
  for (int i = 0; i < 9 * n; ++i)
    a[i] = i, b[i] = -i;
  for (int i = 0; i < n; ++i) {
    at[i] = i, to[i] = (i * 9) % n, small[i] = (unsigned char)i;
    bodies[i] = (struct body){n - 1 - i, (float)i};
  }
  use_all("in order", n);
  for (int i = 0; i < n; ++i)
    at[i] = (i * 7) % n;
  use_all("permuted", n);
  use_all("permuted", n);
  for (int round = 0; round < 3; ++round)
    put(n, at, b, a);
  at[5] = at[77];
  use_all("one twice", n);
  at[5] = at[77] + 1;
  use_all("another twice", n);
  bytes(n, small, histogram);
  print("bytes", n);
  fields(n, bodies, sorted);
  for (int i = 0; i < n; i += 100)
    printf("%d %g\n", sorted[i].slot, sorted[i].mass);
  for (int i = 0; i < n; ++i)
    at[i] = i;
  spread(10, 4, 40, 10, at, a);
  at[41] = at[102] = at[205] = n; // of elements 0, 20, 41, 61, 82, 102, ...
  spread(20, 2, 41, 20, at, a);
  print("spread", n);
  for (int i = 0; i < n; ++i)
    at[i] = (i * 3) % n;
  itself(n, at);
  for (int i = 0; i < n; i += 50)
    printf("%d ", at[i]);
  puts("");
  return 0;
}
