// Arrays on the caller's stack are memory like any other.
// RUN: %runcheck %s launched=histogram launched=local
#include "Inputs/show.h"

__attribute__((noinline)) void local(int *out, int n) {
  int square[120], cube[120];
  for (int i = 0; i < n; i++) {
    square[i] = i * i;
    cube[i] = i * i * i + out[i];
  }
  out[3] = square[n - 1] - cube[n - 2];
  for (int i = 0; i < n; i += 7)
    out[i] ^= square[i] + cube[n - 1 - i];
}
__attribute__((noinline)) int histogram(const int *in, int n, int m) {
  int count[16] = {0}, sum = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < 16; j++)
      count[j] += in[i] % (j + 1) == 0;
  for (int i = 0; i < m; i++)
    sum += count[i] * i;
  return sum;
}

int main(void) {
  static int a[120];
  for (int i = 0; i < 120; i++)
    a[i] = draw(1000);
  local(a, 120);
  SHOW(a);
  printf("%d\n", histogram(a, 120, 16));
}
