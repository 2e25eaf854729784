//===- window.c - memory of the mirror device in the program --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From low to high: the stage, the tables of the driver, its stack, the stacks
// of the workers, the door (driver.c), and what both processes share. Each part
// is aligned for what it holds; the stacks have a guard page below them.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../trace.h"
#include "kernel.h"
#include "mirror.h"

#include <link.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>

//===- code ---------------------------------------------------------------===//

static uintptr_t down(uintptr_t at) {
  return at & ~(uintptr_t)(FERRY_PAGE - 1);
}
static uintptr_t up(uintptr_t at) { return down(at + FERRY_PAGE - 1); }

// Segments that nobody writes, and the pages of others that are constant once
// they have been relocated.
static int add_code(struct dl_phdr_info *object, size_t size, void *code) {
  (void)size;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    const uintptr_t lo = object->dlpi_addr + part->p_vaddr;
    const uintptr_t hi = lo + part->p_memsz;
    if (part->p_type == PT_LOAD && !(part->p_flags & PF_W))
      ferry_add_range(code, down(lo), up(hi));
    else if (part->p_type == PT_GNU_RELRO && down(hi) > down(lo))
      ferry_add_range(code, down(lo), down(hi));
  }
  return 0;
}

// The kernel does not let its mapping be parted, and that holds the whole file,
// with the section headers at its end: more than is loaded of it.
static void add_vdso(struct ferry_ranges *code) {
  const uintptr_t at = getauxval(AT_SYSINFO_EHDR);
  const ElfW(Ehdr) *file = (const void *)at;
  if (at)
    ferry_add_range(code, at,
                    up(at + file->e_shoff +
                       (size_t)file->e_shnum * file->e_shentsize));
}

void ferry_find_code(struct ferry_ranges *code) {
  code->count = 0;
  dl_iterate_phdr(add_code, code);
  add_vdso(code);
}

// Objects that the driver executes: their variables stay where they are.
static bool is_needed(const struct dl_phdr_info *object) {
  const uintptr_t needed[] = {(uintptr_t)ferry_find_code,
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
      ferry_add_range(fixed, down(lo), up(lo + part->p_memsz));
  }
  return 0;
}

//===- the window ---------------------------------------------------------===//

// A part of the window, taken from its low end.
static uintptr_t cut(uintptr_t *at, size_t size, size_t alignment) {
  const uintptr_t found = (*at + alignment - 1) & ~(uintptr_t)(alignment - 1);
  *at = up(found + size);
  return found;
}

static struct ferry_ranges cut_ranges(uintptr_t *at) {
  struct ferry_ranges set = {NULL, 0, FERRY_MIRROR_RANGES};
  set.all = (void *)cut(at, set.room * sizeof *set.all, FERRY_PAGE);
  return set;
}

static void cut_tables(struct ferry_mirror *m, uintptr_t *at) {
  struct ferry_ranges *const sets[] = {&m->code, &m->fixed, &m->registered,
                                       &m->emptied};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; ++i)
    *sets[i] = cut_ranges(at);
  m->moves.pages = &m->pages;
  m->borrowed =
      (void *)cut(at, FERRY_BORROWED * sizeof *m->borrowed, FERRY_PAGE);
  m->originals =
      (void *)cut(at, FERRY_BORROWED * (size_t)FERRY_PAGE, FERRY_PAGE);
  if (ferry_tracing)
    m->history = (void *)cut(at, FERRY_HISTORY * sizeof *m->history, FERRY_PAGE);
  if (ferry_options.stats == FERRY_STATS_JSON)
    m->residency = (void *)cut(at, sizeof *m->residency, FERRY_PAGE);
  m->block = (void *)cut(at, FERRY_BLOCK, FERRY_PAGE);
  m->zeroes = (void *)cut(at, FERRY_PAGE, FERRY_PAGE);
}

