//===- handler.h - is a handler of the program running? -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A handler may have interrupted malloc, so nothing is loaded or started in
// one. Included by the loader stub as well, in which both functions of libc
// may be null: look before.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_HANDLER_H
#define FERRY_HANDLER_H

#include <signal.h>
#include <stddef.h>

#define FERRY_INLINE static inline __attribute__((always_inline))

FERRY_INLINE int ferry_has_handler(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 &&
         action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
}

// Signals that come from the instruction they interrupt, which is not one of
// malloc's.
FERRY_INLINE int ferry_is_fault(int number) {
  return number == SIGSEGV || number == SIGBUS || number == SIGFPE ||
         number == SIGILL || number == SIGTRAP;
}

// May one be running? A signal is blocked while its handler runs; but not with
// SA_NODEFER, where nothing tells, and with SA_RESETHAND the handler is gone by
// then. (signal() is both in programs compiled for ISO C or POSIX alone.) Also
// true in a thread that blocks a handled signal anyhow.
FERRY_INLINE int ferry_in_handler(void) {
  sigset_t blocked;
  struct sigaction action;
  if (sigprocmask(SIG_BLOCK, NULL, &blocked))
    return 0;
  for (int number = 1; number < NSIG; ++number) {
    if (ferry_is_fault(number) || sigaction(number, NULL, &action))
      continue;
    const int handled =
        action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
    if (handled
            ? action.sa_flags & SA_NODEFER || sigismember(&blocked, number) == 1
            : action.sa_flags & SA_RESETHAND)
      return 1;
  }
  return 0;
}

#endif
