//===- memory.c - the program's mappings ----------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a mapping is, and whether its pages may move: only anonymous private
// memory that can be read and written. Mappings are registered with userfaultfd
// whole, because a part would be a mapping of its own from then on, and
// mremap() over both would fail.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"

#include <fcntl.h>
#include <sys/mman.h>

//===- /proc/self/maps ----------------------------------------------------===//

// Since Linux 6.11.
struct query {
  uint64_t size, flags, address, start, end, vma_flags, page_size, offset,
      inode;
  uint32_t major, minor, name_size, build_id_size;
  uint64_t name, build_id;
};
#define QUERY _IOWR('f', 17, struct query)

enum { READ = 1, WRITE = 2, EXECUTE = 4, SHARED = 8 };

// Pages of the kernel, [vvar] and [vdso], are like nothing of the program's.
static bool is_special(const char *name) {
  return name[0] == '[' && name[1] == 'v';
}

static long ask(struct ferry_mirror *m, uintptr_t at, struct ferry_vma *out) {
  char name[128] = "";
  struct query q = {.size = sizeof q,
                    .address = at,
                    .name_size = sizeof name,
                    .name = (uintptr_t)name};
  long error = FERRY_KERNEL(ioctl, m->maps_fd, QUERY, &q);
  if (error == -ENAMETOOLONG) { // so it is a file
    q = (struct query){.size = sizeof q, .address = at};
    error = FERRY_KERNEL(ioctl, m->maps_fd, QUERY, &q);
  }
  if (error)
    return error;
  *out = (struct ferry_vma){.lo = q.start,
                            .hi = q.end,
                            .read = q.vma_flags & READ,
                            .write = q.vma_flags & WRITE,
                            .execute = q.vma_flags & EXECUTE,
                            .shared = q.vma_flags & SHARED,
                            .anonymous = q.inode == 0 && !is_special(name)};
  return 0;
}

// The same from the text: "lo-hi rwxp offset major:minor inode name".
struct text {
  struct ferry_mirror *m;
  long size, next, offset;
  char buffer[1024];
};

static int next(struct text *t) {
  if (t->next == t->size) {
    t->size = FERRY_KERNEL(pread64, t->m->maps_fd, t->buffer, sizeof t->buffer,
                           t->offset);
    t->next = 0;
    if (t->size <= 0)
      return t->size = 0, -1;
    t->offset += t->size;
  }
  return (unsigned char)t->buffer[t->next++];
}

