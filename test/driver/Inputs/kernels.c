#include "kernels.h"
#include <math.h>
#include <string.h>

void saxpy(float *y, const float *x, float a, int n) {
  for (int i = 0; i < n; i++)
    y[i] = a * x[i] + y[i];
}

void stencil(double *next, const double *now, int rows, int columns) {
  for (int i = 1; i < rows - 1; i++)
    for (int j = 1; j < columns - 1; j++)
      next[i * columns + j] =
          0.25 * (now[(i - 1) * columns + j] + now[(i + 1) * columns + j] +
                  now[i * columns + j - 1] + now[i * columns + j + 1]);
}

void gemm(float *c, const float *a, const float *b, int n) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++) {
      float sum = 0;
      for (int k = 0; k < n; k++)
        sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] = sum;
    }
}

void gravity(float *out, const struct body *bodies, int n) {
  for (int i = 0; i < n; i++) {
    float sum = 0;
    for (int j = 0; j < n; j++) {
      float dx = bodies[j].x - bodies[i].x, dy = bodies[j].y - bodies[i].y;
      sum += bodies[j].mass / (dx * dx + dy * dy + 1e-3f);
    }
    out[i] = sum + bodies[i].z;
  }
}

void columns(const struct table *t, float dt) {
  float *x = t->x, *y = t->y;
  int n = t->n;
  for (int i = 0; i < n; i++) {
    x[i] += dt * y[i];
    y[i] -= dt;
  }
}

void downwards(float *a, int n) {
  for (int i = n - 1; i >= 0; i -= 2)
    a[i] *= 3;
}

void walk(short *to, const short *from, unsigned n) {
  while (n-- > 0)
    *to++ = *from++ ^ 0x55;
}

void every_third(int *a, unsigned n) {
  for (unsigned i = 0; i < n; i += 3)
    a[i] = ~a[i];
}

void median(float *out, const float *in, int n) {
  for (int i = 2; i < n - 2; i++) {
    float t[5];
    for (int k = 0; k < 5; k++)
      t[k] = in[i + k - 2];
    for (int p = 0; p < 4; p++)
      for (int k = 0; k < 4; k++)
        if (t[k] > t[k + 1]) {
          float q = t[k];
          t[k] = t[k + 1];
          t[k + 1] = q;
        }
    out[i] = t[n % 5];
  }
}

long int_sum(const int *a, long n) {
  long sum = 0;
  for (long i = 0; i < n; i++)
    sum += a[i];
  return sum;
}

int int_max(const int *a, long n) {
  int most = -1;
  for (long i = 0; i < n; i++)
    most = a[i] > most ? a[i] : most;
  return most;
}

void triangle(double *out, const double *in, int n) {
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int j = 0; j <= i; j++)
      sum += in[i * n + j];
    out[i] = sum;
  }
}

void rows_copied(int (*to)[32], int (*from)[32], int n) {
  for (int i = 0; i < n; i++) {
    memcpy(to[i], from[i], 16 * sizeof(int));
    memset(to[i] + 16, i, 16 * sizeof(int));
  }
}

void logarithms(double *y, const double *x, int n) {
  for (int i = 0; i < n; i++)
    y[i] = log(x[i]);
}

void mandelbrot(unsigned char *out, int width, int height, int most) {
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      double cr = -2 + 3.0 * x / width, ci = -1 + 2.0 * y / height;
      double zr = 0, zi = 0;
      int count = 0;
      while (count < most && zr * zr + zi * zi < 4) {
        double t = zr * zr - zi * zi + cr;
        zi = 2 * zr * zi + ci;
        zr = t;
        count++;
      }
      out[y * width + x] = count;
    }
}

void in_place(double *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = sqrt(a[i] + 1);
}

void clip(int *a, int limit, int n) {
  for (int i = 0; i < n; i++)
    if (a[i] > limit)
      a[i] = limit;
}
