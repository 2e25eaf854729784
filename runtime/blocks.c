//===- blocks.c - a loop in parts, and the parts together again -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For devices whose workers are threads that call the worker of the site. Every
// one leaves what the caller has to collect in its own part, a cache line of
// its own. No globals: a device may run this where it has none.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "blocks.h"

#include <errno.h>
#include <fenv.h>
#include <string.h>

enum { CHUNKS_PER_THREAD = 16 };

_Thread_local uint32_t ferry_worker_number
    __attribute__((tls_model("initial-exec")));

//===- a worker -----------------------------------------------------------===//

static void run_block(const struct ferry_division *division,
                      struct ferry_part *part, void *partial, int64_t number,
                      int64_t count) {
  const struct ferry_job *job = division->job;
  const uint32_t dim = division->dim;
  const int64_t size = job->trips[dim] / count, more = job->trips[dim] % count;
  int64_t lo[FERRY_MAX_PARALLEL] = {0}, hi[FERRY_MAX_PARALLEL];
  memcpy(hi, job->trips, sizeof hi);
  lo[dim] = number * size + (number < more ? number : more);
  hi[dim] = lo[dim] + size + (number < more);
  for (uint32_t k = 0; k < FERRY_MAX_PARALLEL; ++k) {
    lo[k] += job->first[k];
    hi[k] += job->first[k];
  }
  errno = 0;
  if (job->doacross)
    ferry_follow(division, lo, hi);
  else
    job->worker(job->context, lo, hi, partial);
  if (errno) {
    part->failed_at = lo[dim];
    part->error = errno;
  }
}

// Chunks are handed out in rising order, so the last failure of a thread is
// that of its highest index.
static void run_blocks(struct ferry_division *division, struct ferry_part *part,
                       void *partial, int64_t number, int64_t team) {
  const int64_t trips = division->job->trips[division->dim];
  const int64_t blocks = team < trips ? team : trips;
  if (!division->chunks) {
    if (number < blocks)
      run_block(division, part, partial, number, blocks);
    return;
  }
  for (;;) {
    const int64_t chunk =
        atomic_fetch_add_explicit(&division->next, 1, memory_order_relaxed);
    if (chunk >= division->chunks)
      return;
    run_block(division, part, partial, chunk, division->chunks);
  }
}

static void *fresh_partial(const struct ferry_division *division, int number) {
  const struct ferry_job *job = division->job;
  if (!job->reduction_size)
    return NULL;
  return memcpy(division->partials + (size_t)number * division->stride,
                job->identity, job->reduction_size);
}

static void take_part(struct ferry_division *division, struct ferry_part *part,
                      int number, int team) {
  part->serial = division->serial;
  part->failed_at = -1;
  ferry_worker_number = 1 + (uint32_t)number;
  run_blocks(division, part, fresh_partial(division, number), number, team);
  ferry_worker_number = 0;
}

// With the caller's rounding, FTZ and DAZ in force, but none of its flags. On
// the calling thread, too: libomp raises flags of its own there.
void ferry_do_part(struct ferry_division *division, int number, int team) {
  struct ferry_part *part = &division->parts[number];
  struct ferry_floats own;
  ferry_get_floats(&own);
  ferry_set_quiet_floats(division->floats);
  take_part(division, part, number, team);
  part->raised = fetestexcept(FE_ALL_EXCEPT);
  fegetexceptflag(&part->flags, FE_ALL_EXCEPT);
  ferry_set_floats(&own);
}

//===- the caller ---------------------------------------------------------===//

// Few outer iterations would leave threads idle or unevenly loaded; but errno
// and ordered results need blocks that follow each other in dim 0.
static uint32_t choose_dim(const struct ferry_job *job, int threads) {
  uint32_t dim = 0;
  if (job->flags & (FERRY_SITE_ERRNO | FERRY_SITE_ORDERED) ||
      job->trips[0] >= 4 * (int64_t)threads)
    return 0;
  for (uint32_t k = 1; k < job->parallel; ++k)
    if (job->trips[k] > job->trips[dim])
      dim = k;
  return dim;
}

static int64_t choose_chunks(const struct ferry_job *job, uint32_t dim,
                             int threads) {
  const int64_t chunks = CHUNKS_PER_THREAD * (int64_t)threads;
  if (!(job->flags & FERRY_SITE_UNEVEN) || job->flags & FERRY_SITE_ORDERED)
    return 0;
  return chunks < job->trips[dim] ? chunks : job->trips[dim];
}

bool ferry_divide(struct ferry_division *division, const struct ferry_job *job,
                  int threads) {
  const uint64_t line = FERRY_CACHE_LINE;
  if (job->reduction_size > INT64_MAX)
    return false;
  division->job = job;
  division->threads = threads;
  division->dim = job->doacross ? 0 : choose_dim(job, threads);
  division->chunks = job->doacross ? job->trips[0] : choose_chunks(job, division->dim, threads);
  division->stride = job->doacross ? ferry_follow_size()
                                   : (job->reduction_size + line - 1) / line * line;
  return true;
}

// In the order of the threads, which for contiguous blocks is that of dim 0.
void ferry_collect(const struct ferry_division *division,
                   struct ferry_job *job) {
  int64_t last = -1;
  for (int i = 0; i < division->threads; ++i) {
    const struct ferry_part *part = &division->parts[i];
    if (part->serial != division->serial)
      continue;
    if (job->reduction_size)
      job->combine(job->reduction,
                   division->partials + (size_t)i * division->stride);
    if (part->raised)
      fesetexceptflag(&part->flags, part->raised);
    if (part->failed_at > last) {
      last = part->failed_at;
      job->error = part->error;
    }
  }
}
