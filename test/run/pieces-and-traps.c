// Where floating-point exceptions trap, a handler sees the order of the iterations: a
// nest with a pivot is left alone then.
// RUN: %cc -O2 %s -o %t.plain -lm && %t.plain > %t.want
// RUN: %ferrycc -O2 -g %s -o %t.ferry -lm
// RUN: env FERRY_THREADS=2 %t.ferry > %t.out && cmp %t.want %t.out
// RUN: env FERRY=force FERRY_THRESHOLD=0 FERRY_THREADS=2 %t.ferry > %t.out && cmp %t.want %t.out
// RUN: %t.plain sse > %t.want
// RUN: env FERRY=force FERRY_THRESHOLD=0 FERRY_THREADS=2 %t.ferry sse > %t.out && cmp %t.want %t.out
// RUN: env FERRY=force FERRY_THRESHOLD=0 FERRY_THREADS=2 FERRY_STATS=1 %t.ferry without 2>&1 | %filecheck %s
// CHECK: floyd {{ *}}host {{ *}}2
#define _GNU_SOURCE
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 600 };
static double D[N * N];

__attribute__((noinline)) static void floyd(double *d, int n, int k) {
  for (int i = 0; i < n; i++)
    for (int j = 0; j < n; j++)
      d[i * n + j] = d[i * n + j] + d[i * n + k] * d[k * n + j];
}

static void count_changed(int signal) {
  (void)signal;
  int changed = 0;
  for (int i = 0; i < N * N; i++)
    changed += D[i] != i % 7 + 1;
  printf("fault: %d elements changed\n", changed);
  exit(0);
}

// Of the unit that calculates here alone: the C library would not tell.
static void unmask_by_hand(void) {
#ifdef __x86_64__
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() & ~0x680u);
#endif
}

int main(int argc, char **argv) {
  const int by_hand = argc > 1 && !strcmp(argv[1], "sse");
  for (int i = 0; i < N * N; i++)
    D[i] = i % 7 + 1;
  if (argc == 1 || by_hand) {
    D[40 * N] = D[5 * N + 50] = 1e308;
    signal(SIGFPE, count_changed);
    if (by_hand)
      unmask_by_hand();
    else
      feenableexcept(FE_OVERFLOW | FE_DIVBYZERO | FE_INVALID);
  }
  floyd(D, N, 0);
  floyd(D, N, 5);
  printf("no fault %a\n", D[N + 1]);
  return 0;
}
