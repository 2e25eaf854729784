// Ends in the middle of a launch: by a handler, by another thread, or not at all but
// for a child that fork() knows nothing of.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 1 << 20 };
static double *a;

__attribute__((noinline)) static void work(double *to, long n, int times) {
  for (long i = 0; i < n; i++) {
    double x = to[i];
    for (int k = 0; k < times; k++)
      x = x * 0.999 + 1 / (x + 2);
    to[i] = x;
  }
}

static void end(int number) {
  (void)number;
  exit(3);
}

static void *end_soon(void *unused) {
  usleep(50 * 1000);
  exit(3);
  return unused;
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "";
  pthread_t thread;
  a = calloc(N, sizeof *a);
  work(a, N, 1);
  a[5] = 2;
  if (!strcmp(how, "handler")) {
    struct itimerval soon = {{0, 0}, {0, 50 * 1000}};
    signal(SIGALRM, end);
    setitimer(ITIMER_REAL, &soon, NULL);
  }
  if (!strcmp(how, "thread") && pthread_create(&thread, NULL, end_soon, NULL))
    return 1;
  if (!strcmp(how, "child")) {
    int status;
    if (syscall(SYS_fork) == 0)
      exit(3);
    wait(&status);
    work(a, N, 2);
    printf("%d %g\n", WEXITSTATUS(status), a[5]);
    return 0;
  }
  work(a, N, 1000000);
  return 1;
}
