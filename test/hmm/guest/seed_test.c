//===- seed_test.c - what HMM promises, sentence by sentence --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each test is a process of its own with a device of its own, and prints whether
// it held. docs/hmm.md has the table of sentences.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../unit/check.h"
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

//===- what the device does -----------------------------------------------===//

struct words {
  long *at;
  size_t count;
  long by;
};

static void add(void *argument) {
  const struct words *w = argument;
  for (size_t i = 0; i < w->count; ++i)
    w->at[i] += w->by;
}

static void look(void *argument) {
  const struct words *w = argument;
  long sum = 0;
  for (size_t i = 0; i < w->count; ++i)
    sum += w->at[i];
  if (sum != w->by)
    raise(SIGSEGV);
}

// Arguments lie where both see them, apart from what is tested.
static struct words *words(long *at, size_t count, long by) {
  static struct words *w;
  if (!w)
    w = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  *w = (struct words){at, count, by};
  return w;
}

enum { PER_PAGE = PAGE / sizeof(long) };

// Pages with nothing around them that could come along; word i is i.
static long *fill(size_t pages) {
  char *all = mmap(NULL, (pages + 32) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long *at = (long *)(((uintptr_t)all + 16 * PAGE - 1) & -(uintptr_t)(16 * PAGE));
  mprotect(at, pages * PAGE, PROT_READ | PROT_WRITE);
  madvise(at, pages * PAGE, MADV_NOHUGEPAGE);
  for (size_t i = 0; i < pages * PER_PAGE; ++i)
    at[i] = (long)i;
  return at;
}

static bool is_filled(const long *at, size_t pages, long by) {
  for (size_t i = 0; i < pages * PER_PAGE; ++i)
    if (at[i] != (long)i + by)
      return false;
  return true;
}

static struct device d;

// Its process starts with copies of everything: what is tested comes later.
static void open_before(void) {
  words(NULL, 0, 0);
  d = open_device();
  show(&d, words(NULL, 0, 0), PAGE);
}

static long *fill_and_show(size_t pages) {
  open_before();
  long *at = fill(pages);
  show(&d, at, pages * PAGE);
  return at;
}

//===- pointers -----------------------------------------------------------===//

static void heap_pointers(void) {
  open_before();
  long *at = malloc(100 * sizeof *at);
  for (int i = 0; i < 100; ++i)
    at[i] = i;
  show(&d, at, 100 * sizeof *at);
  CHECK(run(&d, add, words(at, 100, 7)) == 0);
  CHECK(state(&d, at) & FERRY_HMM_ON_DEVICE);
  for (int i = 0; i < 100; ++i)
    CHECK(at[i] == i + 7);
  free(at);
}

static void stack_pointers(void) {
  open_before();
  long at[100];
  for (int i = 0; i < 100; ++i)
    at[i] = i;
  show(&d, at, sizeof at);
  CHECK(run(&d, add, words(at, 100, 7)) == 0);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) > 0);
  for (int i = 0; i < 100; ++i)
    CHECK(at[i] == i + 7);
}

static long zeroes[PER_PAGE] __attribute__((aligned(PAGE)));
static long ones[PER_PAGE] __attribute__((aligned(PAGE))) = {1};

static void global_pointers(void) {
  open_before();
  zeroes[3] = 5;
  ones[3] = 6;
  show(&d, zeroes, sizeof zeroes);
  show(&d, ones, sizeof ones);
  CHECK(run(&d, add, words(zeroes, PER_PAGE, 7)) == 0);
  CHECK(run(&d, add, words(ones, PER_PAGE, 7)) == 0);
  CHECK(pages_on_device(&d, zeroes, 1) == 1);
  CHECK(pages_on_device(&d, ones, 1) == 1); // it was written, so it is no file's
  CHECK(zeroes[3] == 12 && ones[3] == 13 && ones[0] == 8);
}

struct node {
  struct node *next;
  long value;
};

static void walk(void *argument) {
  const struct words *w = argument;
  for (struct node *n = (struct node *)w->at; n; n = n->next)
    n->value += w->by;
}

