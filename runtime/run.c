//===- run.c - a job runs -------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Here, on the calling thread, or on the device; as a whole, in pieces one after the
// other, or what is left of it. Its iterations may run at the same time.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "run.h"
#include "doacross.h"
#include "handler.h"
#include "split.h"
#include "trace.h"

#include <errno.h>

static int64_t iterations(const struct ferry_job *job) {
  int64_t product = 1;
  for (uint32_t k = 0; k < job->parallel; ++k)
    if (__builtin_mul_overflow(product, job->trips[k] + job->first[k], &product))
      product = INT64_MAX;
  return product;
}

// `device`: null if it was the calling thread.
static void trace_run(enum ferry_event_kind kind,
                      const struct ferry_device *device,
                      const struct ferry_state *state,
                      const struct ferry_job *job, int64_t work, int64_t start,
                      int64_t ns) {
  if (__builtin_expect(ferry_tracing, 0))
    ferry_trace((struct ferry_event){.kind = kind,
                                     .device = device,
                                     .state = state,
                                     .start = start,
                                     .ns = ns,
                                     .work = work,
                                     .iterations = iterations(job)});
}

static void count_launch(struct ferry_state *state, const struct ferry_device *device,
                         const struct ferry_job *job, int64_t ns) {
  atomic_store_explicit(&state->device, device, memory_order_relaxed);
  if (job->doacross)
    atomic_fetch_add_explicit(&state->in_step_launches, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&state->iterations, (uint64_t)iterations(job),
                            memory_order_relaxed);
  atomic_fetch_add_explicit(&state->nanoseconds, ns, memory_order_relaxed);
  const uint64_t *moved = (const uint64_t *)job->traffic;
  for (int i = 0; i < FERRY_TRAFFIC_FIELDS; ++i)
    if (__builtin_expect(moved[i] != 0, 0))
      atomic_fetch_add_explicit(&state->traffic[i], moved[i],
                                memory_order_relaxed);
}

static void run_box(const struct ferry_job *job) {
  if (job->doacross) {
    ferry_follow_alone(job);
    return;
  }
  int64_t hi[FERRY_MAX_PARALLEL];
  for (uint32_t k = 0; k < FERRY_MAX_PARALLEL; ++k)
    hi[k] = job->first[k] + job->trips[k];
  job->worker(job->context, job->first, hi, job->reduction);
}

static struct ferry_job piece_of(const struct ferry_job *job, int number) {
  const struct ferry_box *box = &job->pieces->box[number];
  struct ferry_job piece = *job;
  piece.pieces = NULL;
  for (uint32_t k = 0; k < job->parallel; ++k) {
    piece.first[k] = box->lo[k];
    piece.trips[k] = box->hi[k] - box->lo[k];
  }
  return piece;
}

static void run_rest(const struct ferry_job *job) {
  if (!job->pieces)
    run_box(job);
  for (int i = 0; job->pieces && i < job->pieces->count; ++i) {
    const struct ferry_job piece = piece_of(job, i);
    run_box(&piece);
  }
}

// Most are the iteration that was cut out, or a part of it.
static bool is_small(const struct ferry_job *piece, const struct ferry_job *job) {
  enum { SMALL = 32 };
  int64_t share = SMALL;
  for (uint32_t k = 0; k < job->parallel; ++k)
    if (__builtin_mul_overflow(piece->trips[k], share, &share))
      return false;
    else
      share /= job->trips[k];
  return share == 0;
}

// What was begun has to be done, on the calling thread if need be.
static enum ferry_reason run_pieces(const struct ferry_device *device,
                                    const struct ferry_job *job) {
  for (int i = 0; i < job->pieces->count; ++i) {
    struct ferry_job piece = piece_of(job, i);
    enum ferry_reason why = FERRY_BUSY;
    const bool small = is_small(&piece, job);
    if (!small)
      why = device->run(&piece);
    if (!small && why != FERRY_DONE && i == 0)
      return why;
    if (why != FERRY_DONE)
      run_box(&piece);
  }
  return FERRY_DONE;
}

static void choose_variant(const struct ferry_site *site, struct ferry_state *state,
                           struct ferry_job *job, int64_t work) {
  struct ferry_learned *known = ferry_learned(state, work);
  ferry_choose_variant(&known->variants, site, job,
                       ferry_serial_ns(&known->rates, work));
}

