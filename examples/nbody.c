// RUN: %examplecheck %s -lm
//
// nbody: stars attract each other; every star feels every other one.
// usage: nbody [stars]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct body {
    double x, y, z, vx, vy, vz, m;
};

struct vec {
    double x, y, z;
};

static void forces(struct vec *acc, const struct body *b, int n) {
    for (int i = 0; i < n; i++) {
        double ax = 0.0, ay = 0.0, az = 0.0;
        for (int j = 0; j < n; j++) {
            double dx = b[j].x - b[i].x;
            double dy = b[j].y - b[i].y;
            double dz = b[j].z - b[i].z;
            double r2 = dx * dx + dy * dy + dz * dz + 1e-3;
            double pull = b[j].m / (r2 * sqrt(r2));
            ax += pull * dx;
            ay += pull * dy;
            az += pull * dz;
        }
        acc[i].x = ax;
        acc[i].y = ay;
        acc[i].z = az;
    }
}

static void move(struct body *b, const struct vec *acc, int n, double dt) {
    for (int i = 0; i < n; i++) {
        b[i].vx += dt * acc[i].x;
        b[i].vy += dt * acc[i].y;
        b[i].vz += dt * acc[i].z;
        b[i].x += dt * b[i].vx;
        b[i].y += dt * b[i].vy;
        b[i].z += dt * b[i].vz;
    }
}

static double next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0 - 0.5;
}

// A flat disc of stars that turns slowly around the z axis.
static void create(struct body *b, int n) {
    uint32_t seed = 42;
    for (int i = 0; i < n; i++) {
        b[i].x = next_random(&seed);
        b[i].y = next_random(&seed);
        b[i].z = next_random(&seed) * 0.1;
        b[i].vx = -b[i].y;
        b[i].vy = b[i].x;
        b[i].vz = 0.0;
        b[i].m = (1.5 + next_random(&seed)) / n;
    }
}

static double kinetic_energy(const struct body *b, int n) {
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += 0.5 * b[i].m *
               (b[i].vx * b[i].vx + b[i].vy * b[i].vy + b[i].vz * b[i].vz);
    return sum;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 4096;
    if (n < 2 || n > 1000000) {
        fprintf(stderr, "usage: %s [stars, 2 to 1000000]\n", argv[0]);
        return 2;
    }
    int steps = 20;

    struct body *b = malloc(n * sizeof *b);
    struct vec *acc = malloc(n * sizeof *acc);
    if (!b || !acc) {
        fprintf(stderr, "nbody: out of memory\n");
        return 1;
    }
    create(b, n);

    printf("nbody: %d stars, %d steps\n", n, steps);
    printf("kinetic energy before %.17g\n", kinetic_energy(b, n));
    for (int s = 0; s < steps; s++) {
        forces(acc, b, n);
        move(b, acc, n, 0.01);
    }
    printf("kinetic energy after  %.17g\n", kinetic_energy(b, n));
    printf("first star at %.17g %.17g %.17g\n", b[0].x, b[0].y, b[0].z);

    free(b);
    free(acc);
    return 0;
}
