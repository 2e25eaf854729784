// What the programs of generate.py begin with.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct record { unsigned x; unsigned short y; unsigned char z[6]; double w; };

static unsigned long checksum;
static void mix(unsigned long x) { checksum = checksum * 1000003 + x + (checksum >> 29); }
static void mix_float(double x) { unsigned long bits = 1; if (x == x) memcpy(&bits, &x, sizeof bits); mix(bits); }
static unsigned pick(unsigned x, unsigned y) { return x > y ? x - y : x * 3 + y; }
static unsigned scramble(unsigned x) { x ^= x >> 7; x *= 2654435761u; return x ^ x >> 13; }
static unsigned __attribute__((noinline)) steps(unsigned x) { unsigned n = 0; for (x &= 255; x; x &= x - 1) ++n; return n; }
static double __attribute__((noinline)) bend(double x, double y) { return x < y ? sqrt(y - x) : x * 0.25 - y; }
static double __attribute__((noinline)) middle(const double *p, long n) { double s[4] = {n}; for (int k = 0; k < 4; ++k) s[k & 3] += p[k & 1] * k; return s[1] - s[3]; }
static void __attribute__((noinline)) add_to(unsigned *p, unsigned x) { if (x & 3) *p += x; else *p ^= 5; }
static void __attribute__((noinline)) replace(struct record *p, struct record r) { r.w += p->w; *p = r; }
static struct record turn(struct record r, unsigned k) { r.x ^= k; r.z[k % 6]++; r.w = r.w * 0.5 + k % 16; return r; }
