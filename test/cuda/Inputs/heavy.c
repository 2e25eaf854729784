// Loops that take long enough to start a device for them, without FERRY=force.
#include <stdio.h>
#include <unistd.h>

enum { N = 4096, M = 100000 };
static unsigned a[N];

__attribute__((noinline)) static void mix(unsigned seed) {
  for (unsigned i = 0; i < N; i++) {
    unsigned sum = 0;
    for (unsigned j = 0; j < M; j++)
      sum += (i ^ j) * seed;
    a[i] ^= sum;
  }
}

__attribute__((noinline)) static unsigned total(void) {
  unsigned sum = 0;
  for (unsigned i = 0; i < N; i++)
    sum += a[i];
  return sum;
}

int main(void) {
  for (unsigned seed = 1; seed < 4; seed++)
    mix(seed);
  printf("total %u\n", total());
  return 0;
}
