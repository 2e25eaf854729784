// Arrays of bool, as values and as conditions, and reductions to a bool.
// RUN: %runcheck %s launched=primes:250 launched=invert:250 launched=select:250 \
// RUN:   launched=parity:250
#include "Inputs/show.h"
#include <stdbool.h>

bool a[250], b[250];
int c[250];

__attribute__((noinline)) void primes(bool *a, int n) {
  for (int i = 0; i < n; i++) {
    bool prime = i > 1;
    for (int d = 2; d < i; d++)
      prime &= i % d != 0;
    a[i] = prime;
  }
}
__attribute__((noinline)) void invert(bool *to, const bool *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = !from[i] || (i & 1);
}
__attribute__((noinline)) void select(int *c, const bool *a, const bool *b, int n) {
  for (int i = 0; i < n; i++)
    if (a[i] != b[i])
      c[i] += a[i] ? i : -i;
}
__attribute__((noinline)) bool parity(const int *c, int n) {
  bool odd = false;
  for (int i = 0; i < n; i++)
    odd ^= c[i] & 1;
  return odd;
}

int main(void) {
  primes(a, 250);
  SHOW(a);
  invert(b, a, 250);
  SHOW(b);
  select(c, a, b, 250);
  SHOW(c);
  printf("%d\n", parity(c, 250));
}
