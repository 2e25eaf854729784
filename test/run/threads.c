// Several threads launch the same and other loops at the same time: whoever
// finds the device taken runs the loop alone.
// RUN: %runcheck %s launched=scale -pthread
#include "Inputs/show.h"
#include <pthread.h>

enum { THREADS = 6, SIZE = 300, ROUNDS = 200 };
unsigned a[THREADS][SIZE], sums[THREADS];

__attribute__((noinline)) void scale(unsigned *a, int n, unsigned by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + i;
}
__attribute__((noinline)) unsigned sum(const unsigned *a, int n) {
  unsigned s = 0;
  for (int i = 0; i < n; i++)
    s += a[i] ^ i;
  return s;
}

static void *run(void *argument) {
  int me = *(int *)argument;
  for (int round = 0; round < ROUNDS; round++) {
    scale(a[me], SIZE, 3 + me);
    sums[me] = sums[me] * 31 + sum(a[me], SIZE);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  int numbers[THREADS];
  for (int i = 0; i < THREADS; i++) {
    numbers[i] = i;
    pthread_create(&threads[i], NULL, run, &numbers[i]);
  }
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  SHOW(a);
  SHOW(sums);
}
