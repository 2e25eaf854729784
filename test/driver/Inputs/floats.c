// Every operation of two numbers, one of them at most a NaN, printed bit by bit.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { OPERATIONS = 24 };
static double bits(uint64_t of) {
  double d;
  memcpy(&d, &of, sizeof d);
  return d;
}

__attribute__((noinline)) static void
compute(double (*restrict out)[OPERATIONS], float (*restrict small)[OPERATIONS],
        long (*restrict whole)[OPERATIONS], const double *restrict x, const double *restrict y,
        int n) {
  for (int i = 0; i < n; i++) {
    const double a = x[i], b = y[i];
    const float f = (float)a, g = (float)b;
    double sum = a, product = 1;
    for (int k = 0; k < 3; k++) {
      sum += b * k;
      product *= sum;
    }
    double *o = out[i];
    o[0] = a + b, o[1] = a - b, o[2] = a * b, o[3] = a / b, o[4] = sqrt(a);
    o[5] = -(a + b), o[6] = fabs(a - b), o[7] = copysign(a, b * 2), o[8] = floor(a * b);
    o[9] = ceil(a), o[10] = trunc(a / 3), o[11] = rint(a + b), o[12] = fmin(a, b);
    o[13] = fmax(a, b), o[14] = f, o[15] = f * g, o[16] = (a + b) * a - b / a;
    o[17] = a < b ? a * b : a - b, o[18] = sum, o[19] = product;
    o[20] = sqrt(a * b - 1) + a, o[21] = copysign(b, a / b), o[22] = -fabs(a), o[23] = (a - a) * b;
    float *s = small[i];
    s[0] = f + g, s[1] = f - g, s[2] = f * g, s[3] = f / g, s[4] = sqrtf(f), s[5] = -f;
    s[6] = (float)(a * b), s[7] = fminf(f, g), s[8] = fmaxf(f, g), s[9] = floorf(f / g);
    s[10] = fabsf(f * g), s[11] = copysignf(f, g - f), s[12] = f > g ? f / g : -g;
    long *w = whole[i];
    w[0] = (int)a, w[1] = (unsigned)a, w[2] = (long)a, w[3] = (long)(unsigned long)a;
    w[4] = (short)a, w[5] = (unsigned char)a, w[6] = (int)f, w[7] = (unsigned)f;
    w[8] = (long)f, w[9] = (long)(unsigned long)f, w[10] = (int)(a * b), w[11] = a < b;
  }
}

enum { MOST = 1024 };
static double x[MOST], y[MOST], out[MOST][OPERATIONS];
static float small[MOST][OPERATIONS];
static long whole[MOST][OPERATIONS];

int main(void) {
  const double values[] = {0.0, -0.0, 1, -1.5, 3, 1e-310, 1e300, -1e300, 0x1p31, -0x1p31,
                           -0x1p31 - 0.5, -0x1p31 - 1, 0x1p31 - 0.25, 0x1p32, 0x1p63, -0x1p63,
                           0x1p64, 1e-46, INFINITY, -INFINITY, bits(0x7ff8000000000000),
                           bits(0xfff8000000000000), bits(0x7ff8123456789abc),
                           bits(0xffff00000000ffff), bits(0x7ff0000020000000)};
  const int count = sizeof values / sizeof *values;
  int n = 0;
  for (int i = 0; i < count; i++)
    for (int j = 0; j < count; j++)
      if (!isnan(values[i]) || !isnan(values[j]))
        x[n] = values[i], y[n++] = values[j];
  compute(out, small, whole, x, y, n);
  for (int i = 0; i < n; i++)
    for (int k = 0; k < OPERATIONS; k++) {
      uint64_t o;
      uint32_t s;
      memcpy(&o, &out[i][k], sizeof o);
      memcpy(&s, &small[i][k], sizeof s);
      printf("%a %a %d: %016lx %08x %ld\n", x[i], y[i], k, (unsigned long)o, (unsigned)s,
             whole[i][k]);
    }
}
