// Two- and three-dimensional globals, whose sizes are constants; what is
// certain when compiled needs no check at run time.
// RUN: %runcheck %s launched=stencil:2176 launched=columns:36 launched=planes:1920 \
// RUN:   refused=shifted
#include "Inputs/show.h"

double now[66][36], next[66][36];
static int cube[8][40][12];
int plane[40][12];

__attribute__((noinline)) void stencil(void) {
  for (int i = 1; i < 65; i++)
    for (int j = 1; j < 35; j++)
      next[i][j] = 0.25 * (now[i - 1][j] + now[i + 1][j] + now[i][j - 1] + now[i][j + 1]);
}
__attribute__((noinline)) void columns(void) {
  for (int j = 0; j < 36; j++)
    for (int i = 1; i < 66; i++)
      now[i][j] += now[i - 1][j] * 0.5;
}
__attribute__((noinline)) void planes(int first, int n, int m) {
  for (int k = first; k < first + n; k++)
    for (int j = 0; j < 40; j++)
      for (int i = 0; i < m; i++)
        cube[k][j][i] = plane[j][i] * k + i;
}
__attribute__((noinline)) void shifted(void) {
  for (int i = 1; i < 66; i++)
    for (int j = 0; j < 36; j++)
      now[i][j] -= now[i - 1][35 - j];
}

int main(void) {
  for (int i = 0; i < 66 * 36; i++)
    now[i / 36][i % 36] = draw(1000) / 10.0;
  for (int i = 0; i < 480; i++)
    plane[i / 12][i % 12] = draw(1000);
  stencil();
  SHOW(next);
  columns();
  SHOW(now);
  planes(2, 4, 12);
  SHOW(cube);
  shifted();
  SHOW(now);
}
