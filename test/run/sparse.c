// Sparse matrices: inner loops between two bounds from memory, and what they
// read at indices from memory.
// RUN: %runcheck %s launched=product declined=product:unknown-overlap \
// RUN:   launched=by_length launched=transposed_rows launched=elements \
// RUN:   declined=shorts declined=unsigned_shorts declined=chars \
// RUN:   declined=bytes launched=kept declined=kept:wrap
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static void product(int n, const int *start, const int *column, const double *value, const double *x, double *y) {
  for (int i = 0; i < n; ++i) {
    double sum = 0;
    for (int j = start[i]; j < start[i + 1]; ++j)
      sum += value[j] * x[column[j]];
    y[i] = sum;
  }
}

NOINLINE static void by_length(int n, const int *length, const double *const *rows, const int *const *columns, const double *restrict x, double *restrict y) {
  for (int i = 0; i < n; ++i) {
    double sum = 0;
    for (int j = 0; j < length[i]; ++j)
      sum += rows[i][j] * x[columns[i][j]];
    y[i] = sum;
  }
}

// Ends that have nothing to do with the next start.
NOINLINE static void transposed_rows(long n, const long *start, const long *end, const double *x, double *restrict y) {
  for (long i = 0; i < n; ++i) {
    double sum = 0;
    for (long j = start[i]; j < end[i]; ++j)
      sum += x[j] * 0.5;
    y[i] = sum;
  }
}

struct element { double nodes[4]; };
NOINLINE static void elements(int n, const int (*node)[4], const double *x, struct element *restrict e) {
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < 4; ++k)
      e[i].nodes[k] = x[node[i][k]] - x[node[i][(k + 1) & 3]];
}

// The first start is not what stands in memory.
NOINLINE static void kept(int n, int first, int *start, const double *x, double *restrict y) {
  int from = start[0];
  start[0] = first;
  for (int i = 0; i < n; ++i) {
    double sum = 0;
    const int to = start[i + 1];
    for (int j = from; j < to; ++j)
      sum += x[j];
    y[i] = sum;
    from = to;
  }
}

// Bounds of types so narrow that their range alone says something.
#define NARROW(name, type)                                                                      \
  NOINLINE static void name(int n, const type *start, const type *end, const double *x, double *y) { \
    for (int i = 0; i < n; ++i) {                                                               \
      double sum = 0;                                                                           \
      for (long j = start[i]; j < (long)end[i]; ++j)                                            \
        sum += x[j];                                                                            \
      y[i] = sum;                                                                               \
    }                                                                                           \
  }                                                                                             \
  static void use_##name(double *x, double *y) {                                                \
    type from[50], to[50];                                                                      \
    for (int i = 0; i < 50; ++i)                                                                \
      from[i] = (type)(i / 2), to[i] = (type)(i / 2 + 4);                                       \
    name(50, from, to, x, y), print(#name, y, 50);                                              \
    name(50, from, to, x, x), print("among themselves", x, 50);                                 \
  }

static void print(const char *what, const double *y, int n) {
  double sum = 0;
  for (int i = 0; i < n; ++i)
    sum = sum * 0.999 + y[i];
  printf("%s %.17g\n", what, sum);
}

NARROW(shorts, short)
NARROW(unsigned_shorts, unsigned short)
NARROW(chars, signed char)
NARROW(bytes, unsigned char)

// Half of the rows are in the last page, and after them half in the first one. What
// lies between cannot be read.
static void use_hole(const double *x, double *y) {
  enum { EACH = 10, ROWS = 20 };
  const int page = (int)sysconf(_SC_PAGESIZE), many = page / (int)sizeof(int);
  int *column = mmap(0, 3 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  double *value = malloc(3 * (size_t)many * sizeof *value);
  int start[ROWS + 1];
  for (int i = 0; i < 3 * many; ++i)
    column[i] = i % 700, value[i] = i % 19;
  mprotect((char *)column + page, (size_t)page, PROT_NONE);
  for (int i = 0; i <= ROWS / 2; ++i) {
    start[i] = 3 * many - (ROWS / 2 - i) * EACH;
    start[ROWS / 2 + i] = i == 0 ? 3 * many : i * EACH;
  }
  start[ROWS / 2 + 1] = 0;
  product(ROWS, start, column, value, x, y), print("a hole", y, ROWS);
  for (int i = 0; i <= ROWS; ++i)
    start[i] = 3 * many - (ROWS - i) * EACH;
  product(ROWS, start, column, value, x, y), print("up to the end", y, ROWS);
  munmap(column, 3 * (size_t)page);
  free(value);
}

static volatile int size = 1000;

int main(void) {
  const int n = size;
  int *start = malloc(((size_t)n + 1) * sizeof *start), *length = malloc((size_t)n * sizeof *length);
  int *column = malloc((size_t)n * 12 * sizeof *column);
  double *value = malloc((size_t)n * 12 * sizeof *value), *x = malloc((size_t)n * 12 * sizeof *x);
  double *y = calloc((size_t)n * 2, sizeof *y);
  const double **rows = malloc((size_t)n * sizeof *rows);
  const int **columns = malloc((size_t)n * sizeof *columns);
  long *first = malloc((size_t)n * sizeof *first), *last = malloc((size_t)n * sizeof *last);
  int (*node)[4] = malloc((size_t)n * sizeof *node);
  struct element *e = malloc((size_t)n * sizeof *e);
  int at = 0;
  for (int i = 0; i < n; ++i) {
    start[i] = at;
    length[i] = (i * 7) % 12;
    rows[i] = value + at, columns[i] = column + at;
    at += length[i];
    first[i] = (i * 13) % n, last[i] = first[i] + (i % 5 ? i % 9 : -3);
    for (int k = 0; k < 4; ++k)
      node[i][k] = (i * 5 + k * k) % n;
  }
  start[n] = at;
  for (int i = 0; i < 12 * n; ++i)
    column[i] = (i * 31) % n, value[i] = i % 19, x[i] = i % 23;
  product(n, start, column, value, x, y), print("product", y, n);
  product(n, start, column, value, x, x), print("in place", x, n);
  product(n, start, column, value, x, value), print("into values", value, n);
  start[3] = start[4] = start[5];
  product(n, start, column, value, x, y), print("empty rows", y, n);
  by_length(n, length, rows, columns, x, y), print("by length", y, n);
  transposed_rows(n, first, last, x, y), print("rows", y, n);
  elements(n, node, x, e), print("elements", e->nodes, 4 * n);
  use_hole(x, y);
  use_shorts(x, y), use_unsigned_shorts(x, y), use_chars(x, y), use_bytes(x, y);
  kept(n, start[0], start, x, y), print("kept", y, n);
  kept(n, 40, start, x, y), print("changed", y, n);
  printf("%d\n", start[0]);
  return 0;
}
