// An inlined helper with 60 KB of locals fits on a worker's stack; more than a
// worker may have is refused.
// RUN: %runcheck %s launched=map:60 refused=larger:private-size
#include "Inputs/show.h"

unsigned a[60];

#define HELPER(Name, Size)                                                     \
  __attribute__((always_inline)) static unsigned Name(unsigned x) {                 \
    unsigned last[Size];                                                       \
    for (unsigned i = 0; i < Size; i++)                                        \
      last[i] = x = x * 1664525u + i;                                          \
    for (unsigned i = 0; i < 10; i++)                                          \
      x += last[(x >> 8) % Size];                                              \
    return x;                                                                  \
  }
HELPER(mix, 15000)
HELPER(mix_more, 50000)

__attribute__((noinline)) void map(unsigned *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = mix(a[i]);
}
__attribute__((noinline)) void larger(unsigned *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = mix_more(a[i]);
}

int main(void) {
  for (int i = 0; i < 60; i++)
    a[i] = draw(1000);
  map(a, 60);
  SHOW(a);
  larger(a, 60);
  SHOW(a);
}
