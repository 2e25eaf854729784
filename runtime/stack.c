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

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MARGIN = 32 << 10 }; // for the worker and what it calls

struct mapping {
  uintptr_t lo, hi;
  bool is_guard, is_main; // nobody may touch it; the kernel calls it [stack]
};

// The stack that the thread was on last, and its lowest byte.
static _Thread_local struct {
  uintptr_t lo, hi;
} known __attribute__((tls_model("initial-exec")));

// Lines of /proc/self/maps, through a buffer that fits on small stacks.
struct reader {
  int fd;
  ssize_t size, at;
  char buffer[256];
};

static int next(struct reader *r) {
  if (r->at == r->size) {
    r->size = read(r->fd, r->buffer, sizeof r->buffer);
    r->at = 0;
  }
  return r->size > 0 ? r->buffer[r->at++] : (r->size = r->at = 0, -1);
}

static int read_hex(struct reader *r, uintptr_t *out) {
  int c;
  for (*out = 0; (c = next(r)) >= 0; *out = *out * 16 + (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10))
    if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
      break;
  return c;
}

static bool read_mapping(struct reader *r, struct mapping *out) {
  char access[4], last[8] = "";
  if (read_hex(r, &out->lo) != '-' || read_hex(r, &out->hi) != ' ')
    return false;
  for (size_t i = 0; i < sizeof access; ++i)
    access[i] = (char)next(r);
  for (int c; (c = next(r)) >= 0 && c != '\n';) {
    memmove(last, last + 1, sizeof last - 1);
    last[sizeof last - 1] = (char)c;
  }
  out->is_guard = memcmp(access, "---", 3) == 0;
  out->is_main = memcmp(last + 1, "[stack]", 7) == 0;
  return true;
}

// The lowest byte of the stack at `sp`; 0: not known.
static uintptr_t lowest(const struct mapping *here, const struct mapping *below) {
  struct rlimit limit;
  if (here->is_main)
    return getrlimit(RLIMIT_STACK, &limit) != 0      ? 0
           : limit.rlim_cur >= (uintptr_t)here->hi ? 1
                                                    : here->hi - limit.rlim_cur;
  const uintptr_t own = (uintptr_t)&known;
  return own >= here->lo && own < here->hi && below->is_guard && below->hi == here->lo
             ? here->lo
             : 0;
}

static void find(uintptr_t sp) {
  struct reader r = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
  struct mapping below = {0}, here = {0};
  if (r.fd < 0)
    return;
  while (read_mapping(&r, &here) && here.hi <= sp)
    below = here;
  close(r.fd);
  const uintptr_t lo = here.lo <= sp && sp < here.hi ? lowest(&here, &below) : 0;
  if (lo) {
    known.lo = lo;
    known.hi = here.hi;
  }
}

bool ferry_has_stack(size_t size) {
  const uintptr_t sp = (uintptr_t)__builtin_frame_address(0);
  if (sp < known.lo || sp >= known.hi)
    find(sp);
  return sp >= known.lo && sp < known.hi && sp - known.lo >= size + MARGIN;
}
