// Calls of functions of the same file that only compute, and of one that counts in
// a global, which may be an element.
// RUN: %runcheck %s launched=map:150 launched=chain:150 launched=counting:150 \
// RUN:   declined=counting:dependent \
// RUN:   refused=recursive:call
#include "Inputs/show.h"

int a[150], calls;
struct { int before[60], calls, after[60]; } s;

__attribute__((noinline)) static int collatz(int x) {
  int steps = 0;
  for (unsigned y = x; y > 1; steps++)
    y = y & 1 ? 3 * y + 1 : y / 2;
  return steps;
}
__attribute__((noinline)) static int around(int x) { return collatz(x) + collatz(x + 1); }
__attribute__((noinline)) static int counted(int x, int *calls) { return ++*calls, x * 2; }
__attribute__((noinline)) static int fibonacci(int x) {
  return x < 2 ? x : fibonacci(x - 1) + fibonacci(x - 2);
}

__attribute__((noinline)) void map(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = collatz(a[i]);
}
__attribute__((noinline)) void chain(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += around(i + 3);
}
__attribute__((noinline)) void counting(int *a, int n, int *calls) {
  for (int i = 0; i < n; i++)
    a[i] = counted(a[i], calls);
}
__attribute__((noinline)) void recursive(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += fibonacci(a[i] & 7);
}

int main(void) {
  for (int i = 0; i < 150; i++)
    a[i] = draw(1000) + 1;
  map(a, 150);
  SHOW(a);
  chain(a, 150);
  SHOW(a);
  counting(a, 150, &calls);
  SHOW(calls);
  counting(s.before, 121, &s.calls);
  SHOW(s);
  recursive(a, 150);
  SHOW(a);
  SHOW(calls);
}
