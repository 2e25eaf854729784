// Bytes count, not elements: views of the same memory in other widths, and
// rows whose ends reach into the next one.
// RUN: %runcheck %s launched=widen:50 declined=widen:dependent \
// RUN:   launched=rows:320 declined=rows:dependent
#include "Inputs/show.h"
#include <string.h>

unsigned char a[800];

__attribute__((noinline)) void widen(unsigned char *to, const unsigned char *from, int n) {
  for (int i = 0; i < n; i++) {
    long x = from[i] * 3;
    memcpy(to + i * 8, &x, 8);
  }
}
__attribute__((noinline)) void rows(unsigned char *a, int n, int m, int pitch) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      a[i * pitch + j] = 3 * a[i * pitch + j] + i;
}

int main(void) {
  for (int i = 0; i < 800; i++)
    a[i] = draw(256);
  widen(a, a + 400, 50);
  SHOW(a);
  widen(a, a + 399, 50);
  SHOW(a);
  widen(a + 7, a, 50);
  SHOW(a);
  rows(a, 20, 16, 16);
  SHOW(a);
  rows(a, 20, 16, 15);
  SHOW(a);
  rows(a + 400, 20, 16, -15);
  SHOW(a);
}
