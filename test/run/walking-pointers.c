// Loops that move pointers instead of indices, until one meets its end.
// RUN: %runcheck %s launched=both:300 launched=until:300 launched=rows:300
#include "Inputs/show.h"

short a[300], b[300];

__attribute__((noinline)) void both(short *to, const short *from, int n) {
  while (n--)
    *to++ = *from++ + 3;
}

__attribute__((noinline)) void until(short *p, short *end) {
  for (; p != end; ++p)
    *p = *p * 3;
}

__attribute__((noinline)) void rows(short *p, int n, int m) {
  for (int i = 0; i < n; i++, p += m) {
    short *q = p;
    for (int j = 0; j < m; j++)
      *q++ += i;
  }
}

int main(void) {
  for (int i = 0; i < 300; i++)
    a[i] = draw(1000);
  both(b, a, 300);
  SHOW(b);
  until(b, b + 300);
  SHOW(b);
  rows(b, 20, 15);
  SHOW(b);
}
