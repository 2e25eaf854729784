// An array that lives inside an iteration is each worker's own.
// RUN: %runcheck %s launched=sort_rows:40 launched=histogram:40 \
// RUN:   refused=shared:same-location
#include "Inputs/show.h"

int a[40 * 12];

__attribute__((noinline)) void sort_rows(int *a, int n) {
  for (int i = 0; i < n; i++) {
    int row[12];
    for (int j = 0; j < 12; j++)
      row[j] = a[i * 12 + j];
    for (int j = 1; j < 12; j++)
      for (int k = j; k > 0; k--) {
        int low = row[k - 1] < row[k] ? row[k - 1] : row[k];
        row[k] = row[k - 1] + row[k] - low;
        row[k - 1] = low;
      }
    for (int j = 0; j < 12; j++)
      a[i * 12 + j] = row[j];
  }
}

__attribute__((noinline)) void histogram(int *a, int n) {
  for (int i = 0; i < n; i++) {
    unsigned char count[16] = {0};
    for (int j = 0; j < 12; j++)
      count[a[i * 12 + j] & 15]++;
    for (int j = 0; j < 12; j++)
      a[i * 12 + j] = count[j];
  }
}

// Declared outside of the loop, the array carries values along.
__attribute__((noinline)) void shared(int *a, int n, int m) {
  int last[16] = {0};
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      a[i * m + j] += last[j];
    for (int j = 0; j < m; j++)
      last[j] = a[i * m + j] & 7;
  }
}

// Where m is 1 it does not, so that the runtime may be asked; it is 12.
__attribute__((noinline)) void shifted(int *a, int n, int m) {
  int last[16] = {0};
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      a[i * m + j] += last[m - j];
    for (int j = 0; j < m; j++)
      last[j] = a[i * m + j] & 7;
  }
}

int main(void) {
  for (int i = 0; i < 40 * 12; i++)
    a[i] = draw(1000);
  sort_rows(a, 40);
  SHOW(a);
  shared(a, 40, 12);
  SHOW(a);
  shifted(a, 40, 12);
  SHOW(a);
  shifted(a, 40, 1);
  SHOW(a);
  histogram(a, 40);
  SHOW(a);
}
