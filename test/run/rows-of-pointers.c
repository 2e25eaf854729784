// Arrays of pointers to rows: where the rows lie is only known one by one.
// RUN: %runcheck %s launched=clear refused=clear:unknown-address
#include "Inputs/show.h"
#include <stdlib.h>

__attribute__((noinline)) void clear(int **rows, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      rows[i][j] += i - j;
}

int main(void) {
  int *rows[20];
  for (int i = 0; i < 20; i++)
    rows[i] = calloc(30, sizeof *rows[i]);
  rows[7] = rows[3]; // two rows in one place
  clear(rows, 20, 30);
  for (int i = 0; i < 20; i++)
    show("row", rows[i], 30 * sizeof *rows[i]);
}
