// Sweeps over rows of 64 to 16,384 elements, in place: what following a row costs, and
// from when on it pays. bench/sweeps compares plain clang and Ferry.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ELEMENTS = 16 << 20 };

static __attribute__((noinline)) void five(double *a, long rows, long n) {
  for (long i = 1; i < rows; i++)
    for (long j = 1; j < n - 1; j++)
      a[i * n + j] = 0.2 * (a[(i - 1) * n + j] + a[i * n + j - 1] + a[i * n + j] + a[i * n + j + 1]);
}

static __attribute__((noinline)) void divided(double *a, long rows, long n) {
  for (long i = 1; i < rows; i++)
    for (long j = 1; j < n - 1; j++)
      a[i * n + j] = (a[(i - 1) * n + j - 1] + a[(i - 1) * n + j] + a[(i - 1) * n + j + 1] +
                      a[i * n + j - 1] + a[i * n + j] + a[i * n + j + 1]) / 6;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

static double run(void (*sweep)(double *, long, long), double *a, long n) {
  for (long i = 0; i < ELEMENTS; i++)
    a[i] = i % 17;
  const double start = now();
  sweep(a, ELEMENTS / n, n);
  return now() - start;
}

int main(void) {
  double *a = malloc(ELEMENTS * sizeof *a), sum = 0;
  for (long n = 64; n <= 16384; n *= 4) {
    const double first = run(five, a, n);
    sum += a[ELEMENTS - 7];
    const double second = run(divided, a, n);
    sum += a[ELEMENTS - 7];
    printf("%ld %.1f %.1f\n", n, first, second);
  }
  fprintf(stderr, "%.17g\n", sum); // that all did the same
  free(a);
}
