// RUN: %examplecheck %s
//
// heat: heat spreads through a metal plate with a cold rim and a few hot
// discs; every cell moves towards the mean of its four neighbours.
// usage: heat [width] [picture.ppm]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <stdio.h>
#include <stdlib.h>

static void step(double *next, const double *now, int w, int h, double k) {
    for (int i = 1; i < h - 1; i++)
        for (int j = 1; j < w - 1; j++) {
            double here = now[i * w + j];
            double around = now[(i - 1) * w + j] + now[(i + 1) * w + j] +
                            now[i * w + j - 1] + now[i * w + j + 1];
            next[i * w + j] = here + k * (around - 4.0 * here);
        }
}

static void add_disc(double *plate, int w, int h, double cx, double cy,
                     double radius, double temperature) {
    for (int i = 1; i < h - 1; i++)
        for (int j = 1; j < w - 1; j++) {
            double dx = j - cx * w, dy = i - cy * h, r = radius * w;
            if (dx * dx + dy * dy < r * r)
                plate[i * w + j] = temperature;
        }
}

static void heat_up(double *plate, int w, int h) {
    for (int i = 0; i < w * h; i++)
        plate[i] = 0.0;
    add_disc(plate, w, h, 0.30, 0.40, 0.17, 1.0);
    add_disc(plate, w, h, 0.30, 0.40, 0.11, 0.2);
    add_disc(plate, w, h, 0.66, 0.62, 0.20, 0.8);
    add_disc(plate, w, h, 0.72, 0.55, 0.07, 0.0);
    add_disc(plate, w, h, 0.80, 0.20, 0.09, 1.0);
    add_disc(plate, w, h, 0.12, 0.85, 0.06, 0.9);
}

static int channel(double v) {
    return v <= 0.0 ? 0 : v >= 1.0 ? 255 : (int)(v * 255.0 + 0.5);
}

// Black, blue, purple, orange, yellow, white.
static void colour(unsigned char *rgb, double t) {
    double blue = t < 0.25 ? 0.15 + 2.2 * t : 0.70 - 2.4 * (t - 0.25);
    if (t > 0.75)
        blue = 4.0 * (t - 0.75);
    rgb[0] = (unsigned char)channel(2.2 * (t - 0.08));
    rgb[1] = (unsigned char)channel(1.7 * (t - 0.40));
    rgb[2] = (unsigned char)channel(blue);
}

static int write_picture(const char *name, const double *plate, int w, int h) {
    FILE *file = fopen(name, "wb");
    if (!file)
        return -1;
    fprintf(file, "P6\n%d %d\n255\n", w, h);
    for (int i = 0; i < w * h; i++) {
        unsigned char rgb[3];
        colour(rgb, plate[i]);
        fwrite(rgb, 1, 3, file);
    }
    return fclose(file);
}

int main(int argc, char **argv) {
    int w = argc > 1 ? atoi(argv[1]) : 1024;
    const char *picture = argc > 2 ? argv[2] : "heat.ppm";
    if (w < 8 || w > 16384) {
        fprintf(stderr, "usage: %s [width, 8 to 16384] [picture.ppm]\n", argv[0]);
        return 2;
    }
    int h = w * 3 / 4, steps = 2 * w;

    double *now = malloc((size_t)w * h * sizeof *now);
    double *next = malloc((size_t)w * h * sizeof *next);
    if (!now || !next) {
        fprintf(stderr, "heat: out of memory\n");
        return 1;
    }
    heat_up(now, w, h);
    heat_up(next, w, h);

    for (int s = 0; s < steps; s++) {
        step(next, now, w, h, 0.24);
        double *swap = now;
        now = next;
        next = swap;
    }

    double total = 0.0;
    for (int i = 0; i < w * h; i++)
        total += now[i];
    printf("heat: %d x %d, %d steps\n", w, h, steps);
    printf("total %.17g, centre %.17g\n", total, now[h / 2 * w + w / 2]);

    if (write_picture(picture, now, w, h)) {
        perror(picture);
        return 1;
    }
    free(now);
    free(next);
    return 0;
}
