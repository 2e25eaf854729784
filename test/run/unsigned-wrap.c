// An unsigned index may pass its end and come again at 0: seen at run time.
// RUN: %runcheck %s launched=window:100 declined=window:wrap launched=bytes:200 \
// RUN:   declined=bytes:wrap
#include "Inputs/show.h"
#include <sys/mman.h>

unsigned a[300];

// From the end of 4 GiB on to their start.
__attribute__((noinline)) void window(char *a, unsigned from, unsigned n) {
  for (unsigned i = 0; i < n; i++)
    a[from + i] += i;
}
// Behind 255 comes 0 again, and the last 44 iterations meet the first.
__attribute__((noinline)) void bytes(unsigned *a, int from, int n) {
  for (int i = 0; i < n; i++)
    a[(unsigned char)(from + i)] = a[(unsigned char)(from + i)] * 5 + i;
}

int main(void) {
  char *b = mmap(NULL, 1l << 32, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  window(b, 20, 100);
  window(b, -50u, 100);
  show("start", b, 120);
  show("end", b + (1l << 32) - 60, 60);
  bytes(a, 56, 200);
  SHOW(a);
  bytes(a, 0, 300);
  SHOW(a);
}
