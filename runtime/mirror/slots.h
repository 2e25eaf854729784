//===- slots.h - the table of the page engine -----------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For the files of the engine alone.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_SLOTS_H
#define FERRY_MIRROR_SLOTS_H

#include "pages.h"

static inline uintptr_t ferry_block_of(uintptr_t at) {
  return at & ~(uintptr_t)(FERRY_BLOCK - 1);
}
static inline uint32_t ferry_page_index(uintptr_t at) {
  return (uint32_t)(at % FERRY_BLOCK / FERRY_PAGE);
}
static inline uintptr_t ferry_least(uintptr_t a, uintptr_t b) {
  return a < b ? a : b;
}
static inline uintptr_t ferry_most(uintptr_t a, uintptr_t b) {
  return a > b ? a : b;
}

// Bits of the pages in [lo, hi), which lies in one block.
static inline uint16_t ferry_pages_in(uintptr_t lo, uintptr_t hi) {
  const uint32_t count = (uint32_t)((hi - lo) / FERRY_PAGE);
  return (uint16_t)(((1u << count) - 1) << ferry_page_index(lo));
}

// The first run of set bits: from `*first` to before the returned one; 0: none.
static inline uint32_t ferry_next_run(uint16_t bits, uint32_t *first) {
  if (!bits)
    return 0;
  *first = (uint32_t)__builtin_ctz(bits);
  return *first + (uint32_t)__builtin_ctz(~((uint32_t)bits >> *first));
}

static inline size_t ferry_stage_of(const struct ferry_pages *p,
                                    const struct ferry_slot *s, uintptr_t at) {
  return (size_t)(s - p->slots) * FERRY_BLOCK + at % FERRY_BLOCK;
}

// Null: the block has no page on the device.
struct ferry_slot *ferry_find_slot(const struct ferry_pages *p, uintptr_t at);

// For a block that has none; one must be free.
struct ferry_slot *ferry_add_slot(struct ferry_pages *p, uintptr_t at);

// Once its last page has gone.
void ferry_release_if_empty(struct ferry_pages *p, struct ferry_slot *s);

// It was filled just now.
void ferry_renew_slot(struct ferry_pages *p, struct ferry_slot *s);

static inline void ferry_keep_pages(struct ferry_pages *p, struct ferry_slot *s,
                                    uintptr_t at, size_t size) {
  s->device |= ferry_pages_in(at, at + size);
  p->owned += size / FERRY_PAGE;
}

static inline void ferry_forget_pages(struct ferry_pages *p,
                                      struct ferry_slot *s, uint16_t pages) {
  p->owned -= (unsigned)__builtin_popcount(s->device & pages);
  s->device &= (uint16_t)~pages;
  s->leaving &= (uint16_t)~pages;
}

#endif
