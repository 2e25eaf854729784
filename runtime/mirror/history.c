//===- history.c - what the engine did, and how long it took --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "history.h"
#include "../ferry.h"
#include "../residency.h"
#include "slots.h"

#include <string.h>

//===- what is kept -------------------------------------------------------===//

static void merge(struct ferry_transferred *into, const struct ferry_transferred *e) {
  const int64_t a = into->start + into->ns, b = e->start + e->ns;
  into->start = into->start < e->start ? into->start : e->start;
  into->ns = (a > b ? a : b) - into->start;
  into->busy += e->busy;
  into->lo = ferry_least(into->lo, e->lo);
  into->hi = ferry_most(into->hi, e->hi);
  into->pages += e->pages;
  into->count += e->count;
  into->on_device = e->on_device;
  if (into->state != e->state)
    into->state = NULL;
}

static bool is_close(const struct ferry_history *h,
                     const struct ferry_transferred *a,
                     const struct ferry_transferred *b) {
  return h->resolution && a->start / h->resolution == b->start / h->resolution;
}

static void put(struct ferry_history *h, const struct ferry_transferred *e) {
  uint32_t *last = &h->last[e->kind];
  if (*last && is_close(h, &h->all[*last - 1], e))
    merge(&h->all[*last - 1], e);
  else {
    h->all[h->count] = *e;
    *last = ++h->count;
  }
}

static void coarsen(struct ferry_history *h) {
  enum { LEAST_NS = 1000 };
  const uint32_t count = h->count;
  h->resolution = h->resolution ? 2 * h->resolution : LEAST_NS;
  h->count = 0;
  memset(h->last, 0, sizeof h->last);
  for (uint32_t i = 0; i < count; ++i) {
    const struct ferry_transferred e = h->all[i];
    put(h, &e);
  }
}

void ferry_keep_transfer(struct ferry_history *h, const struct ferry_transferred *move) {
  while (h->count == h->room)
    do
      coarsen(h);
    while (h->count > h->room / 2);
  put(h, move);
}

//===- what is counted ----------------------------------------------------===//

static uint64_t pages_moved(const struct ferry_traffic *t,
                            enum ferry_transfer kind) {
  switch (kind) {
  case FERRY_TRANSFER_DEVICE_FAULT:
  case FERRY_TRANSFER_PREFETCH:
    return t->to_device + t->zeroed;
  case FERRY_TRANSFER_INVALIDATION:
    return t->dropped;
  case FERRY_TRANSFER_BORROWING:
    return t->borrowed;
  case FERRY_TRANSFER_WRITE_BACK:
    return t->written_back;
  default:
    return t->to_system;
  }
}

static int64_t all_ns(const struct ferry_traffic *t) {
  uint64_t sum = 0;
  for (int i = 0; i < FERRY_TRANSFER_KINDS; ++i)
    sum += t->ns[i];
  return (int64_t)sum;
}

struct ferry_span ferry_begin(struct ferry_pages *p) {
  const struct ferry_history *h = &p->history;
  const int64_t now = ferry_now();
  if (p->residency)
    ferry_sample(p->residency, p, now);
  return (struct ferry_span){now, h->loop ? atomic_load(h->loop) : NULL,
                             p->traffic};
}

void ferry_end(struct ferry_pages *p, const struct ferry_span *span,
               enum ferry_transfer kind, uintptr_t lo, uintptr_t hi) {
  struct ferry_history *h = &p->history;
  const uint64_t pages =
      pages_moved(&p->traffic, kind) - pages_moved(&span->before, kind);
  if (!pages)
    return;
  const int64_t ns = ferry_now() - span->start;
  const int64_t busy = ns - (all_ns(&p->traffic) - all_ns(&span->before));
  p->traffic.ns[kind] += (uint64_t)busy;
  if (!h->room)
    return;
  ferry_keep_transfer(h, &(struct ferry_transferred){
                         .kind = kind,
                         .start = span->start,
                         .ns = ns,
                         .busy = busy,
                         .lo = lo,
                         .hi = hi,
                         .pages = pages,
                         .count = 1,
                         .on_device = p->owned,
                         .state = span->loop});
}
