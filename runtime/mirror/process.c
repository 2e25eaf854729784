//===- process.c - the device ---------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A copy of the program's process, from which everything but code, constants
// and the window is taken away at once. It has no parent that would hear of its
// end (exit signal 0), no open files but the driver's, no signals but faults,
// and dies with the driver. Nothing here may use variables of the runtime or of
// libc: they are the program's, and come by page faults that nobody serves yet.
//
// Its threads are made by hand. Each has a copy of the driver's thread-local
// variables, for the code that workers call looks for errno there.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"
#include "uffd.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <ucontext.h>

#if FERRY_HAS_MIRROR

static const uintptr_t lowest = 0x10000, highest = 0x7ffffffff000;

//===- exceptions ---------------------------------------------------------===//

struct kernel_action { // the kernel's own struct sigaction
  void (*handler)(int, siginfo_t *, void *);
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

// The launch is over, and what it means is for the program's process to say. A
// worker finds what is shared at the low end of its stack.
struct worker {
  struct ferry_mirror_shared *shared;
  int number, threads;
};

static void stop_for(int number, siginfo_t *info, void *context) {
  const ucontext_t *registers = context;
  const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  const struct worker *w =
      (void *)(here & ~(uintptr_t)(FERRY_SIGNAL_STACK - 1));
  struct ferry_mirror_shared *s = w->shared;
  unsigned none = 0;
  if (atomic_compare_exchange_strong(&s->exception, &none, ~0U)) {
    s->exception_at = (uintptr_t)info->si_addr;
    s->exception_code = (uintptr_t)registers->uc_mcontext.gregs[REG_RIP];
    atomic_store(&s->exception, (unsigned)number);
    ferry_raise(&s->attention);
  }
  for (;;)
    FERRY_KERNEL(pause, 0);
}

// Nothing comes back from there, but the kernel wants a way.
static void no_way_back(void) { FERRY_KERNEL(exit_group, 1); }

static void handle_faults_only(void) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  const unsigned long restorer = 0x04000000; // SA_RESTORER
  struct kernel_action action = {
      stop_for, SA_SIGINFO | SA_ONSTACK | SA_NODEFER | restorer, no_way_back,
      0};
  uint64_t blocked = ~UINT64_C(0);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; ++i) {
    FERRY_KERNEL(rt_sigaction, faults[i], &action, 0, sizeof action.mask);
    blocked &= ~(UINT64_C(1) << (faults[i] - 1));
  }
  FERRY_KERNEL(rt_sigprocmask, SIG_SETMASK, &blocked, 0, sizeof blocked);
}

//===- an empty address space ---------------------------------------------===//

// Puts the device's memory over a range.
static long cover(struct ferry_mirror *m, uintptr_t lo, uintptr_t hi) {
  if (lo >= hi)
    return 0;
  const long at =
      FERRY_KERNEL(mmap, lo, hi - lo, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_NORESERVE | MAP_FIXED, m->memory_fd, lo);
  if (at != (long)lo)
    return at;
  return ferry_uffd_register(m->device_fd, lo, hi - lo,
                             UFFDIO_REGISTER_MODE_MISSING |
                                 UFFDIO_REGISTER_MODE_WP);
}

static long empty_address_space(struct ferry_mirror *m) {
  uintptr_t at = lowest;
  long error = FERRY_KERNEL(munmap, 0, lowest);
  if (!ferry_add_range(&m->code, m->window, m->window_end))
    return -ENOMEM;
  for (size_t i = 0; i < m->code.count && !error; ++i) {
    error = cover(m, at, m->code.all[i].lo);
    at = m->code.all[i].hi;
  }
  return error ? error : cover(m, at, highest);
}

//===- threads ------------------------------------------------------------===//

__attribute__((noreturn)) static void work(struct worker *w) {
  struct ferry_mirror_shared *s = w->shared;
  stack_t signals = {.ss_sp = (char *)w + sizeof *w,
                     .ss_size = FERRY_SIGNAL_STACK - sizeof *w};
  FERRY_KERNEL(sigaltstack, &signals, 0);
  for (unsigned seen = 0;;) {
    const unsigned now = atomic_load(&s->sequence);
    if (now == seen) {
      ferry_wait(&s->sequence, seen);
      continue;
    }
    seen = now;
    atomic_store_explicit(&s->begun, 1, memory_order_relaxed);
    ferry_do_part(&s->division, w->number, w->threads);
    if (atomic_fetch_sub(&s->unfinished, 1) == 1)
      ferry_raise(&s->attention);
  }
}

