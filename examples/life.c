// RUN: %examplecheck %s
//
// life: Conway's Game of Life on a grid whose border cells stay dead.
// usage: life [width] [picture.ppm]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void generation(unsigned char *next, const unsigned char *now, int w,
                       int h) {
    for (int y = 1; y < h - 1; y++)
        for (int x = 1; x < w - 1; x++) {
            const unsigned char *c = now + y * w + x;
            int around = c[-w - 1] + c[-w] + c[-w + 1] + c[-1] + c[1] +
                         c[w - 1] + c[w] + c[w + 1];
            next[y * w + x] = around == 3 || (around == 2 && *c);
        }
}

static long count_living(const unsigned char *cells, int n) {
    long living = 0;
    for (int i = 0; i < n; i++)
        living += cells[i];
    return living;
}

static void sow(unsigned char *cells, int w, int h) {
    uint32_t seed = 1970;
    for (int y = 1; y < h - 1; y++)
        for (int x = 1; x < w - 1; x++) {
            seed = seed * 1664525u + 1013904223u;
            cells[y * w + x] = (seed >> 24) < 80;
        }
}

static uint64_t hash(const unsigned char *bytes, size_t n) {
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ bytes[i]) * 1099511628211u;
    return h;
}

// Cells that were just born are bright, older ones are darker.
static int write_picture(const char *name, const unsigned char *cells,
                         const unsigned char *before, int w, int h) {
    static const unsigned char colours[4][3] = {
        {16, 18, 28}, {60, 30, 60}, {150, 255, 120}, {40, 150, 170}};
    FILE *file = fopen(name, "wb");
    if (!file)
        return -1;
    fprintf(file, "P6\n%d %d\n255\n", w, h);
    for (int i = 0; i < w * h; i++)
        fwrite(colours[2 * cells[i] + before[i]], 1, 3, file);
    return fclose(file);
}

int main(int argc, char **argv) {
    int w = argc > 1 ? atoi(argv[1]) : 1024;
    const char *picture = argc > 2 ? argv[2] : "life.ppm";
    if (w < 8 || w > 16384) {
        fprintf(stderr, "usage: %s [width, 8 to 16384] [picture.ppm]\n", argv[0]);
        return 2;
    }
    int h = w * 3 / 4, generations = h;

    unsigned char *now = calloc((size_t)w * h, 1);
    unsigned char *next = calloc((size_t)w * h, 1);
    if (!now || !next) {
        fprintf(stderr, "life: out of memory\n");
        return 1;
    }
    sow(now, w, h);

    printf("life: %d x %d, %d generations\n", w, h, generations);
    printf("living at first %ld\n", count_living(now, w * h));
    long lived = 0;
    for (int g = 0; g < generations; g++) {
        generation(next, now, w, h);
        unsigned char *swap = now;
        now = next;
        next = swap;
        lived += count_living(now, w * h);
    }
    printf("living at last %ld, over all generations %ld\n",
           count_living(now, w * h), lived);
    printf("hash %016llx\n", (unsigned long long)hash(now, (size_t)w * h));

    if (write_picture(picture, now, next, w, h)) {
        perror(picture);
        return 1;
    }
    free(now);
    free(next);
    return 0;
}
