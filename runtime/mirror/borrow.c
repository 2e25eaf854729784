//===- borrow.c - memory that cannot move ---------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Mapped files (the initialised variables of a program among them), shared
// memory, memory that is locked or read-only: HMM lets a device read and write
// it where it is, over the bus. Here a page of it is copied to the device when
// it is touched, and the bytes that have changed are written back when the
// launch ends.
//
// That keeps the rule of one owner for each byte: C lets no other thread store
// to a byte that the loop reads, or touch one that it writes, before the launch
// has ended; and bytes that the loop does not write are not written back.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"

#include <string.h>
#include <sys/uio.h>

enum { RUNS = 64 };

static long transfer(long number, const struct iovec *here, unsigned long count,
                     const struct iovec *there) {
  const long self = FERRY_KERNEL(getpid, 0);
  return ferry_kernel(number, self, (long)here, (long)count, (long)there,
                      (long)count, 0);
}

static struct ferry_borrowed_page *find(const struct ferry_mirror *m,
                                        uintptr_t at) {
  for (uint32_t i = 0; i < FERRY_BORROWED; ++i)
    if (m->borrowed[i].at == at)
      return &m->borrowed[i];
  return NULL;
}

bool ferry_is_borrowed(const struct ferry_mirror *m, uintptr_t at) {
  return atomic_load(&m->shared->borrowed) && find(m, at);
}

static char *original_of(const struct ferry_mirror *m,
                         const struct ferry_borrowed_page *b) {
  return m->originals + (size_t)(b - m->borrowed) * FERRY_PAGE;
}

//===- back ---------------------------------------------------------------===//

// What has vanished or become read-only meanwhile is lost, as it would be.
static void write_runs(const struct iovec *here, const struct iovec *there,
                       int count) {
  int done = 0;
  while (done < count) {
    const long r = transfer(SYS_process_vm_writev, here + done,
                            (unsigned long)(count - done), there + done);
    long left = r > 0 ? r : 0;
    while (done < count && left >= (long)here[done].iov_len)
      left -= (long)here[done++].iov_len;
    if (done < count) // that one failed
      ++done;
  }
}

static void write_changes(uintptr_t at, const char *before, char *after) {
  struct iovec here[RUNS], there[RUNS];
  int count = 0;
  for (size_t i = 0; i < FERRY_PAGE;) {
    size_t end = i;
    while (end < FERRY_PAGE && before[end] != after[end])
      ++end;
    if (end > i) {
      here[count] = (struct iovec){after + i, end - i};
      there[count++] = (struct iovec){(void *)(at + i), end - i};
    }
    if (count == RUNS) {
      write_runs(here, there, count);
      count = 0;
    }
    i = end + 1;
  }
  if (count)
    write_runs(here, there, count);
}

// A page that was never touched may be registered: the kernel would ask the
// driver for it, and the driver is waiting.
static bool is_missing(struct ferry_mirror *m, uintptr_t at) {
  struct ferry_vma v;
  uint64_t entry = 0;
  FERRY_KERNEL(pread64, m->pagemap_fd, &entry, sizeof entry,
               at / FERRY_PAGE * sizeof entry);
  return !(entry >> 62) && ferry_find_vma(m, at, &v) && v.anonymous &&
         !v.shared;
}

// Where the program has nothing, what has not changed is zero.
static void fill_page(struct ferry_mirror *m, uintptr_t at, const char *before,
                      char *after) {
  for (size_t i = 0; i < FERRY_PAGE; ++i)
    after[i] = before[i] == after[i] ? 0 : after[i];
  while (ferry_uffd_copy(m->system_fd, at, after, FERRY_PAGE, 0) == -EAGAIN) {
    ferry_pause(m);
    ferry_hear_all(m);
  }
}

static void settle_page(struct ferry_mirror *m, struct ferry_borrowed_page *b) {
  const uintptr_t at = b->at;
  b->at = 0;
  atomic_fetch_sub(&m->shared->borrowed, 1);
  if (!b->written) {
    ferry_punch(m, at, FERRY_PAGE);
    return;
  }
  const struct ferry_span span = ferry_begin(&m->pages);
  ++m->pages.traffic.written_back;
  ferry_recall(m, at, m->block, FERRY_PAGE);
  if (is_missing(m, at) && ferry_in_ranges(&m->registered, at))
    fill_page(m, at, original_of(m, b), m->block);
  else
    write_changes(at, original_of(m, b), m->block);
  ferry_end(&m->pages, &span, FERRY_TRANSFER_WRITE_BACK, at, at + FERRY_PAGE);
}

void ferry_settle(struct ferry_mirror *m) {
  for (uint32_t i = 0; i < FERRY_BORROWED; ++i)
    if (m->borrowed[i].at)
      settle_page(m, &m->borrowed[i]);
}

//===- there --------------------------------------------------------------===//

static bool read_original(struct ferry_mirror *m, uintptr_t at, char *to) {
  const struct iovec here = {to, FERRY_PAGE}, there = {(void *)at, FERRY_PAGE};
  if (is_missing(m, at))
    return memset(to, 0, FERRY_PAGE);
  return transfer(SYS_process_vm_readv, &here, 1, &there) == FERRY_PAGE;
}

static bool may_touch(struct ferry_mirror *m, uintptr_t at, bool write) {
  struct ferry_vma v;
  return ferry_find_vma(m, at, &v) && v.read && (v.write || !write);
}

static void wait_for(struct ferry_mirror *m, long error, uintptr_t at) {
  if (error == -EAGAIN)
    ferry_pause(m);
  else if (error < 0 && error != -ESRCH)
    ferry_mirror_fatal("it takes no borrowed page", error, at);
}

static void allow_stores(struct ferry_mirror *m,
                         struct ferry_borrowed_page *b) {
  long error;
  b->written = true;
  while ((error = ferry_uffd_protect(m->device_fd, b->at, FERRY_PAGE, false)) <
             0 &&
         error != -ESRCH)
    wait_for(m, error, b->at);
}

static bool borrow(struct ferry_mirror *m, uintptr_t at, bool write) {
  struct ferry_borrowed_page *b =
      &m->borrowed[m->next_borrowed++ % FERRY_BORROWED];
  if (b->at)
    settle_page(m, b);
  if (!read_original(m, at, original_of(m, b)))
    return false;
  *b = (struct ferry_borrowed_page){at, write};
  atomic_fetch_add(&m->shared->borrowed, 1);
  ++m->pages.traffic.borrowed;
  long error;
  while (
      (error = ferry_uffd_copy(m->device_fd, at, original_of(m, b), FERRY_PAGE,
                               write ? 0 : UFFDIO_COPY_MODE_WP)) < 0 &&
      error != -ESRCH)
    wait_for(m, error, at);
  return true;
}

bool ferry_borrow(struct ferry_mirror *m, uintptr_t at, bool write) {
  struct ferry_borrowed_page *b = find(m, at);
  if (!may_touch(m, at, write))
    return false;
  if (b && write)
    allow_stores(m, b);
  if (b)
    return ferry_uffd_wake(m->device_fd, at, FERRY_PAGE), true;
  const struct ferry_span span = ferry_begin(&m->pages);
  const bool done = borrow(m, at, write);
  ferry_end(&m->pages, &span, FERRY_TRANSFER_BORROWING, at, at + FERRY_PAGE);
  return done;
}
