// Bit-fields and packed structs: neighbours share a byte or a word.
// RUN: %runcheck %s launched=fields:120 launched=packed:120 refused=bits
#include "Inputs/show.h"

struct flags { unsigned low : 5, high : 20, rest : 7; };
struct __attribute__((packed)) odd { char tag; int value; short tail; };
struct flags a[120];
struct odd b[120];
unsigned char bytes[40];

__attribute__((noinline)) void fields(struct flags *a, int n) {
  for (int i = 0; i < n; i++)
    a[i].high += a[i].low * 77 + i;
}
__attribute__((noinline)) void packed(struct odd *b, int n) {
  for (int i = 0; i < n; i++)
    b[i].value = b[i].tag * i + b[i].tail;
}
// Eight iterations share each byte.
__attribute__((noinline)) void bits(unsigned char *bytes, const struct odd *b, int n) {
  for (int i = 0; i < n; i++)
    bytes[i >> 3] |= (b[i].value & 1) << (i & 7);
}

int main(void) {
  for (int i = 0; i < 120; i++) {
    a[i].low = draw(32);
    a[i].rest = draw(128);
    b[i].tag = draw(100);
    b[i].tail = draw(10000);
  }
  fields(a, 120);
  SHOW(a);
  packed(b, 120);
  SHOW(b);
  bits(bytes, b, 120);
  SHOW(bytes);
}
