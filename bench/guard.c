// What a call of a small loop costs: prints nanoseconds. With Ferry the loop has
// a site, whose guard says no each time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <time.h>

__attribute__((noinline)) static void scale(float *y, const float *x, float a, int n) {
    for (int i = 0; i < n; i++)
        y[i] += a * x[i];
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(void) {
    enum { CALLS = 20000000 };
    static float x[4] = {1, 2, 3, 4}, y[4];
    double best = 1e9;
    for (int sample = 0; sample < 10; sample++) {
        double start = now();
        for (int i = 0; i < CALLS; i++)
            scale(y, x, 0.5f, 4);
        double taken = (now() - start) / CALLS;
        best = taken < best ? taken : best;
    }
    printf("%.3f\n", best);
}
