// A handler that interrupts malloc reaches the program's first loop: nothing is
// loaded there, for that takes malloc. Later, outside of it, all is as usual.
// RUN: %runcheck %s launched=mix:100000
// A handler of signal() in ISO C is gone while it runs, and its signal is not
// blocked: with one of these nothing is ever loaded.
// RUN: %cc -O2 -DISO_C %s -o %t.plain && %t.plain > %t.want
// RUN: %ferrycc -O2 -DISO_C %s -o %t
// RUN: env FERRY=force FERRY_THRESHOLD=0 timeout 20 %t | diff %t.want -
// RUN: env FERRY=force FERRY_THRESHOLD=0 LD_DEBUG=files timeout 20 %t 2>&1 | not grep libferry
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

static unsigned a[100000];
static volatile sig_atomic_t seen;

__attribute__((noinline)) static void mix(unsigned *p, int n) {
  for (int i = 0; i < n; i++)
    p[i] = p[i] * 5 + (unsigned)i;
}

static void on_alarm(int number) {
  (void)number;
  mix(a, 100000);
  seen++;
}

int main(void) {
  const struct itimerval once = {{0, 0}, {0, 300}};
  void *blocks[64] = {0};
#ifdef ISO_C
  const struct sigaction iso = {.sa_handler = on_alarm, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
  sigaction(SIGALRM, &iso, NULL);
#else
  signal(SIGALRM, on_alarm);
#endif
  setitimer(ITIMER_REAL, &once, NULL);
  for (unsigned i = 0; !seen; i++) {
    free(blocks[i % 64]);
    blocks[i % 64] = malloc(50 + i % 5000);
  }
  for (unsigned i = 0; i < 100000; i++) {
    free(blocks[i % 64]);
    blocks[i % 64] = malloc(50 + i % 5000);
  }
  mix(a, 100000);
  printf("%u\n", a[99]);
}
