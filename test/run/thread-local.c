// A thread-local variable is the caller's, in a worker as well: by its address
// it launches, by its name it must not become the worker's own.
// RUN: %runcheck %s launched=through:150 refused=moving:unknown-address -pthread
#include "Inputs/show.h"
#include <pthread.h>

static _Thread_local int mine[150];
static _Thread_local int *cursor;

__attribute__((noinline)) void through(int *a, int n) {
  for (int i = 0; i < n; i++)
    a[i] += i * 3;
}
__attribute__((noinline)) void named(int n, int by) {
  for (int i = 0; i < n; i++)
    mine[i] += by * i;
}
__attribute__((noinline)) void pointed(int n) {
  for (int i = 0; i < n; i++)
    cursor[i] ^= i;
}
__attribute__((noinline)) void moving(const int *in, int n) {
  for (int i = 0; i < n; i++)
    if (in[i])
      mine[in[i] % 150] = i;
}

static void *run(void *unused) {
  named(150, 5);
  SHOW(mine);
  return unused;
}

int main(void) {
  static int in[150];
  for (int i = 0; i < 150; i++)
    in[i] = draw(150);
  cursor = mine;
  through(mine, 150);
  named(150, 7);
  pointed(150);
  moving(in, 150);
  pthread_t other;
  pthread_create(&other, NULL, run, NULL);
  pthread_join(other, NULL);
  SHOW(mine);
}
