//===- system.c - how pages move between the program and the device -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The provider of the page engine. UFFDIO_MOVE takes a page out of the program
// and puts it back, in one step and without a copy: whoever touches it
// meanwhile waits. It refuses while the program's mappings change and the
// driver has not read of it. The device's memory is a file whose offset is the
// address; what is written to it from here appears there.
//
// A page on the device leaves its frame behind on the stage, for the way back.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"

#include <fcntl.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
#ifndef FALLOC_FL_PUNCH_HOLE
#define FALLOC_FL_KEEP_SIZE 1
#define FALLOC_FL_PUNCH_HOLE 2
#endif

//===- the device's side --------------------------------------------------===//

void ferry_punch(struct ferry_mirror *m, uintptr_t at, size_t size) {
  const long error =
      FERRY_KERNEL(fallocate, m->memory_fd,
                   FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, size);
  if (error)
    ferry_mirror_fatal("its memory cannot be freed", error, at);
}

static void write_memory(struct ferry_mirror *m, uintptr_t at, const void *from,
                         size_t size) {
  for (size_t done = 0; done < size;) {
    const long r =
        FERRY_KERNEL(pwrite64, m->memory_fd, (const char *)from + done,
                     size - done, at + done);
    if (r <= 0)
      ferry_mirror_fatal("its memory cannot be written", r, at);
    done += (size_t)r;
  }
}

static void read_memory(struct ferry_mirror *m, uintptr_t at, void *to,
                        size_t size) {
  for (size_t done = 0; done < size;) {
    const long r = FERRY_KERNEL(pread64, m->memory_fd, (char *)to + done,
                                size - done, at + done);
    if (r <= 0)
      ferry_mirror_fatal("its memory cannot be read", r, at);
    done += (size_t)r;
  }
}

// Ends the device's access. Stores wait from the first step on, loads from the
// last; in between nothing changes.
void ferry_recall(struct ferry_mirror *m, uintptr_t at, void *to, size_t size) {
  long error;
  while ((error = ferry_uffd_protect(m->device_fd, at, size, true)) == -EAGAIN)
    ferry_pause(m);
  if (error && error != -ESRCH) // it has ended
    ferry_mirror_fatal("its pages cannot be protected", error, at);
  read_memory(m, at, to, size);
  ferry_punch(m, at, size);
}

static void place(void *self, uintptr_t at, size_t size, size_t stage) {
  struct ferry_mirror *m = self;
  const char *from = (const char *)m->stage + stage;
  for (size_t done = 0; done < size;) {
    const long r =
        ferry_uffd_copy(m->device_fd, at + done, from + done, size - done, 0);
    if (r > 0)
      done += (size_t)r;
    else if (r == -EAGAIN)
      ferry_pause(m);
    else if (r == -ESRCH) { // it has ended: keep them where they are looked for
      write_memory(m, at + done, from + done, size - done);
      return;
    } else
      ferry_mirror_fatal("it takes no page", r, at + done);
  }
}

static void place_zeroes(void *self, uintptr_t at, size_t size) {
  struct ferry_mirror *m = self;
  long r;
  while ((r = ferry_uffd_zero(m->device_fd, at, size)) == -EAGAIN)
    ferry_pause(m);
  if (r < 0 && r != -ESRCH)
    ferry_mirror_fatal("it takes no empty page", r, at);
}

static void fetch(void *self, uintptr_t at, size_t size, size_t stage) {
  struct ferry_mirror *m = self;
  ferry_recall(m, at, (char *)m->stage + stage, size);
}

//===- the stage ----------------------------------------------------------===//

// To empty memory that is registered is an event that the driver would wait for
// itself to read.
static void empty_stage(struct ferry_mirror *m, size_t stage, size_t size) {
  const uintptr_t at = m->stage + stage;
  long error = ferry_uffd_unregister(m->system_fd, at, size);
  if (!error)
    error = FERRY_KERNEL(madvise, at, size, MADV_DONTNEED);
  if (!error)
    error =
        ferry_uffd_register(m->system_fd, at, size, UFFDIO_REGISTER_MODE_WP);
  if (error)
    ferry_mirror_fatal("the stage cannot be emptied", error, at);
}

static void drop(void *self, uintptr_t at, size_t size, size_t stage) {
  struct ferry_mirror *m = self;
  ferry_punch(m, at, size);
  empty_stage(m, stage, size);
}

static void move(void *self, uintptr_t from, uintptr_t to, size_t size,
                 size_t stage, bool leaving) {
  struct ferry_mirror *m = self;
  if (leaving)
    write_memory(m, to, (const char *)m->stage + stage, size);
  else {
    ferry_recall(m, from, m->block, size);
    write_memory(m, to, m->block, size);
  }
  empty_stage(m, stage, size);
}

//===- the program's side -------------------------------------------------===//