static uintptr_t cut_stack(uintptr_t *at, size_t size) {
  const uintptr_t guard = cut(at, FERRY_PAGE, FERRY_PAGE);
  FERRY_KERNEL(mprotect, guard, FERRY_PAGE, PROT_NONE);
  return cut(at, size, FERRY_PAGE);
}

static size_t window_size(size_t capacity, int threads) {
  return FERRY_BLOCK + ferry_pages_stage(capacity) +
         ferry_pages_memory(capacity) +
         4 * FERRY_MIRROR_RANGES * sizeof(struct ferry_range) +
         FERRY_BORROWED * (sizeof(struct ferry_borrowed_page) + FERRY_PAGE) +
         (ferry_tracing ? FERRY_HISTORY * sizeof(struct ferry_transferred) : 0) +
         (ferry_options.stats == FERRY_STATS_JSON
              ? sizeof(struct ferry_residency) + FERRY_PAGE
              : 0) +
         FERRY_BLOCK + FERRY_DRIVER_STACK +
         (size_t)threads * (FERRY_WORKER_STACK + FERRY_PAGE) +
         sizeof(struct ferry_mirror_shared) + sizeof(struct ferry_mirror) +
         32 * FERRY_PAGE;
}

static bool share(uintptr_t at, size_t size) {
  return FERRY_KERNEL(mmap, at, size, PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1,
                      0) == (long)at;
}

// What a child of fork() has no use for, nor the device. The driver's stack has
// to be there: libc keeps a list of threads in it.
static void hide_from_children(uintptr_t lo, uintptr_t hi) {
  FERRY_KERNEL(madvise, lo, hi - lo, MADV_DONTFORK);
}

static struct ferry_mirror *lay_out(uintptr_t window, size_t size,
                                    size_t capacity, int threads) {
  uintptr_t at = window;
  const uintptr_t stage = cut(&at, ferry_pages_stage(capacity), FERRY_BLOCK);
  const uintptr_t tables = at;
  void *engine = (void *)cut(&at, ferry_pages_memory(capacity), FERRY_PAGE);
  struct ferry_mirror *m = (void *)cut(&at, sizeof *m, FERRY_PAGE);
  m->window = window;
  m->window_end = window + size;
  m->stage = stage;
  m->capacity = capacity;
  m->threads = threads;
  m->pages.slots = engine;
  cut_tables(m, &at);
  hide_from_children(stage, tables);
  m->driver_stack = cut_stack(&at, FERRY_DRIVER_STACK);
  m->worker_stacks = at;
  for (int i = 0; i < threads; ++i)
    cut_stack(&at, FERRY_WORKER_STACK);
  m->door = cut(&at, FERRY_PAGE, FERRY_PAGE);
  m->quiet = cut(&at, 2 * FERRY_PAGE, FERRY_PAGE);
  m->shared = (void *)cut(&at, sizeof *m->shared, FERRY_PAGE);
  return share((uintptr_t)m->shared, at - (uintptr_t)m->shared) ? m : NULL;
}

bool ferry_open_window(struct ferry_mirror **out, size_t capacity,
                       size_t granule, int threads, char *why, size_t size) {
  const size_t bytes = up(window_size(capacity, threads));
  const long window =
      FERRY_KERNEL(mmap, 0, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  *out = NULL;
  if (window > 0) {
    FERRY_KERNEL(madvise, window, bytes, MADV_NOHUGEPAGE);
    *out = lay_out((uintptr_t)window, bytes, capacity, threads);
  }
  if (!*out) {
    snprintf(
        why, size,
        "the system does not give it %zu MiB of addresses; see ulimit -v, or "
        "set FERRY_MIRROR_MEMORY to less",
        bytes >> 20);
    return false;
  }
  (*out)->granule = granule;
  ferry_find_code(&(*out)->code);
  dl_iterate_phdr(add_fixed, &(*out)->fixed);
  ferry_add_range(&(*out)->fixed, (uintptr_t)window, (uintptr_t)window + bytes);
  return true;
}

void ferry_close_window(struct ferry_mirror *m) {
  FERRY_KERNEL(munmap, m->window, m->window_end - m->window);
}
