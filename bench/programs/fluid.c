// Shallow water on a plane: several fields, fluxes, and the highest wave.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

typedef struct {
  int nx, ny;
  double *h, *u, *v, *dh, *du, *dv;
} Water;

static void change(Water *w, double dt) {
  const int nx = w->nx;
#pragma omp parallel for
  for (int j = 1; j < w->ny - 1; j++)
    for (int i = 1; i < nx - 1; i++) {
      const int c = j * nx + i;
      w->dh[c] = -0.5 * dt * (w->h[c + 1] * w->u[c + 1] - w->h[c - 1] * w->u[c - 1] + w->h[c + nx] * w->v[c + nx] - w->h[c - nx] * w->v[c - nx]);
      w->du[c] = -0.5 * dt * 9.81 * (w->h[c + 1] - w->h[c - 1]);
      w->dv[c] = -0.5 * dt * 9.81 * (w->h[c + nx] - w->h[c - nx]);
    }
}

static double apply(Water *w) {
  double highest = 0;
#pragma omp parallel for reduction(max : highest)
  for (int j = 1; j < w->ny - 1; j++)
    for (int i = 1; i < w->nx - 1; i++) {
      const int c = j * w->nx + i;
      w->h[c] += w->dh[c], w->u[c] += w->du[c], w->v[c] += w->dv[c];
      highest = fmax(highest, w->h[c]);
    }
  return highest;
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 30, 700), times = size(argc, argv, 80000, 150);
  Water w = {n, n, array(n * n, 8), array(n * n, 8), array(n * n, 8), array(n * n, 8), array(n * n, 8), array(n * n, 8)};
  for (int i = 0; i < n * n; i++)
    w.h[i] = 1 + 0.1 * exp(-0.01 * ((i % n - n / 2.0) * (i % n - n / 2.0) + (i / n - n / 2.0) * (i / n - n / 2.0)));
  double highest = 0;
  for (int t = 0; t < times; t++) {
    change(&w, 1e-4);
    highest = apply(&w);
  }
  w.h[0] = highest;
  report_doubles(w.h, n * n);
}
