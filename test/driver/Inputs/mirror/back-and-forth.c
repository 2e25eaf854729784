// All pages go to the device, and one by one come back, again and again.
#include <stdio.h>
#include <stdlib.h>

enum { PAGES = 512, EACH = 4096 / sizeof(long), N = PAGES * EACH, ROUNDS = 80 };

__attribute__((noinline)) static void add(long *a, long n, long by) {
  for (long i = 0; i < n; i++)
    a[i] += by;
}

int main(void) {
  long *a = aligned_alloc(4096, N * sizeof *a), sum = 0;
  for (long i = 0; i < N; i++)
    a[i] = 0;
  for (int r = 0; r < ROUNDS; r++) {
    add(a, N, r);
    for (long p = 0; p < PAGES; p++) // in no order that could be guessed
      a[p * 37 % PAGES * (long)EACH] += 1;
  }
  for (long i = 0; i < N; i++)
    sum += a[i];
  printf("%ld\n", sum);
  return 0;
}
