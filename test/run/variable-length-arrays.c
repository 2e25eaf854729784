// Arrays whose size is known when the function runs: as parameters, on the
// stack around a loop, and inside of one, which stays.
// RUN: %runcheck %s launched=add:187 launched=around refused=inside
#include "Inputs/show.h"

__attribute__((noinline)) void add(int n, int m, int to[n][m], int from[m][n]) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      to[i][j] += from[j][i] * 3;
}
__attribute__((noinline)) int around(int n, int m, int out[n]) {
  int square[n][m];
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      square[i][j] = i * j + out[i];
  out[n - 1] = 0;
  for (int i = 0; i < n; i++)
    out[i] += square[n - 1 - i][i % m];
  return square[n - 1][m - 1];
}
__attribute__((noinline)) void inside(int n, int out[n]) {
  for (int i = 1; i < n; i++) {
    int row[i];
    for (int j = 0; j < i; j++)
      row[j] = out[j] ^ i;
    out[i] += row[out[i] & 1 ? 0 : i - 1];
  }
}

int main(void) {
  static int a[11][17], b[17][11];
  for (int i = 0; i < 11 * 17; i++)
    b[i / 11][i % 11] = draw(1000);
  add(11, 17, a, b);
  SHOW(a);
  printf("%d\n", around(11, 17, a[3]));
  SHOW(a);
  inside(17, a[4]);
  SHOW(a);
}
