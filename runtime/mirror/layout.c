//===- layout.c - memory of the mirror device in the program --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From low to high: the stage, the tables of the driver, what the crew needs, the
// door (driver.c), and what the driver and the program tell each other. The driver
// is the starter, and its stack that one's.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../trace.h"
#include "kernel.h"
#include "mirror.h"

#include <link.h>
#include <sys/mman.h>

//===- memory that stays --------------------------------------------------===//

// Objects that the driver executes: their variables stay where they are.
static bool is_needed(const struct dl_phdr_info *object) {
  const uintptr_t needed[] = {(uintptr_t)ferry_lay_out_mirror,
                              (uintptr_t)dl_iterate_phdr,
                              (uintptr_t)__errno_location};
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    for (size_t k = 0; k < sizeof needed / sizeof *needed; ++k)
      if (part->p_type == PT_LOAD &&
          needed[k] - (object->dlpi_addr + part->p_vaddr) < part->p_memsz)
        return true;
  }
  return false;
}

static int add_fixed(struct dl_phdr_info *object, size_t size, void *fixed) {
  (void)size;
  for (int i = 0; is_needed(object) && i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    const uintptr_t lo = object->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_LOAD)
      ferry_add_range(fixed, ferry_page_of(lo),
                      ferry_page_of(lo + part->p_memsz + FERRY_PAGE - 1));
  }
  return 0;
}

//===- the window ---------------------------------------------------------===//

static void cut_tables(struct ferry_mirror *m, uintptr_t *at) {
  struct ferry_ranges *const sets[] = {&m->fixed, &m->registered, &m->emptied};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; ++i)
    *sets[i] = ferry_cut_ranges(at, FERRY_MIRROR_RANGES);
  m->moves.pages = &m->pages;
  m->borrowed =
      (void *)ferry_cut(at, FERRY_BORROWED * sizeof *m->borrowed, FERRY_PAGE);
  m->originals =
      (void *)ferry_cut(at, FERRY_BORROWED * (size_t)FERRY_PAGE, FERRY_PAGE);
  if (ferry_tracing)
    m->history =
        (void *)ferry_cut(at, FERRY_HISTORY * sizeof *m->history, FERRY_PAGE);
  if (ferry_options.stats == FERRY_STATS_JSON)
    m->residency = (void *)ferry_cut(at, sizeof *m->residency, FERRY_PAGE);
  m->block = (void *)ferry_cut(at, FERRY_BLOCK, FERRY_PAGE);
  m->zeroes = (void *)ferry_cut(at, FERRY_PAGE, FERRY_PAGE);
}

static size_t size_without_crew(size_t capacity) {
  return FERRY_BLOCK + ferry_pages_stage(capacity) +
         ferry_pages_memory(capacity) +
         3 * FERRY_MIRROR_RANGES * sizeof(struct ferry_range) +
         FERRY_BORROWED * (sizeof(struct ferry_borrowed_page) + FERRY_PAGE) +
         (ferry_tracing ? FERRY_HISTORY * sizeof(struct ferry_transferred) : 0) +
         (ferry_options.stats == FERRY_STATS_JSON
              ? sizeof(struct ferry_residency) + FERRY_PAGE
              : 0) +
         FERRY_BLOCK + sizeof(struct ferry_mirror_shared) +
         sizeof(struct ferry_mirror) + 24 * FERRY_PAGE;
}

// What a child of fork() has no use for, nor the device. The driver's stack has
// to be there: libc keeps a list of threads in it.
static void hide_from_children(uintptr_t lo, uintptr_t hi) {
  FERRY_KERNEL(madvise, lo, hi - lo, MADV_DONTFORK);
}

static struct ferry_mirror *lay_out(uintptr_t window, size_t capacity, int threads) {
  uintptr_t at = window;
  const uintptr_t stage = ferry_cut(&at, ferry_pages_stage(capacity), FERRY_BLOCK);
  const uintptr_t tables = at;
  void *engine = (void *)ferry_cut(&at, ferry_pages_memory(capacity), FERRY_PAGE);
  struct ferry_mirror *m = (void *)ferry_cut(&at, sizeof *m, FERRY_PAGE);
  m->stage = stage;
  m->pages.slots = engine;
  cut_tables(m, &at);
  hide_from_children(stage, tables);
  m->crew.capacity = capacity;
  m->crew.carrier = &ferry_mirror_carrier;
  ferry_cut_crew(&m->crew, &at, threads);
  m->door = ferry_cut(&at, FERRY_PAGE, FERRY_PAGE);
  m->quiet = ferry_cut(&at, 2 * FERRY_PAGE, FERRY_PAGE);
  m->shared = (void *)ferry_cut_shared(&at, sizeof *m->shared);
  m->crew.window = window;
  m->crew.window_end = at;
  return m;
}

struct ferry_mirror *ferry_lay_out_mirror(size_t capacity, int threads, char *why,
                                          size_t size) {
  const uintptr_t window =
      ferry_open_window(size_without_crew(capacity), threads,
                        ", or set FERRY_MIRROR_MEMORY to less", why, size);
  if (!window)
    return NULL;
  struct ferry_mirror *m = lay_out(window, capacity, threads);
  dl_iterate_phdr(add_fixed, &m->fixed);
  ferry_add_range(&m->fixed, m->crew.window, m->crew.window_end);
  return m;
}
