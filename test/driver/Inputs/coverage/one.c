#include "kernels.h"
#include <stdio.h>

float second(float *a, int n, float (*f)(float));
float table[50000];

static float half(float x) { return x / 2; }

void unused(float *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] = 1;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      a[i * n + j] *= n - i;
}

void said(const float *a, int n) {
  for (int i = 0; i < n; i++)
    printf("%g\n", a[i]);
  for (int i = 0; i < n; i++)
    puts("-");
  for (int i = 0; i < n; i++)
    putchar('\n' + (int)a[i]);
  for (int i = 0; i < n; i++)
    printf("%d\n", i);
}

void shifted(float *a, int n, int by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i + by] + 1;
}

int main(int argc, char **argv) {
  (void)argv;
  int n = sizeof table / sizeof *table;
  scale(table, n, 3);
  apply(table, n, half);
  shifted(table, n - 2, argc);
  printf("%g\n", sum(table, n) + second(table, n, half));
}
