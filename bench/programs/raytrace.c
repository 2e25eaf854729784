// Spheres above a plane, one reflection; a picture of floats.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"
#include <math.h>

typedef struct {
  float x, y, z;
} Vec;
typedef struct {
  Vec centre;
  float radius, shade;
} Sphere;

enum { SPHERES = 24 };
static Sphere spheres[SPHERES];

static Vec add(Vec a, Vec b, float s) { return (Vec){a.x + s * b.x, a.y + s * b.y, a.z + s * b.z}; }
static float dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
static Vec unit(Vec a) { return add((Vec){0, 0, 0}, a, 1 / sqrtf(dot(a, a))); }

static int hit(Vec from, Vec to, float *distance) {
  int nearest = -1;
  for (int s = 0; s < SPHERES; s++) {
    const Vec d = add(from, spheres[s].centre, -1);
    const float b = dot(d, to), c = dot(d, d) - spheres[s].radius * spheres[s].radius, disc = b * b - c;
    if (disc <= 0)
      continue;
    const float t = -b - sqrtf(disc);
    if (t > 1e-3f && t < *distance)
      *distance = t, nearest = s;
  }
  return nearest;
}

static float colour(Vec from, Vec to) {
  float light = 0, share = 1;
  for (int bounce = 0; bounce < 2; bounce++) {
    float distance = 1e9f;
    const int s = hit(from, to, &distance);
    if (s < 0)
      return light + share * (0.5f + 0.5f * to.y);
    from = add(from, to, distance);
    const Vec normal = unit(add(from, spheres[s].centre, -1));
    light += share * spheres[s].shade * fmaxf(0, normal.y);
    share *= 0.4f;
    to = add(to, normal, -2 * dot(to, normal));
  }
  return light;
}

static void render(int w, int h, float *picture) {
#pragma omp parallel for schedule(dynamic)
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      picture[y * w + x] = colour((Vec){0, 1, -8}, unit((Vec){(x - w / 2) / (float)w, (h / 2 - y) / (float)w, 1}));
}

int main(int argc, char **argv) {
  const int w = size(argc, argv, 12, 1200), h = size(argc, argv, 8, 800), times = size(argc, argv, 20000, 9);
  float *picture = array(w * h, sizeof *picture);
  for (int s = 0; s < SPHERES; s++)
    spheres[s] = (Sphere){{(float)uniform() * 8 - 4, (float)uniform() * 3, (float)uniform() * 4},
                          0.3f + 0.5f * (float)uniform(), (float)uniform()};
  for (int t = 0; t < times; t++) {
    render(w, h, picture);
    spheres[t % SPHERES].centre.y += 0.01f;
  }
  report_floats(picture, w * h);
}
