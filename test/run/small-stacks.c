// A coroutine's stack is small, and is not the thread's: loops launch from it, but for
// those whose workers need much stack themselves. So do threads with little of it.
// RUN: %runcheck %s launched=fill:2000 declined=rows:small-stack declined=local:small-stack \
// RUN:   launched=few launched=many
#include "Inputs/show.h"
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

enum { N = 40, M = 2000 };
int a[N * M], b[N * M], row[M];
static ucontext_t outside, inside;
static _Alignas(4096) char stack[32768];

__attribute__((noinline)) void fill(int *a, int n, int by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + i;
}

__attribute__((noinline)) void rows(int n, int m, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i * m + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] = t[m - 1 - j];
  }
}

__attribute__((noinline)) void local(int n, int *b) {
  for (int i = 0; i < n; i++) {
    int t[1000];
    for (int j = 0; j < 1000; j++)
      t[j] = b[i * M + j] ^ j;
    for (int j = 0; j < 1000; j++)
      b[i * M + j] = t[999 - j];
  }
}

__attribute__((noinline)) void few(int n, int *b) {
  for (int i = 0; i < n; i++) {
    int t[100];
    for (int j = 0; j < 100; j++)
      t[j] = b[i * M + j] ^ j;
    for (int j = 0; j < 100; j++)
      b[i * M + j] = t[99 - j];
  }
}

// Where there is enough stack.
__attribute__((noinline)) void many(int n, int m, int *t) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      t[j] = a[i * m + j];
    for (int j = 0; j < m; j++)
      b[i * m + j] += t[m - 1 - j];
  }
}

static void routine(void) {
  fill(a, 1000, 3);
  rows(N, M, row);
  swapcontext(&inside, &outside);
  fill(a, 1000, 5);
  few(N, b);
  local(N, b);
}

static void *thread(void *unused) {
  (void)unused;
  rows(N, M, row);
  local(N, b);
  few(N, b);
  return NULL;
}

// A coroutine whose stack lies in memory of a thread's arena.
static void elsewhere(void) {
  local(N, b);
}
static void *coroutine_of_thread(void *unused) {
  ucontext_t from, to;
  char *memory = malloc(40000);
  (void)unused;
  getcontext(&to);
  to.uc_stack.ss_sp = memory;
  to.uc_stack.ss_size = 40000;
  to.uc_link = &from;
  makecontext(&to, elsewhere, 0);
  swapcontext(&from, &to);
  free(memory);
  return NULL;
}

static void *large_thread(void *unused) {
  (void)unused;
  many(N, M, row);
  return NULL;
}

static void run(void *(*function)(void *), size_t size) {
  pthread_attr_t attributes;
  pthread_t id;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstacksize(&attributes, size) != 0 ||
      pthread_create(&id, &attributes, function, NULL) != 0)
    exit(3);
  pthread_join(id, NULL);
  pthread_attr_destroy(&attributes);
}

int main(void) {
  for (int i = 0; i < N * M; i++)
    a[i] = draw(1000);
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack;
  inside.uc_stack.ss_size = sizeof stack;
  inside.uc_link = &outside;
  makecontext(&inside, routine, 0);
  swapcontext(&outside, &inside);
  SHOW(a);
  swapcontext(&outside, &inside);
  SHOW(b);
  run(thread, 64 << 10);
  SHOW(b);
  run(coroutine_of_thread, 512 << 10);
  SHOW(b);
  run(large_thread, 512 << 10);
  SHOW(b);
  many(N, M, row);
  SHOW(b);
  SHOW(row);
}
