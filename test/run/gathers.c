// Reads at places that an array says, or anywhere in an object.
// RUN: %runcheck %s launched=gather:30000 declined=gather:unknown-overlap \
// RUN:   launched=from_global launched=from_local launched=wide \
// RUN:   launched=narrow launched=fields launched=twice launched=rows_of \
// RUN:   launched=ragged declined=ragged:unknown-overlap \
// RUN:   declined=own_index:unknown-overlap \
// RUN:   declined=scattered:unknown-overlap launched=outside
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))
enum { N = 10000 };

NOINLINE static void gather(int n, const int *index, const double *x, double *y) {
  for (int i = 0; i < n; ++i)
    y[i] = x[index[i]] + 1;
}

static double global[1000];
NOINLINE static void from_global(int n, const unsigned *hash, double *y) {
  for (int i = 0; i < n; ++i)
    y[i] = global[(hash[i] * 2654435761u) % 1000];
}

NOINLINE static void from_local(int n, const unsigned *hash, double *y) {
  double squares[64];
  for (int i = 0; i < 64; ++i)
    squares[i] = i * i + y[i];
  for (int i = 0; i < n; ++i)
    y[i] = squares[(hash[i] >> 3) * 7 % 61] + squares[hash[i] % 64];
}

NOINLINE static void wide(long n, const long *index, const double *x, double *y) {
  for (long i = 0; i < n; ++i)
    y[i] = x[index[i] + 3] - x[index[i]];
}

NOINLINE static void narrow(int n, const signed char *step, const unsigned short *at, const int *x, int *y) {
  for (int i = 0; i < n; ++i)
    y[i] = x[at[i]] + x[300 + step[i]];
}

struct edge { int from, to; double weight; };
NOINLINE static void fields(int n, const struct edge *edges, const double *x, double *y) {
  for (int i = 0; i < n; ++i)
    y[i] = (x[edges[i].from] - x[edges[i].to]) * edges[i].weight;
}

// An index of an index.
NOINLINE static void twice(int n, const int *first, const int *second, const double *x, double *y) {
  for (int i = 0; i < n; ++i)
    y[i] = x[second[first[i]]];
}

NOINLINE static void rows_of(int n, int m, const int *index, const double *x, double *y) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < m; ++j)
      y[(long)i * m + j] = x[(long)index[i] * m + j] * 2;
}

NOINLINE static void ragged(int n, const int *length, double *a, int m) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < length[i]; ++j)
      a[(long)i * m + j] = a[(long)i * m + j] * 2 + j;
}

// The index changes while the loop runs.
NOINLINE static void own_index(int n, int *index, const int *x) {
  for (int i = 0; i < n; ++i)
    index[i] = x[index[i]];
}

NOINLINE static void scattered(int n, const int *index, double *y) {
  for (int i = 0; i < n; ++i)
    y[index[i]] += index[i];
}

// Half of the index array is not there, and not read.
NOINLINE static void outside(int n, const int *index, const double *x, double *y, const char *use) {
  for (int i = 0; i < n; ++i)
    if (use[i])
      y[i] = x[index[i]];
}

static void print(const char *what, const double *y, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum = sum * 0.999 + y[i];
  printf("%s %.17g\n", what, sum);
}

static void use_outside(double *x, double *y) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  int *index = mmap(0, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const int half = (int)(page / sizeof *index);
  char *use = calloc(2 * (size_t)half, 1);
  memset(use, 1, (size_t)half);
  for (int i = 0; i < half; ++i)
    index[i] = (i * 7) % 1000;
  outside(half, index, x, y, use);
  munmap((char *)index + page, page);
  outside(2 * half, index, x, y, use);
  print("outside", y, 2 * half);
}

int main(void) {
  int *index = malloc(N * sizeof *index), *other = malloc(N * sizeof *other);
  long *longs = malloc(N * sizeof *longs);
  unsigned *hash = malloc(N * sizeof *hash);
  double *x = malloc(2 * N * sizeof *x), *y = malloc(2 * N * sizeof *y);
  struct edge *edges = malloc(N * sizeof *edges);
  signed char *step = malloc(N);
  unsigned short *at = malloc(N * sizeof *at);
  for (int i = 0; i < N; ++i) {
    index[i] = (int)((long)i * 7919 % N), other[i] = (i * 31) % N;
    longs[i] = index[i], hash[i] = (unsigned)i * 77777u;
    x[i] = i, x[N + i] = -i, y[i] = 1, y[N + i] = 2;
    edges[i] = (struct edge){index[i], other[i], i * 0.5};
    step[i] = (signed char)i, at[i] = (unsigned short)(i % 700);
    global[i % 1000] += i;
  }
  gather(N, index, x, y), print("gather", y, N);
  gather(N, index, x, x), print("in place", x, N);
  gather(N, index, x, x + N), print("behind", x, 2 * N);
  index[17] = N + 5;
  gather(N, index, x, x + N), print("into", x, 2 * N);
  index[17] = 5;
  gather(N, other, y + N, y), print("before", y, 2 * N);
  from_global(N, hash, y), print("global", y, N);
  from_local(N, hash, y), print("local", y, N);
  wide(N - 3, longs, x, y), print("wide", y, N);
  fields(N, edges, x, y), print("fields", y, N);
  twice(N, index, other, x, y), print("twice", y, N);
  for (int i = 0; i < N / 10; ++i)
    other[i] = (i * 31) % (N / 10);
  rows_of(N / 10, 10, other, x, y), print("rows", y, N);
  for (int i = 0; i < 100; ++i)
    other[i] = (i * 37) % 100;
  ragged(100, other, x, 100), print("ragged", x, N);
  ragged(100, other, x, 50), print("closer", x, N);
  int *few = malloc(N * sizeof *few);
  narrow(N, step, at, index, few);
  own_index(N, few, index);
  long sum = 0;
  for (int i = 0; i < N; ++i)
    sum = (sum * 31 + few[i]) & 0xffffff;
  printf("narrow %ld\n", sum);
  scattered(N, index, y), print("scattered", y, N);
  use_outside(x, y);
  return 0;
}
