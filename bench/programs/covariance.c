// Covariances of the columns of a table.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

enum { COLUMNS = 400, ROWS = 800 };
static double data[ROWS][COLUMNS], mean[COLUMNS], covariance[COLUMNS][COLUMNS];

static void compute(int rows, int columns) {
#pragma omp parallel for
  for (int j = 0; j < columns; j++) {
    mean[j] = 0;
    for (int i = 0; i < rows; i++)
      mean[j] += data[i][j];
    mean[j] /= rows;
  }
#pragma omp parallel for
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      data[i][j] -= mean[j];
#pragma omp parallel for schedule(dynamic)
  for (int i = 0; i < columns; i++)
    for (int j = i; j < columns; j++) {
      double sum = 0;
      for (int k = 0; k < rows; k++)
        sum += data[k][i] * data[k][j];
      covariance[i][j] = covariance[j][i] = sum / (rows - 1);
    }
}

int main(int argc, char **argv) {
  const int rows = size(argc, argv, 50, ROWS), columns = size(argc, argv, 16, COLUMNS);
  const int times = size(argc, argv, 32000, 4);
  for (int t = 0; t < times; t++) {
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < columns; j++)
        data[i][j] = uniform() * j;
    compute(rows, columns);
  }
  report_doubles(&covariance[0][0], COLUMNS * COLUMNS);
}
