// Reads at an unknown place within known bounds: tables indexed by a byte or a
// masked value, and places clamped to the ends.
// RUN: %runcheck %s launched=map:300 declined=map:dependent launched=clamped:300 \
// RUN:   launched=masked:300
#include "Inputs/show.h"

unsigned char table[256], text[300], out[300];
int a[300], b[300];

__attribute__((noinline)) void map(unsigned char *out, const unsigned char *in,
                                   const unsigned char *table, int n) {
  for (int i = 0; i < n; i++)
    out[i] = table[in[i]];
}
__attribute__((noinline)) void masked(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    out[i] = in[in[i] & 63];
}
__attribute__((always_inline)) static int clamp(int x, int high) {
  return x < 0 ? 0 : x > high ? high : x;
}
__attribute__((noinline)) void clamped(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++) {
    int near = clamp(in[i], n - 1);
    out[i] = in[near] + in[i];
  }
}

int main(void) {
  for (int i = 0; i < 300; i++) {
    table[i & 255] = draw(256);
    text[i] = draw(256);
    a[i] = draw(300);
  }
  map(out, text, table, 300);
  SHOW(out);
  masked(b, a, 300);
  SHOW(b);
  clamped(a, b, 300);
  SHOW(a);
  map(table, text, table, 256);
  SHOW(table);
}