static void linked_list(void) {
  open_before();
  enum { NODES = 1000 };
  struct node *first = NULL, *all = mmap(NULL, NODES * PAGE / 4, PROT_READ | PROT_WRITE,
                                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < NODES; ++i) { // in an order that is none
    struct node *n = all + (i * 7 % NODES) * (PAGE / 4 / (int)sizeof *n);
    *n = (struct node){first, i};
    first = n;
  }
  show(&d, all, NODES * PAGE / 4);
  CHECK(run(&d, walk, words((long *)first, 0, 7)) == 0);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) == NODES / 4);
  long expected = NODES;
  for (struct node *n = first; n; n = n->next)
    CHECK(n->value == --expected + 7);
  CHECK(expected == 0);
}

//===- who has a page -----------------------------------------------------===//

static void device_touch_moves_its_granule(void) {
  long *at = fill_and_show(64);
  CHECK(set_granule(&d, 16) == 0);
  CHECK(run(&d, add, words(at + 20 * PER_PAGE, 1, 0)) == 0);
  CHECK(pages_on_device(&d, at, 16) == 0);
  CHECK(pages_on_device(&d, at + 16 * PER_PAGE, 16) == 16);
  CHECK(pages_on_device(&d, at + 32 * PER_PAGE, 32) == 0);
  CHECK(count(&d, FERRY_HMM_DEVICE_FAULTS) == 1);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) == 16);
  CHECK(set_granule(&d, 1) == 0);
  CHECK(run(&d, add, words(at + 40 * PER_PAGE, 1, 0)) == 0);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) == 17);
  CHECK(set_granule(&d, 3) == EINVAL && set_granule(&d, 128) == EINVAL);
}

static void cpu_touch_returns_the_touched_page(void) {
  long *at = fill_and_show(16);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0);
  CHECK(pages_on_device(&d, at, 16) == 16);
  CHECK(at[3 * PER_PAGE + 5] == 3 * PER_PAGE + 5 + 7);
  for (size_t i = 0; i < 16; ++i)
    CHECK(pages_on_device(&d, at + i * PER_PAGE, 1) == (i != 3));
  CHECK(count(&d, FERRY_HMM_CPU_FAULTS) == 1);
  CHECK(count(&d, FERRY_HMM_TO_SYSTEM) == 1);
  CHECK(is_filled(at, 16, 7));
  CHECK(count(&d, FERRY_HMM_TO_SYSTEM) == 16);
}

static void one_side_has_access(void) {
  long *at = fill_and_show(1);
  CHECK(state(&d, at) == (FERRY_HMM_PRESENT | FERRY_HMM_WRITABLE));
  CHECK(run(&d, add, words(at, 1, 7)) == 0);
  CHECK(state(&d, at) == (FERRY_HMM_PRESENT | FERRY_HMM_WRITABLE | FERRY_HMM_ON_DEVICE |
                          FERRY_HMM_MAPPED | FERRY_HMM_MAPPED_WRITABLE));
  at[0] += 1;
  CHECK(state(&d, at) == (FERRY_HMM_PRESENT | FERRY_HMM_WRITABLE));
  CHECK(count(&d, FERRY_HMM_INVALIDATIONS) >= 1);
  CHECK(at[0] == 8);
}

static void untouched_memory_begins_on_the_device(void) {
  open_before();
  long *at = mmap(NULL, 16 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  show(&d, at, 16 * PAGE);
  CHECK(run(&d, add, words(at + PER_PAGE, 3, 7)) == 0);
  CHECK(count(&d, FERRY_HMM_ZEROED) == 1 && count(&d, FERRY_HMM_TO_DEVICE) == 0);
  CHECK(at[PER_PAGE] == 7 && at[PER_PAGE + 3] == 0 && at[0] == 0);
}

static void system_calls_reach_the_device(void) {
  open_before();
  long *at = fill(4);
  int ends[2];
  show(&d, at, 4 * PAGE);
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 7)) == 0 && pipe(ends) == 0);
  CHECK(write(ends[1], at, 8) == 8);
  CHECK(read(ends[0], at + PER_PAGE, 8) == 8);
  CHECK(at[PER_PAGE] == 7);
  CHECK(pages_on_device(&d, at, 4) == 2);
}

