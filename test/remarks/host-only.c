// A loop with code for GPUs has no remark about that; one without says why not.
// RUN: env FERRY_IMAGES=ptx %ferrycc -O2 -fno-math-errno -c %s -o %t.o -Rpass-analysis=ferry -Xclang -verify
// RUN: %ferry_tool images %t.o | %filecheck %s
#include <math.h>

// CHECK: image 1: ptx, {{[0-9]+}} bytes, 2 kernels
// CHECK-NEXT: roots_0 {{.*}}host-only.c
// CHECK-NEXT: largest_{{[0-9]+}} {{.*}}host-only.c
void roots(double *restrict a, const double *restrict b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = sqrt(b[i]);
}

void sines(double *restrict a, const double *restrict b, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{it calls 'sin', which has no exact twin there [host-only]}}
    a[i] = sin(b[i]);
}

void extended(long double *restrict a, const double *restrict b, int n) {
  for (int i = 0; i < n; i++) // expected-remark {{it computes with long double [host-only]}}
    a[i] = b[i];
}

int largest(const int *a, int n) {
  int most = 0;
  for (int i = 0; i < n; i++)
    most = a[i] > most ? a[i] : most;
  return most;
}

double last(double *restrict a, const double *restrict b, int n) {
  double x = 0;
  for (int i = 0; i < n; i++) { // expected-remark {{values of its last iteration are used after it [host-only]}}
    x = b[i] * b[i];
    a[i] = x + 1;
  }
  return x;
}
