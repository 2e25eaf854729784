//===- moves.c - what the program does to mappings that have pages there --===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "moves.h"
#include "slots.h"

static bool meet(struct ferry_range a, struct ferry_range b) {
  return a.lo < b.hi && b.lo < a.hi;
}

static bool has_pages(const struct ferry_pages *p, struct ferry_range r) {
  for (uintptr_t at = r.lo; at < r.hi;) {
    if (ferry_on_device(p, at))
      return true;
    at = ferry_find_slot(p, at) ? at + FERRY_PAGE
                                : ferry_block_of(at) + FERRY_BLOCK;
  }
  return false;
}

// Was something moved to or from there?
static bool was_moved(const struct ferry_moves *s, struct ferry_range r) {
  for (uint32_t i = 0; i < s->count; ++i)
    if (meet(s->all[i].from, r) || meet(s->all[i].to, r))
      return true;
  return false;
}

static bool was_left(const struct ferry_moves *s, struct ferry_range r) {
  for (uint32_t i = 0; i < s->left_count; ++i)
    if (meet(s->left[i], r))
      return true;
  return false;
}

// mremap's second message.
static bool is_end_of_move(struct ferry_moves *s, struct ferry_range r) {
  for (uint32_t i = 0; i < s->count; ++i) {
    struct ferry_move *m = &s->all[i];
    if (!m->done && m->from.lo == r.lo && m->from.hi == r.hi)
      return m->done = true;
  }
  return false;
}

enum ferry_followed ferry_follow_unmap(struct ferry_moves *s, bool alone,
                                       uintptr_t lo, uintptr_t hi) {
  const struct ferry_range r = {lo, hi};
  if (!alone && is_end_of_move(s, r))
    return FERRY_FOLLOWED;
  if (!alone && was_moved(s, r))
    return FERRY_UNCERTAIN;
  if (!alone && has_pages(s->pages, r)) {
    if (s->left_count == FERRY_LEFT)
      return FERRY_UNCERTAIN;
    s->left[s->left_count++] = r;
  }
  ferry_invalidate(s->pages, lo, hi);
  return FERRY_FOLLOWED;
}

enum ferry_followed ferry_follow_remap(struct ferry_moves *s, bool alone,
                                       uintptr_t from, uintptr_t to,
                                       size_t size) {
  const struct ferry_move m = {{from, from + size}, {to, to + size}, false};
  if (!alone) {
    if (was_left(s, m.from) || was_moved(s, m.from) ||
        has_pages(s->pages, m.to)) // of which it is not told yet
      return FERRY_UNCERTAIN;
    if (has_pages(s->pages, m.from)) {
      if (s->count == FERRY_MOVES)
        return FERRY_UNCERTAIN;
      s->all[s->count++] = m;
    }
  }
  return ferry_remap(s->pages, from, to, size) ? FERRY_FOLLOWED : FERRY_FULL;
}
