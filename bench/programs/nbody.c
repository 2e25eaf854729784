// All pairs of bodies attract each other; structures in one array.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

typedef struct {
  double x, y, z, vx, vy, vz, mass;
} Body;

static void step(Body *bodies, int n, double dt) {
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
    double ax = 0, ay = 0, az = 0;
    for (int j = 0; j < n; j++) {
      const double x = bodies[j].x - bodies[i].x, y = bodies[j].y - bodies[i].y, z = bodies[j].z - bodies[i].z;
      const double d = x * x + y * y + z * z + 1e-3;
      const double force = bodies[j].mass / (d * sqrt(d));
      ax += x * force, ay += y * force, az += z * force;
    }
    bodies[i].vx += ax * dt, bodies[i].vy += ay * dt, bodies[i].vz += az * dt;
  }
#pragma omp parallel for
  for (int i = 0; i < n; i++) {
    bodies[i].x += bodies[i].vx * dt;
    bodies[i].y += bodies[i].vy * dt;
    bodies[i].z += bodies[i].vz * dt;
  }
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 16, 3000), times = size(argc, argv, 240000, 20);
  Body *bodies = array(n, sizeof *bodies);
  for (int i = 0; i < n; i++)
    bodies[i] = (Body){uniform(), uniform(), uniform(), 0, 0, 0, uniform() / n};
  for (int t = 0; t < times; t++)
    step(bodies, n, 1e-4);
  report_doubles((double *)bodies, 7 * n);
}
