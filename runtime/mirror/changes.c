//===- changes.c - what the program does to its mappings ------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the page engine that follows munmap, madvise and mremap, and the
// check of its table. Nothing here needs the program's memory, so nothing has
// to wait for other changes.
//
//===----------------------------------------------------------------------===//
#include "slots.h"

static void drop(struct ferry_pages *p, struct ferry_slot *s, uint16_t pages) {
  uint16_t left = s->device & pages;
  uint32_t first, end;
  p->traffic.dropped += (unsigned)__builtin_popcount(left);
  while ((end = ferry_next_run(left, &first))) {
    const uintptr_t lo = s->base + first * FERRY_PAGE,
                    hi = s->base + end * FERRY_PAGE;
    p->provider.drop(p->provider.self, lo, hi - lo, ferry_stage_of(p, s, lo));
    left &= (uint16_t)~ferry_pages_in(lo, hi);
  }
  ferry_forget_pages(p, s, pages);
  ferry_release_if_empty(p, s);
}

static void invalidate(struct ferry_pages *p, uintptr_t lo, uintptr_t hi) {
  if ((hi - lo) / FERRY_BLOCK > p->slot_count) { // rather look at what there is
    for (uint32_t i = 0; i < p->slot_count; ++i) {
      struct ferry_slot *s = &p->slots[i];
      if (s->device && s->base < hi && s->base + FERRY_BLOCK > lo)
        drop(p, s,
             ferry_pages_in(ferry_most(lo, s->base),
                            ferry_least(hi, s->base + FERRY_BLOCK)));
    }
    return;
  }
  for (uintptr_t at = lo; at < hi;) {
    const uintptr_t end = ferry_least(hi, ferry_block_of(at) + FERRY_BLOCK);
    struct ferry_slot *s = ferry_find_slot(p, at);
    if (s)
      drop(p, s, ferry_pages_in(at, end));
    at = end;
  }
}

void ferry_invalidate(struct ferry_pages *p, uintptr_t lo, uintptr_t hi) {
  const struct ferry_span span = ferry_begin(p);
  invalidate(p, lo, hi);
  ferry_end(p, &span, FERRY_TRANSFER_INVALIDATION, lo, hi);
}

// One run of pages in the same state, to one block.
static bool move_run(struct ferry_pages *p, struct ferry_slot *s, uintptr_t at,
                     uintptr_t to, size_t size) {
  struct ferry_slot *target = ferry_find_slot(p, to);
  const bool leaving = s->leaving >> ferry_page_index(at) & 1;
  if (!target && !p->free_count)
    return false;
  if (!target)
    target = ferry_add_slot(p, to);
  p->provider.move(p->provider.self, at, to, size, ferry_stage_of(p, s, at),
                   leaving);
  ferry_forget_pages(p, s, ferry_pages_in(at, at + size));
  ferry_keep_pages(p, target, to, size);
  return true;
}

static uintptr_t end_of_run(const struct ferry_slot *s, uintptr_t at,
                            uintptr_t limit) {
  const uint32_t leaving = s->leaving >> ferry_page_index(at) & 1;
  uintptr_t end = at;
  while (end < limit && s->device >> ferry_page_index(end) & 1 &&
         (s->leaving >> ferry_page_index(end) & 1) == leaving)
    end += FERRY_PAGE;
  return end;
}

bool ferry_remap(struct ferry_pages *p, uintptr_t from, uintptr_t to,
                 size_t size) {
  ferry_invalidate(p, to, to + size); // the mapping took the place of others
  for (uintptr_t at = from; at < from + size;) {
    struct ferry_slot *s = ferry_find_slot(p, at);
    const uintptr_t there = to + (at - from);
    const uintptr_t block =
        ferry_least(from + size, ferry_block_of(at) + FERRY_BLOCK);
    const uintptr_t limit =
        ferry_least(block, at + (ferry_block_of(there) + FERRY_BLOCK - there));
    const uintptr_t end = s ? end_of_run(s, at, limit) : block;
    if (s && end == at) {
      at += FERRY_PAGE;
      continue;
    }
    if (s && !move_run(p, s, at, there, end - at))
      return false;
    if (s)
      ferry_release_if_empty(p, s);
    at = end;
  }
  return true;
}

static unsigned count_in(const struct ferry_slot *s, uintptr_t lo,
                         uintptr_t hi) {
  lo = ferry_most(lo, s->base);
  hi = ferry_least(hi, s->base + FERRY_BLOCK);
  return lo < hi
             ? (unsigned)__builtin_popcount(s->device & ferry_pages_in(lo, hi))
             : 0;
}

uint64_t ferry_count_pages(const struct ferry_pages *p, uintptr_t lo,
                           uintptr_t hi) {
  uint64_t count = 0;
  if ((hi - lo) / FERRY_BLOCK > p->slot_count) // as in invalidate
    for (uint32_t i = 0; i < p->slot_count; ++i)
      count += p->slots[i].device ? count_in(&p->slots[i], lo, hi) : 0;
  else
    for (uintptr_t at = ferry_block_of(lo); p->owned && at < hi;
         at += FERRY_BLOCK) {
      const struct ferry_slot *s = ferry_find_slot(p, at);
      count += s ? count_in(s, lo, hi) : 0;
    }
  return count;
}

void ferry_for_pages(const struct ferry_pages *p,
                     void (*visit)(void *, uintptr_t, size_t, size_t, bool),
                     void *context) {
  for (uint32_t i = 0; i < p->slot_count; ++i) {
    const struct ferry_slot *s = &p->slots[i];
    uintptr_t end;
    for (uintptr_t at = s->base;
         s->device && at<s->base + FERRY_BLOCK; at = end> at
             ? end
             : at + FERRY_PAGE) {
      end = end_of_run(s, at, s->base + FERRY_BLOCK);
      if (end > at)
        visit(context, at, end - at, ferry_stage_of(p, s, at),
              s->leaving >> ferry_page_index(at) & 1);
    }
  }
}

//===- the check ----------------------------------------------------------===//

static const char *check_slot(const struct ferry_pages *p,
                              const struct ferry_slot *s) {
  if (s->leaving & ~s->device)
    return "a page is Leaving that is not on the device";
  if (s->base % FERRY_BLOCK)
    return "a block is not aligned";
  if (ferry_find_slot(p, s->base) != s)
    return "a block is not in the hash table, or twice";
  return NULL;
}

static const char *check_ages(const struct ferry_pages *p, uint32_t used) {
  uint32_t older = UINT32_MAX, seen = 0;
  for (uint32_t i = p->oldest; i != UINT32_MAX && seen <= used; ++seen) {
    if (p->slots[i].older != older || !p->slots[i].device)
      return "the list by age is broken";
    older = i;
    i = p->slots[i].newer;
  }
  return seen == used && p->newest == older ? NULL
                                            : "the list by age lacks a block";
}

const char *ferry_check_pages(const struct ferry_pages *p) {
  uint32_t used = 0;
  uint64_t owned = 0;
  for (uint32_t i = 0; i < p->slot_count; ++i) {
    const struct ferry_slot *s = &p->slots[i];
    if (!s->device)
      continue;
    const char *wrong = check_slot(p, s);
    if (wrong)
      return wrong;
    ++used;
    owned += (unsigned)__builtin_popcount(s->device);
  }
  if (owned != p->owned)
    return "the pages on the device are miscounted";
  if (used + p->free_count != p->slot_count)
    return "a slot is lost";
  return check_ages(p, used);
}