static void prefetch_moves_what_was_touched(void) {
  open_before();
  long *at = mmap(NULL, 200 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  madvise(at, 200 * PAGE, MADV_NOHUGEPAGE);
  for (int i = 0; i < 100; ++i)
    at[2 * i * PER_PAGE] = i;
  show(&d, at, 200 * PAGE);
  CHECK(on_range(&d, FERRY_HMM_PREFETCH, at, 200 * PAGE) == 0);
  CHECK(count(&d, FERRY_HMM_PREFETCHED) == 100 && count(&d, FERRY_HMM_TO_DEVICE) == 100);
  CHECK(count(&d, FERRY_HMM_ZEROED) == 0);
  CHECK(run(&d, add, words(at, 1, 7)) == 0);
  CHECK(count(&d, FERRY_HMM_DEVICE_FAULTS) == 0);
  CHECK(on_range(&d, FERRY_HMM_RETURN, at, 200 * PAGE) == 0);
  CHECK(pages_on_device(&d, at, 200) == 0 && count(&d, FERRY_HMM_TO_SYSTEM) == 100);
  CHECK(count(&d, FERRY_HMM_CPU_FAULTS) == 0);
  CHECK(at[0] == 7 && at[2 * PER_PAGE] == 1);
}

static void huge_pages_are_split(void) {
  open_before();
  const size_t huge = 2 << 20;
  char *all = mmap(NULL, 2 * huge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  long *at = (long *)(((uintptr_t)all + huge - 1) & -huge);
  char line[256];
  bool is_huge = false;
  madvise(at, huge, MADV_HUGEPAGE);
  for (size_t i = 0; i < huge / sizeof *at; ++i)
    at[i] = (long)i;
  FILE *smaps = fopen("/proc/self/smaps", "r");
  while (smaps && fgets(line, sizeof line, smaps))
    is_huge = is_huge || !strncmp(line, "AnonHugePages:      2048", 24);
  CHECK(is_huge);
  show(&d, at, huge);
  CHECK(run(&d, add, words(at, huge / sizeof *at, 7)) == 0);
  CHECK(pages_on_device(&d, at, 512) == 512);
  CHECK(is_filled(at, 512, 7));
}

//===- what the program does meanwhile ------------------------------------===//

static int child(bool (*holds)(long *), long *at) {
  int status;
  const pid_t pid = fork();
  if (pid == 0)
    _exit(holds(at) ? 42 : 1);
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool reads_and_writes(long *at) {
  const bool right = is_filled(at, 16, 7);
  for (size_t i = 0; i < 16 * PER_PAGE; ++i)
    at[i] = -1;
  return right;
}

static void fork_with_data_on_the_device(void) {
  long *at = fill_and_show(16);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0);
  CHECK(pages_on_device(&d, at, 16) == 16);
  CHECK(child(reads_and_writes, at) == 42);
  CHECK(is_filled(at, 16, 7));
}

static int go[2];
static bool waits_and_reads(long *at) {
  char c;
  return read(go[0], &c, 1) == 1 && is_filled(at, 16, 7);
}

static void device_writes_after_fork(void) {
  open_before();
  long *at = fill(16);
  int status;
  show(&d, at, 16 * PAGE);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0 && pipe(go) == 0);
  const pid_t pid = fork();
  if (pid == 0)
    _exit(waits_and_reads(at) ? 42 : 1);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 100)) == 0);
  CHECK(pages_on_device(&d, at, 16) == 16);
  CHECK(write(go[1], "x", 1) == 1);
  waitpid(pid, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
  CHECK(is_filled(at, 16, 107));
}

static void put(void *argument) {
  const struct words *w = argument;
  for (size_t i = 0; i < w->count; ++i)
    w->at[i] = w->by;
}

// The device itself was a copy of the program once.
static void pages_from_before_the_device_move(void) {
  words(NULL, 0, 0);
  long *at = fill(16);
  open_before();
  show(&d, at, 16 * PAGE);
  CHECK(run(&d, put, words(at, 16 * PER_PAGE, 7)) == 0);
  CHECK(pages_on_device(&d, at, 16) == 16 && count(&d, FERRY_HMM_TO_DEVICE) == 16);
  CHECK(count(&d, FERRY_HMM_TO_SYSTEM) == 0);
  CHECK(count(&d, FERRY_HMM_REMOTE) == 1); // the arguments
  CHECK(at[0] == 7 && at[16 * PER_PAGE - 1] == 7);
}

