// Loops that are launched, tested, and left in place; how the program ends is the
// first argument.
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N = 2000, THREADS = 4, ROUNDS = 50 };
static int all[THREADS][N], column[N];

__attribute__((noinline)) static void set(int *a, int n, int x) {
  for (int i = 0; i < n; i++)
    a[i] = x + i;
}
__attribute__((noinline)) static void move(int *a, const int *b, int n) {
  for (int i = 0; i < n; i++)
    a[i] = b[i] + 1;
}
__attribute__((noinline)) static void scatter(int *a, const int *at, int n) {
  for (int i = 0; i < n; i++)
    a[at[i]] = i;
}

static void *many(void *a) {
  for (int r = 0; r < ROUNDS; r++)
    set(a, N, r);
  return NULL;
}

static void with_threads(void) {
  pthread_t threads[THREADS];
  for (int t = 0; t < THREADS; t++)
    pthread_create(&threads[t], NULL, many, all[t]);
  for (int t = 0; t < THREADS; t++)
    pthread_join(threads[t], NULL);
}

// One child that asks about loops, one that does not, one that dies.
static void with_children(void) {
  for (int child = 0; child < 3; child++) {
    if (fork() == 0) {
      if (child == 0)
        move(all[0], all[1], N);
      if (child == 2)
        abort();
      exit(0);
    }
    wait(NULL);
  }
  move(all[0], all[1], N);
}

static void with_library(const char *name) {
  for (int r = 0; r < 2; r++) {
    void *library = dlopen(name, RTLD_NOW);
    void (*fill)(int *, int, int) = (void (*)(int *, int, int))dlsym(library, "fill");
    fill(all[0], r, N);
    dlclose(library);
  }
}

int main(int argc, char **argv) {
  const char *how = argc > 1 ? argv[1] : "return";
  set(all[0], N, 1);
  set(column, N, 0);
  move(all[1], all[0], N);
  move(all[0] + 1, all[0], N - 1);
  scatter(all[2], column, N);
  column[7] = 8;
  scatter(all[2], column, N);
  if (!strcmp(how, "threads"))
    with_threads();
  if (!strcmp(how, "fork"))
    with_children();
  if (!strcmp(how, "dlclose"))
    with_library(argv[2]);
  printf("%d %d %d\n", all[0][99], all[1][99], all[2][99]);
  if (!strcmp(how, "exit"))
    exit(3);
  return 0;
}
