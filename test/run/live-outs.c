// What counters and pointers are after the loop, and what they are where it
// never runs.
// RUN: %runcheck %s launched=counter:66 launched=pointer:200 launched=both:200 launched=product
#include "Inputs/show.h"

int a[200];

__attribute__((noinline)) int counter(int *a, int n) {
  int i;
  for (i = 3; i < n; i += 3)
    a[i] += i;
  return i;
}
__attribute__((noinline)) int *pointer(int *p, int n) {
  while (n-- > 0)
    *p++ *= 3;
  return p;
}
__attribute__((noinline)) long both(int *a, int n) {
  long sum = 0, square = 0;
  int i, down = 1000;
  for (i = 0; i < n; i++, down -= 2) {
    sum += a[i];
    square ^= (long)a[i] * a[i];
  }
  return sum * 7 + square + i * down;
}
__attribute__((noinline)) unsigned product(int *a, int n, int m) {
  int i, j = 5;
  for (i = 0; i < n; i++)
    for (j = 0; j < m; j++)
      a[i * m + j]++;
  return i * 1000 + j;
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(1000);
  printf("%d %d\n", counter(a, 200), counter(a, -5));
  printf("%d %d\n", (int)(pointer(a, 200) - a), (int)(pointer(a, 0) - a));
  printf("%ld %ld\n", both(a, 200), both(a, 0));
  printf("%u %u %u\n", product(a, 13, 15), product(a, 0, 15), product(a, 13, 0));
  SHOW(a);
}
