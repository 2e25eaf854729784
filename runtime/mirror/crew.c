//===- crew.c - launches on a process that plays a device -----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What threads of the program do: hand a loop over, wait, and see to what the
// crew cannot.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "crew.h"
#include "../team.h"
#include "kernel.h"

#include <stdio.h>
#include <string.h>

// They keep more memory about the program's than a device can follow.
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));
extern void __msan_init(void) __attribute__((weak));

bool ferry_may_have_crew(char *why, size_t size) {
  if (!__asan_init && !__tsan_init && !__msan_init)
    return true;
  snprintf(why, size, "the program runs under a sanitizer, whose memory it lacks");
  return false;
}

int ferry_crew_threads(void) {
  const int count = ferry_threads();
  return count < FERRY_CREW_THREADS ? count : FERRY_CREW_THREADS;
}

//===- waiting ------------------------------------------------------------===//

// What the device was refused. If this thread may touch it, all is well.
static void answer_request(struct ferry_crew *c) {
  enum { MOST = 100 };
  static uintptr_t last;
  static int count;
  const uintptr_t at = c->shared->request_at;
  ferry_touch(at, c->shared->request_write);
  count = at == last ? count + 1 : 0;
  last = at;
  if (count > MOST)
    ferry_fatal("device %s cannot reach the memory at %p", c->carrier->name,
                (void *)at);
  c->carrier->retry(c);
}

// The loop divided by zero, or the like. The program would not have survived that in
// place, unless by a handler, which then gets the signal here.
static void answer_exception(struct ferry_crew *c) {
  const struct ferry_crew_shared *s = c->shared;
  const int number = (int)atomic_load(&s->exception);
  c->carrier->surrender(c);
  FERRY_KERNEL(tgkill, FERRY_KERNEL(getpid, 0), FERRY_KERNEL(gettid, 0), number);
  ferry_fatal("device %s was stopped by signal %d at %p", c->carrier->name, number,
              (void *)s->exception_at);
}

static bool is_lost(const struct ferry_crew *c) {
  return atomic_load(&c->shared->lost) ||
         (c->carrier->ends_told && !atomic_load(&c->shared->attention));
}

static bool wait_for_crew(struct ferry_crew *c) {
  struct ferry_crew_shared *s = c->shared;
  for (;;) {
    const unsigned seen = atomic_load(&s->attention);
    const unsigned exception = atomic_load(&s->exception);
    if (atomic_load(&s->unfinished) == 0)
      return true;
    if (exception && exception != ~0U)
      answer_exception(c);
    if (is_lost(c))
      return false;
    if (atomic_load(&s->request) == 1)
      answer_request(c);
    else
      ferry_wait(&s->attention, seen);
  }
}

bool ferry_crew_do(struct ferry_crew *c, ferry_crew_work *work) {
  struct ferry_crew_shared *s = c->shared;
  s->work = work;
  atomic_store(&s->begun, 0);
  atomic_store(&s->unfinished, (unsigned)c->threads);
  ferry_raise(&s->sequence);
  return wait_for_crew(c);
}

//===- a launch -----------------------------------------------------------===//