// The new thread begins in `run`, with a clean stack.
static long start_thread(uintptr_t stack_end, uintptr_t thread_pointer,
                         void (*run)(struct worker *), struct worker *w) {
  const long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
                     CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS;
  register long unused __asm__("r10") = 0;
  register long tls __asm__("r8") = (long)thread_pointer;
  register void *argument __asm__("r12") = w;
  register void *function __asm__("r13") = (void *)run;
  long result;
  __asm__ volatile("syscall\n"
                   "test %%rax, %%rax\n"
                   "jnz 1f\n"
                   "xor %%ebp, %%ebp\n"
                   "mov %%r12, %%rdi\n"
                   "call *%%r13\n"
                   "ud2\n"
                   "1:"
                   : "=a"(result)
                   : "a"((long)SYS_clone), "D"(flags), "S"(stack_end & ~15UL),
                     "d"(0L), "r"(unused), "r"(tls), "r"(argument),
                     "r"(function)
                   : "rcx", "r11", "memory");
  return result;
}

static long start_worker(struct ferry_mirror *m, int number) {
  const uintptr_t lo = m->worker_stacks +
                       (uintptr_t)number * (FERRY_WORKER_STACK + FERRY_PAGE) +
                       FERRY_PAGE;
  const uintptr_t hi = lo + FERRY_WORKER_STACK;
  const uintptr_t variables = hi - (m->tls_hi - m->tls_lo);
  const uintptr_t pointer = hi - (m->tls_hi - m->thread_pointer);
  struct worker *w = (void *)((lo + FERRY_SIGNAL_STACK - 1) &
                              ~(uintptr_t)(FERRY_SIGNAL_STACK - 1));
  const volatile char *from = (const char *)m->tls_lo;
  for (size_t i = 0; i < m->tls_hi - m->tls_lo; ++i)
    ((char *)variables)[i] = from[i];
  ((uintptr_t *)pointer)[0] = pointer; // where the x86-64 ABI and libc look
  ((uintptr_t *)pointer)[2] = pointer;
  *w = (struct worker){m->shared, number, m->threads};
  return start_thread(variables - 128, pointer, work, w);
}

//===- the process --------------------------------------------------------===//

__attribute__((noreturn)) static void die(struct ferry_mirror *m,
                                          const char *why) {
  size_t i = 0;
  for (; why[i] && i + 1 < sizeof m->shared->why; ++i)
    m->shared->why[i] = why[i];
  m->shared->why[i] = 0;
  FERRY_KERNEL(exit_group, 1);
  __builtin_unreachable();
}

static void open_device_side(struct ferry_mirror *m) {
  struct uffdio_api api = {UFFD_API,
                           UFFD_FEATURE_PAGEFAULT_FLAG_WP |
                               UFFD_FEATURE_MISSING_SHMEM |
                               UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
                           0};
  const long fd = ferry_open_uffd();
  if (fd < 0 || FERRY_KERNEL(ioctl, fd, UFFDIO_API, &api))
    die(m, "userfaultfd cannot protect memory files: Linux 6.8 or later is "
           "needed");
  m->device_fd = (int)fd;
}

__attribute__((noreturn)) static void be_device(struct ferry_mirror *m,
                                                long parent) {
  struct ferry_mirror_shared *s = m->shared;
  FERRY_KERNEL(prctl, PR_SET_PDEATHSIG, SIGKILL);
  if (FERRY_KERNEL(getppid, 0) != parent)
    FERRY_KERNEL(exit_group, 1);
  FERRY_KERNEL(prctl, PR_SET_NAME, "ferry-device");
  handle_faults_only();
  open_device_side(m);
  if (empty_address_space(m))
    die(m, "the system does not give it an address space; see ulimit -v");
  for (int i = 0; i < m->threads; ++i)
    if (start_worker(m, i) < 0)
      die(m, "the system gives it no threads; see ulimit -u");
  atomic_store(&s->device_fd, (unsigned)m->device_fd);
  for (unsigned seen = 0;; ++seen) {
    while (atomic_load(&s->reserve) == seen)
      ferry_wait(&s->reserve, seen);
    if (cover(m, s->range.lo, s->range.hi))
      FERRY_KERNEL(exit_group, 1);
    ferry_raise(&s->reserved);
  }
}

long ferry_start_process(struct ferry_mirror *m) {
  const long parent = FERRY_KERNEL(getpid, 0);
  const long process = FERRY_KERNEL(clone, CLONE_FILES, 0, 0, 0, 0);
  if (process == 0)
    be_device(m, parent);
  return process;
}

#else

long ferry_start_process(struct ferry_mirror *m) {
  (void)m;
  return -ENOSYS;
}

#endif
