#include "kernels.h"
#include <errno.h>
#include <stdio.h>

enum { N = 1001, SIDE = 40 };

static float f[N], g[N], squares[3][SIDE * SIDE];
static double d[SIDE * SIDE], e[SIDE * SIDE];
static short s[N], t[N];
static int numbers[N], rows[2][SIDE][32];
static unsigned char picture[SIDE * SIDE];
static struct body bodies[SIDE];

static void show(const char *name, const void *data, unsigned long size) {
  unsigned long hash = 14695981039346656037u;
  const unsigned char *bytes = data;
  for (unsigned long i = 0; i < size; i++)
    hash = hash * 31 + bytes[i];
  printf("%-12s %016lx\n", name, hash);
}

static void fill(void) {
  for (int i = 0; i < N; i++) {
    f[i] = i * 0.37f - 50;
    g[i] = i * 7919 % 1000 * 0.01f - 2;
    numbers[i] = i * 7919 % 1237 - 300;
    s[i] = i * 31;
  }
  for (int i = 0; i < SIDE * SIDE; i++) {
    d[i] = i * 7919 % 1000 * 0.01;
    squares[0][i] = i % 17 * 0.3f;
    squares[1][i] = i % 23 * 0.7f;
  }
  for (int i = 0; i < SIDE; i++)
    bodies[i] = (struct body){i, i * i % 13, i % 7, 1 + i % 3};
}

int main(void) {
  fill();
  saxpy(f, g, 2.5f, N);
  show("saxpy", f, sizeof f);
  stencil(e, d, SIDE, SIDE);
  show("stencil", e, sizeof e);
  gemm(squares[2], squares[0], squares[1], SIDE);
  show("gemm", squares, sizeof squares);
  gravity(g, bodies, SIDE);
  show("gravity", g, sizeof g);
  columns(&(struct table){f, g, N}, 0.1f);
  show("columns", f, sizeof f);
  downwards(f, N);
  show("downwards", f, sizeof f);
  walk(t, s, N);
  show("walk", t, sizeof t);
  every_third(numbers, N);
  show("every_third", numbers, sizeof numbers);
  median(g, f, N);
  show("median", g, sizeof g);
  printf("sum %ld, max %d\n", int_sum(numbers, N), int_max(numbers, N));
  triangle(d, e, SIDE);
  show("triangle", d, sizeof d);
  rows_copied(rows[1], rows[0], SIDE);
  show("rows_copied", rows, sizeof rows);
  d[7] = -1; // its logarithm sets errno
  errno = 0;
  logarithms(e, d, SIDE * SIDE);
  printf("errno %d\n", errno);
  show("logarithms", e + 8, sizeof e - 8 * sizeof *e);
  mandelbrot(picture, SIDE, SIDE, 99);
  show("mandelbrot", picture, sizeof picture);
  d[7] = 1;
  in_place(d, SIDE * SIDE);
  show("in_place", d, sizeof d);
  clip(numbers, 250, N);
  show("clip", numbers, sizeof numbers);
  saxpy(f, g, 1, 0);
  return 0;
}
