// Fields of structs, arrays of structs, arrays in structs, copies of whole ones.
// RUN: %runcheck %s launched=move:101 launched=fields:101 launched=inner:2929 launched=copy:101
#include "Inputs/show.h"

struct point { float x, y; char tag; double weight; int history[30]; };
struct cloud { int n; struct point *points; };
struct point p[101], q[101];

__attribute__((noinline)) void move(struct cloud *c, float dx) {
  int n = c->n;
  struct point *p = c->points;
  for (int i = 0; i < n; i++) {
    p[i].x += dx * p[i].y;
    p[i].tag++;
  }
}
// One field is written from another one: they never meet.
__attribute__((noinline)) void fields(struct point *p, int n) {
  for (int i = 0; i < n; i++)
    p[i].weight = p[i].x * 2 + p[i].tag;
}
__attribute__((noinline)) void inner(struct point *p, int n, int m) {
  for (int i = 0; i < n; i++)
    for (int k = 0; k < m; k++)
      p[i].history[k] = i * k + p[i].tag;
}
__attribute__((noinline)) void copy(struct point *to, const struct point *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] = from[n - 1 - i];
}

int main(void) {
  struct cloud c = {101, p};
  for (int i = 0; i < 101; i++) {
    p[i].x = draw(100) / 3.0f;
    p[i].y = draw(100) / 7.0f;
  }
  move(&c, 0.3f);
  fields(p, 101);
  inner(p, 101, 29);
  SHOW(p);
  copy(q, p, 101);
  SHOW(q);
}