// A copy in memory that the device has, or null.
static void *copy(struct ferry_crew_shared *s, size_t *used, const void *from,
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

static bool hand_over(struct ferry_crew *c, const struct ferry_job *job) {
  struct ferry_crew_shared *s = c->shared;
  struct ferry_division *d = &s->division;
  size_t used = 0, partials;
  s->job = *job;
  if (!ferry_divide(d, &s->job, c->threads) ||
      __builtin_mul_overflow(d->stride, (size_t)c->threads, &partials))
    return false;
  s->job.context = copy(s, &used, job->context, job->context_size);
  s->job.identity = copy(s, &used, job->identity, job->reduction_size);
  d->partials = copy(s, &used, NULL, partials);
  d->parts = s->parts;
  d->serial = ++c->serial;
  d->floats = &s->floats;
  atomic_store(&d->next, 0);
  ferry_get_floats(&s->floats);
  return s->job.context && s->job.identity && d->partials;
}

// Where the last launch had to bring much, this one brings what its accesses
// span in one go, if it has room. A guess: what is wrong about it comes by
// faults.
static void prefetch(struct ferry_crew *c, const struct ferry_job *job) {
  struct ferry_footprint f;
  if (!c->brings_much || !ferry_find_footprint(job, &f) || f.sparse || !f.pages ||
      f.pages >= c->capacity / FERRY_PAGE / 2)
    return;
  ferry_name_ranges(c, &f);
  c->carrier->prefetch(c);
}

static void do_part(struct ferry_crew *c, int number) {
  atomic_store_explicit(&c->shared->begun, 1, memory_order_relaxed);
  ferry_do_part(&c->shared->division, number, c->threads);
}

// Whether the whole loop ran; false: none of it.
static bool run_loop(struct ferry_crew *c) {
  if (ferry_crew_do(c, do_part))
    return true;
  if (atomic_load(&c->shared->begun))
    ferry_fatal("device %s has ended in the middle of a loop", c->carrier->name);
  return false;
}

static enum ferry_reason may_run(struct ferry_crew *c, const struct ferry_job *job) {
  const struct ferry_loads now = ferry_count_loads();
  if (is_lost(c) || c->program != FERRY_KERNEL(getpid, 0)) // passed fork() by
    return FERRY_NO_DEVICE;
  if (ferry_floats_trap())
    return FERRY_FP_TRAPS;
  if (now.removed != c->loads.removed ||
      !ferry_in_ranges(&c->code, (uintptr_t)job->worker))
    return FERRY_LATE_CODE;
  return FERRY_DONE;
}

// Other threads of the program count in, too.
static void add_since(struct ferry_traffic *sum, const struct ferry_traffic *now,
                      const struct ferry_traffic *before) {
  for (int i = 0; i < FERRY_TRAFFIC_FIELDS; ++i)
    ((uint64_t *)sum)[i] +=
        ((const uint64_t *)now)[i] - ((const uint64_t *)before)[i];
}

static void note_traffic(struct ferry_crew *c, const struct ferry_job *job,
                         const struct ferry_traffic *before) {
  enum { MUCH = 256 };
  struct ferry_traffic now;
  c->carrier->traffic(c, &now);
  const uint64_t taken = now.to_device - before->to_device,
                 zeroed = now.zeroed - before->zeroed;
  const bool thrashes = taken + zeroed > c->capacity / FERRY_PAGE;
  c->brings_much = taken >= MUCH;
  atomic_fetch_add_explicit(&c->thrashed, thrashes, memory_order_relaxed);
  if (job->traffic) {
    add_since(job->traffic, &now, before);
    job->traffic->thrashed += thrashes;
  }
}

static enum ferry_reason run(struct ferry_crew *c, struct ferry_job *job) {
  struct ferry_floats caller;
  struct ferry_traffic before;
  const enum ferry_reason why = may_run(c, job);
  if (why != FERRY_DONE)
    return why;
  if (!hand_over(c, job))
    return FERRY_DEVICE_MEMORY;
  ferry_get_floats(&caller);
  c->carrier->begin(c);
  c->carrier->traffic(c, &before);
  atomic_store(&c->shared->loop, job->state);
  prefetch(c, job);
  const bool done = run_loop(c);
  if (done)
    c->carrier->end(c);
  atomic_store(&c->shared->loop, NULL);
  ferry_set_floats(&caller);
  if (!done)
    return FERRY_NO_DEVICE;
  note_traffic(c, job, &before);
  ferry_collect(&c->shared->division, job);
  return FERRY_DONE;
}

//===- the functions of a device ------------------------------------------===//

int64_t ferry_crew_width(void) { return ferry_crew_threads(); }

int64_t ferry_crew_launch_ns(int64_t now) {
  enum { LAUNCH_NS = 20000 };
  (void)now;
  return LAUNCH_NS;
}

int64_t ferry_crew_start_ns(struct ferry_exclusive *use) {
  enum { START_NS = 5000000 };
  return ferry_exclusive_state(use) == FERRY_STARTED ? 0 : START_NS;
}

enum ferry_reason ferry_crew_run(struct ferry_exclusive *use,
                                 struct ferry_crew *const *c, struct ferry_job *job) {
  int cancel;
  if (!ferry_own(use, &cancel))
    return FERRY_BUSY;
  const enum ferry_reason why = run(*c, job);
  if (why == FERRY_NO_DEVICE)
    ferry_lose(use, "its process has ended");
  ferry_disown(use, cancel);
  return why;
}

enum ferry_reason ferry_crew_moving_ns(struct ferry_exclusive *use,
                                       struct ferry_crew *const *c, size_t capacity,
                                       const struct ferry_job *job, int64_t *ns) {
  struct ferry_footprint f;
  *ns = 0;
  if (!ferry_find_footprint(job, &f))
    return FERRY_DONE;
  if (f.pages > capacity / FERRY_PAGE)
    return FERRY_DEVICE_MEMORY;
  const bool started = ferry_exclusive_state(use) == FERRY_STARTED;
  int cancel;
  if (started && !ferry_own(use, &cancel))
    return FERRY_BUSY;
  *ns = ferry_price(started ? *c : NULL, &f);
  if (started)
    ferry_disown(use, cancel);
  return FERRY_DONE;
}
