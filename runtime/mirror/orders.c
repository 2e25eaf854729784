//===- orders.c - what threads of the program want of the driver ----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One at a time, and who gives one waits until it was obeyed.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"
#include "uffd.h"

#include <sys/mman.h>

//===- the driver ---------------------------------------------------------===//

// What lies there stays there; the next mapping may be another matter.
static bool skip_mapping(struct ferry_mirror *m, uintptr_t *at) {
  struct ferry_vma v;
  const bool there = ferry_find_vma(m, *at, &v);
  if (there)
    *at = v.hi;
  return there;
}

// The part of it that lies in one piece of memory with *at. False: that is
// enough.
static bool prefetch_piece(struct ferry_mirror *m, uintptr_t *at,
                           uintptr_t hi) {
  uintptr_t lo, end;
  if (ferry_in_ranges(&m->emptied, *at))
    return false;
  enum ferry_pages_result result = ferry_make_movable(m, *at, &lo, &end);
  if (result == FERRY_PAGES_IMMOVABLE)
    return skip_mapping(m, at);
  if (result == FERRY_PAGES_DONE) {
    ferry_keep_out(&m->emptied, *at, &lo, &end);
    end = end < hi ? end : hi;
    result = ferry_prefetch(&m->pages, at, end);
  }
  if (result == FERRY_PAGES_AGAIN)
    ferry_come_again(m, 0);
  return result == FERRY_PAGES_AGAIN ||
         (result == FERRY_PAGES_DONE && *at == end);
}

static void prefetch(struct ferry_mirror *m, struct ferry_range range) {
  uintptr_t at = range.lo;
  while (at < range.hi && prefetch_piece(m, &at, range.hi))
    ;
}

static bool may_guess(const struct ferry_mirror *m) {
  return !m->frozen && !atomic_load(&m->shared->restless);
}

static void retry(struct ferry_mirror *m) {
  atomic_store(&m->crew.shared->request, 0);
  ferry_wake(&m->crew.shared->request);
  const int most = FERRY_CREW_THREADS;
  for (int i = 0; i < (m->refused_count < most ? m->refused_count : most); ++i)
    ferry_uffd_wake(m->device_fd, m->refused[i], FERRY_PAGE);
  m->refused_count = 0;
}

static const char *check(struct ferry_mirror *m) {
  const char *wrong = ferry_check_pages(&m->pages);
  if (!wrong && !ferry_check_sides(m) && ferry_is_quiet(m))
    wrong = "a page is on both sides";
  return wrong;
}

void ferry_obey(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  struct ferry_crew_shared *c = m->crew.shared;
  const enum ferry_mirror_order order =
      atomic_exchange(&s->order, FERRY_ORDER_NONE);
  switch (order) {
  case FERRY_ORDER_NONE:
    return;
  case FERRY_ORDER_PREFETCH:
    for (uint32_t i = 0; may_guess(m) && i < c->range_count; ++i)
      prefetch(m, c->ranges[i]);
    break;
  case FERRY_ORDER_COUNT:
    c->there = 0;
    for (uint32_t i = 0; i < c->range_count; ++i)
      c->there +=
          ferry_count_pages(&m->pages, c->ranges[i].lo, c->ranges[i].hi);
    break;
  case FERRY_ORDER_SETTLE:
    if (atomic_load(&s->restless))
      ferry_give_everything(m);
    ferry_settle(m);
    break;
  case FERRY_ORDER_FREEZE:
    ferry_give_everything(m);
    ++m->frozen;
    break;
  case FERRY_ORDER_THAW:
    m->frozen -= m->frozen > 0; // 0: made while that thread forked
    break;
  case FERRY_ORDER_RETRY:
    retry(m);
    break;
  case FERRY_ORDER_CHECK:
    s->wrong = check(m);
    break;
  }
  ferry_publish(m);
  ferry_raise(&s->orders_done);
}

//===- a thread -----------------------------------------------------------===//

static void lock(atomic_uint *at) {
  unsigned free = 0;
  while (!atomic_compare_exchange_weak(at, &free, 1)) {
    ferry_wait(at, 1);
    free = 0;
  }
}

static void unlock(atomic_uint *at) {
  atomic_store(at, 0);
  ferry_wake(at);
}

void ferry_order(struct ferry_mirror *m, enum ferry_mirror_order order) {
  struct ferry_mirror_shared *s = m->shared;
  const atomic_uint *lost = &m->crew.shared->lost;
  lock(&s->order_lock);
  const unsigned before = atomic_load(&s->orders_done);
  if (!atomic_load(lost)) {
    atomic_store(&s->order, order);
    FERRY_KERNEL(madvise, m->door, FERRY_PAGE, MADV_DONTNEED);
    while (atomic_load(&s->orders_done) == before && !atomic_load(lost))
      ferry_wait(&s->orders_done, before);
  }
  unlock(&s->order_lock);
}
