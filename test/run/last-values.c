// What the last iteration, or the last one that met a condition, leaves behind.
// RUN: %runcheck %s launched=last:500 launched=several:500 launched=rows:25 \
// RUN:   launched=pointer:500 launched=inside:20 launched=position:500 launched=element:500 \
// RUN:   launched=two_conditions:500 launched=switched:500 launched=never:500 \
// RUN:   launched=found_in_rows:850 launched=with_sum:500 launched=few:14 launched=before_it:500 \
// RUN:   refused=in_turn:recurrence launched=counted:500
#include "Inputs/show.h"

enum { N = 500 };
int a[N + 1], b[N + 1];
double d[N];

__attribute__((noinline)) int last(int *a, int n) {
  int x = 3;
  for (int i = 0; i < n; i++) {
    x = a[i] * 3;
    a[i] = x ^ 5;
  }
  return x;
}
__attribute__((noinline)) double several(const int *a, double *d, int n) {
  double x = 0.5;
  char c = 'a';
  int odd = 7;
  for (int i = 0; i < n; i++) {
    x = a[i] * 0.25;
    c = (char)a[i];
    odd = a[i] & 1;
    d[i] = x + c + odd;
  }
  return x + c * 3 + odd * 5;
}
__attribute__((noinline)) int rows(int *a, int rows, int columns) {
  int x = 0, y = 0;
  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < columns; j++) {
      x = a[i * columns + j] * 5;
      a[i * columns + j] = x + 1;
    }
    y = x - i;
  }
  return x + y * 7;
}
__attribute__((noinline)) int *pointer(int *a, const int *b, int n) {
  int *p = a;
  for (int i = 0; i < n; i++) {
    p = a + (b[i] & 127);
    a[i] = (int)(p - a) + 1;
  }
  return p;
}
// The sum is one of a row, not carried from row to row.
__attribute__((noinline)) double inside(const int *a, double *d, int rows, int columns) {
  double s = 0;
  for (int i = 0; i < rows; i++) {
    s = 0;
    for (int j = 0; j < columns; j++)
      s += a[i * columns + j] * 0.1;
    d[i] = s;
  }
  return s;
}
__attribute__((noinline)) int position(const int *a, int n) {
  int at = -1;
  for (int i = 0; i < n; i++)
    if (a[i] % 17 == 3)
      at = i;
  return at;
}
__attribute__((noinline)) double element(const int *a, double *d, int n, double x) {
  for (int i = 0; i < n; i++) {
    if (a[i] % 3) {
      x = d[i];
      d[i] = -d[i];
    }
  }
  return x;
}
__attribute__((noinline)) int two_conditions(const int *a, int n) {
  int x = 1;
  for (int i = 0; i < n; i++) {
    if (a[i] % 7 == 0)
      x = a[i];
    if (a[i] % 5 == 0)
      x = -a[i];
  }
  return x;
}
__attribute__((noinline)) int switched(const int *a, int n, int x) {
  for (int i = 0; i < n; i++)
    switch (a[i] % 9) {
    case 0: x = 0; break;
    case 3: x = a[i]; break;
    case 5: x = i; break;
    }
  return x;
}
__attribute__((noinline)) int never(const int *a, int n, int x) {
  for (int i = 0; i < n; i++)
    if (a[i] < 0)
      x = i;
  return x;
}
__attribute__((noinline)) int found_in_rows(const int *a, int rows, int columns, int bound) {
  int x = 0, y = -1;
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      if (a[i * columns + j] < bound) {
        x = i;
        y = j;
      }
  return x * 1000 + y;
}
__attribute__((noinline)) long with_sum(const int *a, int n) {
  long s = 0;
  int at = 9, x = 0;
  for (int i = 0; i < n; i++) {
    s += a[i];
    x = a[i];
    if (a[i] % 2)
      at = i;
  }
  return s * 31 + at * 7 + x;
}
__attribute__((noinline)) int few(const int *a, int n, int x) {
  int y = 5;
  for (int i = 0; i < n; i++) {
    if (a[i] & 1)
      x = a[i];
    y = a[i] + i;
  }
  return x * 3 + y;
}
__attribute__((noinline)) int before_it(int *restrict a, const int *b, int n) {
  int x = 4, y = 6;
  for (int i = 0; i < n; i++) {
    a[i] = b[i] * x;
    y = x;
    x = b[i];
  }
  return y;
}
// Whether it is replaced depends on what it was replaced by.
__attribute__((noinline)) int in_turn(const int *a, int n) {
  int x = 0;
  for (int i = 0; i < n; i++)
    if ((a[i] ^ x) & 1)
      x = a[i];
  return x;
}
__attribute__((noinline)) int counted(const int *a, int n) {
  int k = 0;
  for (int i = 0; i < n; i++)
    k += a[i] > 5000;
  return k;
}

int main(void) {
  for (int i = 0; i <= N; i++) {
    a[i] = draw(10000);
    b[i] = draw(10000);
  }
  for (int i = 0; i < N; i++)
    d[i] = draw(10000) / 3.0;
  printf("%d %d\n", last(a, N), last(a, 0));
  SHOW(a);
  printf("%a\n", several(b, d, N));
  SHOW(d);
  printf("%d %a\n", rows(a, 25, 20), inside(b, d, 20, 25));
  printf("%d\n", (int)(pointer(a, b, N) - a));
  SHOW(a);
  printf("%d %d\n", position(b, N), position(b, 0));
  printf("%a\n", element(b, d, N, 0.5));
  SHOW(d);
  printf("%d %d %d\n", two_conditions(b, N), switched(b, N, 5), never(b, N, 77));
  for (int bound = 0; bound < 1000; bound += 30)
    printf("%d\n", found_in_rows(b, 25, 20, bound));
  printf("%ld\n", with_sum(b, N));
  for (int n = 0; n <= 5; n++)
    printf("%d\n", few(b, n, 8));
  printf("%d %d %d\n", before_it(a, b, N), in_turn(b, N), counted(b, N));
  SHOW(a);
}
