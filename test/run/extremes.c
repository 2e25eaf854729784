// Minima and maxima of floating-point numbers and where they are: to the bit,
// with signed zeros, equal elements, NaNs of several payloads and infinities.
// RUN: %runcheck %s launched=above launched=at_least launched=below launched=at_most \
// RUN:   launched=not_below launched=not_above launched=macro launched=macro_least \
// RUN:   launched=first_place launched=last_place launched=small_place launched=not_above_place \
// RUN:   launched=absolute launched=both launched=where launched=in_rows launched=if_positive \
// RUN:   launched=integer_place launched=integer_last_place launched=first_and_last \
// RUN:   launched=strided launched=if_place launched=if_not_above_place \
// RUN:   refused=with_other:recurrence refused=counted:recurrence refused=logged
#include "Inputs/show.h"
#include <math.h>
#include <string.h>

enum { N = 60, ROWS = 6 };
static double a[N];
static float f[N];
static int k[N];
static double log_[N];

#define EXTREME(name, update) \
  __attribute__((noinline)) double name(const double *a, int n, double m) { \
    for (int i = 0; i < n; i++) \
      update; \
    return m; \
  }
EXTREME(above, if (a[i] > m) m = a[i])
EXTREME(at_least, if (a[i] >= m) m = a[i])
EXTREME(below, if (a[i] < m) m = a[i])
EXTREME(at_most, if (m >= a[i]) m = a[i])
EXTREME(not_below, if (!(a[i] < m)) m = a[i])
EXTREME(not_above, if (!(a[i] >= m)) m = a[i])
EXTREME(macro, m = m > a[i] ? m : a[i])
EXTREME(macro_least, m = m <= a[i] ? m : a[i])
EXTREME(absolute, if (fabs(a[i]) > m) m = fabs(a[i]))
EXTREME(if_positive, if (k[i] > 3 && a[i] > m) m = a[i])

struct place { double m; int at; };
#define PLACE(name, condition) \
  __attribute__((noinline)) struct place name(const double *a, int n, double m) { \
    int at = -1; \
    for (int i = 0; i < n; i++) \
      if (condition) { \
        m = a[i]; \
        at = i; \
      } \
    return (struct place){m, at}; \
  }
PLACE(first_place, a[i] > m)
PLACE(last_place, a[i] >= m)
PLACE(small_place, a[i] < m)
PLACE(not_above_place, !(a[i] > m))
PLACE(if_place, k[i] > 3 && a[i] >= m)
PLACE(if_not_above_place, k[i] > 3 && !(a[i] > m))

__attribute__((noinline)) float both(const float *a, int n) {
  float low = a[0], high = a[0];
  for (int i = 0; i < n; i++) {
    if (a[i] < low)
      low = a[i];
    if (a[i] > high)
      high = a[i];
  }
  return high - low;
}
// Only the position is used.
__attribute__((noinline)) int where(const float *a, int n) {
  float m = -1;
  int at = 0;
  for (int i = 0; i < n; i++)
    if (a[i] > m) {
      m = a[i];
      at = i;
    }
  return at;
}
__attribute__((noinline)) double in_rows(const double *a, int rows, int columns) {
  double m = a[0];
  int x = 0, y = 0;
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      if (a[i * columns + j] > m) {
        m = a[i * columns + j];
        x = i;
        y = j;
      }
  return m + x * 100 + y;
}
__attribute__((noinline)) int integer_place(const int *a, int n) {
  int m = a[0], at = 0;
  for (int i = 0; i < n; i++)
    if (a[i] > m) {
      m = a[i];
      at = i;
    }
  return m * 1000 + at;
}
__attribute__((noinline)) int integer_last_place(const int *a, int n, int m) {
  int at = 0;
  for (int i = 0; i < n; i++)
    if (a[i] <= m) {
      m = a[i];
      at = i;
    }
  return m * 1000 + at;
}
__attribute__((noinline)) int first_and_last(const int *a, int n) {
  int m = a[0], first = 0, last = 0;
  for (int i = 0; i < n; i++) {
    if (a[i] >= m)
      last = i;
    if (a[i] > m)
      first = i;
    m = a[i] > m ? a[i] : m;
  }
  return m * 10000 + first * 100 + last;
}
__attribute__((noinline)) double strided(const double *a, int n, int step) {
  int at = 0, k = step;
  double m = fabs(a[0]);
  for (int i = 1; i < n; i++) {
    if (!(fabs(a[k]) <= m)) {
      at = i;
      m = fabs(a[k]);
    }
    k += step;
  }
  return m + at;
}
// The value that is compared is another one.
__attribute__((noinline)) double with_other(const double *a, int n, double m) {
  for (int i = 0; i < n; i++)
    if (a[i] > m)
      m = a[i] - 1;
  return m;
}
__attribute__((noinline)) double counted(const double *a, int n, double m) {
  int c = 0;
  for (int i = 0; i < n; i++)
    if (a[i] > m) {
      m = a[i];
      c++;
    }
  return m + c;
}
__attribute__((noinline)) double logged(const double *a, int n, double m) {
  for (int i = 0; i < n; i++)
    if (a[i] > m) {
      m = a[i];
      log_[i] = m;
    }
  return m;
}

