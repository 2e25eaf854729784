// -g, position independent code, link-time optimisation and the like change
// nothing about what is launched, and counters of coverage are totals.
// RUN: %runcheck %s launched=blur:810 -g
// RUN: %runcheck %s launched=blur:810 -fPIE -pie -flto=full -fuse-ld=lld
// RUN: %runcheck %s launched=blur:810 -no-pie -fno-pic -fomit-frame-pointer -fcf-protection=full
// RUN: %runcheck %s launched=blur:810 -fsanitize=address -fstack-protector-all
// RUN: %runcheck %s launched=blur -fprofile-arcs -ftest-coverage
#include "Inputs/show.h"

unsigned short in[1000], out[1000];

__attribute__((noinline)) void blur(unsigned short *to, const unsigned short *from, int w, int h) {
  for (int y = 1; y < h - 1; y++)
    for (int x = 1; x < w - 1; x++) {
      unsigned sum = 0;
      for (int dy = -1; dy <= 1; dy++)
        for (int dx = -1; dx <= 1; dx++)
          sum += from[(y + dy) * w + x + dx];
      to[y * w + x] = sum / 9;
    }
}

int main(void) {
  for (int i = 0; i < 1000; i++)
    in[i] = draw(10000);
  blur(out, in, 29, 32);
  SHOW(out);
}
