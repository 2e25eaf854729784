// Loops over memory of each kind: variables beside each other, a stack, an array that
// was allocated, and rows behind pointers. The program uses one of them in between.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { N = 1 << 15, ROWS = 64, COLUMNS = 512 };
_Alignas(4096) static long first[N];
_Alignas(4096) long second[N];

__attribute__((noinline)) static void add(long *to, const long *from, long n) {
  for (long i = 0; i < n; i++)
    to[i] += from[i] + i;
}

__attribute__((noinline)) static void scale(long **rows, long n, long m) {
  for (long i = 0; i < n; i++)
    for (long j = 0; j < m; j++)
      rows[i][j] = i * j;
}

__attribute__((noinline)) static void with_stack(void) {
  long local[N / 2];
  for (long i = 0; i < N / 2; i++)
    local[i] = first[i];
  add(local, first, N / 2);
  first[1] = local[7];
}

int main(void) {
  long *own = calloc(N, sizeof *own), *rows[ROWS];
  for (int i = 0; i < ROWS; i++)
    rows[i] = malloc(COLUMNS * sizeof **rows);
  for (int round = 0; round < 3; round++) {
    add(first, second, N);
    add(own, first, N);
    scale(rows, ROWS, COLUMNS);
    first[N / 2] = round;
    usleep(2000);
  }
  with_stack();
  printf("%ld %ld %ld %ld\n", first[N - 1], second[9], own[N / 2], rows[5][7]);
  return 0;
}
