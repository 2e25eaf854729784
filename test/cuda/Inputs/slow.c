// A loop of some milliseconds, often.
#include <stdio.h>

enum { N = 4096, M = 8000 };
static unsigned a[N];

__attribute__((noinline)) static void mix(unsigned seed) {
  for (unsigned i = 0; i < N; i++) {
    unsigned sum = 0;
    for (unsigned j = 0; j < M; j++)
      sum += (i ^ j) * seed;
    a[i] ^= sum;
  }
}

int main(void) {
  for (unsigned seed = 1; seed < 100; seed++)
    mix(seed);
  printf("total %u\n", a[17]);
  return 0;
}
