//===- variants.c - the faster one of two workers -------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The jammed worker of a site runs several iterations together. Often it is some
// times as fast as the loop, even on one thread; but not where memory is the limit
// and their rows get into each other's way. Both do the same to the bit, so the
// first calls find out:
//
//   a long loop, while it runs: three slices of its first dim, one after the other,
//   the first of which only brings memory near;
//   a short one, call by call on the calling thread, each worker twice.
//
// Where the parallel loop is too long or too uneven to be interleaved, a loop inside of
// it may be, if its iterations are independent as well: that is asked each time.
//
// The choice holds for good. Where floating-point exceptions trap, the order of the
// iterations shows, and the plain worker keeps it.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"


enum { UNKNOWN, PLAIN, JAMMED };

enum {
  TRIALS = 4,        // calls
  SLICES = 48,       // of a loop, three of which are tried
  SLICE_TRIPS = 32,  // at least, of the dim whose iterations may be jammed
  SLICE_NS = 20000   // at least, for the clock
};

static int chosen(const struct ferry_variants *v) {
  return atomic_load_explicit(&v->choice, memory_order_relaxed);
}

static int64_t run_slice(struct ferry_job *job, ferry_worker *worker,
                         int64_t trips) {
  int64_t hi[FERRY_MAX_PARALLEL];
  for (uint32_t k = 0; k < FERRY_MAX_PARALLEL; ++k)
    hi[k] = job->first[k] + job->trips[k];
  hi[0] = job->first[0] + trips;
  const int64_t start = ferry_now();
  worker(job->context, job->first, hi, NULL);
  job->first[0] += trips;
  job->trips[0] -= trips;
  return ferry_now() - start;
}

static void settle(struct ferry_variants *v, int64_t plain, int64_t jammed) {
  atomic_store_explicit(&v->choice, jammed < plain ? JAMMED : PLAIN,
                        memory_order_relaxed);
}

static bool has_slices(const struct ferry_site *site, const struct ferry_job *job,
                       int64_t ns) {
  const bool across = job->parallel == 1 && !site->jam_kinds; // iterations of dim 0
  return !job->pieces && job->trips[0] / SLICES >= (across ? SLICE_TRIPS : 1) &&
         ns / SLICES >= SLICE_NS;
}

// Whether the job is long enough to be tried in slices.
static bool compare_slices(struct ferry_variants *v, const struct ferry_site *site,
                           struct ferry_job *job, int64_t ns) {
  const int64_t slice = job->trips[0] / SLICES;
  if (!has_slices(site, job, ns))
    return false;
  run_slice(job, job->jammed, slice);
  const int64_t plain = run_slice(job, job->worker, slice);
  settle(v, plain, run_slice(job, job->jammed, slice));
  return true;
}

bool ferry_may_be_better(const struct ferry_variants *v, const struct ferry_site *site) {
  return site->jammed && !site->jam_kinds && chosen(v) != PLAIN && !ferry_floats_trap();
}

bool ferry_may_interleave(struct ferry_variants *v, const struct ferry_shape *shape,
                          const struct ferry_site *site, const int64_t *numbers,
                          int64_t ns) {
  struct ferry_shape inside = *shape;
  if (chosen(v) == PLAIN || !ferry_worth_asking(&v->asking, ns))
    return false;
  inside.kinds = site->jam_kinds;
  inside.held = site->jam_dim;
  inside.parallel = site->jam_dim + 1;
  const int64_t start = ferry_now();
  const bool may = ferry_overlap(&inside, numbers, NULL) == FERRY_INDEPENDENT;
  atomic_store_explicit(&v->asking, ferry_now() - start, memory_order_relaxed);
  return may;
}

bool ferry_is_on_trial(const struct ferry_variants *v, const struct ferry_site *site,
                       const struct ferry_job *job, int64_t ns) {
  return job->jammed && chosen(v) == UNKNOWN && !ferry_floats_trap() &&
         !has_slices(site, job, ns);
}

void ferry_choose_variant(struct ferry_variants *v, const struct ferry_site *site,
                          struct ferry_job *job, int64_t ns) {
  if (!job->jammed || ferry_floats_trap())
    return;
  const uint32_t tried = atomic_load_explicit(&v->tried, memory_order_relaxed);
  const bool unknown = chosen(v) == UNKNOWN && !compare_slices(v, site, job, ns);
  if (unknown ? tried % 2 == 0 : chosen(v) == JAMMED)
    job->worker = job->jammed;
}

void ferry_learn_variant(struct ferry_variants *v, const struct ferry_job *job,
                         int64_t work, int64_t ns) {
  if (!job->jammed || chosen(v) != UNKNOWN)
    return;
  _Atomic int64_t *best = job->worker == job->jammed ? &v->jammed : &v->plain;
  const int64_t rate = ferry_rate(work, ns);
  const int64_t old = atomic_load_explicit(best, memory_order_relaxed);
  if (!old || rate < old)
    atomic_store_explicit(best, rate, memory_order_relaxed);
  if (atomic_fetch_add_explicit(&v->tried, 1, memory_order_relaxed) + 1 < TRIALS)
    return;
  const int64_t plain = atomic_load_explicit(&v->plain, memory_order_relaxed);
  const int64_t jammed = atomic_load_explicit(&v->jammed, memory_order_relaxed);
  if (plain && jammed)
    settle(v, plain, jammed);
}