// After fork(), and where the kernel merges equal pages, a page is shared until
// it is written. So write to those that are there from `at` on. They cannot
// vanish meanwhile, for that would be told first, and so nobody is asked for
// them.
static bool unshare_pages(struct ferry_mirror *m, uintptr_t at, size_t size) {
  const uint64_t present = UINT64_C(1) << 63, swapped = UINT64_C(1) << 62;
  uint64_t entries[FERRY_BLOCK_PAGES];
  const size_t pages = size / FERRY_PAGE;
  const long r =
      FERRY_KERNEL(pread64, m->pagemap_fd, entries, pages * sizeof *entries,
                   at / FERRY_PAGE * sizeof *entries);
  size_t count = 0;
  while (r == (long)(pages * sizeof *entries) && count < pages &&
         entries[count] & (present | swapped))
    ++count;
  return count > 0 && FERRY_KERNEL(madvise, at, count * FERRY_PAGE,
                                   MADV_POPULATE_WRITE) == 0;
}

static long take(void *self, uintptr_t at, size_t size, size_t stage) {
  enum { TRIES = 8 };
  struct ferry_mirror *m = self;
  for (int i = 0; i < TRIES; ++i) {
    const long r = ferry_uffd_move(m->system_fd, m->stage + stage, at, size,
                                   UFFDIO_MOVE_MODE_DONTWAKE);
    if (r == -EAGAIN)
      return FERRY_CHANGING;
    if (r > 0)
      return r;
    if (r == -ENOENT)
      return FERRY_UNTOUCHED;
    if (r == -EBUSY && !unshare_pages(m, at, size))
      return FERRY_IMMOVABLE;
    if (r != -EBUSY && size == FERRY_PAGE)
      return FERRY_IMMOVABLE;
    if (r != -EBUSY || i > TRIES / 2) // maybe the first one alone
      size = FERRY_PAGE;
  }
  return FERRY_IMMOVABLE;
}

// Into memory that may not be written at the moment, or is not there any more.
static long give_copy(struct ferry_mirror *m, uintptr_t at, size_t stage) {
  const long r = ferry_uffd_copy(m->system_fd, at,
                                 (const char *)m->stage + stage, FERRY_PAGE, 0);
  if (r == -EAGAIN)
    return FERRY_CHANGING;
  if (r < 0 && r != -ENOENT && r != -EEXIST)
    ferry_mirror_fatal("a page cannot go back", r, at);
  empty_stage(m, stage, FERRY_PAGE);
  return FERRY_PAGE;
}

static long give(void *self, uintptr_t at, size_t size, size_t stage) {
  struct ferry_mirror *m = self;
  long r = ferry_uffd_move(m->system_fd, at, m->stage + stage, size, 0);
  if (r < 0 && r != -EAGAIN && size > FERRY_PAGE)
    r = ferry_uffd_move(m->system_fd, at, m->stage + stage, FERRY_PAGE, 0);
  if (r == -EAGAIN)
    return FERRY_CHANGING;
  return r > 0 ? r : give_copy(m, at, stage);
}

struct ferry_provider ferry_system_provider(struct ferry_mirror *m) {
  return (struct ferry_provider){.take = take,
                                 .give = give,
                                 .place = place,
                                 .place_zeroes = place_zeroes,
                                 .fetch = fetch,
                                 .drop = drop,
                                 .move = move,
                                 .self = m,
                                 .capacity = m->crew.capacity,
                                 .granule = m->granule,
                                 .largest_granule = 2 << 20};
}

//===- the check ----------------------------------------------------------===//

struct look {
  struct ferry_mirror *m;
  uintptr_t wrong;
};

static void look_at_program(void *context, uintptr_t at, size_t size,
                            size_t stage, bool leaving) {
  const uint64_t present = UINT64_C(1) << 63, swapped = UINT64_C(1) << 62;
  struct look *l = context;
  uint64_t entries[FERRY_BLOCK_PAGES];
  const long bytes = (long)(size / FERRY_PAGE * sizeof *entries);
  (void)stage, (void)leaving;
  if (FERRY_KERNEL(pread64, l->m->pagemap_fd, entries, bytes,
                   at / FERRY_PAGE * sizeof *entries) != bytes)
    return;
  for (size_t i = 0; i < size / FERRY_PAGE; ++i)
    if (entries[i] & (present | swapped))
      l->wrong = at + i * FERRY_PAGE;
}

bool ferry_check_sides(struct ferry_mirror *m) {
  struct look l = {m, 0};
  ferry_for_pages(&m->pages, look_at_program, &l);
  return !l.wrong;
}

//===- a forked child -----------------------------------------------------===//

struct child {
  struct ferry_mirror *m;
  int fd;
};

static void copy_to_child(void *context, uintptr_t at, size_t size,
                          size_t stage, bool leaving) {
  const struct child *c = context;
  const char *from = (const char *)c->m->stage + stage;
  if (!leaving)
    read_memory(c->m, at, c->m->block, size);
  for (size_t done = 0; done < size;) {
    const long r =
        ferry_uffd_copy(c->fd, at + done, (leaving ? from : c->m->block) + done,
                        size - done, 0);
    if (r == -EAGAIN)
      FERRY_KERNEL(sched_yield, 0);
    else
      done +=
          r > 0 ? (size_t)r : FERRY_PAGE; // it has something there, or nothing
  }
}

void ferry_copy_to_child(struct ferry_mirror *m, int fd) {
  struct child child = {m, fd};
  ferry_for_pages(&m->pages, copy_to_child, &child);
  FERRY_KERNEL(close, fd); // from here on, its faults are its own
}
