// The same loop in many forms: all of them count.
// RUN: %runcheck %s launched=while_up:90 launched=while_down:90 launched=post_decrement:90 \
// RUN:   launched=do_while:90 launched=do_down:90 launched=for_down:90 launched=not_equal:90 \
// RUN:   launched=at_most_int:91 launched=at_most_unsigned:91 launched=int_below_size:90 \
// RUN:   launched=unsigned_below_int:90 launched=at_most_size:91 launched=from_long_to_int:90 \
// RUN:   launched=pointer_end:90 launched=two_counters:90 launched=comma:45 \
// RUN:   launched=midway:90 launched=count_down_size:90 launched=stepped:30 \
// RUN:   launched=goto_form:90 launched=continues:90
#include "Inputs/show.h"

#define NOINLINE __attribute__((noinline))

int a[200];

NOINLINE void while_up(int *a, int n) {
  int i = 0;
  while (i < n) {
    a[i] += i;
    i++;
  }
}
NOINLINE void while_down(int *a, int n) {
  int i = n;
  while (i > 0) {
    --i;
    a[i] += i * 2;
  }
}
NOINLINE void post_decrement(int *a, unsigned n) {
  while (n-- > 0)
    a[n] ^= 3;
}
NOINLINE void do_while(int *a, int n) {
  int i = 0;
  do
    a[i] += 5;
  while (++i < n);
}
NOINLINE void do_down(int *a, int n) {
  do
    a[--n] *= 3;
  while (n > 0);
}
NOINLINE void for_down(int *a, int n) {
  for (int i = n - 1; i >= 0; --i)
    a[i] -= i;
}
NOINLINE void not_equal(int *a, int n) {
  for (int i = 0; i != n; i++)
    a[i] += 1;
}
NOINLINE void at_most_int(int *a, int last) {
  for (int i = 0; i <= last; i++)
    a[i] += 7;
}
NOINLINE void at_most_unsigned(int *a, unsigned last) {
  for (unsigned i = 0; i <= last; i++)
    a[i] += 9;
}
NOINLINE void int_below_size(int *a, size_t n) {
  for (int i = 0; i < n; i++)
    a[i] += 11;
}
NOINLINE void unsigned_below_int(int *a, int n) {
  for (unsigned i = 0; i < n; i++)
    a[i] += 13;
}
NOINLINE void at_most_size(int *a, size_t last) {
  for (size_t i = 0; i <= last; ++i)
    a[i] ^= 21;
}
NOINLINE void from_long_to_int(int *a, long from, int to) {
  for (long i = from; i < to; i++)
    a[i] += 15;
}
NOINLINE void pointer_end(int *p, const int *end) {
  for (; p < end; p++)
    *p += 17;
}
NOINLINE void two_counters(int *a, int n) {
  for (int i = 0, j = 2 * n; i < n; i++, j -= 2)
    a[i] += j;
}
NOINLINE void comma(int *a, int n) {
  for (int i = 0, j = n - 1; i < j; i++, j--) {
    int t = a[i];
    a[i] = a[j];
    a[j] = t;
  }
}
// The condition stands in the middle.
NOINLINE void midway(int *a, int n) {
  for (int i = 0;; i++) {
    if (i >= n)
      break;
    a[i] += i & 5;
  }
}
NOINLINE void count_down_size(int *a, size_t n) {
  for (size_t i = n; i; i--)
    a[i - 1] += 19;
}
NOINLINE void stepped(int *a, unsigned n) {
  for (unsigned i = 1; i < n; i += 3)
    a[i] = a[i - 1] + a[i + 1];
}
NOINLINE void goto_form(int *a, int n) {
  int i = 0;
again:
  a[i] += 23;
  i++;
  if (i < n)
    goto again;
}
NOINLINE void continues(int *a, int n) {
  for (int i = 0; i < n; i++) {
    if (a[i] & 1)
      continue;
    if (a[i] & 2) {
      a[i] += 2;
      continue;
    }
    a[i]--;
  }
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(100);
  while_up(a, 90);
  while_down(a, 90);
  post_decrement(a, 90);
  SHOW(a);
  do_while(a, 90);
  do_down(a, 90);
  SHOW(a);
  for_down(a, 90);
  not_equal(a, 90);
  SHOW(a);
  at_most_int(a, 90);
  at_most_unsigned(a, 90);
  SHOW(a);
  int_below_size(a, 90);
  unsigned_below_int(a, 90);
  SHOW(a);
  at_most_size(a, 90);
  from_long_to_int(a, 10, 100);
  SHOW(a);
  pointer_end(a, a + 90);
  two_counters(a, 90);
  SHOW(a);
  comma(a, 90);
  midway(a, 90);
  SHOW(a);
  count_down_size(a, 90);
  stepped(a, 91);
  SHOW(a);
  goto_form(a, 90);
  continues(a, 90);
  SHOW(a);
}