enum ferry_reason ferry_run_here(const struct ferry_site *site,
                                  struct ferry_state *state,
                                  struct ferry_job *job, int64_t work) {
  struct ferry_learned *known = ferry_learned(state, work);
  struct ferry_held held = {.any = false};
  // In another order than the program's, it must not be left halfway.
  if ((job->jammed || job->pieces) && !ferry_hold_signals(&held))
    return FERRY_FAULT_JUMP;
  const int64_t start = ferry_now();
  choose_variant(site, state, job, work);
  errno = 0;
  run_rest(job);
  job->error = errno;
  const int64_t taken = ferry_now() - start;
  ferry_release_signals(&held);
  ferry_learn_serial(&known->rates, work, taken);
  atomic_store_explicit(&state->has_rate, true, memory_order_relaxed);
  ferry_learn_variant(&known->variants, job, work, taken);
  atomic_fetch_add_explicit(&state->in_place, 1, memory_order_relaxed);
  trace_run(FERRY_EVENT_IN_PLACE, NULL, state, job, work, start, taken);
  return FERRY_DONE;
}

enum ferry_reason ferry_usable(const struct ferry_device *device) {
  char why[256] = "";
  const bool force = ferry_options.mode == FERRY_MODE_FORCE;
  static atomic_bool said;
  if (device->available(why, sizeof why))
    return device->ready();
  if (force)
    ferry_fatal("FERRY=force, but device %s cannot be used: %s", device->name,
                why);
  if (ferry_options.verbose && !atomic_exchange(&said, true))
    ferry_log("device %s cannot be used: %s", device->name, why);
  return FERRY_NO_DEVICE;
}

// Site and state are null for a job of the runtime's own.
static enum ferry_reason run_on(const struct ferry_site *site,
                                struct ferry_state *state,
                                const struct ferry_device *device,
                                struct ferry_job *job, int64_t work) {
  struct ferry_held held;
  if (device->start_ns() > 0 && ferry_in_handler())
    return FERRY_IN_HANDLER;
  if (!ferry_hold_signals(&held))
    return FERRY_FAULT_JUMP;
  enum ferry_reason why = ferry_usable(device);
  if (why == FERRY_DONE) {
    if (site && !device->kernels)
      choose_variant(site, state, job, work);
    why = job->pieces ? run_pieces(device, job) : device->run(job);
  }
  if (why != FERRY_DONE && job->first[0] > 0) { // what was begun has to be done
    run_rest(job);
    why = FERRY_DONE;
  }
  ferry_release_signals(&held);
  return why;
}

bool ferry_look_together(struct ferry_job *job, int64_t ns) {
  const struct ferry_device *device = ferry_chosen_device();
  return device == &ferry_device_host && device->start_ns() == 0 &&
         ferry_gain(device, ns, ferry_now()) > 0 &&
         device->ready() == FERRY_DONE && run_on(NULL, NULL, device, job, 0) == FERRY_DONE;
}

enum ferry_reason ferry_run_there(const struct ferry_site *site,
                                   struct ferry_state *state,
                                   const struct ferry_device *device,
                                   struct ferry_job *job, int64_t work,
                                   int64_t start) {
  const bool starts = device->start_ns() > 0;
  struct ferry_traffic traffic = {0};
  job->traffic = &traffic;
  const enum ferry_reason why = run_on(site, state, device, job, work);
  if (why == FERRY_NO_KERNEL)
    atomic_store_explicit(&state->without_kernel, true, memory_order_relaxed);
  if (why != FERRY_DONE)
    return why == FERRY_NO_DEVICE ? ferry_usable(device) : why;
  const int64_t taken = ferry_now() - start;
  struct ferry_rates *rates = &ferry_learned(state, work)->rates;
  if (!starts || traffic.thrashed)
    ferry_learn_device(rates, work, taken);
  if (device->moving_ns)
    ferry_learn_moving(rates, &traffic);
  count_launch(state, device, job, taken);
  trace_run(FERRY_EVENT_LAUNCH, device, state, job, work, start, taken);
  return FERRY_DONE;
}

