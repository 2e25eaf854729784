// Variables in memory that each iteration changes: totals, counters, places to
// write at, values that are only replaced. They lie alone, or where the loop
// reads or writes as well.
// RUN: %runcheck %s launched=total:3000 launched=total_of declined=total_of:dependent \
// RUN:   launched=pack:2100 declined=pack:dependent launched=count:5600 \
// RUN:   declined=count:dependent launched=count_rare launched=scratch launched=replace \
// RUN:   declined=replace launched=replace_rare launched=record launched=inner \
// RUN:   launched=two declined=two launched=smallest launched=mask launched=through
// RUN: %runcheck %s -O3 launched=pack launched=count launched=record
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

enum { SIZE = 4000 };

static int a[SIZE], y[2 * SIZE];

NOINLINE static void total(long *sum, int n) {
  for (int i = 0; i < n; ++i) {
    *sum += a[i];
    y[i] = a[i] * 3;
  }
}

// Of what may be itself.
NOINLINE static void total_of(int *sum, const int *x, int *z, int n) {
  for (int i = 0; i < n; ++i) {
    *sum += x[i] * 2 + 1;
    z[i] = x[i] * 5;
  }
}

struct out {
  unsigned char *bytes;
  long used;
  int errors;
};

NOINLINE static void pack(struct out *o, const int *x, int n) {
  for (int i = 0; i < n; ++i) {
    o->bytes[o->used++] = (unsigned char)x[i];
    o->bytes[o->used++] = (unsigned char)(x[i] >> 8);
    o->errors += x[i] < 0;
  }
}

static char *at;
NOINLINE static void walk(const int *x, int n) {
  for (int i = 0; i < n; ++i)
    *at++ = (char)x[i];
}

// The place may be no address, as long as nothing is counted.
NOINLINE static void count(int *hits, const int *x, int *z, int n, int from) {
  for (int i = 0; i < n; ++i)
    if (x[i] > from) {
      ++*hits;
      z[i] = i;
    }
}

static int rare;
NOINLINE static void count_rare(const int *x, int n, int from) {
  for (int i = 0; i < n; ++i) {
    y[i] += 1;
    if (x[i] > from)
      rare += x[i] & 3;
  }
}

static double spare;
NOINLINE static void scratch(double *to, const double *from, int n) {
  for (int i = 0; i < n; ++i) {
    spare = from[i] * 2;
    to[i] = spare * spare + 1;
  }
}

NOINLINE static void replace(int *last, const int *x, int *z, int n) {
  for (int i = 0; i < n; ++i) {
    z[i] = x[i] + 1;
    if (x[i] & 1)
      *last = x[i];
  }
}

static void *newest;
NOINLINE static void replace_rare(int *x, int n, int from) {
  for (int i = 0; i < n; ++i) {
    y[i] ^= 5;
    if (x[i] > from)
      newest = &x[i];
  }
}

struct record {
  unsigned sum, xor;
  int most, most_at;
  double last;
};

NOINLINE static void record(struct record *r, const int *x, int n) {
  for (int i = 0; i < n; ++i) {
    const int v = x[i];
    r->sum += (unsigned)v;
    r->xor ^= (unsigned)v << (i & 7);
    if (v > r->most) {
      r->most = v;
      r->most_at = i;
    }
    r->last = v * 0.5;
    y[i] = v;
  }
}

NOINLINE static void inner(long *sum, int rows, int columns) {
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      *sum += a[i * columns + j] & 15;
      y[i * columns + j] = j;
    }
}

// Two places that may be one.
NOINLINE static void two(int *p, int *q, int *z, int n) {
  for (int i = 0; i < n; ++i) {
    *p += a[i];
    *q += a[i] * 2;
    z[i] = i;
  }
}

NOINLINE static void smallest(short *least, int *z, const short *x, int n) {
  for (int i = 0; i < n; ++i) {
    z[i] = x[i];
    if (x[i] < *least)
      *least = x[i];
  }
}

NOINLINE static void mask(unsigned long *bits, int *z, const int *x, int n) {
  for (int i = 0; i < n; ++i) {
    z[i] = x[i] * 7;
    if (x[i] % 3)
      *bits |= 1ul << (x[i] & 63);
  }
}

