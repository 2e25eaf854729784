// Counters and pointers that run on from one row to the next: an inner loop moves
// them on by the same amount each time.
// RUN: %runcheck %s launched=rows launched=constant \
// RUN:   launched=pixels launched=padded launched=twice launched=after \
// RUN:   declined=wraps:wrap declined=meets:dependent refused=triangle:recurrence \
// RUN:   refused=some:recurrence refused=until:recurrence refused=ragged
#include "Inputs/show.h"

int a[4000], b[4000], c[4000];
unsigned char in[4000], out[4000];

// m may be 0 or less: then the counter stays.
__attribute__((noinline)) int rows(int *to, const int *from, int n, int m) {
  int k = 3;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) {
      to[k] = from[i + j] + j;
      k++;
    }
  return k;
}

__attribute__((noinline)) void constant(int *to, const int *from) {
  int k = -1;
  for (int i = 0; i < 40; i++)
    for (int j = 0; j < 64; j++)
      to[++k] = from[i] * j;
}

__attribute__((noinline)) void pixels(int h, int w, unsigned char *to, const unsigned char *from) {
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++) {
      *to++ = from[2];
      *to++ = from[1];
      *to++ = from[0];
      from += 3;
    }
}

__attribute__((noinline)) unsigned char *padded(int h, int w, int pad, unsigned char *to) {
  for (int y = 0; y < h; y++) {
    for (int x = 0; x < w; x++)
      *to++ += x;
    to += pad;
  }
  return to;
}

// Three loops deep, and two inner loops one after the other.
__attribute__((noinline)) void twice(int *to, int n, int m) {
  int *p = to;
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      for (int k = 0; k < 5; k++)
        *p++ = i * j + k;
    for (int j = 0; j < m; j++)
      *p++ = -j;
  }
}

// The columns depend, the rows do not.
__attribute__((noinline)) void after(int *to, const int *by) {
  int k = 1;
  for (int i = 0; i < 40; ++i) {
    for (int j = 1; j < 30; j++, ++k)
      to[j * 40 + i] = to[(j - 1) * 40 + i] + by[k - 1];
    ++k;
  }
}

// Comes back to the same elements after 256 steps.
__attribute__((noinline)) void wraps(int *to, int n, int m) {
  unsigned char k = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      to[k++] += i;
}

// Each row begins where the one before has ended, less one element.
__attribute__((noinline)) void meets(int *to, int n, int m) {
  int *p = to;
  for (int i = 0; i < n; i++, p--)
    for (int j = 0; j < m; j++)
      *p++ += i + j;
}

__attribute__((noinline)) int triangle(int *to, int n) {
  int k = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j <= i; j++)
      to[k++] = i - j;
  return k;
}

// Some iterations move it on, or not all the way, or by what memory says.
__attribute__((noinline)) int some(int *to, const int *from, int n, int m) {
  int k = 0;
  for (int i = 0; i < n; i++)
    if (from[i] & 1)
      for (int j = 0; j < m; j++)
        to[k++] = i + j;
  return k;
}

__attribute__((noinline)) int until(int *to, const int *from, int n, int m) {
  int *p = to;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++) {
      if (from[i + j] < 100)
        break;
      *p++ = i;
    }
  return (int)(p - to);
}

__attribute__((noinline)) int ragged(int *to, const int *length, int n) {
  int k = 0;
  for (int i = 0; i < n; i++)
    for (int j = 0; j < length[i]; j++)
      to[k++] = i - j;
  return k;
}

int main(void) {
  for (int i = 0; i < 4000; i++)
    b[i] = draw(1000), in[i] = draw(256);
  printf("%d %d %d\n", rows(a, b, 30, 20), rows(a, b, 30, 0), rows(a, b, 30, -4));
  SHOW(a);
  constant(c, b);
  SHOW(c);
  pixels(30, 20, out, in);
  SHOW(out);
  printf("%ld\n", (long)(padded(30, 20, 7, out) - out));
  SHOW(out);
  twice(a, 12, 20);
  SHOW(a);
  after(c, b);
  SHOW(c);
  wraps(b, 30, 20);
  SHOW(b);
  meets(b, 30, 20);
  SHOW(b);
  printf("%d\n", triangle(a, 50));
  SHOW(a);
  for (int i = 0; i < 4000; i++)
    b[i] = draw(1000), c[i] = draw(30);
  printf("%d %d %d\n", some(a, b, 60, 20), until(a, b, 60, 20), ragged(a, c, 100));
  SHOW(a);
}
