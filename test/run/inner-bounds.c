// Inner loops whose bounds depend on the outer counter, or on data where no
// address moves with them. Where addresses do, nothing bounds them.
// RUN: %runcheck %s launched=lower:41 launched=upper:41 launched=escape:41 launched=refined:41 \
// RUN:   refused=ragged:inner-bound
#include "Inputs/show.h"

int a[41 * 41], length[41];

__attribute__((noinline)) void lower(int *a, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      a[i * n + j] += i - j;
}
__attribute__((noinline)) void upper(int *a, int n) {
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++)
      a[i * n + j] *= j;
}
__attribute__((noinline)) void escape(int *a, const int *length, int n) {
  for (int i = 0; i < n; i++) {
    unsigned x = i;
    for (int j = 0; j < length[i]; j++)
      x = x * 1664525u + 1013904223u;
    a[i] = (int)x;
  }
}
// The number of steps depends on the values that they compute.
__attribute__((noinline)) void refined(int *a, int n) {
  for (int i = 0; i < n; i++) {
    unsigned x = i + 27, steps = 0;
    while (x > 1) {
      x = x % 2 ? 3 * x + 1 : x / 2;
      steps++;
    }
    a[i] += steps;
  }
}
__attribute__((noinline)) void ragged(int *a, const int *length, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < length[i]; j++)
      a[i * n + j]++;
}

int main(void) {
  for (int i = 0; i < 41; i++)
    length[i] = draw(41);
  lower(a, 41);
  upper(a, 41);
  SHOW(a);
  escape(a + 50, length, 41);
  refined(a + 91, 41);
  ragged(a, length, 41);
  SHOW(a);
}