// The address of the total is loaded again and again.
struct owner { struct record *in; int *to; };
NOINLINE static void through(struct owner *o, const int *x, int n) {
  for (int i = 0; i < n; ++i) {
    o->in->sum += (unsigned)x[i];
    o->to[i] = x[i] ^ 3;
  }
}

static unsigned long checksum(const void *of, size_t size) {
  const unsigned char *p = of;
  unsigned long sum = size;
  while (size-- > 0)
    sum = sum * 31 + *p++;
  return sum;
}

#define SHOW(x) printf("%-12s %lx %lx\n", #x, checksum(&x, sizeof x), checksum(y, sizeof y))

int main(void) {
  for (int i = 0; i < SIZE; ++i)
    a[i] = (i * 7919) % 1009 - 200;

  long sum = 5;
  total(&sum, 3000);
  SHOW(sum);

  static int z[SIZE];
  int one = 3;
  total_of(&one, a, z, 3000);
  SHOW(one);
  SHOW(z);
  memcpy(z, a, sizeof z);
  total_of(&z[700], z, y, 3000); // reads its total,
  SHOW(z);
  total_of(&z[700], a, z, 3000); // writes it
  SHOW(z);

  static unsigned char bytes[2 * SIZE + 64];
  struct out o = {bytes, 3, 0};
  pack(&o, a, 2100);
  SHOW(bytes);
  SHOW(o.used);
  struct out *inside = (struct out *)(void *)&y[500]; // packs over its own counter
  *inside = (struct out){(unsigned char *)&inside->errors, 0, 0};
  pack(inside, a, 2100);
  inside->bytes = NULL;
  SHOW(y);
  at = (char *)bytes + 9;
  walk(a, 2500);
  SHOW(bytes);
  printf("%d\n", (int)(at - (char *)bytes));

  int hits = 10;
  count(&hits, a, z, 2800, 300);
  SHOW(hits);
  SHOW(z);
  count(NULL, a, z, 2800, 5000);
  SHOW(z);
  memcpy(z, a, sizeof z);
  count(&z[1999], a, z, 2800, 100);
  SHOW(z);
  count_rare(a, 3000, 5000);
  SHOW(rare);
  count_rare(a, 3000, 500);
  SHOW(rare);

  static double from[SIZE], to[SIZE];
  for (int i = 0; i < SIZE; ++i)
    from[i] = i * 0.25;
  scratch(to, from, 3000);
  SHOW(to);
  SHOW(spare);

  int last = 77;
  replace(&last, a, z, 3000);
  SHOW(last);
  replace(&z[5], a, z, 3000);
  SHOW(z);
  for (int i = 0; i < SIZE; ++i)
    z[i] = a[i] & ~1;
  replace(NULL, z, y, 3000);
  replace(&last, z, y, 3000);
  SHOW(last);
  replace_rare(a, 3000, 5000);
  printf("%d\n", newest == NULL);
  replace_rare(a, 3000, 400);
  printf("%d\n", (int)((int *)newest - a));

  struct record r = {1, 2, 3, -1, 0.5};
  record(&r, a, 3000);
  printf("%u %u %d %d %g\n", r.sum, r.xor, r.most, r.most_at, r.last);
  inner(&sum, 50, 60);
  SHOW(sum);

  int p = 1, q = 2;
  two(&p, &q, z, 3000);
  SHOW(p);
  SHOW(q);
  two(&p, &p, z, 3000);
  SHOW(p);

  static short s[SIZE];
  for (int i = 0; i < SIZE; ++i)
    s[i] = (short)(a[i] * 13);
  short least = 20000;
  smallest(&least, z, s, 3000);
  SHOW(least);
  unsigned long bits = 0;
  mask(&bits, z, a, 3000);
  SHOW(bits);
  mask(NULL, z, (int[3000]){0}, 3000);

  struct owner own = {&r, z};
  through(&own, a, 3000);
  SHOW(r.sum);
  SHOW(z);
  struct record *other = (struct record *)(void *)&z[40];
  own.in = other;
  through(&own, a, 3000);
  SHOW(z);
  return 0;
}
