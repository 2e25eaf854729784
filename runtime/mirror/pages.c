//===- pages.c - which side has which page ------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The states and what changes them are in pages.h.
//
//===----------------------------------------------------------------------===//
#include "slots.h"

enum { OF_DEVICE, OF_CPU };

//===- to the program -----------------------------------------------------===//

static void fetch(struct ferry_pages *p, struct ferry_slot *s, uint16_t pages) {
  uint16_t left = pages & s->device & (uint16_t)~s->leaving;
  uint32_t first, end;
  while ((end = ferry_next_run(left, &first))) {
    const uintptr_t lo = s->base + first * FERRY_PAGE,
                    hi = s->base + end * FERRY_PAGE;
    p->provider.fetch(p->provider.self, lo, hi - lo, ferry_stage_of(p, s, lo));
    left &= (uint16_t)~ferry_pages_in(lo, hi);
    s->leaving |= ferry_pages_in(lo, hi);
  }
}

static enum ferry_pages_result give(struct ferry_pages *p, struct ferry_slot *s,
                                    uint16_t pages) {
  uint32_t first, end;
  fetch(p, s, pages);
  while ((end = ferry_next_run(s->leaving & pages, &first))) {
    const uintptr_t lo = s->base + first * FERRY_PAGE,
                    hi = s->base + end * FERRY_PAGE;
    const long size = p->provider.give(p->provider.self, lo, hi - lo,
                                       ferry_stage_of(p, s, lo));
    if (size <= 0)
      return FERRY_PAGES_AGAIN;
    p->traffic.to_system += (uint64_t)size / FERRY_PAGE;
    ferry_forget_pages(p, s, ferry_pages_in(lo, lo + (uintptr_t)size));
  }
  ferry_release_if_empty(p, s);
  return FERRY_PAGES_DONE;
}

static enum ferry_pages_result give_range(struct ferry_pages *p, uintptr_t lo,
                                          uintptr_t hi) {
  for (uintptr_t at = ferry_page_of(lo); at < hi;) {
    const uintptr_t end = ferry_least(hi, ferry_block_of(at) + FERRY_BLOCK);
    struct ferry_slot *s = ferry_find_slot(p, at);
    if (s &&
        give(p, s, ferry_pages_in(at, ferry_page_of(end + FERRY_PAGE - 1))))
      return FERRY_PAGES_AGAIN;
    at = end;
  }
  return FERRY_PAGES_DONE;
}

enum ferry_pages_result ferry_give_back(struct ferry_pages *p, uintptr_t lo,
                                        uintptr_t hi) {
  const struct ferry_span span = ferry_begin(p);
  const enum ferry_pages_result result = give_range(p, lo, hi);
  ferry_end(p, &span, FERRY_TRANSFER_RECALL, lo, hi);
  return result;
}

static enum ferry_pages_result give_oldest(struct ferry_pages *p,
                                           struct ferry_slot *s,
                                           enum ferry_transfer why) {
  const struct ferry_span span = ferry_begin(p);
  const uintptr_t base = s->base;
  const enum ferry_pages_result result = give(p, s, UINT16_MAX);
  ferry_end(p, &span, why, base, base + FERRY_BLOCK);
  return result;
}

enum ferry_pages_result ferry_give_all(struct ferry_pages *p) {
  while (p->oldest != UINT32_MAX)
    if (give_oldest(p, &p->slots[p->oldest], FERRY_TRANSFER_RECALL))
      return FERRY_PAGES_AGAIN;
  return FERRY_PAGES_DONE;
}

//===- to the device ------------------------------------------------------===//

static bool has_room(const struct ferry_pages *p, bool needs_slot,
                     size_t pages) {
  return p->owned + pages <= p->provider.capacity / FERRY_PAGE &&
         (!needs_slot || p->free_count > p->reserve);
}

