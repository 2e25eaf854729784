//===- stack.c - is there room for the arrays of a worker? ----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The caller of a launch is a worker, too, and its stack is the program's: that of
// a thread with little of it, or of a coroutine, which may lie in any memory. The
// kernel knows where stacks end: below one of a thread lies a page that nobody may
// touch, and on it lie the thread's own variables, which tells it from other memory.
// (pthread_getattr_np calls malloc, and knows nothing of coroutines.)
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "maps.h"

#include <string.h>
#include <sys/resource.h>

enum { MARGIN = 32 << 10 }; // for the worker and what it calls

// The stack that the thread was on last, and its lowest byte.
static _Thread_local struct {
  uintptr_t lo, hi;
} known __attribute__((tls_model("initial-exec")));

struct search {
  uintptr_t sp, lo, hi; // hi: 0 if it is not known
  uintptr_t below;      // end of the last mapping, if that is a guard
};

// The lowest byte of the stack that `here` holds; 0: not known.
static uintptr_t lowest(const struct ferry_mapping *here, uintptr_t guard) {
  struct rlimit limit;
  if (strcmp(here->name, "[stack]") == 0)
    return getrlimit(RLIMIT_STACK, &limit) != 0      ? 0
           : limit.rlim_cur >= (uintptr_t)here->hi ? 1
                                                    : here->hi - limit.rlim_cur;
  const uintptr_t own = (uintptr_t)&known;
  return own >= here->lo && own < here->hi && guard == here->lo ? here->lo : 0;
}

static bool look(const struct ferry_mapping *here, void *context) {
  struct search *s = context;
  if (here->hi <= s->sp) {
    const bool guard = !here->read && !here->write && !here->execute;
    s->below = guard ? here->hi : 0;
    return true;
  }
  if (here->lo <= s->sp && (s->lo = lowest(here, s->below)))
    s->hi = here->hi;
  return false;
}

static void find(uintptr_t sp) {
  struct search s = {.sp = sp};
  if (ferry_for_mappings(look, &s) && s.hi) {
    known.lo = s.lo;
    known.hi = s.hi;
  }
}

bool ferry_has_stack(size_t size) {
  const uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
  if (sp < known.lo || sp >= known.hi)
    find(sp);
  return sp >= known.lo && sp < known.hi && sp - known.lo >= size + MARGIN;
}