static void munmap_drops_pages(void) {
  long *at = fill_and_show(16);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0);
  CHECK(munmap(at + 4 * PER_PAGE, 4 * PAGE) == 0);
  CHECK(count(&d, FERRY_HMM_DROPPED) == 4);
  CHECK(run(&d, add, words(at + 5 * PER_PAGE, 1, 7)) == SIGSEGV);
  CHECK(stopped_at(&d) == at + 5 * PER_PAGE);
  CHECK(mmap(at + 4 * PER_PAGE, 4 * PAGE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED);
  CHECK(run(&d, add, words(at + 5 * PER_PAGE, 1, 9)) == 0);
  CHECK(at[5 * PER_PAGE] == 9 && at[0] == 7);
}

static void madvise_empties_pages(void) {
  long *at = fill_and_show(16);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0);
  CHECK(madvise(at + 4 * PER_PAGE, 4 * PAGE, MADV_DONTNEED) == 0);
  CHECK(count(&d, FERRY_HMM_DROPPED) == 4);
  CHECK(run(&d, add, words(at + 5 * PER_PAGE, 1, 9)) == 0);
  CHECK(at[5 * PER_PAGE] == 9 && at[6 * PER_PAGE] == 0 && at[8 * PER_PAGE] == 8 * PER_PAGE + 7);
}

static void mremap_takes_pages_along(void) {
  open_before();
  long *at = fill(16), *to;
  show(&d, at, 16 * PAGE);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0);
  to = mmap(NULL, 16 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(mremap(at, 16 * PAGE, 16 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
  CHECK(pages_on_device(&d, to, 16) == 16);
  show(&d, to, 16 * PAGE);
  CHECK(run(&d, add, words(to, 16 * PER_PAGE, 100)) == 0);
  CHECK(run(&d, add, words(at, 1, 1)) == SIGSEGV);
  CHECK(count(&d, FERRY_HMM_TO_SYSTEM) == 0);
  CHECK(is_filled(to, 16, 107));
}

static void realloc_takes_pages_along(void) {
  open_before();
  size_t size = 1 << 20;
  long *at = malloc(size); // a mapping of its own
  for (size_t i = 0; i < size / sizeof *at; ++i)
    at[i] = (long)i;
  show(&d, at, size);
  CHECK(run(&d, add, words(at, size / sizeof *at, 7)) == 0);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) >= size / PAGE);
  long *to = realloc(at, 64 << 20);
  show(&d, to, size);
  CHECK(run(&d, add, words(to, size / sizeof *to, 100)) == 0);
  CHECK(is_filled(to, size / PAGE, 107));
  free(to);
}

static void mprotect_holds_for_the_device(void) {
  long *at = fill_and_show(4);
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 7)) == 0);
  CHECK(mprotect(at, PAGE, PROT_READ) == 0 && mprotect(at + PER_PAGE, PAGE, PROT_NONE) == 0);
  CHECK(run(&d, look, words(at, 2, 1 + 14)) == 0); // 0 + 7, 1 + 7
  CHECK(run(&d, add, words(at, 1, 1)) == SIGSEGV && stopped_at(&d) == at);
  CHECK(run(&d, look, words(at + PER_PAGE, 1, 0)) == SIGSEGV);
  CHECK(stopped_at(&d) == at + PER_PAGE);
  CHECK(mprotect(at, 2 * PAGE, PROT_READ | PROT_WRITE) == 0);
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 100)) == 0);
  CHECK(is_filled(at, 4, 107));
}

//===- memory that stays --------------------------------------------------===//

// The arguments lie in such memory, too.
static uint64_t remote_pages(void) { return count(&d, FERRY_HMM_REMOTE) - 1; }

static int make_file(size_t pages) {
  const int file = open("/dev/shm/file", O_RDWR | O_CREAT | O_TRUNC, 0600);
  for (size_t i = 0; i < pages * PER_PAGE; ++i) {
    const long value = (long)i;
    CHECK(write(file, &value, sizeof value) == sizeof value);
  }
  return file;
}

