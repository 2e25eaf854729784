//===- device_hmm.c - a process on the kernel's HMM -----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The process of a crew (mirror/crew.h) is the processor of /dev/ferry_hmm
// (mirror/hmm_driver.h): it maps the driver's file over everything but code, and the
// kernel does what the mirror device has to do itself. That process alone has the file;
// the program keeps a page of counters.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "mirror/crew.h"
#include "mirror/hmm.h"
#include "mirror/hmm_driver.h"
#include "mirror/kernel.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct ferry_hmm {
  struct ferry_crew crew; // first: the carrier gets a pointer to it
  int file;               // in the device alone
  const _Atomic uint64_t *counters;
};

static struct ferry_crew *crew; // null before it is started
static struct ferry_traffic last; // when counting ended
static atomic_bool ended;

static struct ferry_hmm *of(struct ferry_crew *c) { return (void *)c; }

//===- in the device ------------------------------------------------------===//

static void keep_one_file(struct ferry_crew *c) {
  const unsigned file = (unsigned)of(c)->file;
  if (file > 0)
    FERRY_KERNEL(close_range, 0, file - 1, 0);
  FERRY_KERNEL(close_range, file + 1, ~0U, 0);
}

static long cover(struct ferry_crew *c, uintptr_t lo, uintptr_t hi) {
  const long at = FERRY_KERNEL(mmap, lo, hi - lo, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_NORESERVE | MAP_FIXED, of(c)->file, lo);
  return at == (long)lo ? 0 : at;
}

// It lives as long as the memory that it shares.
static void wait_for_end(struct ferry_crew *c) {
  struct pollfd end = {of(c)->file, 0, 0};
  while (!(end.revents & POLLHUP))
    FERRY_KERNEL(ppoll, &end, 1, 0, 0);
  FERRY_KERNEL(exit_group, 0);
}

static void prefetch_there(struct ferry_crew *c, int number) {
  const struct ferry_crew_shared *s = c->shared;
  for (uint32_t i = (uint32_t)number; i < s->range_count; i += (uint32_t)c->threads) {
    const struct ferry_range r = s->ranges[i];
    struct ferry_hmm_range range = {r.lo, r.hi};
    FERRY_KERNEL(ioctl, of(c)->file, FERRY_HMM_PREFETCH, &range);
  }
}

static void count_range(struct ferry_crew *c, struct ferry_range r) {
  enum { PAGES = 4096 };
  uint8_t states[PAGES];
  while (r.lo < r.hi) {
    const uint64_t left = (r.hi - r.lo) / FERRY_PAGE;
    const uint64_t pages = left < PAGES ? left : PAGES;
    struct ferry_hmm_query query = {r.lo, pages, (uintptr_t)states};
    if (FERRY_KERNEL(ioctl, of(c)->file, FERRY_HMM_QUERY, &query))
      return;
    for (uint64_t i = 0; i < pages; ++i)
      c->shared->there += (states[i] & FERRY_HMM_ON_DEVICE) != 0;
    r.lo += pages * FERRY_PAGE;
  }
}

static void count_there(struct ferry_crew *c, int number) {
  const struct ferry_crew_shared *s = c->shared;
  for (uint32_t i = (uint32_t)number; i < s->range_count; i += (uint32_t)c->threads)
    count_range(c, s->ranges[i]);
}

//===- in the program -----------------------------------------------------===//

static void nothing(struct ferry_crew *c) { (void)c; }

static void prefetch(struct ferry_crew *c) { ferry_crew_do(c, prefetch_there); }

static void count(struct ferry_crew *c) {
  atomic_store(&c->shared->there, 0);
  ferry_crew_do(c, count_there);
}

static void retry(struct ferry_crew *c) {
  atomic_store(&c->shared->request, 0);
  ferry_wake(&c->shared->request);
}

static void read_counters(struct ferry_crew *c, struct ferry_traffic *total) {
  const _Atomic uint64_t *now = of(c)->counters;
  *total = (struct ferry_traffic){.device_faults = now[FERRY_HMM_DEVICE_FAULTS],
                                  .cpu_faults = now[FERRY_HMM_CPU_FAULTS],
                                  .to_device = now[FERRY_HMM_TO_DEVICE],
                                  .to_system = now[FERRY_HMM_TO_SYSTEM],
                                  .prefetched = now[FERRY_HMM_PREFETCHED],
                                  .evicted = now[FERRY_HMM_EVICTED],
                                  .zeroed = now[FERRY_HMM_ZEROED],
                                  .dropped = now[FERRY_HMM_DROPPED],
                                  .borrowed = now[FERRY_HMM_REMOTE]};
  total->ns[FERRY_TRANSFER_DEVICE_FAULT] = now[FERRY_HMM_DEVICE_FAULT_NS];
  total->ns[FERRY_TRANSFER_CPU_FAULT] = now[FERRY_HMM_CPU_FAULT_NS];
  total->ns[FERRY_TRANSFER_PREFETCH] = now[FERRY_HMM_PREFETCH_NS];
}

