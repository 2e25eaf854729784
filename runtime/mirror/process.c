//===- process.c - the process that plays a device ------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A copy of the program's process, from which everything but code, constants
// and the window is taken away at once. It has no parent that would hear of its
// end (exit signal 0), no signals but faults, and of open files only those of its
// carrier. Nothing here may use variables of the runtime or of libc: they are the
// program's, and come by page faults that maybe nobody serves yet.
//
// Its threads are made by hand. Each has a copy of the starter's thread-local
// variables, for the code that workers call looks for errno there.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "crew.h"
#include "kernel.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>

void ferry_request(struct ferry_crew_shared *s, uintptr_t at, bool write) {
  unsigned none = 0;
  if (!atomic_compare_exchange_strong(&s->request, &none, ~0U))
    return;
  s->request_at = at;
  s->request_write = write;
  atomic_store(&s->request, 1);
  ferry_call(&s->attention);
}

#if FERRY_HAS_MIRROR

static const uintptr_t lowest = 0x10000, highest = 0x7ffffffff000;

//===- exceptions ---------------------------------------------------------===//

struct kernel_action { // the kernel's own struct sigaction
  void (*handler)(int, siginfo_t *, void *);
  unsigned long flags;
  void (*restorer)(void);
  uint64_t mask;
};

// At the low end of its stack.
struct worker {
  struct ferry_crew *crew;
  int number;
};

static struct ferry_crew_shared *shared_here(void) {
  const uintptr_t here = (uintptr_t)__builtin_frame_address(0);
  const struct worker *w =
      (void *)(here & ~(uintptr_t)(FERRY_SIGNAL_STACK - 1));
  return w->crew->shared;
}

// The program gets the signal that it would have got in place, or its handler
// provides what is missing. Then the instruction is tried again.
static void let_program_touch(int number, siginfo_t *info, void *context) {
  enum { WRITE = 2 };
  const ucontext_t *registers = context;
  struct ferry_crew_shared *s = shared_here();
  unsigned seen;
  (void)number;
  ferry_request(s, (uintptr_t)info->si_addr,
                registers->uc_mcontext.gregs[REG_ERR] & WRITE);
  while ((seen = atomic_load(&s->request)))
    ferry_wait(&s->request, seen);
}

// The launch is over, and what it means is for the program's process to say.
static void stop_for(int number, siginfo_t *info, void *context) {
  const ucontext_t *registers = context;
  struct ferry_crew_shared *s = shared_here();
  unsigned none = 0;
  if (atomic_compare_exchange_strong(&s->exception, &none, ~0U)) {
    s->exception_at = (uintptr_t)info->si_addr;
    s->exception_code = (uintptr_t)registers->uc_mcontext.gregs[REG_RIP];
    atomic_store(&s->exception, (unsigned)number);
    ferry_call(&s->attention);
  }
  for (;;)
    FERRY_KERNEL(pause, 0);
}

__attribute__((naked)) static void go_back(void) {
  __asm__("mov $15, %eax\n" // rt_sigreturn
          "syscall");
}

static void handle_faults_only(void) {
  static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
  const unsigned long restorer = 0x04000000; // SA_RESTORER
  uint64_t blocked = ~UINT64_C(0);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; ++i) {
    const bool of_memory = faults[i] == SIGSEGV || faults[i] == SIGBUS;
    struct kernel_action action = {
        of_memory ? let_program_touch : stop_for,
        SA_SIGINFO | SA_ONSTACK | SA_NODEFER | restorer, go_back, 0};
    FERRY_KERNEL(rt_sigaction, faults[i], &action, 0, sizeof action.mask);
    blocked &= ~(UINT64_C(1) << (faults[i] - 1));
  }
  FERRY_KERNEL(rt_sigprocmask, SIG_SETMASK, &blocked, 0, sizeof blocked);
}

//===- an empty address space ---------------------------------------------===//

