// Elements that are read and written by their own iteration only; a step away,
// they depend on each other.
// RUN: %runcheck %s launched=scale:200 launched=swap:100 launched=halves:100 \
// RUN:   refused=prefix:dependent
#include "Inputs/show.h"

float a[200];

__attribute__((noinline)) void scale(float *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * 1.1f + a[i] * a[i];
}
// Iteration i meets nobody at n - 1 - i, for i stops in the middle.
__attribute__((noinline)) void swap(float *a, int n) {
  for (int i = 0; i < n / 2; i++) {
    float t = a[i];
    a[i] = a[n - 1 - i];
    a[n - 1 - i] = t;
  }
}
__attribute__((noinline)) void halves(float *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += a[i + n];
}
__attribute__((noinline)) void prefix(float *a, int n) {
  for (int i = 1; i < n; i++)
    a[i] += a[i - 1];
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(1000) / 999.0f;
  scale(a, 200);
  SHOW(a);
  swap(a, 200);
  SHOW(a);
  halves(a, 100);
  SHOW(a);
  prefix(a, 200);
  SHOW(a);
}
