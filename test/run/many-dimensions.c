// Global arrays of several dimensions, parameters whose dimensions are
// parameters, and structures of arrays.
// RUN: %runcheck %s launched=global_3d launched=column:24 launched=plane \
// RUN:   launched=vla_2d:187 launched=vla_3d launched=vla_column:17 launched=part:32 \
// RUN:   launched=pointer_to_row launched=nested_struct launched=transpose
#include "Inputs/show.h"

#define NOINLINE __attribute__((noinline))

int cube[6][8][10];
static float table[12][11], turned[11][12];
int grid[11 * 17];
struct { int head; struct { short low[8], high[8]; } part[5]; } nested;

NOINLINE void global_3d(int n) {
  for (int i = 0; i < 6; i++)
    for (int j = 0; j < 8; j++)
      for (int k = 0; k < n - 5; k++)
        cube[i][j][k] += i * 100 + j * 10 + k;
}
NOINLINE void column(int at, int n) {
  for (int i = 0; i < n; i++)
    table[i][at] = i * 0.5f + at;
}
NOINLINE void plane(int from, int to, int n) {
  for (int j = 0; j < n; j++)
    for (int k = 0; k < 10; k++)
      cube[to][j][k] = cube[from][j][k] * 3;
}
NOINLINE void vla_2d(int n, int m, int a[n][m]) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      a[i][j] += i * j;
}
NOINLINE void vla_3d(size_t n, size_t m, size_t k, int a[n][m][k]) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < m; j++)
      for (size_t l = 0; l < k; l++)
        a[i][j][l] ^= (int)(i + j + l);
}
NOINLINE void vla_column(int n, int m, int a[n][m], int by) {
  for (int j = 0; j < m; j++)
    for (int i = 1; i < n; i++)
      a[i][j] += a[i - 1][j] * by;
}
// A part of a larger array.
NOINLINE void part(unsigned m, int (*a)[m], unsigned r, unsigned c) {
  for (unsigned i = 0; i < 4; i++)
    for (unsigned j = 0; j < c - 5; j++)
      a[r + i][c + j] = (int)(i * 10 + j);
}
NOINLINE void pointer_to_row(int (*row)[10], int n) {
  for (int i = 0; i < n; i++, row++)
    for (int j = 0; j < 10; j++)
      (*row)[j]++;
}
NOINLINE void nested_struct(int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < 8; j++)
      nested.part[i].high[j] = nested.part[i].low[j] + i * j;
}
NOINLINE void transpose(int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      turned[j][i] = table[i][j];
}

int main(void) {
  for (int i = 0; i < 11 * 17; i++)
    grid[i] = draw(100);
  global_3d(10);
  column(3, 12);
  column(7, 12);
  plane(2, 4, 8);
  SHOW(cube);
  vla_2d(11, 17, (int(*)[17])grid);
  vla_column(11, 17, (int(*)[17])grid, 3);
  part(17, (int(*)[17])grid, 2, 13);
  SHOW(grid);
  vla_3d(6, 8, 10, cube);
  pointer_to_row(cube[1], 6);
  SHOW(cube);
  nested_struct(5);
  SHOW(nested);
  transpose(12, 11);
  SHOW(turned);
}
