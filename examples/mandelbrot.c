// RUN: %examplecheck %s
//
// mandelbrot: draws the Mandelbrot set. How long a pixel takes depends on
// where it lies, so the rows are very uneven work.
// usage: mandelbrot [width] [picture.ppm]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static int escape_time(double cx, double cy, int limit) {
    double x = 0.0, y = 0.0;
    int n = 0;
    while (n < limit && x * x + y * y <= 4.0) {
        double t = x * x - y * y + cx;
        y = 2.0 * x * y + cy;
        x = t;
        n++;
    }
    return n;
}

static void draw(unsigned char *image, int w, int h, double left, double top,
                 double pixel, int limit) {
    for (int row = 0; row < h; row++)
        for (int col = 0; col < w; col++) {
            int n = escape_time(left + col * pixel, top + row * pixel, limit);
            unsigned char *rgb = image + 3 * (row * w + col);
            if (n == limit) {
                rgb[0] = rgb[1] = rgb[2] = 0;
            } else {
                double t = n % 64 / 64.0, u = 1.0 - t;
                rgb[0] = (unsigned char)(9.0 * u * t * t * t * 255.0);
                rgb[1] = (unsigned char)(15.0 * u * u * t * t * 255.0);
                rgb[2] = (unsigned char)(8.5 * u * u * u * t * 255.0);
            }
        }
}

static uint64_t hash(const unsigned char *bytes, size_t n) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    return h;
}

static int write_picture(const char *name, const unsigned char *image, int w,
                         int h) {
    FILE *file = fopen(name, "wb");
    if (!file)
        return -1;
    fprintf(file, "P6\n%d %d\n255\n", w, h);
    fwrite(image, 3, (size_t)w * h, file);
    return fclose(file);
}

int main(int argc, char **argv) {
    int w = argc > 1 ? atoi(argv[1]) : 1920;
    const char *picture = argc > 2 ? argv[2] : "mandelbrot.ppm";
    if (w < 8 || w > 16384) {
        fprintf(stderr, "usage: %s [width, 8 to 16384] [picture.ppm]\n", argv[0]);
        return 2;
    }
    int h = w * 3 / 4, limit = 1000;

    unsigned char *image = malloc((size_t)w * h * 3);
    if (!image) {
        fprintf(stderr, "mandelbrot: out of memory\n");
        return 1;
    }
    draw(image, w, h, -2.2, -1.2, 3.2 / w, limit);

    size_t size = (size_t)w * h * 3;
    printf("mandelbrot: %d x %d, at most %d iterations\n", w, h, limit);
    printf("hash %016llx\n", (unsigned long long)hash(image, size));

    if (write_picture(picture, image, w, h)) {
        perror(picture);
        return 1;
    }
    free(image);
    return 0;
}