// Not the block that it is for.
static enum ferry_pages_result make_room(struct ferry_pages *p, uintptr_t at,
                                         size_t pages) {
  while (!has_room(p, !ferry_find_slot(p, at), pages)) {
    struct ferry_slot *s = &p->slots[p->oldest];
    if (s->base == ferry_block_of(at) && s->newer != UINT32_MAX)
      s = &p->slots[s->newer];
    const uint64_t before = p->traffic.to_system;
    const enum ferry_pages_result result =
        give_oldest(p, s, FERRY_TRANSFER_EVICTION);
    p->traffic.evicted += p->traffic.to_system - before;
    if (result)
      return result;
  }
  return FERRY_PAGES_DONE;
}

static void place_zeroes(struct ferry_pages *p, struct ferry_slot *s,
                         uintptr_t at) {
  p->provider.place_zeroes(p->provider.self, at, FERRY_PAGE);
  ferry_keep_pages(p, s, at, FERRY_PAGE);
  ++p->traffic.zeroed;
}

// What of a block moves to the device, and how.
struct wish {
  uintptr_t lo, hi;   // pages, in one block
  uintptr_t required; // the page that must come; 0: none
  bool zeroes; // also pages that were never touched, like the required one
};

// From page `at` on; the size that is settled now, or an answer of `take`.
static long take_some(struct ferry_pages *p, struct ferry_slot *s,
                      struct wish *w, uintptr_t at) {
  uintptr_t end = at;
  while (end < w->hi && !(s->device >> ferry_page_index(end) & 1))
    end += FERRY_PAGE;
  if (end == at)
    return FERRY_PAGE;
  const size_t stage = ferry_stage_of(p, s, at);
  const long size = p->provider.take(p->provider.self, at, end - at, stage);
  if (size > 0) {
    p->provider.place(p->provider.self, at, (size_t)size, stage);
    ferry_keep_pages(p, s, at, (size_t)size);
    p->traffic.to_device += (uint64_t)size / FERRY_PAGE;
  }
  if (size != FERRY_UNTOUCHED)
    return size;
  w->zeroes = w->zeroes || at == w->required;
  if (w->zeroes)
    place_zeroes(p, s, at);
  return FERRY_PAGE;
}

static enum ferry_pages_result take_block(struct ferry_pages *p,
                                          struct wish *w) {
  if (make_room(p, w->lo, (w->hi - w->lo) / FERRY_PAGE))
    return FERRY_PAGES_AGAIN;
  struct ferry_slot *s = ferry_find_slot(p, w->lo);
  if (!s)
    s = ferry_add_slot(p, w->lo);
  ferry_renew_slot(p, s);
  enum ferry_pages_result result = FERRY_PAGES_DONE;
  for (uintptr_t at = w->lo; at < w->hi && !result;) {
    const long size = take_some(p, s, w, at);
    if (size == FERRY_CHANGING)
      result = FERRY_PAGES_AGAIN;
    else if (size < 0 && (at == w->required || !w->required))
      result = FERRY_PAGES_IMMOVABLE;
    at += size > 0 ? (uintptr_t)size : FERRY_PAGE;
  }
  ferry_release_if_empty(p, s);
  return result;
}

// What moves with a fault there: the same as last time, doubled, if it follows
// that; else little.
static size_t granule(struct ferry_pages *p, int side, uintptr_t at,
                      uintptr_t *lo) {
  struct ferry_stream *all = p->streams[side], *s = all;
  while (s < all + FERRY_STREAMS && s->next != at)
    ++s;
  if (s == all + FERRY_STREAMS) {
    s = &all[p->next_stream[side]++ % FERRY_STREAMS];
    s->size = p->provider.granule;
    *lo = at & ~(uintptr_t)(s->size - 1);
  } else {
    if (s->size < p->provider.largest_granule)
      s->size *= 2;
    *lo = at;
  }
  s->next = *lo + s->size;
  return s->size;
}

static enum ferry_pages_result take_all(struct ferry_pages *p, struct wish w) {
  const uintptr_t hi = w.hi;
  enum ferry_pages_result result = FERRY_PAGES_DONE;
  while (w.lo < hi && !result) {
    w.hi = ferry_least(hi, ferry_block_of(w.lo) + FERRY_BLOCK);
    result = take_block(p, &w);
    w.lo = w.hi;
  }
  return result;
}

