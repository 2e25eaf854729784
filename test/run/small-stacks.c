// A coroutine's stack is small, and is not the thread's: loops launch from it.
// RUN: %runcheck %s launched=fill:2000
#include "Inputs/show.h"
#include <ucontext.h>

int a[1000];
static ucontext_t outside, inside;
static _Alignas(4096) char stack[32768];

__attribute__((noinline)) void fill(int *a, int n, int by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + i;
}
static void routine(void) {
  fill(a, 1000, 3);
  swapcontext(&inside, &outside);
  fill(a, 1000, 5);
}

int main(void) {
  getcontext(&inside);
  inside.uc_stack.ss_sp = stack;
  inside.uc_stack.ss_size = sizeof stack;
  inside.uc_link = &outside;
  makecontext(&inside, routine, 0);
  swapcontext(&outside, &inside);
  SHOW(a);
  swapcontext(&outside, &inside);
  SHOW(a);
}
