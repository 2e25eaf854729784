//===- device_mirror.c - a process with a memory of its own ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the mirror device (mirror/mirror.h) that runs in threads of the
// program: launching and waiting.
//
// The context of a launch, the identity of its reductions and their partial
// results are copied with the launch; all other memory moves when it is
// touched.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "exclusive.h"
#include "mirror/kernel.h"
#include "mirror/mirror.h"
#include "team.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>

enum { START_NS = 5000000, LAUNCH_NS = 20000, MUCH = 256 };

static struct ferry_mirror *mirror; // null before it is started
static struct ferry_loads loads; // when the device was made
static uint64_t serial;

//===- starting -----------------------------------------------------------===//

// They keep more memory about the program's than a device can follow.
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));

static bool is_sanitized(void) {
  return __asan_init || __tsan_init || __msan_init;
}

// A debugger stops the driver with the program, and would wait for it where it looks at
// data on the device.
static bool is_traced(void) {
  char status[1024], *tracer;
  const long fd =
      FERRY_KERNEL(open, "/proc/self/status", O_RDONLY | O_CLOEXEC);
  const long size = FERRY_KERNEL(read, fd, status, sizeof status - 1);
  FERRY_KERNEL(close, fd);
  status[size < 0 ? 0 : size] = 0;
  tracer = strstr(status, "TracerPid:");
  return tracer && strtol(tracer + strlen("TracerPid:"), NULL, 10);
}

static size_t capacity(void) {
  const size_t block = FERRY_BLOCK, least = 64 << 20, most = 1 << 30;
  size_t size = (size_t)ferry_options.mirror_memory;
  struct sysinfo machine;
  if (size)
    return size / block * block;
  size =
      sysinfo(&machine) == 0 ? machine.totalram * machine.mem_unit / 4 : least;
  size = size < least ? least : size > most ? most : size;
  return size / block * block;
}

static int threads(void) {
  const int count = ferry_threads();
  return count < FERRY_MIRROR_THREADS ? count : FERRY_MIRROR_THREADS;
}

static void before_fork(void) {
  if (mirror)
    ferry_order(mirror, FERRY_ORDER_FREEZE);
}

static void after_fork_in_parent(void) {
  if (mirror)
    ferry_order(mirror, FERRY_ORDER_THAW);
}

static bool start(char *why, size_t size) {
  static atomic_bool handles_fork;
  struct ferry_mirror *m;
  const size_t granule = ferry_options.mirror_granule
                             ? (size_t)ferry_options.mirror_granule
                             : 4 * (size_t)FERRY_PAGE;
  if (is_sanitized()) {
    snprintf(why, size,
             "the program runs under a sanitizer, whose memory it lacks");
    return false;
  }
  loads = ferry_count_loads();
  if (!ferry_open_window(&m, capacity(), granule, threads(), why, size))
    return false;
  const int error = ferry_start_driver(m);
  if (error)
    snprintf(why, size, "the system gives it no thread: %s", strerror(error));
  else
    snprintf(why, size, "%s", m->shared->why);
  if (error || atomic_load(&m->shared->started) != 1)
    return false;
  atomic_store(&m->shared->restless, is_traced());
  mirror = m;
  if (!atomic_exchange(&handles_fork, true))
    pthread_atfork(before_fork, after_fork_in_parent, NULL);
  if (ferry_options.verbose)
    ferry_log("device mirror: %d threads, %zu MiB", m->threads,
              m->capacity >> 20);
  return true;
}

static struct ferry_exclusive use = {.device = &ferry_device_mirror, .start = start};

static bool available(char *why, size_t size) {
  return ferry_start_exclusive(&use, why, size);
}

//===- a launch -----------------------------------------------------------===//

// A copy in memory that the device has, or null.
static void *copy(struct ferry_mirror_shared *s, size_t *used, const void *from,
                  size_t size) {
  const size_t line = FERRY_CACHE_LINE;
  char *to = s->room + *used;
  if (size > sizeof s->room - *used)
    return NULL;
  *used += (size + line - 1) / line * line;
  if (from)
    memcpy(to, from, size);
  return to;
}

