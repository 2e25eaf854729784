//===- follow.c - rows on threads, each behind the one before it ----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs what doacross.c has planned. Threads take rows in their order, so the first row
// that has not ended is always being run, and never waits. Rows end in their order, so
// no more rows are begun than there are threads, and a ring of twice as many records
// says how far each has come.
//
// The rule that makes waiting for one row enough: a row says that it has come to a
// place only when the one before has said so. INT64_MAX is the place of one that ended.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "blocks.h"
#include "doacross.h"

#include <sched.h>

enum { SPINS = 100 }; // some 3 us; the row before may have no CPU, and this thread has one

struct ferry_progress {
  _Alignas(FERRY_CACHE_LINE) _Atomic int64_t row; // release: place is of that row
  _Atomic int64_t place; // release: what was written before it
};

struct walker {
  struct ferry_stepper stepper; // first: the worker gets a pointer to it
  const struct ferry_doacross *plan;
  struct ferry_progress *own, *before; // before: null for the first row
  int64_t row, said, seen;             // the places of own and before, at least
};

size_t ferry_follow_size(void) { return 2 * sizeof(struct ferry_progress); }

void ferry_start_following(const struct ferry_division *division) {
  struct ferry_progress *ring = (struct ferry_progress *)division->partials;
  for (int i = 0; i < 2 * division->threads; ++i)
    atomic_store_explicit(&ring[i].row, -1, memory_order_relaxed);
}

static int64_t look(const struct walker *w) {
  const struct ferry_progress *p = w->before;
  return atomic_load_explicit(&p->row, memory_order_acquire) == w->row - 1
             ? atomic_load_explicit(&p->place, memory_order_acquire)
             : INT64_MIN;
}

static void relax(void) {
#if defined __x86_64__
  __builtin_ia32_pause();
#elif defined __aarch64__
  __asm__ volatile("yield");
#endif
}

static void wait_for(struct walker *w, int64_t place) {
  for (int spins = 0; w->seen < place && (w->seen = look(w)) < place; spins += spins < SPINS)
    if (spins < SPINS)
      relax();
    else
      sched_yield();
}

static void say(struct walker *w, int64_t place) {
  if (place > w->said)
    atomic_store_explicit(&w->own->place, w->said = place, memory_order_release);
}

static const struct ferry_stage *find(const struct ferry_doacross *plan, uint32_t dim) {
  for (uint32_t s = 0; s < plan->count; ++s)
    if (plan->stages[s].dim == dim)
      return &plan->stages[s];
  return NULL;
}

// What the stage runs together.
static int64_t strip_of(const struct ferry_doacross *plan, uint32_t dim) {
  return dim == plan->strip_dim && plan->strip > 1 ? plan->strip : 1;
}

// Iterations of the stage between two questions, whole strips.
static int64_t most_of(const struct ferry_doacross *plan, uint32_t dim, int64_t stride) {
  const int64_t strip = strip_of(plan, dim);
  return dim == plan->strip_dim && plan->strip == 1 ? 1 : (stride + strip - 1) / strip * strip;
}

static int64_t step(struct ferry_stepper *stepper, uint32_t dim, int64_t t) {
  struct walker *w = (struct walker *)stepper;
  const struct ferry_stage *stage = find(w->plan, dim);
  const int64_t strip = strip_of(w->plan, dim), most = most_of(w->plan, dim, w->plan->stride);
  if (!stage)
    return t + most;
  const int64_t lead = w->plan->lead + (strip - 1) * stage->by_step;
  const int64_t place = stage->place + stage->by_row * w->row + stage->by_step * t;
  say(w, place < w->seen ? place : w->seen);
  wait_for(w, place + lead);
  say(w, place);
  if (w->seen == INT64_MAX)
    return t + most;
  const int64_t more = (w->seen - lead - place) / stage->by_step / strip * strip + strip;
  return t + (more < most ? more : most);
}

static int64_t never_wait(struct ferry_stepper *stepper, uint32_t dim, int64_t t) {
  enum { MANY = 1 << 20 };
  return t + most_of(((struct walker *)stepper)->plan, dim, MANY);
}

void ferry_follow_alone(const struct ferry_job *job) {
  struct walker w = {.stepper = {never_wait}, .plan = job->doacross};
  int64_t lo[FERRY_MAX_PARALLEL], hi[FERRY_MAX_PARALLEL];
  for (uint32_t k = 0; k < FERRY_MAX_PARALLEL; ++k)
    hi[k] = (lo[k] = job->first[k]) + job->trips[k];
  for (const int64_t end = hi[0]; lo[0] < end; ++lo[0]) {
    hi[0] = lo[0] + 1;
    job->worker(job->context, lo, hi, &w.stepper);
  }
}

void ferry_follow(const struct ferry_division *division, const int64_t *lo, const int64_t *hi) {
  const struct ferry_job *job = division->job;
  struct ferry_progress *ring = (struct ferry_progress *)division->partials;
  const int64_t row = lo[0], count = 2 * (int64_t)division->threads;
  struct walker w = {.stepper = {step}, .plan = job->doacross, .row = row, .said = INT64_MIN};
  w.own = &ring[row % count];
  w.before = row == job->first[0] ? NULL : &ring[(row - 1) % count];
  w.seen = w.before ? INT64_MIN : INT64_MAX;
  atomic_store_explicit(&w.own->place, INT64_MIN, memory_order_relaxed);
  atomic_store_explicit(&w.own->row, row, memory_order_release);
  wait_for(&w, w.plan->start);
  job->worker(job->context, lo, hi, &w.stepper);
  wait_for(&w, INT64_MAX);
  say(&w, INT64_MAX);
}
