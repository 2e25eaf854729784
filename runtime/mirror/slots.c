//===- slots.c - the table of the page engine ---------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A hash table of the blocks that have pages on the device, a list of them by
// the time they were last filled, and a list of free slots, all within one
// array.
//
//===----------------------------------------------------------------------===//
#include "slots.h"

#define NONE UINT32_MAX

enum { LEAST_RESERVE = 64 };

static uint32_t slots_for(size_t capacity) {
  const uint32_t blocks = (uint32_t)(capacity / FERRY_BLOCK);
  return blocks + (blocks > LEAST_RESERVE ? blocks : LEAST_RESERVE);
}

static uint32_t heads_for(size_t capacity) {
  uint32_t count = 1;
  while (count < slots_for(capacity))
    count *= 2;
  return count;
}

size_t ferry_pages_memory(size_t capacity) {
  return slots_for(capacity) * sizeof(struct ferry_slot) +
         heads_for(capacity) * sizeof(uint32_t);
}

size_t ferry_pages_stage(size_t capacity) {
  return (size_t)slots_for(capacity) * FERRY_BLOCK;
}

static uint32_t *head_of(const struct ferry_pages *p, uintptr_t base) {
  const uint64_t mixed = base / FERRY_BLOCK * UINT64_C(0x9e3779b97f4a7c15);
  return &p->heads[(mixed >> 32) & p->head_mask];
}

struct ferry_slot *ferry_find_slot(const struct ferry_pages *p, uintptr_t at) {
  uint32_t i = *head_of(p, ferry_block_of(at));
  while (i != NONE && p->slots[i].base != ferry_block_of(at))
    i = p->slots[i].chain;
  return i == NONE ? NULL : &p->slots[i];
}

static void unlink_age(struct ferry_pages *p, struct ferry_slot *s) {
  *(s->older == NONE ? &p->oldest : &p->slots[s->older].newer) = s->newer;
  *(s->newer == NONE ? &p->newest : &p->slots[s->newer].older) = s->older;
}

static void link_newest(struct ferry_pages *p, struct ferry_slot *s) {
  const uint32_t self = (uint32_t)(s - p->slots);
  s->older = p->newest;
  s->newer = NONE;
  *(s->older == NONE ? &p->oldest : &p->slots[s->older].newer) = self;
  p->newest = self;
}

// One that has no page yet; there must be one.
struct ferry_slot *ferry_add_slot(struct ferry_pages *p, uintptr_t at) {
  const uint32_t self = p->free;
  struct ferry_slot *s = &p->slots[self];
  uint32_t *head = head_of(p, ferry_block_of(at));
  p->free = s->chain;
  --p->free_count;
  *s = (struct ferry_slot){.base = ferry_block_of(at), .chain = *head};
  *head = self;
  link_newest(p, s);
  return s;
}

void ferry_release_if_empty(struct ferry_pages *p, struct ferry_slot *s) {
  const uint32_t self = (uint32_t)(s - p->slots);
  if (s->device)
    return;
  uint32_t *link = head_of(p, s->base);
  while (*link != self)
    link = &p->slots[*link].chain;
  *link = s->chain;
  unlink_age(p, s);
  s->base = 0;
  s->chain = p->free;
  p->free = self;
  ++p->free_count;
}

void ferry_pages_init(struct ferry_pages *p,
                      const struct ferry_provider *provider, void *memory) {
  const uint32_t heads = heads_for(provider->capacity);
  *p = (struct ferry_pages){.provider = *provider, .slots = memory};
  // What comes along must not push out what is needed.
  while (p->provider.largest_granule > provider->capacity / 4)
    p->provider.largest_granule /= 2;
  p->provider.granule =
      ferry_least(provider->granule, p->provider.largest_granule);
  p->slot_count = p->free_count = slots_for(provider->capacity);
  p->reserve = p->slot_count - (uint32_t)(provider->capacity / FERRY_BLOCK);
  p->heads = (void *)(p->slots + p->slot_count);
  p->head_mask = heads - 1;
  p->oldest = p->newest = NONE;
  for (uint32_t i = 0; i < heads; ++i)
    p->heads[i] = NONE;
  for (uint32_t i = 0; i < p->slot_count; ++i)
    p->slots[i].chain = i + 1 < p->slot_count ? i + 1 : NONE;
}

bool ferry_on_device(const struct ferry_pages *p, uintptr_t at) {
  const struct ferry_slot *s = ferry_find_slot(p, at);
  return s && s->device >> ferry_page_index(at) & 1;
}

void ferry_renew_slot(struct ferry_pages *p, struct ferry_slot *s) {
  unlink_age(p, s);
  link_newest(p, s);
}
