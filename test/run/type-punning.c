// The bytes of one type read as another one, through memcpy and unions.
// RUN: %runcheck %s launched=inverse_root:120 launched=swap:120 launched=halves:120
#include "Inputs/show.h"
#include <stdint.h>
#include <string.h>

float a[120];
double b[120];

__attribute__((noinline)) void inverse_root(float *a, int n) {
  for (int i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, &a[i], sizeof bits);
    bits = 0x5f3759df - (bits >> 1);
    memcpy(&a[i], &bits, sizeof bits);
  }
}
union word { float f; uint32_t u; unsigned char bytes[4]; };
__attribute__((noinline)) void swap(float *a, int n) {
  for (int i = 0; i < n; i++) {
    union word w = {.f = a[i]}, v;
    for (int k = 0; k < 4; k++)
      v.bytes[k] = w.bytes[3 - k];
    a[i] = v.f;
  }
}
__attribute__((noinline)) void halves(double *b, const float *a, int n) {
  for (int i = 0; i < n; i++) {
    union { double d; uint32_t u[2]; } x = {.d = a[i]};
    x.u[i & 1] ^= x.u[~i & 1];
    b[i] = x.d;
  }
}

int main(void) {
  for (int i = 0; i < 120; i++)
    a[i] = draw(1000) / 7.0f;
  inverse_root(a, 120);
  SHOW(a);
  halves(b, a, 120);
  SHOW(b);
  swap(a, 120);
  SHOW(a);
}
