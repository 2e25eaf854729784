//===- cuda_kernels.h - what kernels made by hand are given ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For cuda_test.c, in the place of contexts and records that the pass lays out.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEST_CUDA_KERNELS_H
#define FERRY_TEST_CUDA_KERNELS_H

#include <stdint.h>

// for (i = 0; i < n; i++) y[i] = a * x[i] + y[i];
struct saxpy {
  float a;
  const float *x;
  float *y;
};

// for i, j, k: to[(i * rows + j) * columns + k] += 10000 * i + 100 * j + k;
struct fill {
  long *to, rows, columns;
};

// for (i = 0; i < n; i++) { sum += x[i]; if (x[i] > most) most = x[i]; }
struct total {
  const int *x;
};
struct total_record {
  int64_t sum;
  int most;
};

// for (i = 0; i < n; i++) x[i] += step + scale[i % 4];    of globals step, scale
struct shift {
  int *x;
};

// for (i = 0; i < n; i++) x[i] = sqrt(x[i]);    but 0 for negative ones
struct root {
  double *x;
};

#endif
