// Loops of its own, and of a library that is loaded before or after the first.
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

enum { N = 5000 };
static int a[N], b[N];
static void *library;

__attribute__((noinline)) static void add(int *to, const int *from, int n) {
  for (int i = 0; i < n; i++)
    to[i] += from[i] + i;
}

int main(int argc, char **argv) {
  const char *when = argc > 1 ? argv[1] : "";
  if (strcmp(when, "after"))
    library = dlopen("./fill.so", RTLD_NOW);
  add(a, b, N);
  if (!library)
    library = dlopen("./fill.so", RTLD_NOW);
  if (!library)
    return 1;
  void (*fill)(int *, int, int) = (void (*)(int *, int, int))dlsym(library, "fill");
  fill(b, 5, N);
  add(a, b, N);
  fill(b, 7, N);
  if (!strcmp(when, "unload"))
    dlclose(library);
  add(a, b, N);
  printf("%d %d\n", a[17], a[N - 1]);
  return 0;
}