static bool hand_over(struct ferry_mirror *m, const struct ferry_job *job) {
  struct ferry_mirror_shared *s = m->shared;
  struct ferry_division *d = &s->division;
  size_t used = 0, partials;
  s->job = *job;
  if (!ferry_divide(d, &s->job, m->threads) ||
      __builtin_mul_overflow(d->stride, (size_t)m->threads, &partials))
    return false;
  s->job.context = copy(s, &used, job->context, job->context_size);
  s->job.identity = copy(s, &used, job->identity, job->reduction_size);
  d->partials = copy(s, &used, NULL, partials);
  d->parts = s->parts;
  d->serial = ++serial;
  d->floats = &s->floats;
  atomic_store(&d->next, 0);
  ferry_get_floats(&s->floats);
  return s->job.context && s->job.identity && d->partials;
}

// An event that the driver has read lets its thread go on before it is handled.
static void wait_for_driver(struct ferry_mirror_shared *s) {
  atomic_fetch_add(&s->waiting, 1);
  while (atomic_load(&s->busy))
    ferry_wait(&s->busy, 1);
  atomic_fetch_sub(&s->waiting, 1);
}

// What the device was refused. If this thread may touch it, all is well.
static void answer_request(struct ferry_mirror *m) {
  enum { MOST = 100 };
  static uintptr_t last;
  static int count;
  const uintptr_t at = m->shared->request_at;
  ferry_touch(at, m->shared->request_write);
  count = at == last ? count + 1 : 0;
  last = at;
  if (count > MOST)
    ferry_fatal("device mirror cannot reach the memory at %p", (void *)at);
  ferry_order(m, FERRY_ORDER_RETRY);
}

// The loop did what its program would not have survived in place, unless by a
// handler, which then gets the signal here.
static void answer_exception(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  const int number = (int)atomic_load(&s->exception);
  const uintptr_t at = s->exception_at;
  ferry_order(m, FERRY_ORDER_SETTLE);
  ferry_order(m, FERRY_ORDER_FREEZE);
  if (number == SIGSEGV || number == SIGBUS)
    ferry_touch(at, true);
  else
    FERRY_KERNEL(tgkill, FERRY_KERNEL(getpid, 0), FERRY_KERNEL(gettid, 0),
                 number);
  ferry_fatal("device mirror was stopped by signal %d at %p", number,
              (void *)at);
}

static bool wait_for_workers(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  for (;;) {
    const unsigned seen = atomic_load(&s->attention);
    const unsigned exception = atomic_load(&s->exception);
    if (atomic_load(&s->unfinished) == 0)
      return true;
    if (exception && exception != ~0U)
      answer_exception(m);
    if (atomic_load(&s->lost))
      return false;
    if (atomic_load(&s->request))
      answer_request(m);
    else
      ferry_wait(&s->attention, seen);
  }
}

// Where the last launch had to bring much, this one brings what its accesses
// span in one go, if it has room. A guess: what is wrong about it comes by
// faults.
static bool brings_much = true;

static void prefetch(struct ferry_mirror *m, const struct ferry_job *job) {
  struct ferry_footprint f;
  if (!brings_much || atomic_load(&m->shared->restless) ||
      !ferry_find_footprint(job, &f) || f.sparse || !f.pages ||
      f.pages >= m->capacity / FERRY_PAGE / 2)
    return;
  ferry_name_ranges(m, &f);
  ferry_order(m, FERRY_ORDER_PREFETCH);
}

// Whether the whole loop ran; false: none of it.
static bool run_on_workers(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  wait_for_driver(s);
  atomic_store(&s->begun, 0);
  atomic_store(&s->unfinished, (unsigned)m->threads);
  ferry_raise(&s->sequence);
  if (!wait_for_workers(m)) {
    if (atomic_load(&s->begun))
      ferry_fatal("device mirror has ended in the middle of a loop");
    return false;
  }
  if (atomic_load(&s->borrowed) || atomic_load(&s->restless))
    ferry_order(m, FERRY_ORDER_SETTLE);
  return true;
}

static enum ferry_reason give_up(void) {
  ferry_lose(&use, "its process has ended");
  return FERRY_NO_DEVICE;
}

static enum ferry_reason may_run(struct ferry_mirror *m,
                                 const struct ferry_job *job) {
  const struct ferry_loads now = ferry_count_loads();
  if (atomic_load(&m->shared->lost))
    return give_up();
  if (ferry_floats_trap())
    return FERRY_FP_TRAPS;
  if (now.removed != loads.removed ||
      !ferry_in_ranges(&m->code, (uintptr_t)job->worker))
    return FERRY_LATE_CODE;
  return FERRY_DONE;
}

