// RUN: %examplecheck %s
//
// matmul: the product of two square matrices, written as in the textbook.
// usage: matmul [n]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void matmul(double *C, double *A, double *B, int n) {
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum = 0.0;
            for (int k = 0; k < n; k++)
                sum += A[i * n + k] * B[k * n + j];
            C[i * n + j] = sum;
        }
}

static double next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0 - 0.5;
}

static double *random_matrix(int n, uint32_t seed) {
    double *m = malloc((size_t)n * n * sizeof *m);
    if (!m) {
        fprintf(stderr, "matmul: out of memory\n");
        exit(1);
    }
    for (int i = 0; i < n * n; i++)
        m[i] = next_random(&seed);
    return m;
}

static double trace(const double *M, int n) {
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += M[i * n + i];
    return sum;
}

static double sum_of_squares(const double *M, int n) {
    double sum = 0.0;
    for (int i = 0; i < n * n; i++)
        sum += M[i] * M[i];
    return sum;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 800;
    if (n < 1 || n > 16384) {
        fprintf(stderr, "usage: %s [n, 1 to 16384]\n", argv[0]);
        return 2;
    }

    double *A = random_matrix(n, 1);
    double *B = random_matrix(n, 2);
    double *C = malloc((size_t)n * n * sizeof *C);
    if (!C) {
        fprintf(stderr, "matmul: out of memory\n");
        return 1;
    }

    matmul(C, A, B, n);

    printf("matmul: %d x %d\n", n, n);
    printf("trace %.17g, sum of squares %.17g, last %.17g\n", trace(C, n),
           sum_of_squares(C, n), C[n * n - 1]);

    free(A);
    free(B);
    free(C);
    return 0;
}