static void shared_files_are_reached(void) {
  open_before();
  const int file = make_file(4);
  long *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), value;
  show(&d, at, 4 * PAGE);
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 7)) == 0);
  CHECK(pages_on_device(&d, at, 4) == 0 && count(&d, FERRY_HMM_TO_DEVICE) == 0);
  CHECK(remote_pages() == 4);
  CHECK(pread(file, &value, sizeof value, PAGE) == sizeof value && value == PER_PAGE + 7);
  CHECK(is_filled(at, 4, 7));
}

static void private_files_are_reached(void) {
  open_before();
  const int file = make_file(4);
  long *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0), value;
  show(&d, at, 4 * PAGE);
  CHECK(run(&d, look, words(at + PER_PAGE, 2, 2 * PER_PAGE + 1)) == 0);
  CHECK(pages_on_device(&d, at, 4) == 0 && remote_pages() == 1);
  CHECK(run(&d, add, words(at, PER_PAGE, 7)) == 0); // a copy, which may move
  CHECK(is_filled(at, 1, 7));
  CHECK(pread(file, &value, sizeof value, 8) == sizeof value && value == 1);
}

static void shared_memory_is_reached(void) {
  open_before();
  long *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  show(&d, at, 4 * PAGE);
  at[PER_PAGE] = 5;
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 7)) == 0);
  CHECK(pages_on_device(&d, at, 4) == 0 && remote_pages() == 4);
  CHECK(at[PER_PAGE] == 12 && at[0] == 7);
}

static void wild_pointers_stop_the_device(void) {
  long *at = fill_and_show(1);
  CHECK(run(&d, add, words(at + PER_PAGE, 1, 7)) == SIGSEGV);
  CHECK(stopped_at(&d) == at + PER_PAGE);
  CHECK(run(&d, add, words(at, PER_PAGE, 7)) == 0); // and not for good
  CHECK(is_filled(at, 1, 7));
}

static void a_view_is_of_others(void) {
  long *at = fill_and_show(1);
  CHECK(mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, d.file,
             (off_t)(uintptr_t)at) == MAP_FAILED &&
        errno == EINVAL);
}

//===- both at the same time ----------------------------------------------===//

enum { TIMES = 100000 };

struct both {
  _Atomic int begun;
  _Atomic long *at;
};

static void increment(_Atomic long *at) {
  for (int i = 0; i < TIMES; ++i)
    ++at[i % 8];
}
static void increment_there(void *argument) {
  struct both *b = argument;
  b->begun = 1;
  increment(b->at);
}

static void atomics_of_both_sides(void) {
  long *at = fill_and_show(1);
  struct both *b = (struct both *)words(NULL, 0, 0);
  *b = (struct both){0, (_Atomic long *)at};
  start(&d, increment_there, b);
  while (!b->begun)
    ;
  increment(b->at);
  CHECK(finish(&d) == 0);
  long total = 0;
  for (int i = 0; i < 8; ++i)
    total += at[i] - i;
  CHECK(total == 2L * TIMES);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) > 0 && count(&d, FERRY_HMM_CPU_FAULTS) > 0);
}

static void answer_flags(void *argument) {
  volatile long *at = ((struct words *)argument)->at;
  for (int i = 1; i <= 100; ++i) {
    while (at[0] != i)
      ;
    at[PER_PAGE] = i;
  }
}

static void flags_pass_between_sides(void) {
  open_before();
  long *at = fill(2);
  volatile long *flags = at;
  at[0] = at[PER_PAGE] = 0;
  show(&d, at, 2 * PAGE);
  start(&d, answer_flags, words(at, 0, 0));
  for (int i = 1; i <= 100; ++i) {
    flags[0] = i;
    while (flags[PER_PAGE] != i)
      ;
  }
  CHECK(finish(&d) == 0);
}

