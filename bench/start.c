// A process with one loop, for what Ferry adds to its start, to its memory and, after
// the loop, to its CPU time:
//   start         calls the loop for 10 elements;
//   start once    also for enough to ask the runtime once;
//   start launch  until threads have been worth their price, and prints the KiB that it
//                 had in memory at most (getrusage counts the process that started it);
//   start idle    the same, then computes for half a second without loops, and prints
//                 the milliseconds of CPU that other threads took meanwhile.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdio.h>
#include <string.h>
#include <time.h>

__attribute__((noinline)) static void scale(float *y, const float *x, float a, int n) {
  for (int i = 0; i < n; i++)
    y[i] += a * x[i];
}

static void print_memory(void) {
  char line[128];
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    if (!strncmp(line, "VmHWM:", 6))
      fputs(line + 6, stdout);
}

static double seconds(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double of_others(void) {
  return seconds(CLOCK_PROCESS_CPUTIME_ID) - seconds(CLOCK_THREAD_CPUTIME_ID);
}

static void print_idle(void) {
  const double before = of_others(), end = seconds(CLOCK_MONOTONIC) + 0.5;
  while (seconds(CLOCK_MONOTONIC) < end)
    ;
  printf("%.3f\n", (of_others() - before) * 1e3);
}

int main(int argc, char **argv) {
  enum { MOST = 400000 };
  static float x[MOST], y[MOST];
  const char *what = argc > 1 ? argv[1] : "";
  const int idle = !strcmp(what, "idle");
  scale(y, x, 2, 10);
  if (!strcmp(what, "once"))
    scale(y, x, 2, 30000);
  for (int i = 0; i < 300 && (idle || !strcmp(what, "launch")); i++)
    scale(y, x, 2, MOST);
  if (idle)
    print_idle();
  else if (!strcmp(what, "launch"))
    print_memory();
  return y[0] == 1;
}
