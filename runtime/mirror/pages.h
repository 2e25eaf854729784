//===- pages.h - which side has which page --------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page engine of a device with a memory of its own that shares the
// program's addresses. It keeps who owns each page, and decides what moves; a
// *provider* moves it. A page is
//
//   System   where the program left it: present, swapped, or never touched.
//            Nothing is kept about it.
//   Device   the program has no access; the data are in the device.
//   Leaving  the program has no access and the device no more; the data are on
//            the *stage*, memory of the host on the way between both.
//
//   event                     System           Device          Leaving
//   device fault, prefetch    take, place      -               (give first)
//     never touched           place zeroes     -               -
//   CPU fault, give back      (caller fills)   fetch, give     give
//   no room                   -                the same, for the oldest block
//   unmapped, emptied         -                drop            drop
//   remapped                  -                move, Device there
//
// At no moment do both sides have access: `take` ends the program's before the
// device gets the page, `fetch` ends the device's before the program does.
//
// Memory is divided into *blocks* of 64 KiB, aligned in the address space. A
// block with pages on the device has a *slot*: 64 KiB of stage and an entry in
// the table. Pages that never moved have nothing, and cost nothing.
//
// The program goes on meanwhile: it maps and unmaps. A provider that cannot act
// before its owner has heard of such a change says FERRY_CHANGING; the engine
// then returns FERRY_PAGES_AGAIN in a consistent state, and the caller tells it
// about the change and asks again. So no function is entered while another
// one runs. One thread calls all of them.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_PAGES_H
#define FERRY_MIRROR_PAGES_H

#include "history.h"
#include "ranges.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  FERRY_BLOCK = 64 << 10,
  FERRY_BLOCK_PAGES = FERRY_BLOCK / FERRY_PAGE,
  FERRY_STREAMS = 16
};

// What `take` and `give` may answer in place of a size.
enum {
  FERRY_CHANGING = -1,  // the program's mappings change: hear of it first
  FERRY_UNTOUCHED = -2, // the first page was never written or read
  FERRY_IMMOVABLE = -3  // the first page cannot move
};

// How pages move. All addresses and sizes are of whole pages within one block;
// `stage` is an offset in the stage. Sizes returned may be less than asked.
struct ferry_provider {
  // From the program to the stage, which is empty there.
  long (*take)(void *self, uintptr_t at, size_t size, size_t stage);
  // From the stage to the program, whose pages are not there. Where the program
  // has no such memory any more, the data are dropped.
  long (*give)(void *self, uintptr_t at, size_t size, size_t stage);
  // From the stage to the device; what stays on the stage does not matter.
  void (*place)(void *self, uintptr_t at, size_t size, size_t stage);
  void (*place_zeroes)(void *self, uintptr_t at, size_t size);
  // From the device to the stage. The device has no access from the beginning.
  void (*fetch)(void *self, uintptr_t at, size_t size, size_t stage);
  // Forgets what the device has, if anything, and empties the stage.
  void (*drop)(void *self, uintptr_t at, size_t size, size_t stage);
  // Within the device, to other addresses, and empties the stage. `leaving`:
  // the data are on the stage.
  void (*move)(void *self, uintptr_t from, uintptr_t to, size_t size,
               size_t stage, bool leaving);
  void *self;
  size_t capacity; // of the device's memory, in bytes
  size_t granule,
      largest_granule; // what moves with a fault, at first and at most:
                       // powers of two
};

enum ferry_pages_result {
  FERRY_PAGES_DONE,
  FERRY_PAGES_AGAIN,
  FERRY_PAGES_ELSEWHERE, // the page is not on the device
  FERRY_PAGES_IMMOVABLE
};

// A block that has pages on the device.
struct ferry_slot {
  uintptr_t base;
  uint16_t device;       // bit per page: not System
  uint16_t leaving;      // of these: Leaving
  uint32_t chain;        // the next with this hash, or the next free one
  uint32_t older, newer; // by when it was last filled
};

// Faults that follow each other move more and more.
struct ferry_stream {
  uintptr_t next;
  size_t size;
};

struct ferry_pages {
  struct ferry_provider provider;
  struct ferry_slot *slots;
  uint32_t *heads; // of the hash table
  uint32_t slot_count, head_mask, free, free_count, oldest, newest;
  uint32_t reserve; // slots that only `remap` may use
  uint64_t owned;   // pages
  struct ferry_stream streams[2][FERRY_STREAMS]; // of the device, of CPUs
  uint32_t next_stream[2];
  struct ferry_traffic traffic;
  struct ferry_history history;
  struct ferry_residency *residency; // null: not kept
};

// Of the memory and of the stage that an engine needs.
size_t ferry_pages_memory(size_t capacity);
size_t ferry_pages_stage(size_t capacity);

// `memory` is zeroed and stays the engine's.
void ferry_pages_init(struct ferry_pages *p,
                      const struct ferry_provider *provider, void *memory);

bool ferry_on_device(const struct ferry_pages *p, uintptr_t at);

// The device has touched `at`. [lo, hi) around it is memory whose pages may
// move along. The page is on the device afterwards, or IMMOVABLE.
enum ferry_pages_result ferry_device_fault(struct ferry_pages *p, uintptr_t at,
                                           uintptr_t lo, uintptr_t hi);

// A CPU has touched `at`. [*lo, *hi) receives what has come back.
enum ferry_pages_result ferry_cpu_fault(struct ferry_pages *p, uintptr_t at,
                                        uintptr_t *lo, uintptr_t *hi);

// Pages that the program has touched, as long as there is room without
// eviction. *at receives how far it came.
enum ferry_pages_result ferry_prefetch(struct ferry_pages *p, uintptr_t *at,
                                       uintptr_t hi);

enum ferry_pages_result ferry_give_back(struct ferry_pages *p, uintptr_t lo,
                                        uintptr_t hi);
enum ferry_pages_result ferry_give_all(struct ferry_pages *p);

// The program has unmapped or emptied [lo, hi).
void ferry_invalidate(struct ferry_pages *p, uintptr_t lo, uintptr_t hi);

// The program has moved a mapping. False: there is no slot left for it.
bool ferry_remap(struct ferry_pages *p, uintptr_t from, uintptr_t to,
                 size_t size);

// How many pages of [lo, hi) are on the device.
uint64_t ferry_count_pages(const struct ferry_pages *p, uintptr_t lo,
                           uintptr_t hi);

// All pages on the device, in runs within blocks; `stage`: where they are if
// they are Leaving.
void ferry_for_pages(const struct ferry_pages *p,
                     void (*visit)(void *context, uintptr_t at, size_t size,
                                   size_t stage, bool leaving),
                     void *context);

// Null, or what is wrong with the table.
const char *ferry_check_pages(const struct ferry_pages *p);

#endif