static enum ferry_reason run_alone(struct ferry_mirror *m,
                                   struct ferry_job *job) {
  struct ferry_floats caller;
  enum ferry_reason why = may_run(m, job);
  if (why != FERRY_DONE)
    return why;
  if (!hand_over(m, job))
    return FERRY_DEVICE_MEMORY;
  ferry_get_floats(&caller);
  wait_for_driver(m->shared); // what came back last is not of this loop
  const struct ferry_traffic before = m->shared->traffic;
  atomic_store(&m->shared->loop, job->state);
  if (!atomic_load(&m->shared->restless) && ferry_has_threads())
    atomic_store(&m->shared->restless, 1);
  prefetch(m, job);
  if (!run_on_workers(m))
    why = give_up();
  atomic_store(&m->shared->loop, NULL);
  ferry_set_floats(&caller);
  if (why != FERRY_DONE)
    return why;
  wait_for_driver(m->shared);
  brings_much = ferry_note_traffic(m, job, &before) >= MUCH;
  ferry_collect(&m->shared->division, job);
  return FERRY_DONE;
}

static enum ferry_reason run(struct ferry_job *job) {
  int cancel;
  if (!ferry_own(&use, &cancel))
    return FERRY_BUSY;
  const int64_t start = ferry_note_job(mirror, job);
  const enum ferry_reason why = run_alone(mirror, job);
  if (why == FERRY_DONE)
    ferry_note_done(mirror, job, start);
  ferry_disown(&use, cancel);
  return why;
}

//===- the other functions of the device ----------------------------------===//

static enum ferry_reason moving_ns(const struct ferry_job *job, int64_t *ns) {
  struct ferry_footprint f;
  *ns = 0;
  if (!ferry_find_footprint(job, &f))
    return FERRY_DONE;
  if (f.pages > capacity() / FERRY_PAGE)
    return FERRY_DEVICE_MEMORY;
  const bool started = ferry_exclusive_state(&use) == FERRY_STARTED;
  int cancel;
  if (started && !ferry_own(&use, &cancel))
    return FERRY_BUSY;
  *ns = ferry_price(started ? mirror : NULL, &f);
  if (started)
    ferry_disown(&use, cancel);
  return FERRY_DONE;
}

static enum ferry_reason ready(void) { return ferry_exclusive_ready(&use); }

static int64_t width(void) { return threads(); }

static int64_t launch_ns(int64_t now) {
  (void)now;
  return LAUNCH_NS;
}

static int64_t start_ns(void) {
  return ferry_exclusive_state(&use) == FERRY_STARTED ? 0 : START_NS;
}

static void traffic(struct ferry_traffic *total) {
  *total = (struct ferry_traffic){0};
  if (!mirror)
    return;
  wait_for_driver(mirror->shared);
  *total = mirror->shared->traffic;
  total->thrashed = atomic_load(&mirror->thrashed);
}

static void end_counting(void) {
  if (mirror)
    ferry_end_counting(mirror);
}

static void moves(void (*visit)(void *, const struct ferry_transferred *),
                  void *context) {
  for (uint32_t i = 0; mirror && i < mirror->pages.history.count; ++i)
    visit(context, &mirror->history[i]);
}

static struct ferry_residency *residency(void) {
  return mirror ? mirror->residency : NULL;
}

const char *ferry_check_mirror(void) {
  if (!mirror)
    return NULL;
  ferry_order(mirror, FERRY_ORDER_CHECK);
  return mirror->shared->wrong;
}

// The device is the parent's; the child may make one of its own.
static void forked(void) {
  ferry_worker_number = 0;
  mirror = NULL;
  atomic_store(&use.state, FERRY_UNTRIED);
  atomic_store(&use.owned, false);
}

const struct ferry_device ferry_device_mirror = {.name = "mirror",
                                                 .available = available,
                                                 .ready = ready,
                                                 .width = width,
                                                 .launch_ns = launch_ns,
                                                 .start_ns = start_ns,
                                                 .moving_ns = moving_ns,
                                                 .run = run,
                                                 .traffic = traffic,
                                                 .end_counting = end_counting,
                                                 .moves = moves,
                                                 .residency = residency,
                                                 .forked = forked};
