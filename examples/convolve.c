// RUN: %examplecheck %s -lm
//
// convolve: reads a photo, enlarges it and blurs it a few times with a
// Gaussian. Needs the stb headers (Debian: libstb-dev).
// usage: convolve [width] [picture.png] [photo.png] [sigma]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

enum { MAX_RADIUS = 16 };

static int clamp(int v, int low, int high) {
    return v < low ? low : v > high ? high : v;
}

static void convolve(unsigned char *out, const unsigned char *in,
                     const float *kernel, int radius, int w, int h) {
    int side = 2 * radius + 1;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            float r = 0.0f, g = 0.0f, b = 0.0f;
            for (int dy = -radius; dy <= radius; dy++)
                for (int dx = -radius; dx <= radius; dx++) {
                    int sy = clamp(y + dy, 0, h - 1);
                    int sx = clamp(x + dx, 0, w - 1);
                    float weight = kernel[(dy + radius) * side + dx + radius];
                    r += weight * in[3 * (sy * w + sx)];
                    g += weight * in[3 * (sy * w + sx) + 1];
                    b += weight * in[3 * (sy * w + sx) + 2];
                }
            out[3 * (y * w + x)] = (unsigned char)(r + 0.5f);
            out[3 * (y * w + x) + 1] = (unsigned char)(g + 0.5f);
            out[3 * (y * w + x) + 2] = (unsigned char)(b + 0.5f);
        }
}

static void enlarge(unsigned char *out, int w, int h, const unsigned char *in,
                    int in_w, int in_h) {
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            int sx = (int)((long)x * in_w / w), sy = (int)((long)y * in_h / h);
            for (int c = 0; c < 3; c++)
                out[3 * (y * w + x) + c] = in[3 * (sy * in_w + sx) + c];
        }
}

// Returns the radius at which the bell has all but vanished.
static int gaussian(float *kernel, double sigma) {
    int radius = (int)(2.0 * sigma), side = 2 * radius + 1;
    double sum = 0.0, weight[(2 * MAX_RADIUS + 1) * (2 * MAX_RADIUS + 1)];
    for (int i = 0; i < side * side; i++) {
        int dx = i % side - radius, dy = i / side - radius;
        weight[i] = exp(-(dx * dx + dy * dy) / (2.0 * sigma * sigma));
        sum += weight[i];
    }
    for (int i = 0; i < side * side; i++)
        kernel[i] = (float)(weight[i] / sum);
    return radius;
}

static uint64_t hash(const unsigned char *bytes, size_t n) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    return h;
}

int main(int argc, char **argv) {
    int w = argc > 1 ? atoi(argv[1]) : 1600;
    const char *picture = argc > 2 ? argv[2] : "convolve.png";
    const char *photo = argc > 3 ? argv[3] : "examples/data/photo.png";
    double sigma = argc > 4 ? atof(argv[4]) : 2.0;
    if (w < 8 || w > 16384 || !(sigma > 0.5 && sigma <= MAX_RADIUS / 2)) {
        fprintf(stderr, "usage: %s [width, 8 to 16384] [picture.png] [photo.png] "
                        "[sigma, up to %d]\n", argv[0], MAX_RADIUS / 2);
        return 2;
    }

    int photo_w, photo_h;
    unsigned char *pixels = stbi_load(photo, &photo_w, &photo_h, NULL, 3);
    if (!pixels) {
        fprintf(stderr, "%s: %s\n", photo, stbi_failure_reason());
        return 1;
    }
    int h = clamp((int)((long)w * photo_h / photo_w), 1, 16384), rounds = 8;
    size_t size = (size_t)w * h * 3;
    unsigned char *now = malloc(size), *next = malloc(size);
    if (!now || !next) {
        fprintf(stderr, "convolve: out of memory\n");
        return 1;
    }
    enlarge(now, w, h, pixels, photo_w, photo_h);

    float kernel[(2 * MAX_RADIUS + 1) * (2 * MAX_RADIUS + 1)];
    int radius = gaussian(kernel, sigma);
    for (int i = 0; i < rounds; i++) {
        convolve(next, now, kernel, radius, w, h);
        unsigned char *swap = now;
        now = next;
        next = swap;
    }

    printf("convolve: %d x %d, %d rounds\n", w, h, rounds);
    printf("hash %016llx\n", (unsigned long long)hash(now, size));
    if (!stbi_write_png(picture, w, h, 3, now, 3 * w)) {
        fprintf(stderr, "%s: cannot write\n", picture);
        return 1;
    }
    stbi_image_free(pixels);
    free(now);
    free(next);
    return 0;
}
