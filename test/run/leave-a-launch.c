// Handlers that leave a launched loop in other ways than by longjmp: by
// __builtin_longjmp, which calls nothing, and by pthread_exit. No worker may go
// on storing into memory that the program then uses for something else.
// RUN: %runcheck %s launched=mix -pthread
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { N = 1000000 };
static unsigned a[N];
static volatile int leave_thread;
static void *out[5];

__attribute__((noinline)) static void mix(unsigned *p, int n) {
  for (int i = 0; i < n; i++) {
    unsigned x = p[i];
    for (int k = 0; k < 200; k++)
      x = x * 1664525u + 1013904223u;
    p[i] = x | 1;
  }
}

static void give_up(int number) {
  (void)number;
  if (leave_thread)
    pthread_exit(NULL);
  __builtin_longjmp(out, 1);
}

static void *mix_for_ever(void *unused) {
  for (;;)
    mix(a, N);
  return unused;
}

static int is_dirty(void) {
  int dirty = 0;
  memset(a, 0, sizeof a);
  usleep(200000);
  for (int i = 0; i < N; i++)
    dirty |= a[i] != 0;
  return dirty;
}

int main(void) {
  pthread_t thread;
  signal(SIGALRM, give_up);
  signal(SIGUSR1, give_up);
  mix(a, 1000);
  if (!__builtin_setjmp(out)) {
    ualarm(20000, 0);
    mix_for_ever(NULL);
  }
  printf("jumped: %d\n", is_dirty());

  leave_thread = 1;
  pthread_create(&thread, NULL, mix_for_ever, NULL);
  usleep(50000);
  pthread_kill(thread, SIGUSR1);
  pthread_join(thread, NULL);
  printf("exited: %d\n", is_dirty());
}
