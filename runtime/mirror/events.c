//===- events.c - what the kernel tells about the program -----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The notifier of HMM in user space. A thread that unmaps, moves or empties
// registered memory waits until the driver has read of it; from before the
// change until then, no page can be moved to or from the program (-EAGAIN). So
// all is read first, changes are followed at once, and then faults are served.
// Three things need care:
//
// - madvise(MADV_DONTNEED) empties *after* the event was read. A page that was
//   taken on suspicion in between would bring its old content back later. So
//   nothing is taken on suspicion there (`emptied`) any more; what a loop
//   touches is, for the program has seen to the order of both.
// - munmap and mremap tell of a change after it is done, so that those of two
//   threads may be told in the other order: that X is gone, or is Z now, after
//   that Y is X now. Until all is told no page can be taken, so X has only
//   pages that came from Y, and those that an older change will name. The
//   latter wait aside for it. The former are known (`remaps`): mremap tells a
//   second time, of the end of Y, and its thread waits for both; what is told
//   in between of X is older. After that it may be another change of X as well,
//   whose thread waits for us to read of it: then the memory is missing just
//   before (`gaps`). If it is not, it is an older munmap; but of two mremaps
//   that name X nobody can say which came first, and the program ends with a
//   message. When a page can be moved again, nothing is left to be told.
// - The kernel hands out faults before it tells of changes. They are kept until
//   there is nothing left to read.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"
#include "slots.h"

#include <poll.h>
#include <string.h>
#include <time.h>

enum { FILL = 16 * FERRY_PAGE, PATIENCE = 20 };

//===- changes of mappings ------------------------------------------------===//

static void forget_range(struct ferry_ranges *set, uintptr_t lo, uintptr_t hi) {
  if (!ferry_remove_range(set, lo, hi))
    set->count = 0;
}

// Sets that may say too much, but not too little.
static void note(struct ferry_ranges *set, uintptr_t lo, uintptr_t hi) {
  if (ferry_add_range(set, lo, hi))
    return;
  lo = ferry_least(lo, set->all[0].lo);
  hi = ferry_most(hi, set->all[set->count - 1].hi);
  set->count = 0;
  ferry_add_range(set, lo, hi);
}

static bool is_same(const struct ferry_range *r, uintptr_t lo, uintptr_t hi) {
  return r->lo == lo && r->hi == hi;
}

// Where memory is missing that was moved there, or is another's by now: what is
// new is not registered.
static void find_gaps(struct ferry_mirror *m) {
  struct ferry_vma v;
  m->gaps.count = 0;
  for (int i = 0; i < m->remap_count; ++i) {
    const struct ferry_range to = m->remaps[i].to;
    for (uintptr_t at = to.lo, end; at < to.hi; at = end) {
      const bool there = ferry_find_vma(m, at, &v);
      end = !there ? at + FERRY_PAGE : ferry_least(v.hi, to.hi);
      if (!there || !ferry_is_registered(m, at))
        note(&m->gaps, at, end);
    }
  }
}

// Did the page come with a mremap that is younger than what is told now?
static bool is_younger(const struct ferry_mirror *m, uintptr_t at, bool moves) {
  for (int i = m->remap_count - 1; i >= 0; --i) {
    const struct ferry_remap *r = &m->remaps[i];
    if (at < r->to.lo || at >= r->to.hi)
      continue;
    const bool there = !ferry_in_ranges(&m->gaps, at);
    if (r->complete && there && moves)
      ferry_mirror_fatal("threads of the program move mappings to the same "
                         "addresses at the same time, in an unknown order",
                         0, at);
    return !r->complete || there;
  }
  return false;
}

static void drop_page(struct ferry_mirror *m, uintptr_t at, uintptr_t unused) {
  (void)unused;
  ferry_invalidate(&m->pages, at, at + FERRY_PAGE);
}

// Calls what is to be done with each page on the device that is not younger.
static void
for_older(struct ferry_mirror *m, struct ferry_range range, uintptr_t to,
          void (*act)(struct ferry_mirror *, uintptr_t, uintptr_t)) {
  for (uintptr_t at = range.lo; at < range.hi;) {
    if (ferry_on_device(&m->pages, at) && !is_younger(m, at, act != drop_page))
      act(m, at, to + (at - range.lo));
    at = ferry_find_slot(&m->pages, at) ? at + FERRY_PAGE
                                        : ferry_block_of(at) + FERRY_BLOCK;
  }
}

