// Signals arrive during launches; their handler runs on the thread of the
// program, with a loop of its own.
// RUN: %runcheck %s launched=scale launched=count -DHANDLER_LOOP
// RUN: %runcheck %s launched=scale
#include "Inputs/show.h"
#include <signal.h>
#include <sys/time.h>

enum { SIZE = 20000 };
unsigned a[SIZE], ticks[64];
volatile sig_atomic_t seen, elsewhere;
static _Thread_local int is_main;

__attribute__((noinline)) void scale(unsigned *a, int n, unsigned by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + a[i] / (i + 1u);
}
__attribute__((noinline)) void count(unsigned *ticks, int n) {
  for (int i = 0; i < n; i++)
    ticks[i]++;
}
static void on_alarm(int number) {
  (void)number;
  elsewhere += !is_main;
#ifdef HANDLER_LOOP
  count(ticks, 64);
#endif
  seen++;
}

int main(void) {
  struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
  is_main = 1;
  signal(SIGALRM, on_alarm);
  setitimer(ITIMER_REAL, &often, NULL);
  for (unsigned i = 0; seen < 300; i++)
    if (i < 300)
      scale(a, SIZE, i);
  setitimer(ITIMER_REAL, &never, NULL);
  raise(SIGALRM);
  printf("%d\n", elsewhere);
  SHOW(a[SIZE - 1]);
}
