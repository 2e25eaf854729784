//===- device.c - a process that plays a device of ours -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STACK = 256 << 10 };

struct control {
  atomic_uint asked, answered;
  void (*work)(void *); // null: map
  void *argument;
  size_t size;
  int result;
  void *at;
};

static void wait_for(atomic_uint *at, unsigned seen) {
  const struct timespec tick = {0, 10000000};
  syscall(SYS_futex, at, FUTEX_WAIT, seen, &tick);
}
static void raise_to(atomic_uint *at, unsigned to) {
  atomic_store(at, to);
  syscall(SYS_futex, at, FUTEX_WAKE, 1);
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

//===- there --------------------------------------------------------------===//

static sigjmp_buf again;
static struct device self;

static void stop(int number, siginfo_t *info, void *context) {
  (void)context;
  self.control->at = info->si_addr;
  siglongjmp(again, number);
}

static int obey(struct control *c) {
  if (!c->work)
    return mmap(c->argument, c->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
                self.file, (off_t)c->argument) == c->argument
               ? 0
               : errno;
  const int number = sigsetjmp(again, 1);
  if (!number)
    c->work(c->argument);
  return number;
}

static int be_device(void *unused) {
  (void)unused;
  struct control *c = self.control;
  struct sigaction action = {.sa_sigaction = stop, .sa_flags = SA_SIGINFO};
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  for (unsigned seen = 0;; ++seen) {
    while (atomic_load(&c->asked) == seen)
      wait_for(&c->asked, seen);
    c->result = obey(c);
    raise_to(&c->answered, seen + 1);
  }
}

//===- here ---------------------------------------------------------------===//

// The stack stays: nothing of ours may lie where the device has its own.
struct device open_device(void) {
  char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  self.control = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  self.file = open("/dev/ferry_hmm", O_RDWR | O_CLOEXEC);
  if (self.file < 0)
    fail("/dev/ferry_hmm");
  self.counters = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, self.file, 0);
  if (self.counters == MAP_FAILED)
    fail("the counters");
  self.process = clone(be_device, stack + STACK, SIGCHLD, NULL);
  if (self.process < 0)
    fail("clone");
  return self;
}

void close_device(struct device *d) {
  kill(d->process, SIGKILL);
  waitpid(d->process, NULL, 0);
  munmap((void *)d->counters, PAGE);
  close(d->file);
}

static void ask(struct device *d, void (*work)(void *), void *argument, size_t size) {
  struct control *c = d->control;
  c->work = work;
  c->argument = argument;
  c->size = size;
  raise_to(&c->asked, atomic_load(&c->asked) + 1);
}

void start(struct device *d, void (*work)(void *), void *argument) {
  ask(d, work, argument, 0);
}

int finish(struct device *d) {
  struct control *c = d->control;
  siginfo_t end = {0};
  while (atomic_load(&c->answered) != atomic_load(&c->asked)) {
    wait_for(&c->answered, atomic_load(&c->asked) - 1);
    if (!waitid(P_PID, (id_t)d->process, &end, WEXITED | WNOHANG | WNOWAIT) && end.si_pid)
      return -1;
  }
  return c->result;
}

int run(struct device *d, void (*work)(void *), void *argument) {
  start(d, work, argument);
  return finish(d);
}

void *stopped_at(const struct device *d) { return d->control->at; }

void show(struct device *d, const void *at, size_t size) {
  const uintptr_t lo = (uintptr_t)at & ~(uintptr_t)(PAGE - 1),
                  hi = ((uintptr_t)at + size + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
  ask(d, NULL, (void *)lo, hi - lo);
  errno = finish(d);
  if (errno)
    fail("the device's mmap");
}

uint64_t count(const struct device *d, enum ferry_hmm_counter counter) {
  return d->counters[counter];
}

unsigned state(const struct device *d, const void *at) {
  uint8_t bits = 0;
  struct ferry_hmm_query query = {(uintptr_t)at & ~(uintptr_t)(PAGE - 1), 1,
                                  (uintptr_t)&bits};
  if (ioctl(d->file, FERRY_HMM_QUERY, &query))
    fail("FERRY_HMM_QUERY");
  return bits;
}

size_t pages_on_device(const struct device *d, const void *at, size_t pages) {
  size_t found = 0;
  for (size_t i = 0; i < pages; ++i)
    found += (state(d, (const char *)at + i * PAGE) & FERRY_HMM_ON_DEVICE) != 0;
  return found;
}

int set_granule(const struct device *d, uint64_t pages) {
  return ioctl(d->file, FERRY_HMM_SET_GRANULE, &pages) ? errno : 0;
}

int on_range(const struct device *d, unsigned long request, const void *at, size_t size) {
  struct ferry_hmm_range range = {(uintptr_t)at, (uintptr_t)at + size};
  return ioctl(d->file, request, &range) ? errno : 0;
}
