// A loop on the device, then one in a child, and one in the parent after that.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 100000 };
static long a[N];

__attribute__((noinline)) static void fill(long by) {
  for (int i = 0; i < N; i++)
    a[i] = i * by;
}

static long sum(void) {
  long all = 0;
  for (int i = 0; i < N; i++)
    all = (all + a[i]) ^ (i & 0);
  return all;
}

int main(void) {
  fill(2);
  const pid_t child = fork();
  fill(1);
  if (child)
    wait(NULL);
  printf("%s %ld\n", child ? "parent" : "child", sum());
  return 0;
}