static void move_pages(struct ferry_mirror *m, uintptr_t from, uintptr_t to,
                       size_t size) {
  if (!ferry_remap(&m->pages, from, to, size))
    ferry_mirror_fatal("its table is full", 0, to);
}

static void move_page(struct ferry_mirror *m, uintptr_t from, uintptr_t to) {
  move_pages(m, from, to, FERRY_PAGE);
}

static void unmapped(struct ferry_mirror *m, uintptr_t lo, uintptr_t hi) {
  forget_range(&m->registered, lo, hi);
  ferry_remove_range(&m->emptied, lo, hi);
  if (m->remap_count == 0)
    ferry_invalidate(&m->pages, lo, hi);
  else
    for_older(m, (struct ferry_range){lo, hi}, 0, drop_page);
  if (m->aside)
    ferry_invalidate(&m->pages, lo + FERRY_ASIDE, hi + FERRY_ASIDE);
  for (int i = 0; i < m->remap_count; ++i)
    if (is_same(&m->remaps[i].from, lo, hi))
      m->remaps[i].complete = true;
}

static void remember(struct ferry_mirror *m, struct ferry_remap remap) {
  if (m->remap_count == FERRY_REMAPS) // the oldest has been told of for long
    memmove(m->remaps, m->remaps + 1, --m->remap_count * sizeof *m->remaps);
  m->remaps[m->remap_count++] = remap;
}

static bool has_pages(const struct ferry_mirror *m, uintptr_t lo,
                      uintptr_t hi) {
  for (uintptr_t at = lo; at < hi; at += FERRY_PAGE)
    if (ferry_on_device(&m->pages, at))
      return true;
  return false;
}

// What has waited for this: page by page, for `to` has others already.
static void for_aside(struct ferry_mirror *m, uintptr_t from, uintptr_t to,
                      size_t size) {
  for (uintptr_t at = 0; at < size; at += FERRY_PAGE)
    if (ferry_on_device(&m->pages, from + FERRY_ASIDE + at))
      move_page(m, from + FERRY_ASIDE + at, to + at);
}

static void remapped(struct ferry_mirror *m, uintptr_t from, uintptr_t to,
                     size_t size) {
  const bool was_emptied = ferry_meets_ranges(&m->emptied, from, from + size);
  forget_range(&m->registered, from, from + size);
  ferry_remove_range(&m->emptied, from, from + size);
  if (was_emptied)
    note(&m->emptied, to, to + size);
  if (has_pages(m, to, to + size)) {
    move_pages(m, to, to + FERRY_ASIDE, size);
    m->aside = true;
  }
  if (m->remap_count == 0)
    move_pages(m, from, to, size);
  else
    for_older(m, (struct ferry_range){from, from + size}, to, move_page);
  if (m->aside)
    for_aside(m, from, to, size);
  remember(m,
           (struct ferry_remap){{from, from + size}, {to, to + size}, false});
}

static void emptied(struct ferry_mirror *m, uintptr_t lo, uintptr_t hi) {
  if (lo == m->door)
    return;
  ferry_invalidate(&m->pages, lo, hi);
  note(&m->emptied, lo, hi);
}

//===- faults of CPUs -----------------------------------------------------===//

// Memory that was never touched, or that was emptied. What follows is probably
// touched next.
static bool fill(struct ferry_mirror *m, uintptr_t at) {
  uintptr_t end = at + FERRY_PAGE;
  const struct ferry_range *known = ferry_range_after(&m->registered, at);
  const uintptr_t limit = known && known->lo <= at ? known->hi : end;
  while (end < limit && end < at + FILL && !ferry_on_device(&m->pages, end))
    end += FERRY_PAGE;
  const long r = ferry_uffd_copy(m->system_fd, at, m->zeroes, FERRY_PAGE,
                                 UFFDIO_COPY_MODE_DONTWAKE);
  if (r == -EAGAIN)
    return false;
  for (uintptr_t next = at + FERRY_PAGE; r > 0 && next < end;) {
    const long size = ferry_uffd_zero(m->system_fd, next, end - next);
    if (size <= 0 && size != -EEXIST)
      break;
    next += size > 0 ? (uintptr_t)size : FERRY_PAGE;
  }
  ferry_uffd_wake(m->system_fd, at, FERRY_PAGE);
  return true;
}

