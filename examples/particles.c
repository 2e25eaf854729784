// RUN: %examplecheck %s
//
// particles: balls fall, and bounce off the floor, the ceiling and the walls
// of a box, losing a little speed each time.
// usage: particles [balls]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

struct particle {
    double x, y;
    double vx, vy;
    int bounces;
};

static const double width = 4.0, height = 3.0;
static const double gravity = 9.81, bounce = 0.9;

static void move(struct particle *p, int n, double dt) {
    for (int i = 0; i < n; i++) {
        p[i].vy -= gravity * dt;
        p[i].x += p[i].vx * dt;
        p[i].y += p[i].vy * dt;
        if (p[i].x < 0.0) {
            p[i].x = -p[i].x;
            p[i].vx = -p[i].vx * bounce;
            p[i].bounces++;
        } else if (p[i].x > width) {
            p[i].x = 2.0 * width - p[i].x;
            p[i].vx = -p[i].vx * bounce;
            p[i].bounces++;
        }
        if (p[i].y < 0.0) {
            p[i].y = -p[i].y;
            p[i].vy = -p[i].vy * bounce;
            p[i].bounces++;
        } else if (p[i].y > height) {
            p[i].y = 2.0 * height - p[i].y;
            p[i].vy = -p[i].vy * bounce;
            p[i].bounces++;
        }
    }
}

static double next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

static void throw_in(struct particle *p, int n) {
    uint32_t seed = 7;
    for (int i = 0; i < n; i++) {
        p[i].x = width * next_random(&seed);
        p[i].y = height * next_random(&seed);
        p[i].vx = 8.0 * next_random(&seed) - 4.0;
        p[i].vy = 8.0 * next_random(&seed) - 4.0;
        p[i].bounces = 0;
    }
}

static double energy(const struct particle *p, int n) {
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += 0.5 * (p[i].vx * p[i].vx + p[i].vy * p[i].vy) + gravity * p[i].y;
    return sum;
}

static long count_bounces(const struct particle *p, int n) {
    long sum = 0;
    for (int i = 0; i < n; i++)
        sum += p[i].bounces;
    return sum;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 500000;
    if (n < 1 || n > 50000000) {
        fprintf(stderr, "usage: %s [balls, 1 to 50000000]\n", argv[0]);
        return 2;
    }
    int steps = 1000;

    struct particle *p = malloc(n * sizeof *p);
    if (!p) {
        fprintf(stderr, "particles: out of memory\n");
        return 1;
    }
    throw_in(p, n);

    printf("particles: %d balls, %d steps\n", n, steps);
    printf("energy before %.17g\n", energy(p, n));
    for (int s = 0; s < steps; s++)
        move(p, n, 0.005);
    printf("energy after  %.17g\n", energy(p, n));
    printf("bounces %ld, last ball at %.17g %.17g\n", count_bounces(p, n),
           p[n - 1].x, p[n - 1].y);

    free(p);
    return 0;
}
