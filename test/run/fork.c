// A child that is forked after a launch starts clean and launches, too; its
// memory is its own.
// RUN: %runcheck %s launched=scale:400
#include "Inputs/show.h"
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int a[200];

__attribute__((noinline)) void scale(int *a, int n, int by) {
  for (int i = 0; i < n; i++)
    a[i] = a[i] * by + i;
}

int main(void) {
  scale(a, 200, 3);
  pid_t child = fork();
  if (child == 0) {
    scale(a, 200, 5);
    SHOW(a);
    exit(a[199] & 63);
  }
  int status;
  waitpid(child, &status, 0);
  printf("%d\n", WEXITSTATUS(status));
  scale(a, 200, 7);
  SHOW(a);
  return WEXITSTATUS(status);
}