// False: it has to wait.
static bool serve(struct ferry_mirror *m, uintptr_t at) {
  uintptr_t lo, hi;
  switch (ferry_cpu_fault(&m->pages, at, &lo, &hi)) {
  case FERRY_PAGES_AGAIN:
    return false;
  case FERRY_PAGES_ELSEWHERE:
    return fill(m, at);
  default:
    ferry_uffd_wake(m->system_fd, at, FERRY_PAGE);
    return true;
  }
}

static void keep_fault(struct ferry_mirror *m, uintptr_t at) {
  const int most = (int)(sizeof m->faults / sizeof *m->faults);
  at &= ~(uintptr_t)(FERRY_PAGE - 1);
  for (int i = 0; i < m->fault_count; ++i)
    if (m->faults[i] == at)
      return;
  if (m->fault_count < most)
    m->faults[m->fault_count++] = at;
  else
    ferry_uffd_wake(m->system_fd, at, FERRY_PAGE); // it will ask again
}

//===- all of it ----------------------------------------------------------===//

static void act(struct ferry_mirror *m, const struct uffd_msg *message) {
  switch (message->event) {
  case UFFD_EVENT_PAGEFAULT:
    keep_fault(m, message->arg.pagefault.address);
    break;
  case UFFD_EVENT_FORK:
    ferry_copy_to_child(m, (int)message->arg.fork.ufd);
    break;
  case UFFD_EVENT_REMOVE:
    emptied(m, message->arg.remove.start, message->arg.remove.end);
    break;
  case UFFD_EVENT_UNMAP:
    unmapped(m, message->arg.remove.start, message->arg.remove.end);
    break;
  case UFFD_EVENT_REMAP:
    remapped(m, message->arg.remap.from, message->arg.remap.to,
             message->arg.remap.len);
    break;
  }
}

static void serve_faults(struct ferry_mirror *m) {
  int kept = 0;
  for (int i = 0; i < m->fault_count; ++i)
    if (!serve(m, m->faults[i]))
      m->faults[kept++] = m->faults[i];
  m->fault_count = kept;
}

// To move from one empty place of the stage to another does nothing, but for
// saying whether it might have.
static void look_for_quiet(struct ferry_mirror *m) {
  if ((!m->remap_count && !m->aside) ||
      ferry_uffd_move(m->system_fd, m->quiet, m->quiet + FERRY_PAGE, FERRY_PAGE,
                      0) == -EAGAIN)
    return;
  ferry_was_quiet(m);
  if (m->aside)
    ferry_invalidate(&m->pages, FERRY_ASIDE, 2 * FERRY_ASIDE);
  m->aside = false;
}

// What is read was there before the gaps were looked for, unless it is a fault.
static bool read_message(struct ferry_mirror *m, struct uffd_msg *message) {
  if (m->remap_count) {
    struct pollfd news = {m->system_fd, POLLIN, 0};
    struct timespec none = {0, 0};
    if (FERRY_KERNEL(ppoll, &news, 1, &none, 0) <= 0)
      return false;
    find_gaps(m);
  }
  return FERRY_KERNEL(read, m->system_fd, message, sizeof *message) ==
         (long)sizeof *message;
}

bool ferry_hear(struct ferry_mirror *m) {
  struct uffd_msg message;
  look_for_quiet(m);
  while (read_message(m, &message))
    act(m, &message);
  serve_faults(m);
  return m->fault_count == 0;
}

void ferry_hear_all(struct ferry_mirror *m) {
  for (int i = 0; !ferry_hear(m); ++i)
    if (i < PATIENCE)
      FERRY_KERNEL(sched_yield, 0);
    else
      ferry_pause(m);
}

void ferry_pause(struct ferry_mirror *m) {
  struct pollfd news = {m->system_fd, POLLIN, 0};
  struct timespec moment = {0, 50000};
  FERRY_KERNEL(ppoll, &news, 1, &moment, 0);
}
