//===- window.c - memory of the crew in the program -----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device begins with what it needs itself; then come the stacks, with a guard
// page below each, and what both processes share.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "crew.h"
#include "kernel.h"

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

static void find_code(struct ferry_ranges *code) {
  code->count = 0;
  dl_iterate_phdr(add_code, code);
  add_vdso(code);
}

//===- parts --------------------------------------------------------------===//

uintptr_t ferry_cut(uintptr_t *at, size_t size, size_t alignment) {
  const uintptr_t found = (*at + alignment - 1) & ~(uintptr_t)(alignment - 1);
  *at = up(found + size);
  return found;
}

struct ferry_ranges ferry_cut_ranges(uintptr_t *at, uint32_t room) {
  struct ferry_ranges set = {NULL, 0, room};
  set.all = (void *)ferry_cut(at, room * sizeof *set.all, FERRY_PAGE);
  return set;
}

uintptr_t ferry_cut_stack(uintptr_t *at, size_t size) {
  const uintptr_t guard = ferry_cut(at, FERRY_PAGE, FERRY_PAGE);
  FERRY_KERNEL(mprotect, guard, FERRY_PAGE, PROT_NONE);
  return ferry_cut(at, size, FERRY_PAGE);
}

uintptr_t ferry_cut_shared(uintptr_t *at, size_t size) {
  const uintptr_t found = ferry_cut(at, size, FERRY_PAGE);
  FERRY_KERNEL(mmap, found, *at - found, PROT_READ | PROT_WRITE,
               MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  return found;
}

//===- the window ---------------------------------------------------------===//

static size_t crew_size(int threads) {
  return FERRY_CODE_RANGES * sizeof(struct ferry_range) + FERRY_STARTER_STACK +
         (size_t)threads * (FERRY_WORKER_STACK + FERRY_PAGE) +
         sizeof(struct ferry_crew_shared) + 8 * FERRY_PAGE;
}

uintptr_t ferry_open_window(size_t size, int threads, const char *hint, char *why,
                            size_t why_size) {
  size = up(size + crew_size(threads));
  const long window =
      FERRY_KERNEL(mmap, 0, size, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (window < 0) {
    snprintf(why, why_size,
             "the system does not give it %zu MiB of addresses; see ulimit -v%s",
             size >> 20, hint);
    return 0;
  }
  FERRY_KERNEL(madvise, window, size, MADV_NOHUGEPAGE);
  return (uintptr_t)window;
}

void ferry_cut_crew(struct ferry_crew *c, uintptr_t *at, int threads) {
  c->threads = threads;
  c->brings_much = true;
  c->code = ferry_cut_ranges(at, FERRY_CODE_RANGES);
  find_code(&c->code);
  c->loads = ferry_count_loads();
  c->starter_stack = ferry_cut_stack(at, FERRY_STARTER_STACK);
  c->worker_stacks = *at;
  for (int i = 0; i < threads; ++i)
    ferry_cut_stack(at, FERRY_WORKER_STACK);
  c->shared = (void *)ferry_cut_shared(at, sizeof *c->shared);
  atomic_store(&c->shared->attention, 1);
}
