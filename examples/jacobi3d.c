// RUN: %examplecheck %s
//
// jacobi3d: the electric potential between two charges in an earthed box,
// by Jacobi's method (a 7-point stencil on a 3-D grid).
// usage: jacobi3d [n]
//
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include <stdio.h>
#include <stdlib.h>

static void sweep(double *out, const double *in, const double *charge, int nx,
                  int ny, int nz) {
    for (int k = 1; k < nz - 1; k++)
        for (int j = 1; j < ny - 1; j++)
            for (int i = 1; i < nx - 1; i++) {
                double around = in[(k * ny + j) * nx + i - 1] +
                                in[(k * ny + j) * nx + i + 1] +
                                in[(k * ny + j - 1) * nx + i] +
                                in[(k * ny + j + 1) * nx + i] +
                                in[((k - 1) * ny + j) * nx + i] +
                                in[((k + 1) * ny + j) * nx + i];
                out[(k * ny + j) * nx + i] =
                    (around + charge[(k * ny + j) * nx + i]) / 6.0;
            }
}

static double squared_change(const double *a, const double *b, int cells) {
    double sum = 0.0;
    for (int i = 0; i < cells; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

static double *zeros(int cells) {
    double *grid = calloc(cells, sizeof *grid);
    if (!grid) {
        fprintf(stderr, "jacobi3d: out of memory\n");
        exit(1);
    }
    return grid;
}

int main(int argc, char **argv) {
    int n = argc > 1 ? atoi(argv[1]) : 160;
    if (n < 8 || n > 1000) {
        fprintf(stderr, "usage: %s [n, 8 to 1000]\n", argv[0]);
        return 2;
    }
    int nx = n, ny = n, nz = n * 3 / 4, cells = nx * ny * nz;
    int sweeps = 300;

    double *now = zeros(cells);
    double *next = zeros(cells);
    double *charge = zeros(cells);
    charge[(nz / 2 * ny + ny / 2) * nx + nx / 3] = 100.0;
    charge[(nz / 3 * ny + ny / 2) * nx + nx * 2 / 3] = -50.0;

    for (int s = 0; s < sweeps; s++) {
        sweep(next, now, charge, nx, ny, nz);
        double *swap = now;
        now = next;
        next = swap;
    }

    printf("jacobi3d: %d x %d x %d, %d sweeps\n", nx, ny, nz, sweeps);
    printf("last change %.17g\n", squared_change(now, next, cells));
    for (int i = 0; i < 8; i++)
        printf("potential at %d/8: %.17g\n", i,
               now[(nz / 2 * ny + ny / 2) * nx + nx * i / 8]);

    free(now);
    free(next);
    free(charge);
    return 0;
}
