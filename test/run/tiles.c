// Tiles whose width is known at run time only: the inner loop begins where the outer
// counter is, and ends a width further on. A sorting network, tiles that overlap, that
// are not entered, that begin below zero, and a width that changes.
// RUN: %runcheck %s launched=network launched=apart:240 declined=over \
// RUN:   launched=none launched=below launched=long_apart
#include "Inputs/show.h"

enum { N = 1 << 10 };
int a[N + 64];

__attribute__((noinline)) void network(int *a, int n) {
  for (int k = 2; k <= n; k *= 2)
    for (int j = k / 2; j > 0; j /= 2)
      for (int block = 0; block < n; block += 2 * j)
        for (int i = block; i < block + j; i++) {
          const int x = a[i], y = a[i + j], low = x < y ? x : y, high = x < y ? y : x;
          const int down = (i & k) != 0;
          a[i] = down ? high : low;
          a[i + j] = down ? low : high;
        }
}

__attribute__((noinline)) void apart(int *a, int tiles, int step, int width) {
  for (int t = 0; t < tiles * step; t += step)
    for (int i = t; i < t + width; i++)
      a[i] = a[i] * 3 + t;
}

// Each tile changes what the one before it has written.
__attribute__((noinline)) void over(int *a, int tiles, int step, int width) {
  for (int t = 0; t < tiles * step; t += step)
    for (int i = t; i < t + width; i++)
      a[i] = a[i] * 3 + t;
}

__attribute__((noinline)) void none(int *a, int *count, int tiles, int step, int width) {
  for (int t = 0; t < tiles; t++) {
    for (int i = t * step; i < t * step + width; i++)
      a[i] += i;
    count[t] = t;
  }
}

__attribute__((noinline)) void below(int *a, int from, int to, int step, int width) {
  for (int t = from; t < to; t += step)
    for (int i = t; i < t + width; i++)
      a[i] += t;
}

__attribute__((noinline)) void long_apart(int *a, long tiles, long step, long width) {
  for (long t = 0; t < tiles * step; t += step)
    for (long i = t; i < t + width; i++)
      a[i] ^= (int)t;
}

int main(void) {
  static int count[N];
  for (int i = 0; i < N; i++)
    a[i] = i * 7919 % 1009;
  network(a, N);
  show("network", a, sizeof a);
  apart(a, 60, 16, 16), apart(a, 60, 16, 9), apart(a, 60, 16, 0);
  apart(a, 60, 16, -3);
  show("apart", a, sizeof a);
  over(a, 60, 8, 9);
  show("over", a, sizeof a);
  none(a, count, 60, 8, 0), none(a, count, 60, 8, -4), none(a, count, 60, 8, 3);
  show("none", a, sizeof a), show("count", count, sizeof count);
  below(a + 512, -480, 480, 8, 8), below(a + 512, -480, 480, 8, 3);
  show("below", a, sizeof a);
  long_apart(a, 60, 16, 16), long_apart(a, 60, 16, 0), long_apart(a, 60, 16, -3);
  show("long_apart", a, sizeof a);
}
