// Branches inside an iteration: if, switch, nested ternaries, continue, and
// stores and loads that only some iterations do.
// RUN: %runcheck %s launched=branches:200 launched=choose:200 launched=skip:200 \
// RUN:   launched=ternary:200
#include "Inputs/show.h"

int a[200], b[200];

__attribute__((noinline)) void branches(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    if (in[i] % 3 == 0)
      out[i] = in[i] / 3;
    else if (in[i] > 500 && i % 2)
      out[i] = -1;
}
__attribute__((noinline)) void choose(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    switch (in[i] % 5) {
    case 0: out[i] = 17; break;
    case 1: out[i] += i; // falls through
    case 2: out[i] *= 3; break;
    case 4: break;
    default: out[i] = -out[i];
    }
}
__attribute__((noinline)) void skip(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++) {
    if (in[i] & 1)
      continue;
    out[i] = in[i] * 2;
    if (in[i] & 2)
      continue;
    out[i] ^= i;
  }
}
__attribute__((noinline)) void ternary(int *out, const int *in, int n) {
  for (int i = 0; i < n; i++)
    out[i] = in[i] < 100 ? i : in[i] < 300 ? in[i] & 4 ? -i : 2 * i : in[i] < 700 ? 0 : in[i];
}

int main(void) {
  for (int i = 0; i < 200; i++)
    a[i] = draw(1000);
  branches(b, a, 200);
  SHOW(b);
  choose(b, a, 200);
  SHOW(b);
  skip(b, a, 200);
  SHOW(b);
  ternary(b, a, 200);
  SHOW(b);
}
