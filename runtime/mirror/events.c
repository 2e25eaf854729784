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
// - munmap and mremap of several threads may be told in the wrong order
//   (moves.h). So a program with threads is *restless*: only what a loop touches
//   goes to the device, and all comes back when the loop ends. Then nothing is
//   there that another thread may unmap or move, in whatever order. If something
//   is left from before there were threads, and the first of their changes meet
//   each other so that nobody can say what became of it, the program ends with a
//   message.
// - The kernel hands out faults before it tells of changes. They are kept until
//   there is nothing left to read. It may wait for us to serve them and us for
//   it to tell, though: mremap brings in the new pages of locked memory first.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"
#include "slots.h"

#include <poll.h>
#include <sys/stat.h>
#include <time.h>

enum { FILL = 16 * FERRY_PAGE, PATIENCE = 20, MUCH_PATIENCE = 60 };

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

bool ferry_has_threads(void) {
  struct stat tasks; // has a link for each, the driver among them, and two
  return FERRY_KERNEL(stat, "/proc/self/task", &tasks) ||
         tasks.st_nlink > 2 + 2;
}

// Whether nothing can be wrong about a change: only one thread can have told, or
// nothing is on the device.
static bool is_certain(struct ferry_mirror *m) {
  if (!m->pages.owned || !ferry_has_threads())
    return true;
  atomic_store(&m->shared->restless, 1);
  return false;
}

static void must(enum ferry_followed result, uintptr_t at) {
  if (result == FERRY_UNCERTAIN)
    ferry_mirror_fatal("threads of the program have changed the same mappings "
                       "in an unknown order; set FERRY_DEVICE=host",
                       0, at);
  if (result == FERRY_FULL)
    ferry_mirror_fatal("its table is full", 0, at);
}

static void unmapped(struct ferry_mirror *m, uintptr_t lo, uintptr_t hi) {
  forget_range(&m->registered, lo, hi);
  ferry_remove_range(&m->emptied, lo, hi);
  must(ferry_follow_unmap(&m->moves, is_certain(m), lo, hi), lo);
}

static void remapped(struct ferry_mirror *m, uintptr_t from, uintptr_t to,
                     size_t size) {
  const bool was_emptied = ferry_meets_ranges(&m->emptied, from, from + size);
  forget_range(&m->registered, from, from + size);
  ferry_remove_range(&m->emptied, from, from + size);
  if (was_emptied)
    note(&m->emptied, to, to + size);
  must(ferry_follow_remap(&m->moves, is_certain(m), from, to, size), from);
}

static void emptied(struct ferry_mirror *m, uintptr_t lo, uintptr_t hi) {
  if (lo == m->door)
    return;
  must(ferry_follow_unmap(&m->moves, is_certain(m), lo, hi), lo);
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
bool ferry_is_quiet(struct ferry_mirror *m) {
  return ferry_uffd_move(m->system_fd, m->quiet, m->quiet + FERRY_PAGE,
                         FERRY_PAGE, 0) != -EAGAIN;
}

// A thread that was waiting for this may change something else soon: so look at
// once whether anybody has not told yet.
static void act_and_ask(struct ferry_mirror *m, const struct uffd_msg *message) {
  const bool told = message->event != UFFD_EVENT_PAGEFAULT && m->pages.owned &&
                    atomic_load(&m->shared->restless) && ferry_is_quiet(m);
  act(m, message);
  if (told)
    ferry_moves_are_told(&m->moves);
}

bool ferry_hear(struct ferry_mirror *m) {
  struct uffd_msg message;
  while (FERRY_KERNEL(read, m->system_fd, &message, sizeof message) ==
         (long)sizeof message)
    act_and_ask(m, &message);
  if (m->moves.count + m->moves.left_count && ferry_is_quiet(m))
    ferry_moves_are_told(&m->moves);
  serve_faults(m);
  return m->fault_count == 0;
}

// Leaves to the kernel what it is asked for and the device does not have. Nobody
// else touches what a thread touches that is moving it.
static void let_go(struct ferry_mirror *m) {
  int kept = 0;
  for (int i = 0; i < m->fault_count; ++i) {
    const uintptr_t at = m->faults[i];
    if (ferry_on_device(&m->pages, at) ||
        ferry_uffd_unregister(m->system_fd, at, FERRY_PAGE))
      m->faults[kept++] = at;
    else
      forget_range(&m->registered, at, at + FERRY_PAGE);
  }
  m->fault_count = kept;
}

void ferry_hear_all(struct ferry_mirror *m) {
  for (int i = 0; !ferry_hear(m); ++i)
    if (i < PATIENCE)
      FERRY_KERNEL(sched_yield, 0);
    else if (i < MUCH_PATIENCE)
      ferry_pause(m);
    else
      let_go(m);
}

void ferry_pause(struct ferry_mirror *m) {
  struct pollfd news = {m->system_fd, POLLIN, 0};
  struct timespec moment = {0, 50000};
  FERRY_KERNEL(ppoll, &news, 1, &moment, 0);
}