static void exclusive_access(void) {
  long *at = fill_and_show(4);
  CHECK(on_range(&d, FERRY_HMM_EXCLUSIVE, at, 4 * PAGE) == 0);
  CHECK(count(&d, FERRY_HMM_EXCLUSIVES) == 4);
  CHECK(state(&d, at) == (FERRY_HMM_MAPPED | FERRY_HMM_MAPPED_WRITABLE));
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 7)) == 0);
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) == 0 && count(&d, FERRY_HMM_DEVICE_FAULTS) == 0);
  CHECK(at[0] == 7);
  CHECK(state(&d, at) == (FERRY_HMM_PRESENT | FERRY_HMM_WRITABLE));
  CHECK(state(&d, at + PER_PAGE) == (FERRY_HMM_MAPPED | FERRY_HMM_MAPPED_WRITABLE));
  CHECK(is_filled(at, 4, 7));
  // Pages on the device have to come back for it.
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 1)) == 0 && pages_on_device(&d, at, 4) == 4);
  CHECK(on_range(&d, FERRY_HMM_EXCLUSIVE, at, 4 * PAGE) == 0);
  CHECK(pages_on_device(&d, at, 4) == 0);
  CHECK(run(&d, add, words(at, 4 * PER_PAGE, 1)) == 0);
  CHECK(is_filled(at, 4, 9));
}

//===- too little of it ---------------------------------------------------===//

static void set_limit(const char *pages) {
  const int file = open("/sys/module/ferry_hmm/parameters/limit", O_WRONLY);
  CHECK(write(file, pages, strlen(pages)) == (ssize_t)strlen(pages));
  close(file);
}

static void data_larger_than_the_device(void) {
  enum { PAGES = 500, ROOM = 64 };
  set_limit("64");
  long *at = fill_and_show(PAGES);
  for (int i = 0; i < 3; ++i) {
    CHECK(run(&d, add, words(at, PAGES * PER_PAGE, 7)) == 0);
    CHECK(pages_on_device(&d, at, PAGES) <= ROOM);
  }
  CHECK(count(&d, FERRY_HMM_EVICTED) == count(&d, FERRY_HMM_TO_SYSTEM));
  CHECK(count(&d, FERRY_HMM_TO_DEVICE) == 3 * PAGES);
  CHECK(count(&d, FERRY_HMM_EVICTED) == 3 * PAGES - ROOM);
  CHECK(is_filled(at, PAGES, 21));
  CHECK(on_range(&d, FERRY_HMM_PREFETCH, at, PAGES * PAGE) == 0); // none has to go for it
  CHECK(count(&d, FERRY_HMM_PREFETCHED) == ROOM);
  CHECK(count(&d, FERRY_HMM_EVICTED) == 3 * PAGES - ROOM);
}

static void *use_device(void *unused) {
  (void)unused;
  long *at = fill_and_show(200);
  for (int i = 0; i < 5; ++i)
    CHECK(run(&d, add, words(at, 200 * PER_PAGE, 7)) == 0);
  CHECK(is_filled(at, 200, 35));
  return NULL;
}

static void two_programs_on_one_device(void) {
  int status;
  set_limit("100");
  const pid_t other = fork();
  use_device(NULL);
  if (other == 0)
    _exit(failures);
  waitpid(other, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(count(&d, FERRY_HMM_EVICTED) > 0);
}

//===- ends ---------------------------------------------------------------===//

static void count_up(void *argument) {
  struct both *b = argument;
  for (long i = 0;; ++i) {
    for (size_t k = 0; k < 64; ++k)
      b->at[k * PER_PAGE] = i;
    b->begun = 1;
  }
}

static void device_is_killed_in_the_middle(void) {
  long *at = fill_and_show(64);
  struct both *b = (struct both *)words(NULL, 0, 0);
  *b = (struct both){0, (_Atomic long *)at};
  start(&d, count_up, b);
  while (!b->begun)
    ;
  CHECK(kill(d.process, SIGKILL) == 0 && finish(&d) == -1);
  CHECK(pages_on_device(&d, at, 64) == 64);
  const long last = at[0];
  for (size_t k = 0; k < 64; ++k) { // as far as it came
    CHECK(at[k * PER_PAGE] == last || at[k * PER_PAGE] == last - 1);
    at[k * PER_PAGE] = (long)(k * PER_PAGE);
  }
  CHECK(is_filled(at, 64, 0));
  CHECK(pages_on_device(&d, at, 64) == 0);
}

static void closed_with_data_on_the_device(void) {
  long *at = fill_and_show(16);
  CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0 && pages_on_device(&d, at, 16) == 16);
  close_device(&d);
  CHECK(is_filled(at, 16, 7));
}

