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

// A signal is blocked while its handler runs. So this is true in a handler, but
// for one with SA_NODEFER; and in a thread that blocks a handled signal anyhow.
FERRY_INLINE int ferry_in_handler(void) {
  sigset_t blocked;
  if (sigprocmask(SIG_BLOCK, NULL, &blocked))
    return 0;
  for (int number = 1; number < NSIG; ++number)
    if (sigismember(&blocked, number) == 1 && ferry_has_handler(number))
      return 1;
  return 0;
}

#endif
