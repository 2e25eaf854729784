//===- signals.c - handlers that do not come back -------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A handler that leaves a launched loop by longjmp or pthread_exit would leave
// its workers behind, storing into memory that the program goes on to use. Few
// programs can: one of their objects must refer to a function of that family.
// In these, handled signals wait until the launch has ended; and where faults
// are handled, which cannot wait, loops stay.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "handler.h"

#include <pthread.h>

//===- can the program jump? ----------------------------------------------===//

static bool may_jump;

void ferry_look_for_jumps(void) {
  static const char *const jumps[] = {
      "longjmp",    "_longjmp",    "siglongjmp",  "__longjmp_chk",
      "setcontext", "swapcontext", "pthread_exit", NULL};
  may_jump = ferry_program_uses(jumps);
}

//===- around a launch ----------------------------------------------------===//

bool ferry_hold_signals(struct ferry_held *held) {
  sigset_t handled;
  held->any = false;
  if (!may_jump)
    return true;
  sigemptyset(&handled);
  for (int number = 1; number < NSIG; ++number)
    if (ferry_has_handler(number)) {
      if (ferry_is_fault(number))
        return false;
      held->any = true;
      sigaddset(&handled, number);
    }
  if (held->any)
    pthread_sigmask(SIG_BLOCK, &handled, &held->before);
  return true;
}

void ferry_release_signals(const struct ferry_held *held) {
  if (held->any)
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}

bool ferry_survives_faults(void) {
  for (int number = 1; number < NSIG; ++number)
    if ((may_jump || ferry_is_fault(number)) && ferry_has_handler(number))
      return true;
  return false;
}
