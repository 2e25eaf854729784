// Arrays whose address the program never takes: Ferry does, in the contexts of
// workers, and what the compiler has concluded from that is true no more.
// RUN: %runcheck %s launched=step launched=scale
#include <stdio.h>

#define NOINLINE __attribute__((noinline))

// An iteration changes what it reads again and again.
static unsigned short a[4000];
NOINLINE static unsigned few(unsigned x) {
  unsigned n = 0;
  for (x &= 255; x; x &= x - 1)
    n++;
  return n;
}
NOINLINE static void step(unsigned short *p) {
  for (int i = 5; i < 37; i += 2)
    for (long j = 4; j < 13; j += 3)
      for (signed char k = 1; k != 10; k++) {
        const long at = (long)i * 63 + j * 31 - k;
        if (((unsigned)p[i * 63 + j * 31] + (unsigned)k) & few((unsigned)j))
          p[at + 1] = (unsigned short)(p[i * 4 - j * 6 + k * 2 + 2582] >> 4);
        p[at + 2] += p[((size_t)(at + 2) >> 1) & 1023];
      }
}

static struct { double factor, x[2000], y[2000]; } s;
NOINLINE static void scale(int n, int from) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < 4; k++) {
      s.x[i * 4 + from] += s.x[i * 4 + k] * 2 + k;
      s.y[i] += s.x[i * 4 + k];
    }
}

int main(void) {
  for (int i = 0; i < 4000; i++)
    a[i] = (unsigned short)(i * 7919);
  for (int i = 0; i < 2000; i++)
    s.x[i] = i;
  step(a + 7);
  scale(400, 1);
  unsigned long sum = 0;
  for (int i = 0; i < 4000; i++)
    sum = sum * 31 + a[i];
  double all = 0;
  for (int i = 0; i < 2000; i++)
    all += s.x[i] * i + s.y[i];
  printf("%lx %.17g\n", sum, all);
  return 0;
}
