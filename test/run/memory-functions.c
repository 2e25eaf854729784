// memset, memcpy and memmove inside a loop, written so or made by the compiler.
// RUN: %runcheck %s launched=clear:30 launched=copy:30 launched=shift:30 launched=idiom:30
#include "Inputs/show.h"
#include <string.h>

char a[30 * 40], b[30 * 40];

__attribute__((noinline)) void clear(char *a, int n, int m) {
  for (int i = 0; i < n; i++)
    memset(a + i * m, i, m / 2);
}
__attribute__((noinline)) void copy(char *a, const char *b, int n, int m) {
  for (int i = 0; i < n; i++)
    memcpy(a + i * m, b + (n - 1 - i) * m, m);
}
__attribute__((noinline)) void shift(char *a, int n, int m) {
  for (int i = 0; i < n; i++)
    memmove(a + i * m + 1, a + i * m, m - 1);
}
__attribute__((noinline)) void idiom(char *restrict a, const char *restrict b, int n, int m) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m - 9; j++)
      a[i * m + j] = 0;
    for (int j = m - 9; j < m; j++)
      a[i * m + j] = b[i * m + j];
  }
}

int main(void) {
  for (int i = 0; i < 30 * 40; i++)
    b[i] = draw(256);
  clear(a, 30, 40);
  SHOW(a);
  copy(a, b, 30, 40);
  SHOW(a);
  shift(a, 30, 40);
  SHOW(a);
  idiom(a, b, 30, 40);
  SHOW(a);
}
