// Sums, products, bits, minima and maxima of integers, start value included;
// what overflows must wrap as it does in the loop.
// RUN: %runcheck %s launched=sum:501 launched=product:501 launched=bits:501 \
// RUN:   launched=extremes:501 \
// RUN:   launched=narrow:501 launched=some:501 launched=two_loops:21 launched=difference:501
#include "Inputs/show.h"

int a[501];

__attribute__((noinline)) long sum(const int *a, int n, long s) {
  for (int i = 0; i < n; i++)
    s += (long)a[i] * a[i];
  return s;
}
__attribute__((noinline)) unsigned product(const int *a, int n, unsigned p) {
  for (int i = 0; i < n; i++)
    p *= a[i] | 1;
  return p;
}
__attribute__((noinline)) int bits(const int *a, int n, int x) {
  int all = x, any = x, odd = x;
  for (int i = 0; i < n; i++) {
    all &= a[i] | 0x1000;
    any |= a[i];
    odd ^= a[i];
  }
  return all + 3 * any + 5 * odd;
}
__attribute__((noinline)) long extremes(const int *a, int n) {
  int low = 500, high = -3;
  unsigned top = 7, bottom = ~0u;
  for (int i = 0; i < n; i++) {
    low = a[i] < low ? a[i] : low;
    high = a[i] > high ? a[i] : high;
    top = (unsigned)a[i] * 77777777u > top ? (unsigned)a[i] * 77777777u : top;
    bottom = (unsigned)a[i] * 77777777u < bottom ? (unsigned)a[i] * 77777777u : bottom;
  }
  return low + 2 * high + 3l * top + 5l * bottom;
}
__attribute__((noinline)) unsigned char narrow(const int *a, int n) {
  unsigned char s = 250;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}
__attribute__((noinline)) int some(const int *a, int n) {
  int s = 0;
  for (int i = 0; i < n; i++)
    if (a[i] % 3 == 0)
      s += i;
  return s;
}
__attribute__((noinline)) int two_loops(const int *a, int n, int m) {
  int s = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      s += a[i * m + j] * j;
  return s;
}
__attribute__((noinline)) int difference(const int *a, int n, int s) {
  for (int i = 0; i < n; i++)
    s -= a[i];
  return s;
}

int main(void) {
  for (int i = 0; i < 501; i++)
    a[i] = draw(1000000);
  printf("%ld %u\n", sum(a, 501, 17), product(a, 501, 3));
  printf("%d %ld\n", bits(a, 501, -1), extremes(a, 501));
  printf("%d %d\n", narrow(a, 501), some(a, 501));
  printf("%d %d\n", two_loops(a, 21, 23), difference(a, 501, 9));
}
