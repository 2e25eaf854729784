// The type of the counter does not matter, narrow and unsigned ones included.
// RUN: %runcheck %s launched=with_int:150 launched=with_unsigned:150 \
// RUN:   launched=with_short:150 launched=with_char:100 launched=with_uchar:150 \
// RUN:   launched=with_ushort:150 launched=with_size:150 launched=with_long:150
#include "Inputs/show.h"

long a[200], b[200];

#define FILL(Name, Type)                                                       \
  __attribute__((noinline)) void Name(long *out, const long *in, Type from,    \
                                      Type to) {                               \
    for (Type i = from; i < to; i++)                                           \
      out[i] = in[i] * 5 + i;                                                  \
    SHOW(b);                                                                   \
  }
FILL(with_int, int)
FILL(with_unsigned, unsigned)
FILL(with_short, short)
FILL(with_ushort, unsigned short)
FILL(with_char, signed char)
FILL(with_uchar, unsigned char)
FILL(with_size, size_t)
FILL(with_long, long)

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(100000);
  with_int(b, a, 3, 153);
  with_unsigned(b, a, 5, 155);
  with_short(b, a, 7, 157);
  with_ushort(b, a, 9, 159);
  with_char(b, a, 11, 111);
  with_uchar(b, a, 13, 163);
  with_size(b, a, 15, 165);
  with_long(b + 20, a + 20, -17, 133);
}