static uintptr_t read_number(struct text *t, unsigned base, int *end) {
  uintptr_t value = 0;
  for (int c;;
       value = value * base + (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10))
    if (c = next(t), !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
      return *end = c, value;
}

static bool read_line(struct text *t, struct ferry_vma *out) {
  int c;
  out->lo = read_number(t, 16, &c);
  if (c != '-')
    return false;
  out->hi = read_number(t, 16, &c);
  out->read = next(t) == 'r';
  out->write = next(t) == 'w';
  out->execute = next(t) == 'x';
  out->shared = next(t) == 's';
  next(t);
  read_number(t, 16, &c); // offset
  read_number(t, 16, &c); // major
  read_number(t, 16, &c); // minor
  out->anonymous = read_number(t, 10, &c) == 0;
  char name[2] = "";
  while (c == ' ')
    c = next(t);
  for (int i = 0; c >= 0 && c != '\n'; c = next(t), ++i)
    if (i < 2)
      name[i] = (char)c;
  out->anonymous = out->anonymous && !is_special(name);
  return true;
}

static bool search(struct ferry_mirror *m, uintptr_t at,
                   struct ferry_vma *out) {
  struct text t = {.m = m};
  while (read_line(&t, out))
    if (at < out->hi)
      return at >= out->lo;
  return false;
}

bool ferry_find_vma(struct ferry_mirror *m, uintptr_t at,
                    struct ferry_vma *out) {
  const long error = ask(m, at, out);
  return error == -ENOTTY || error == -EINVAL ? search(m, at, out) : error == 0;
}

//===- what may move ------------------------------------------------------===//

static bool is_private(const struct ferry_vma *v) {
  return v->anonymous && !v->shared;
}

static bool is_movable(const struct ferry_vma *v) {
  return is_private(v) && v->read && v->write && !v->execute;
}

// All anonymous memory in one piece around `at`, whatever may be done with it.
static void find_piece(struct ferry_mirror *m, uintptr_t *lo, uintptr_t *hi) {
  enum { MOST = 256 };
  struct ferry_vma v;
  for (int i = 0; i < MOST && ferry_find_vma(m, *hi, &v) && is_private(&v); ++i)
    *hi = v.hi;
  for (int i = 0; i < MOST && ferry_find_vma(m, *lo - 1, &v) && is_private(&v);
       ++i)
    *lo = v.lo;
}

// Is the mapping registered? To continue a fault that there is not has no other
// effect than an answer: not for such memory, or not registered. (And the
// kernel prepares the mapping for pages. It joins parts of one again, after
// mprotect() and the like, if that was done before they were parted; and what
// is touched on the device is touched without its knowledge.)
static long ask_registered(struct ferry_mirror *m, uintptr_t at) {
  struct uffdio_continue c = {{at, FERRY_PAGE}, 0, 0};
  return FERRY_KERNEL(ioctl, m->system_fd, UFFDIO_CONTINUE, &c);
}

static enum ferry_pages_result check(struct ferry_mirror *m, uintptr_t lo,
                                     uintptr_t hi) {
  struct ferry_vma v;
  while (lo < hi) {
    if (!ferry_find_vma(m, lo, &v) || !is_private(&v))
      return FERRY_PAGES_ELSEWHERE;
    const long answer = ask_registered(m, lo);
    if (answer == -EAGAIN)
      return FERRY_PAGES_AGAIN;
    if (answer != -EINVAL)
      return FERRY_PAGES_ELSEWHERE;
    lo = v.hi;
  }
  return FERRY_PAGES_DONE;
}

// Userfaultfd registers what there is in a range, and skips gaps. What is
// unmapped before that is not reported, and the program may map something else
// there, or make a mapping longer. So see what was done.
static enum ferry_pages_result register_around(struct ferry_mirror *m,
                                               uintptr_t at, uintptr_t *lo,
                                               uintptr_t *hi) {
  enum { TRIES = 100 };
  struct ferry_vma v;
  enum ferry_pages_result result = FERRY_PAGES_ELSEWHERE;
  for (int i = 0; i < TRIES && result != FERRY_PAGES_AGAIN; ++i) {
    if (!ferry_find_vma(m, at, &v) || !is_movable(&v))
      return FERRY_PAGES_IMMOVABLE;
    struct ferry_range now = {v.lo, v.hi};
    find_piece(m, &now.lo, &now.hi);
    ferry_keep_out(&m->fixed, at, &now.lo, &now.hi);
    if (result == FERRY_PAGES_DONE && now.lo == *lo && now.hi == *hi)
      return FERRY_PAGES_DONE;
    *lo = now.lo;
    *hi = now.hi;
    if (ferry_uffd_register(m->system_fd, *lo, *hi - *lo,
                            UFFDIO_REGISTER_MODE_MISSING))
      return FERRY_PAGES_IMMOVABLE;
    result = check(m, *lo, *hi);
  }
  return FERRY_PAGES_AGAIN;
}

enum ferry_pages_result ferry_make_movable(struct ferry_mirror *m, uintptr_t at,
                                           uintptr_t *lo, uintptr_t *hi) {
  const struct ferry_range *known = ferry_range_after(&m->registered, at);
  if (known && known->lo <= at) {
    *lo = known->lo;
    *hi = known->hi;
    return FERRY_PAGES_DONE;
  }
  if (ferry_in_ranges(&m->fixed, at))
    return FERRY_PAGES_IMMOVABLE;
  const enum ferry_pages_result result = register_around(m, at, lo, hi);
  if (result == FERRY_PAGES_DONE &&
      !ferry_add_range(&m->registered, *lo, *hi)) {
    m->registered.count = 0; // it is only what needs not be asked again
    ferry_add_range(&m->registered, *lo, *hi);
  }
  return result;
}