// What the system lets root map below `lowest` must not be free either: memory that a
// worker maps here, where it comes to a loop of its own, is not the program's.
static long empty_address_space(struct ferry_crew *c) {
  uintptr_t at = lowest;
  long error = FERRY_KERNEL(munmap, 0, lowest);
  FERRY_KERNEL(mmap, FERRY_PAGE, lowest - FERRY_PAGE, PROT_NONE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
  if (!ferry_add_range(&c->code, c->window, c->window_end))
    return -ENOMEM;
  for (size_t i = 0; i < c->code.count && !error; ++i) {
    const uintptr_t lo = c->code.all[i].lo;
    error = at < lo ? c->carrier->cover(c, at, lo) : 0;
    at = c->code.all[i].hi;
  }
  return error || at >= highest ? error : c->carrier->cover(c, at, highest);
}

//===- threads ------------------------------------------------------------===//

static void tell_end(const struct ferry_crew *c) {
  if (c->carrier->ends_told)
    FERRY_KERNEL(set_tid_address, &c->shared->attention);
}

__attribute__((noreturn)) static void work(struct worker *w) {
  struct ferry_crew_shared *s = w->crew->shared;
  stack_t signals = {.ss_sp = (char *)w + sizeof *w,
                     .ss_size = FERRY_SIGNAL_STACK - sizeof *w};
  FERRY_KERNEL(sigaltstack, &signals, 0);
  tell_end(w->crew);
  for (unsigned seen = 0;;) {
    const unsigned now = atomic_load(&s->sequence);
    if (now == seen) {
      ferry_wait(&s->sequence, seen);
      continue;
    }
    seen = now;
    s->work(w->crew, w->number);
    if (atomic_fetch_sub(&s->unfinished, 1) == 1)
      ferry_call(&s->attention);
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

static long start_worker(struct ferry_crew *c, int number) {
  const uintptr_t lo = c->worker_stacks +
                       (uintptr_t)number * (FERRY_WORKER_STACK + FERRY_PAGE) +
                       FERRY_PAGE;
  const uintptr_t hi = lo + FERRY_WORKER_STACK;
  const uintptr_t variables = hi - (c->tls_hi - c->tls_lo);
  const uintptr_t pointer = hi - (c->tls_hi - c->thread_pointer);
  struct worker *w = (void *)((lo + FERRY_SIGNAL_STACK - 1) &
                              ~(uintptr_t)(FERRY_SIGNAL_STACK - 1));
  const volatile char *from = (const char *)c->tls_lo;
  for (size_t i = 0; i < c->tls_hi - c->tls_lo; ++i)
    ((char *)variables)[i] = from[i];
  ((uintptr_t *)pointer)[0] = pointer; // where the x86-64 ABI and libc look
  ((uintptr_t *)pointer)[2] = pointer;
  *w = (struct worker){c, number};
  return start_thread(variables - 128, pointer, work, w);
}

//===- the process --------------------------------------------------------===//

void ferry_crew_die(struct ferry_crew *c, const char *why) {
  size_t i = 0;
  for (; why[i] && i + 1 < sizeof c->shared->why; ++i)
    c->shared->why[i] = why[i];
  c->shared->why[i] = 0;
  FERRY_KERNEL(exit_group, 1);
  __builtin_unreachable();
}

static void be_device(struct ferry_crew *c) {
  FERRY_KERNEL(prctl, PR_SET_NAME, "ferry-device");
  handle_faults_only();
  c->carrier->enter(c);
  if (empty_address_space(c))
    ferry_crew_die(c, "the system does not give it an address space; see ulimit -v");
  for (int i = 0; i < c->threads; ++i)
    if (start_worker(c, i) < 0)
      ferry_crew_die(c, "the system gives it no threads; see ulimit -u");
  tell_end(c);
  atomic_store(&c->shared->ready, 1);
  c->carrier->attend(c);
}

//===- in the program -----------------------------------------------------===//

// Everything between here and the end of the stack may be a thread-local
// variable.
__attribute__((noinline)) static void find_own_variables(struct ferry_crew *c) {
  c->tls_lo = (uintptr_t)__builtin_frame_address(0);
  c->tls_hi = c->starter_stack + FERRY_STARTER_STACK;
  c->thread_pointer = (uintptr_t)__builtin_thread_pointer();
}

static bool await_process(struct ferry_crew *c) {
  struct ferry_crew_shared *s = c->shared;
  while (!atomic_load(&s->ready)) {
    struct timespec tick = {0, 100000};
    if (FERRY_KERNEL(wait4, c->process, 0, __WALL | WNOHANG, 0) == c->process) {
      if (!s->why[0])
        snprintf(s->why, sizeof s->why, "its process ended at once");
      return false;
    }
    FERRY_KERNEL(nanosleep, &tick, 0);
  }
  return true;
}

bool ferry_start_process(struct ferry_crew *c, long clone_flags) {
  find_own_variables(c);
  c->program = (int)FERRY_KERNEL(getpid, 0);
  const long process = FERRY_KERNEL(clone, clone_flags, 0, 0, 0, 0);
  if (process == 0)
    be_device(c);
  c->process = (int)process;
  if (process > 0)
    return await_process(c);
  snprintf(c->shared->why, sizeof c->shared->why,
           "the system starts no process for it (error %d); see ulimit -u",
           (int)-process);
  return false;
}

#else

bool ferry_start_process(struct ferry_crew *c, long clone_flags) {
  (void)clone_flags;
  snprintf(c->shared->why, sizeof c->shared->why, "it is written for x86-64 alone");
  return false;
}

#endif

int ferry_run_starter(struct ferry_crew *c, void *(*run)(void *), void *argument,
                      pthread_t *thread) {
  pthread_attr_t attributes;
  sigset_t all, before;
  sigfillset(&all);
  int error = pthread_attr_init(&attributes);
  if (error)
    return error;
  pthread_attr_setstack(&attributes, (void *)c->starter_stack, FERRY_STARTER_STACK);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  error = pthread_create(thread, &attributes, run, argument);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
  return error;
}