static void program_ends_before_its_device(void) {
  int status;
  const pid_t program = fork();
  if (program == 0) {
    long *at = fill_and_show(16);
    CHECK(run(&d, add, words(at, 16 * PER_PAGE, 7)) == 0);
    CHECK(pages_on_device(&d, at, 16) == 16);
    kill(d.process, SIGSTOP); // the file stays open a little
    _exit(failures);
  }
  waitpid(program, &status, 0);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// A third process has the file, and waits for the end of the program.
static void waits_for_end(int to) {
  struct pollfd end = {d.file, 0, 0};
  const char *heard = poll(&end, 1, 100) == 0 && poll(&end, 1, 10000) == 1 &&
                              end.revents == POLLHUP
                          ? "yes"
                          : "no";
  _exit(write(to, heard, strlen(heard)) < 0);
}

static void hears_that(void (*ends)(void)) {
  char heard[4] = "";
  CHECK(pipe(go) == 0);
  const pid_t program = fork();
  if (program == 0) {
    open_before();
    if (fork() == 0)
      waits_for_end(go[1]);
    usleep(300000);
    ends();
  }
  waitpid(program, NULL, 0);
  CHECK(read(go[0], heard, 3) == 3 && !strcmp(heard, "yes"));
}

static void exits(void) { _exit(0); }
static void executes(void) { execl("/bin/sleep", "sleep", "1", NULL); }

static void the_end_of_the_program_is_heard(void) {
  hears_that(exits);
  hears_that(executes);
}

//===- all of them --------------------------------------------------------===//

#define TESTS(T)                                                                         \
  T(heap_pointers)                                                                       \
  T(stack_pointers)                                                                      \
  T(global_pointers)                                                                     \
  T(linked_list)                                                                         \
  T(device_touch_moves_its_granule)                                                      \
  T(cpu_touch_returns_the_touched_page)                                                  \
  T(one_side_has_access)                                                                 \
  T(untouched_memory_begins_on_the_device)                                               \
  T(system_calls_reach_the_device)                                                       \
  T(prefetch_moves_what_was_touched)                                                     \
  T(huge_pages_are_split)                                                                \
  T(fork_with_data_on_the_device)                                                        \
  T(device_writes_after_fork)                                                            \
  T(pages_from_before_the_device_move)                                                   \
  T(munmap_drops_pages)                                                                  \
  T(madvise_empties_pages)                                                               \
  T(mremap_takes_pages_along)                                                            \
  T(realloc_takes_pages_along)                                                           \
  T(mprotect_holds_for_the_device)                                                       \
  T(shared_files_are_reached)                                                            \
  T(private_files_are_reached)                                                           \
  T(shared_memory_is_reached)                                                            \
  T(wild_pointers_stop_the_device)                                                       \
  T(a_view_is_of_others)                                                                 \
  T(atomics_of_both_sides)                                                               \
  T(flags_pass_between_sides)                                                            \
  T(exclusive_access)                                                                    \
  T(data_larger_than_the_device)                                                         \
  T(two_programs_on_one_device)                                                          \
  T(device_is_killed_in_the_middle)                                                      \
  T(closed_with_data_on_the_device)                                                      \
  T(program_ends_before_its_device)                                                      \
  T(the_end_of_the_program_is_heard)

static const struct {
  const char *name;
  void (*run)(void);
} tests[] = {
#define TEST(name) {#name, name},
    TESTS(TEST)};

int main(int argc, char **argv) {
  int failed = 0;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; ++i) {
    int status;
    if (argc > 1 && strcmp(argv[1], tests[i].name))
      continue;
    fflush(stdout);
    const pid_t pid = fork();
    if (pid == 0) {
      alarm(60);
      tests[i].run();
      _exit(failures != 0);
    }
    waitpid(pid, &status, 0);
    set_limit("18446744073709551615");
    printf("%s %s\n", status ? "not ok" : "ok", tests[i].name);
    failed += status != 0;
  }
  printf("%d failed\n", failed);
  return failed != 0;
}
