// Another order of additions rounds differently: only -ffast-math allows it.
// The numbers here are small integers, so no order does round.
// RUN: %runcheck %s refused=sum:fp-order refused=dot:fp-order \
// RUN:   refused=product:fp-order
// RUN: %runcheck %s launched=sum:300 launched=dot:300 launched=product:40 -ffast-math
// RUN: %runcheck %s launched=sum:300 launched=product:40 -fassociative-math \
// RUN:   -fno-signed-zeros -fno-trapping-math
#include "Inputs/show.h"

double a[300];
float b[300];

__attribute__((noinline)) double sum(const double *a, int n) {
  double s = 1;
  for (int i = 0; i < n; i++)
    s += a[i];
  return s;
}
__attribute__((noinline)) float dot(const float *a, const float *b, int n) {
  float s = 0;
  for (int i = 0; i < n; i++)
    s += a[i] * b[i];
  return s;
}
__attribute__((noinline)) double product(const double *a, int n) {
  double p = 1;
  for (int i = 0; i < n; i++)
    p *= a[i];
  return p;
}

int main(void) {
  for (int i = 0; i < 300; i++) {
    a[i] = 1 + draw(2);
    b[i] = draw(10);
  }
  printf("%a %a %a\n", sum(a, 300), dot(b, b, 300), product(a, 40));
}