static unsigned long bits(double x) {
  unsigned long b;
  memcpy(&b, &x, sizeof b);
  return b;
}
static double number(int kind, int which) {
  static const double plain[] = {0.0, -0.0, 1, -1, 2, 0.5, -2, 3};
  unsigned long payload = 0x7ff8000000000000ul + (unsigned)draw(100) + ((unsigned long)draw(2) << 63);
  double nan;
  memcpy(&nan, &payload, sizeof nan);
  switch (kind) {
  case 0: return plain[which % 8];
  case 1: return which % 5 ? plain[which % 8] : nan;
  case 2: return which % 2 ? nan : plain[which % 3];
  case 3: return plain[which % 2];
  case 4: return which % 7 ? which % 11 ? plain[which % 8] : -INFINITY : INFINITY;
  default: return nan;
  }
}

__attribute__((noinline)) static void fill(int kind) {
  for (int i = 0; i < N; i++) {
    a[i] = number(kind, draw(1000));
    f[i] = (float)number(kind == 1 || kind == 2 || kind == 5 ? 0 : kind, draw(1000));
    k[i] = draw(9);
    log_[i] = 0;
  }
}
#define VALUE(name) printf("%016lx ", bits(name(a, n, m)));
#define PAIR(name) \
  p = name(a, n, m); \
  printf("%016lx@%d ", bits(p.m), p.at);

__attribute__((noinline)) static void try(int n, double m) {
  struct place p;
  VALUE(above) VALUE(at_least) VALUE(below) VALUE(at_most) VALUE(not_below)
  VALUE(not_above) VALUE(macro) VALUE(macro_least) VALUE(absolute) VALUE(if_positive)
  PAIR(first_place) PAIR(last_place) PAIR(small_place) PAIR(not_above_place)
  PAIR(if_place) PAIR(if_not_above_place)
  VALUE(with_other) VALUE(counted) VALUE(logged)
  show("log", log_, sizeof log_);
  printf("%a %d %a %d\n", both(f, n), where(f, n), strided(a, n / 3, 3),
         integer_last_place(k, n, 4));
}

int main(void) {
  const int lengths[] = {0, 1, 2, 3, 7, N};
  for (int kind = 0; kind < 6; kind++)
    for (int run = 0; run < 12; run++) {
      fill(kind);
      try(lengths[run % 6], run < 6 ? number(kind, draw(1000)) : -3);
      try(N, number(run % 3, draw(1000)));
      printf("%016lx %d %d\n", bits(in_rows(a, ROWS, N / ROWS)), integer_place(k, N),
             first_and_last(k, N));
    }
}
