// A handler gives up a computation by siglongjmp, and its memory is used for
// something else: no worker may go on storing there. And where faults are
// handled, nothing is launched, for the handler must run on the program's thread.
// RUN: %runcheck %s launched=mix declined=mix:fault-handler
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

enum { N = 1000000 };
static unsigned a[N];
static sigjmp_buf out;

__attribute__((noinline)) void mix(unsigned *p, int n) {
  for (int i = 0; i < n; i++) {
    unsigned x = p[i];
    for (int k = 0; k < 200; k++)
      x = x * 1664525u + 1013904223u;
    p[i] = x | 1;
  }
}

static void give_up(int number) {
  (void)number;
  siglongjmp(out, 1);
}

static void wait_ms(int ms) {
  const struct timespec time = {0, ms * 1000000L};
  nanosleep(&time, NULL);
}

int main(void) {
  const struct itimerval once = {{0, 0}, {0, 20000}};
  int dirty = 0;
  signal(SIGALRM, give_up);
  mix(a, 1000);
  if (!sigsetjmp(out, 1)) {
    setitimer(ITIMER_REAL, &once, NULL);
    for (;;)
      mix(a, N);
  }
  memset(a, 0, sizeof a);
  wait_ms(200);
  for (int i = 0; i < N; i++)
    dirty |= a[i] != 0;
  printf("dirty %d\n", dirty);

  signal(SIGSEGV, give_up);
  mix(a, 1000);
  if (!sigsetjmp(out, 1))
    mix((unsigned *)8, 1000);
  else
    puts("caught");
  printf("%u\n", a[999]);
}
