// A loop in a function that calls itself, before and after the call.
// RUN: %runcheck %s launched=walk
#include "Inputs/show.h"

int a[20][64];

__attribute__((noinline)) int walk(int depth, int n) {
  int row[64], sum = depth;
  for (int i = 0; i < n; i++)
    row[i] = a[depth][i] * 3 + depth;
  if (depth)
    sum += walk(depth - 1, n - 1) - walk(depth / 2, n);
  for (int i = 0; i < n; i++)
    sum += row[i] ^ i;
  for (int i = 0; i < n; i++)
    a[depth][i] += row[i];
  return sum;
}

int main(void) {
  for (int i = 0; i < 20 * 64; i++)
    a[i / 64][i % 64] = draw(1000);
  printf("%d\n", walk(9, 64));
  SHOW(a);
}
