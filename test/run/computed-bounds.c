// Bounds and strides that the program computes: sizes from a header, halves,
// products of two parameters, the smaller of two.
// RUN: %runcheck %s launched=half:100 launched=image:120 launched=smaller:31 launched=offset:100
#include "Inputs/show.h"

struct header { int width, height; short pitch; unsigned char depth; };
int a[400];
unsigned char image_data[400];

__attribute__((noinline)) void half(int *a, int n) {
  for (int i = 0; i < n / 2; i++)
    a[2 * i + 1] = a[2 * i] * 3;
}
__attribute__((noinline)) void image(unsigned char *p, const struct header *h) {
  int width = h->width * h->depth, height = h->height, pitch = h->pitch;
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      p[y * pitch + x] = 255 - p[y * pitch + x];
}
__attribute__((noinline)) void smaller(int *a, int n, int m) {
  int end = n < m ? n : m;
  for (int i = 0; i < end; i++)
    a[i] ^= 0x55;
}
__attribute__((noinline)) void offset(int *a, long from, long to) {
  for (long i = from; i != to; i++)
    a[i - from + 7] -= i;
}

int main(void) {
  struct header h = {5, 8, 20, 3};
  half(a, 200);
  smaller(a, 50, 31);
  offset(a, 1l << 40, (1l << 40) + 100);
  SHOW(a);
  image(image_data, &h);
  SHOW(image_data);
}