static const struct ferry_carrier carrier = {.name = "hmm",
                                             .enter = keep_one_file,
                                             .cover = cover,
                                             .attend = wait_for_end,
                                             .ends_told = true,
                                             .begin = nothing,
                                             .prefetch = prefetch,
                                             .count = count,
                                             .retry = retry,
                                             .surrender = nothing,
                                             .end = nothing,
                                             .traffic = read_counters};

//===- starting -----------------------------------------------------------===//

static struct ferry_hmm *lay_out(char *why, size_t size) {
  const int threads = ferry_crew_threads();
  const uintptr_t window =
      ferry_open_window(sizeof(struct ferry_hmm), threads, "", why, size);
  uintptr_t at = window;
  if (!window)
    return NULL;
  struct ferry_hmm *h = (void *)ferry_cut(&at, sizeof *h, FERRY_PAGE);
  h->crew.carrier = &carrier;
  ferry_cut_crew(&h->crew, &at, threads);
  h->crew.window = window;
  h->crew.window_end = at;
  return h;
}

static bool ask_driver(struct ferry_hmm *h) {
  const int64_t pages = ferry_options.mirror_granule / FERRY_PAGE;
  uint64_t granule = (uint64_t)(pages < FERRY_HMM_MOST ? pages : FERRY_HMM_MOST);
  uint64_t capacity;
  h->counters = mmap(NULL, FERRY_PAGE, PROT_READ, MAP_SHARED, h->file, 0);
  if (h->counters == MAP_FAILED || ioctl(h->file, FERRY_HMM_MEMORY, &capacity) ||
      (granule && ioctl(h->file, FERRY_HMM_SET_GRANULE, &granule)))
    return false;
  h->crew.capacity = capacity;
  return true;
}

static void *start_process(void *c) {
  ferry_start_process(c, 0);
  return NULL;
}

static bool start_crew(struct ferry_hmm *h, char *why, size_t size) {
  pthread_t starter;
  int cancel;
  if (!ask_driver(h)) {
    snprintf(why, size, "its driver is another version's");
    return false;
  }
  const int error = ferry_run_starter(&h->crew, start_process, &h->crew, &starter);
  if (error) {
    snprintf(why, size, "the system gives it no thread: %s", strerror(error));
    return false;
  }
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
  pthread_join(starter, NULL);
  pthread_setcancelstate(cancel, NULL);
  snprintf(why, size, "%s", h->crew.shared->why);
  return atomic_load(&h->crew.shared->ready);
}

static bool start(char *why, size_t size) {
  struct ferry_hmm *h;
  if (!ferry_may_have_crew(why, size) || !(h = lay_out(why, size)) ||
      (h->file = ferry_open_hmm(why, size)) < 0)
    return false;
  const bool fine = start_crew(h, why, size);
  close(h->file);
  if (!fine)
    return false;
  crew = &h->crew;
  if (ferry_options.verbose)
    ferry_log("device hmm: %d threads, %zu MiB", crew->threads, crew->capacity >> 20);
  return true;
}

static struct ferry_exclusive use = {.device = &ferry_device_hmm, .start = start};

static bool available(char *why, size_t size) {
  return ferry_start_exclusive(&use, why, size);
}

//===- the other functions of the device ----------------------------------===//

static enum ferry_reason run(struct ferry_job *job) {
  return ferry_crew_run(&use, &crew, job);
}

static enum ferry_reason moving_ns(const struct ferry_job *job, int64_t *ns) {
  const bool started = ferry_exclusive_state(&use) == FERRY_STARTED;
  return ferry_crew_moving_ns(&use, &crew, started ? crew->capacity : SIZE_MAX, job, ns);
}

static enum ferry_reason ready(void) { return ferry_exclusive_ready(&use); }

static int64_t start_ns(void) { return ferry_crew_start_ns(&use); }

static void traffic(struct ferry_traffic *total) {
  *total = last;
  if (!crew || crew->program != FERRY_KERNEL(getpid, 0) || atomic_load(&ended))
    return;
  read_counters(crew, total);
  total->thrashed = atomic_load(&crew->thrashed);
}

static void end_counting(void) {
  traffic(&last);
  atomic_store(&ended, true);
}

// The kernel sees to what is on the device; the child may open one of its own.
static void forked(void) {
  ferry_worker_number = 0;
  crew = NULL;
  atomic_store(&use.state, FERRY_UNTRIED);
  atomic_store(&use.owned, false);
}

const struct ferry_device ferry_device_hmm = {.name = "hmm",
                                              .available = available,
                                              .ready = ready,
                                              .width = ferry_crew_width,
                                              .launch_ns = ferry_crew_launch_ns,
                                              .start_ns = start_ns,
                                              .moving_ns = moving_ns,
                                              .run = run,
                                              .traffic = traffic,
                                              .end_counting = end_counting,
                                              .forked = forked};
