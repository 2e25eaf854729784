//===- carrier.c - the mirror device's part in a launch -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In the device: everything but code is one file in memory, mapped so that the
// offset is the address, and empty until something is touched. In the program: what
// a launch wants of the driver.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"
#include "uffd.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>

static struct ferry_mirror *of(struct ferry_crew *c) { return (void *)c; }

//===- in the device ------------------------------------------------------===//

// It dies with the driver, and tells it its userfaultfd; they have one table of files.
static void enter(struct ferry_crew *c) {
  struct uffdio_api api = {UFFD_API,
                           UFFD_FEATURE_PAGEFAULT_FLAG_WP |
                               UFFD_FEATURE_MISSING_SHMEM |
                               UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
                           0};
  struct ferry_mirror *m = of(c);
  FERRY_KERNEL(prctl, PR_SET_PDEATHSIG, SIGKILL);
  if (FERRY_KERNEL(getppid, 0) != c->program)
    FERRY_KERNEL(exit_group, 1);
  const long fd = ferry_open_uffd();
  if (fd < 0 || FERRY_KERNEL(ioctl, fd, UFFDIO_API, &api))
    ferry_crew_die(c, "userfaultfd cannot protect memory files: Linux 6.8 or later "
                      "is needed");
  m->device_fd = (int)fd;
  atomic_store(&m->shared->device_fd, (unsigned)fd);
}

static long cover(struct ferry_crew *c, uintptr_t lo, uintptr_t hi) {
  struct ferry_mirror *m = of(c);
  const long at =
      FERRY_KERNEL(mmap, lo, hi - lo, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_NORESERVE | MAP_FIXED, m->memory_fd, lo);
  if (at != (long)lo)
    return at;
  return ferry_uffd_register(m->device_fd, lo, hi - lo,
                             UFFDIO_REGISTER_MODE_MISSING |
                                 UFFDIO_REGISTER_MODE_WP);
}

static void attend(struct ferry_crew *c) {
  (void)c;
  for (;;)
    FERRY_KERNEL(pause, 0);
}

//===- in the program -----------------------------------------------------===//

// An event that the driver has read lets its thread go on before it is handled.
static void wait_for_driver(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  atomic_fetch_add(&s->waiting, 1);
  while (atomic_load(&s->busy))
    ferry_wait(&s->busy, 1);
  atomic_fetch_sub(&s->waiting, 1);
}

static void begin(struct ferry_crew *c) {
  struct ferry_mirror *m = of(c);
  ferry_note_begin(m, &c->shared->job);
  wait_for_driver(m); // what came back last is not of this loop
  if (!atomic_load(&m->shared->restless) && ferry_has_threads())
    atomic_store(&m->shared->restless, 1);
}

static void prefetch(struct ferry_crew *c) {
  struct ferry_mirror *m = of(c);
  if (atomic_load(&m->shared->restless))
    return;
  ferry_order(m, FERRY_ORDER_PREFETCH);
  wait_for_driver(m);
}

static void count(struct ferry_crew *c) { ferry_order(of(c), FERRY_ORDER_COUNT); }
static void retry(struct ferry_crew *c) { ferry_order(of(c), FERRY_ORDER_RETRY); }

static void surrender(struct ferry_crew *c) {
  ferry_order(of(c), FERRY_ORDER_SETTLE);
  ferry_order(of(c), FERRY_ORDER_FREEZE);
}

static void end(struct ferry_crew *c) {
  struct ferry_mirror *m = of(c);
  if (atomic_load(&m->shared->borrowed) || atomic_load(&m->shared->restless))
    ferry_order(m, FERRY_ORDER_SETTLE);
  wait_for_driver(m);
  ferry_note_end(m, &c->shared->job);
}

static void traffic(struct ferry_crew *c, struct ferry_traffic *total) {
  wait_for_driver(of(c));
  *total = of(c)->shared->traffic;
}

const struct ferry_carrier ferry_mirror_carrier = {.name = "mirror",
                                                   .enter = enter,
                                                   .cover = cover,
                                                   .attend = attend,
                                                   .begin = begin,
                                                   .prefetch = prefetch,
                                                   .count = count,
                                                   .retry = retry,
                                                   .surrender = surrender,
                                                   .end = end,
                                                   .traffic = traffic};
