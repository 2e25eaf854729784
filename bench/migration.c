// What it costs to move pages to the mirror device and back; bench/migration runs it on
// that device, and prints what is wanted. Each way of calling it prints one number:
//   migration empty          ns, of a launch whose data are there
//   migration device-fault   ns, of a page that the device touches
//   migration cpu-fault      ns, of a page that the CPU touches after that
//   migration bare-fault     ns, of a page that another thread provides (UFFDIO_COPY)
//   migration to-device      GB/s, of what a launch brings
//   migration to-system      GB/s, of what the CPU then reads, in order
//   migration copy           GB/s, of process_vm_readv() from another process
//   migration resident       ms, of a launch whose data are there
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, LONGS = PAGE / sizeof(long), PAGES = 4096, SAMPLES = 2000 };
enum { APART = 16 }; // pages: too far apart to be brought together
static const size_t bulk = (size_t)256 << 20;

static double now(void) { // ns
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void *map(size_t size) {
  void *all = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED)
    exit(1);
  madvise(all, size, MADV_NOHUGEPAGE); // page by page, on both sides
  return all;
}

// The loops that are offloaded.
__attribute__((noinline)) static void add(long *a, long n, long step) {
  for (long i = 0; i < n; i++)
    a[i * step] += 1;
}

__attribute__((noinline)) static void iterate(double *a, long n) {
  for (long i = 0; i < n; i++) {
    double x = a[i];
    for (int k = 0; k < 20; k++)
      x = x * x - 0.75;
    a[i] = x;
  }
}

static double time_of_add(long *a, long n, long step) {
  const double start = now();
  add(a, n, step);
  return now() - start;
}

static double least_of_add(long *a, long n, long step, int samples) {
  double least = 1e18;
  while (samples--) {
    const double ns = time_of_add(a, n, step);
    least = ns < least ? ns : least;
  }
  return least;
}

// The CPU's touches: none of these may be offloaded.
static double time_of_touches(volatile long *a, size_t pages, size_t step) {
  const double start = now();
  for (size_t i = 0; i < pages; i++)
    (void)a[i * step];
  return now() - start;
}

static double fault(int of_cpu) {
  long *a = map((size_t)PAGES * APART * PAGE);
  for (size_t i = 0; i < PAGES; i++)
    *(volatile long *)&a[i * APART * LONGS] = 1;
  add(a, PAGES, APART * LONGS); // the device is made, which left them shared
  time_of_touches(a, PAGES, APART * LONGS);
  const double first = time_of_add(a, PAGES, APART * LONGS);
  const double again = least_of_add(a, PAGES, APART * LONGS, 5);
  return of_cpu ? time_of_touches(a, PAGES, APART * LONGS) / PAGES : (first - again) / PAGES;
}

static void *provide(void *at) {
  static char page[PAGE];
  const int fd = *(int *)at;
  struct pollfd news = {fd, POLLIN, 0};
  struct uffd_msg message;
  for (int i = 0; i < PAGES;) {
    poll(&news, 1, -1);
    if (read(fd, &message, sizeof message) != (ssize_t)sizeof message)
      continue;
    struct uffdio_copy copy = {message.arg.pagefault.address & ~(uint64_t)(PAGE - 1),
                               (uintptr_t)page, PAGE, 0, 0};
    if (ioctl(fd, UFFDIO_COPY, &copy) == 0)
      ++i;
  }
  return NULL;
}

static double bare_fault(void) {
  const size_t size = (size_t)PAGES * APART * PAGE;
  pthread_t provider;
  int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
  struct uffdio_api api = {UFFD_API, 0, 0};
  long *a = map(size);
  struct uffdio_register all = {{(uintptr_t)a, size}, UFFDIO_REGISTER_MODE_MISSING, 0};
  if (fd < 0 || ioctl(fd, UFFDIO_API, &api) || ioctl(fd, UFFDIO_REGISTER, &all))
    exit(1);
  pthread_create(&provider, NULL, provide, &fd);
  const double ns = time_of_touches(a, PAGES, APART * LONGS);
  pthread_join(provider, NULL);
  return ns / PAGES;
}

static double move_bulk(int to_system) {
  long *a = map(bulk);
  memset(a, 1, bulk);
  add(a, 1, 1);
  const double first = time_of_add(a, (long)(bulk / sizeof *a), 1);
  const double again = least_of_add(a, (long)(bulk / sizeof *a), 1, 3);
  const double back = time_of_touches(a, bulk / PAGE, LONGS);
  return (double)bulk / (to_system ? back : first - again);
}

static double copy_bulk(void) {
  char *from = map(bulk), *to = map(bulk);
  memset(from, 1, bulk);
  memset(to, 2, bulk);
  const pid_t child = fork();
  if (child == 0) {
    memset(from, 3, bulk); // pages of its own
    for (;;)
      pause();
  }
  double least = 1e18;
  usleep(500000);
  for (int i = 0; i < 3; i++) {
    const double start = now();
    for (size_t at = 0; at < bulk; at += (size_t)2 << 20) {
      struct iovec here = {to + at, (size_t)2 << 20}, there = {from + at, (size_t)2 << 20};
      if (process_vm_readv(child, &here, 1, &there, 1, 0) != (ssize_t)here.iov_len)
        exit(1);
    }
    const double ns = now() - start;
    least = ns < least ? ns : least;
  }
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return to[bulk - 1] == 3 ? (double)bulk / least : 0;
}

static double resident(void) {
  enum { N = 1 << 20, TIMES = 20 };
  double *a = map(N * sizeof *a), least = 1e18;
  for (long i = 0; i < N; i++)
    a[i] = 1.0 / (double)(i + 2);
  for (int i = 0; i < TIMES; i++) {
    const double start = now();
    iterate(a, N);
    const double ns = now() - start;
    least = ns < least ? ns : least;
  }
  return least / 1e6;
}

static double empty(void) {
  long *a = map(PAGE);
  add(a, 16, 1);
  return least_of_add(a, 16, 1, SAMPLES);
}

int main(int argc, char **argv) {
  const char *what = argc > 1 ? argv[1] : "";
  double number;
  if (!strcmp(what, "empty"))
    number = empty();
  else if (!strcmp(what, "device-fault") || !strcmp(what, "cpu-fault"))
    number = fault(what[0] == 'c');
  else if (!strcmp(what, "bare-fault"))
    number = bare_fault();
  else if (!strcmp(what, "to-device") || !strcmp(what, "to-system"))
    number = move_bulk(what[3] == 's');
  else if (!strcmp(what, "copy"))
    number = copy_bulk();
  else if (!strcmp(what, "resident"))
    number = resident();
  else
    return 2;
  printf("%.3f\n", number);
}