// First the page that is needed: what it is tells about its neighbours.
static enum ferry_pages_result
take_around(struct ferry_pages *p, uintptr_t page, uintptr_t lo, uintptr_t hi) {
  struct wish here = {page, ferry_least(hi, ferry_block_of(page) + FERRY_BLOCK),
                      page, false};
  const uintptr_t next = here.hi;
  enum ferry_pages_result result = take_block(p, &here);
  if (!result)
    result = take_all(p, (struct wish){next, hi, 0, here.zeroes});
  if (!result)
    result = take_all(p, (struct wish){lo, page, 0, here.zeroes});
  return result;
}

enum ferry_pages_result ferry_device_fault(struct ferry_pages *p, uintptr_t at,
                                           uintptr_t lo, uintptr_t hi) {
  const uintptr_t page = ferry_page_of(at);
  uintptr_t from;
  const struct ferry_slot *s = ferry_find_slot(p, page);
  if (s &&
      s->leaving >> ferry_page_index(page) & 1) { // what it is then, is open
    ferry_give_back(p, page, page + FERRY_PAGE);
    return FERRY_PAGES_AGAIN;
  }
  if (ferry_on_device(p, page))
    return FERRY_PAGES_DONE;
  ++p->traffic.device_faults;
  const struct ferry_span span = ferry_begin(p);
  const size_t size = granule(p, OF_DEVICE, page, &from);
  lo = ferry_most(lo, from);
  hi = ferry_least(hi, from + size);
  const enum ferry_pages_result result = take_around(p, page, lo, hi);
  ferry_end(p, &span, FERRY_TRANSFER_DEVICE_FAULT, lo, hi);
  // The rest was only a guess.
  return ferry_on_device(p, page) ? FERRY_PAGES_DONE : result;
}

static enum ferry_pages_result prefetch(struct ferry_pages *p, uintptr_t *at,
                                        uintptr_t hi) {
  while (*at < hi) {
    const uintptr_t end = ferry_least(hi, ferry_block_of(*at) + FERRY_BLOCK);
    struct wish w = {*at, end, 0, false};
    const struct ferry_slot *s = ferry_find_slot(p, *at);
    if (!has_room(p, !s, (end - *at) / FERRY_PAGE))
      return FERRY_PAGES_DONE;
    const uint64_t before = p->traffic.to_device;
    const enum ferry_pages_result result = take_block(p, &w);
    p->traffic.prefetched += p->traffic.to_device - before;
    if (result)
      return result;
    *at = end;
  }
  return FERRY_PAGES_DONE;
}

enum ferry_pages_result ferry_prefetch(struct ferry_pages *p, uintptr_t *at,
                                       uintptr_t hi) {
  const struct ferry_span span = ferry_begin(p);
  const uintptr_t lo = *at;
  const enum ferry_pages_result result = prefetch(p, at, hi);
  const uintptr_t tried = result ? ferry_block_of(*at) + FERRY_BLOCK : *at;
  ferry_end(p, &span, FERRY_TRANSFER_PREFETCH, lo, ferry_least(hi, tried));
  return result;
}

enum ferry_pages_result ferry_cpu_fault(struct ferry_pages *p, uintptr_t at,
                                        uintptr_t *lo, uintptr_t *hi) {
  const uintptr_t page = ferry_page_of(at);
  uintptr_t from;
  if (!ferry_on_device(p, page))
    return FERRY_PAGES_ELSEWHERE;
  const struct ferry_span span = ferry_begin(p);
  const size_t size = granule(p, OF_CPU, page, &from);
  *lo = from;
  *hi = from + size;
  const bool again = give_range(p, page, page + FERRY_PAGE) ||
                     give_range(p, *lo, *hi);
  ferry_end(p, &span, FERRY_TRANSFER_CPU_FAULT, *lo, *hi);
  if (again)
    return FERRY_PAGES_AGAIN;
  ++p->traffic.cpu_faults;
  return FERRY_PAGES_DONE;
}
