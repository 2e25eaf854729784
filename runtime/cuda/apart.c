//===- apart.c - a GPU that does not see the program's memory -------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A range of the GPU's addresses, the window, stands for one of the program's: a
// kernel adds the distance between both to each address. Before a launch, memory is
// put behind those parts of the window that the loop may touch, and their contents
// are copied; after it, what has changed goes back, and the memory is taken
// away. Nothing stays between launches.
//
// Bytes that a loop leaves alone lie between those that it writes, and other threads
// of the program may write them meanwhile. So only bytes that the GPU has changed go
// back; to tell them, what was sent is kept.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../links.h"
#include "cuda.h"

#include <string.h>
#include <sys/mman.h>

enum { GRANULE = 2 << 20, CHUNK = 1 << 20, MOST_PARTS = FERRY_MAX_ACCESSES * 2 };

static struct {
  ferry_cu_address base; // of the GPU; 0: none is reserved
  uintptr_t lo, hi;      // of the program
} window;

static struct ferry_range room[MOST_PARTS];
static struct ferry_ranges granules = {room, 0, MOST_PARTS}; // with memory behind them
static uint64_t handles[MOST_PARTS];                         // of that memory
static size_t mapped;                                        // of them

static char *originals; // of all that may be written
static size_t originals_size;

static ferry_cu_address there(uintptr_t at) { return window.base + (at - window.lo); }

uint64_t ferry_copies_delta(void) { return window.base - window.lo; }

//===- addresses ----------------------------------------------------------===//

static uintptr_t down(uintptr_t at) { return at & ~(uintptr_t)(GRANULE - 1); }

static bool find_granules(const struct ferry_gpu_footprint *f) {
  granules.count = 0;
  for (size_t i = 0; i < f->moving.count; ++i)
    if (!ferry_add_range(&granules, down(f->moving.all[i].lo),
                         down(f->moving.all[i].hi + GRANULE - 1)))
      return false;
  return granules.count > 0;
}

// One that was large enough for the last launch is kept.
static bool reserve(void) {
  const uintptr_t lo = granules.all[0].lo, hi = granules.all[granules.count - 1].hi;
  if (window.base && window.lo <= lo && hi <= window.hi)
    return true;
  if (window.base)
    ferry_cu.address_free(window.base, window.hi - window.lo);
  window.lo = lo;
  window.hi = hi;
  if (ferry_cu.address_reserve(&window.base, hi - lo, GRANULE, 0, 0))
    window.base = 0;
  return window.base;
}

//===- memory -------------------------------------------------------------===//

static bool put_memory(const struct ferry_gpu *gpu, const struct ferry_range *r,
                       uint64_t *handle) {
  const struct ferry_cu_location where = {FERRY_CU_LOCATION_DEVICE, gpu->device};
  const struct ferry_cu_allocation kind = {.type = FERRY_CU_PINNED, .where = where};
  const struct ferry_cu_access access = {where, FERRY_CU_READ_WRITE};
  const size_t size = r->hi - r->lo;
  if (ferry_cu.memory_create(handle, size, &kind, 0))
    return false;
  if (ferry_cu.memory_map(there(r->lo), size, 0, *handle, 0)) {
    ferry_cu.memory_release(*handle);
    return false;
  }
  ++mapped;
  return !ferry_cu.memory_access(there(r->lo), size, &access, 1);
}

// It goes when it is neither mapped nor held.
static void take_memory(void) {
  for (; mapped > 0; --mapped) {
    const struct ferry_range *r = &granules.all[mapped - 1];
    ferry_cu.memory_unmap(there(r->lo), r->hi - r->lo);
    ferry_cu.memory_release(handles[mapped - 1]);
  }
}

static bool put_all(const struct ferry_gpu *gpu) {
  for (size_t i = 0; i < granules.count; ++i)
    if (!put_memory(gpu, &granules.all[i], &handles[i]))
      return false;
  return true;
}

//===- contents -----------------------------------------------------------===//

static bool is_written(const struct ferry_gpu_footprint *f, const struct ferry_range *r) {
  return ferry_meets_ranges(&f->written, r->lo, r->hi);
}

static size_t written_size(const struct ferry_gpu_footprint *f) {
  size_t size = 0;
  for (size_t i = 0; i < f->moving.count; ++i)
    if (is_written(f, &f->moving.all[i]))
      size += f->moving.all[i].hi - f->moving.all[i].lo;
  return size;
}

static char chunk[CHUNK];

// Between what the loop touches there may be memory that another thread unmaps. `kept`:
// null, or the copy stays there.
static bool send_part(const struct ferry_range *r, char *kept) {
  for (uintptr_t at = r->lo; at < r->hi; at += CHUNK) {
    const size_t size = r->hi - at < CHUNK ? r->hi - at : CHUNK;
    char *copy = kept ? kept + (at - r->lo) : chunk;
    if (!ferry_peek(copy, (int64_t)at, size) || ferry_cu.copy_there(there(at), copy, size))
      return false;
  }
  return true;
}

static bool send(const struct ferry_gpu_footprint *f) {
  char *kept = originals;
  for (size_t i = 0; i < f->moving.count; ++i) {
    const struct ferry_range *r = &f->moving.all[i];
    const bool keeps = is_written(f, r);
    if (!send_part(r, keeps ? kept : NULL))
      return false;
    kept += keeps ? r->hi - r->lo : 0;
  }
  return true;
}

static void store_changes(char *to, const char *now, const char *before, size_t size) {
  for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
    uint64_t x, y;
    memcpy(&x, now + i, sizeof x);
    memcpy(&y, before + i, sizeof y);
    for (size_t k = 0; x != y && k < sizeof x; ++k)
      if (now[i + k] != before[i + k])
        to[i + k] = now[i + k];
  }
}

static int get_part(const struct ferry_range *r, const char *before) {
  for (uintptr_t at = r->lo; at < r->hi; at += CHUNK) {
    const size_t size = r->hi - at < CHUNK ? r->hi - at : CHUNK;
    const int error = ferry_cu.copy_back(chunk, there(at), size);
    if (error)
      return error;
    store_changes((char *)at, chunk, before + (at - r->lo), size);
  }
  return 0;
}

//===- around a launch ----------------------------------------------------===//

static bool make_originals(size_t size) {
  originals_size = size;
  return !size || (originals = ferry_map(size));
}

void ferry_end_copies(void) {
  take_memory();
  if (originals_size && originals)
    munmap(originals, originals_size);
  originals = NULL;
  originals_size = 0;
}

bool ferry_send_copies(const struct ferry_gpu *gpu, const struct ferry_gpu_footprint *f) {
  if (find_granules(f) && reserve() && make_originals(written_size(f)) && put_all(gpu) &&
      send(f))
    return true;
  ferry_end_copies();
  return false;
}

int ferry_fetch_copies(const struct ferry_gpu_footprint *f) {
  const char *before = originals;
  int error = 0;
  for (size_t i = 0; i < f->moving.count && !error; ++i) {
    const struct ferry_range *r = &f->moving.all[i];
    if (!is_written(f, r))
      continue;
    error = get_part(r, before);
    before += r->hi - r->lo;
  }
  return error;
}
