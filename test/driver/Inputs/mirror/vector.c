// A vector goes to the device and is summed up there; one element of it is
// touched here. It is aligned, and nothing beside it could come along. The
// arguments are its size in MiB, and "fork" for a child that touches it, too.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static const size_t block = 64 << 10;

__attribute__((noinline)) static long sum(const long *a, long n) {
  long s = 0;
  for (long i = 0; i < n; i++)
    s += a[i];
  return s;
}

// In its order only.
__attribute__((noinline)) static void fill(long *a, long n) {
  long x = 1;
  for (long i = 0; i < n; i++)
    a[i] = x = x * 5 % 1000003;
}

int main(int argc, char **argv) {
  const size_t size = (size_t)(argc > 1 ? atoi(argv[1]) : 1) << 20;
  const long n = (long)(size / sizeof(long));
  char *all = mmap(NULL, size + 2 * block, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long *a = (long *)(((uintptr_t)all + block) / block * block);
  if (all == MAP_FAILED || mprotect(a, size, PROT_READ | PROT_WRITE))
    return 1;
  fill(a, n);
  long s = sum(a, n);
  __asm__ volatile("" : : : "memory"); // or they are taken for one
  s += sum(a, n);
  a[0] += 7;
  s += sum(a, n);
  if (argc > 2 && !strcmp(argv[2], "fork")) {
    int status = 1;
    if (fork() == 0)
      _exit(a[0] != 12);
    if (wait(&status) < 0 || status)
      return 1;
  }
  munmap(all, size + 2 * block);
  printf("sum %ld\n", s);
  return 0;
}
