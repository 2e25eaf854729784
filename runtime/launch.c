//===- launch.c - the way of one loop through the runtime -----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The questions in order of their price: is Ferry on, is there anything to
// divide, is the device free, would it pay, may the iterations run at the same
// time. Only then is anything started. Nothing here blocks or allocates after
// a site's first call, so a launch may come from any thread, from a signal
// handler and from the program's own malloc.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "doacross.h"
#include "ferry.h"
#include "handler.h"
#include "run.h"
#include "split.h"
#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>

static void fill_job(struct ferry_job *job, const struct ferry_site *site,
                     const struct ferry_state *state, const void *context,
                     const int64_t *numbers, void *reduction);
static bool runtime_ready(void);
static bool same_abi(const struct ferry_site *site);
static enum ferry_reason launch(struct ferry_site *site,
                                struct ferry_state *state,
                                struct ferry_job *job, const int64_t *numbers,
                                int64_t work);
static void count(struct ferry_state *state, enum ferry_reason why,
                  int64_t work);

__attribute__((visibility("default"))) int
ferry_launch_v1(struct ferry_site *site, const void *context,
                const int64_t *numbers, void *reduction, int64_t work) {
  const int before = errno;
  struct ferry_state *state;
  if (!same_abi(site) || !runtime_ready() || !(state = ferry_state_of(site))) {
    errno = before;
    return 1;
  }
  struct ferry_job job;
  fill_job(&job, site, state, context, numbers, reduction);
  const enum ferry_reason why = launch(site, state, &job, numbers, work);
  count(state, why, work);
  errno = why == FERRY_DONE && job.error ? job.error : before;
  return why != FERRY_DONE;
}

// All fields, one by one: compilers clear a large struct with an instruction that takes
// as long as all the questions after it.
static void fill_job(struct ferry_job *job, const struct ferry_site *site,
                     const struct ferry_state *state, const void *context,
                     const int64_t *numbers, void *reduction) {
  job->site = site;
  job->worker = site->worker;
  job->jammed = site->jammed;
  job->context = context;
  job->context_size = site->context_size;
  job->identity = site->identity;
  job->combine = site->combine;
  job->reduction = reduction;
  job->reduction_size = site->reduction_size;
  job->flags = site->flags;
  job->parallel = site->parallel;
  for (uint32_t k = 0; k < FERRY_MAX_PARALLEL; ++k)
    job->first[k] = job->trips[k] = 0;
  job->pieces = NULL;
  job->doacross = NULL;
  job->shape = &state->shape;
  job->numbers = numbers;
  job->state = state;
  job->error = 0;
  job->traffic = NULL;
}

//===- before everything --------------------------------------------------===//

atomic_bool ferry_exiting;

const struct ferry_device *ferry_chosen_device(void) {
  static const struct ferry_device *const devices[] = {
      [FERRY_ON_HOST] = &ferry_device_host,
      [FERRY_ON_MIRROR] = &ferry_device_mirror,
      [FERRY_ON_HMM] = &ferry_device_hmm,
      [FERRY_ON_CUDA] = &ferry_device_cuda};
  return devices[ferry_options.device];
}

static void say_without_kernel(const struct ferry_device *device,
                               const struct ferry_state *state) {
  static atomic_bool said;
  if (ferry_options.verbose && !atomic_exchange(&said, true))
    ferry_log("%s:%u: there is no code of this loop for device %s, so it runs on the host; "
              "compile with FERRY_IMAGES, and see -Rpass-analysis=ferry",
              state->file, state->line, device->name);
}

// What that cannot run, the host does.
static const struct ferry_device *device_for(const struct ferry_site *site,
                                             const struct ferry_state *state) {
  const struct ferry_device *device = ferry_chosen_device();
  if (device->kernels && !site->image)
    say_without_kernel(device, state);
  return !device->kernels ||
                 (site->image && device->ready() != FERRY_NO_DEVICE &&
                  !atomic_load_explicit(&state->without_kernel, memory_order_relaxed))
             ? device
             : &ferry_device_host;
}

enum { UNREAD, READING, READY };
static atomic_int readiness;
static bool tells_all; // the user wants to hear of each call

static void after_fork(void) {
  ferry_states_forked();
  ferry_stats_forked();
  ferry_trace_forked();
  ferry_device_host.forked();
  ferry_device_mirror.forked();
  ferry_device_hmm.forked();
  ferry_device_cuda.forked();
}

static bool get_ready(void) {
  int expected = UNREAD;
  if (!atomic_compare_exchange_strong(&readiness, &expected, READING))
    return expected == READY;
  ferry_read_options();
  ferry_start_trace();
  tells_all = ferry_options.verbose >= 2 || ferry_tracing;
  ferry_look_for_jumps();
  pthread_atfork(NULL, NULL, after_fork);
  atomic_store_explicit(&readiness, READY, memory_order_release);
  return true;
}

// False while another thread reads the options: that one loop runs serially.
static bool runtime_ready(void) {
  return __builtin_expect(
             atomic_load_explicit(&readiness, memory_order_acquire) == READY,
             1) ||
         get_ready();
}

static bool same_abi(const struct ferry_site *site) {
  static atomic_bool said;
  if (__builtin_expect(site->abi == FERRY_ABI_VERSION, 1))
    return true;
  if (!atomic_exchange(&said, true))
    ferry_log("the program was compiled for version %u of the runtime "
              "interface, this is version %d; its loops run serially",
              site->abi, FERRY_ABI_VERSION);
  return false;
}

//===- one launch ---------------------------------------------------------===//

// The box is a box: a parallel dim whose length depends on another is not for
// this version of the interface.
static enum ferry_reason read_trips(const struct ferry_shape *shape,
                                    const int64_t *numbers,
                                    struct ferry_job *job) {
  const uint32_t columns = 2 + shape->dims;
  bool divisible = false;
  for (uint32_t k = 0; k < shape->parallel; ++k) {
    const int64_t *row = numbers + (size_t)k * columns;
    for (uint32_t j = 0; j < shape->dims; ++j)
      if (row[2 + j] != 0)
        return FERRY_UNKNOWN_OVERLAP;
    if ((job->trips[k] = row[0]) <= 0)
      return FERRY_SHORT_TRIP;
    if (row[0] > 1 &&
        (k == 0 || !(job->flags & (FERRY_SITE_ERRNO | FERRY_SITE_ORDERED))))
      divisible = true;
  }
  return divisible ? FERRY_DONE : FERRY_SHORT_TRIP;
}

static void allow_jammed(const struct ferry_site *site, struct ferry_state *state,
                         struct ferry_job *job, const int64_t *numbers, int64_t work) {
  if (!site->jam_kinds)
    return;
  struct ferry_learned *known = ferry_learned(state, work);
  const int64_t ns = ferry_options.mode == FERRY_MODE_FORCE
                         ? INT64_MAX
                         : ferry_serial_ns(&known->rates, work);
  if (!ferry_may_interleave(&known->variants, &state->shape, site, numbers, ns))
    job->jammed = NULL;
}

// How iterations that meet can be divided.
struct ways {
  struct ferry_pieces pieces;
  struct ferry_doacross doacross;
};

static enum ferry_reason divide_dependent(const struct ferry_site *site,
                                          struct ferry_state *state, struct ferry_job *job,
                                          const int64_t *numbers, int64_t work,
                                          struct ways *ways, enum ferry_reason why) {
  if (ferry_independent_pieces(state, numbers, work, &ways->pieces)) {
    job->pieces = &ways->pieces;
    if (site->jam_kinds)
      job->jammed = NULL;
    return FERRY_DONE;
  }
  const enum ferry_reason follows = ferry_may_follow(state, site, numbers, work, &ways->doacross);
  if (follows != FERRY_DONE)
    return follows == FERRY_TOO_LITTLE ? follows : why;
  job->doacross = &ways->doacross;
  job->worker = site->doacross;
  job->jammed = NULL;
  return FERRY_DONE;
}

// Whether the iterations may run at the same time, or those of each of the pieces, or
// may follow each other.
static enum ferry_reason may_divide(const struct ferry_site *site,
                                    struct ferry_state *state, struct ferry_job *job,
                                    const int64_t *numbers, int64_t work,
                                    struct ways *ways) {
  const enum ferry_reason why =
      ferry_options.mode == FERRY_MODE_FORCE
          ? ferry_independence(state, numbers, ferry_look_together)
          : ferry_patient_independence(state, numbers, work, ferry_look_together);
  if (why == FERRY_DONE)
    allow_jammed(site, state, job, numbers, work);
  return why == FERRY_HAS_CONFLICT || why == FERRY_UNKNOWN_OVERLAP
             ? divide_dependent(site, state, job, numbers, work, ways, why)
             : why;
}

// Can the runtime be faster here than the program's own loop?
static bool may_be_better(const struct ferry_site *site, struct ferry_state *state,
                          int64_t work) {
  return ferry_may_be_better(&ferry_learned(state, work)->variants, site) ||
         atomic_load_explicit(&state->in_pieces, memory_order_relaxed);
}

// Where the device is not to run it, for that reason.
static enum ferry_reason stay(const struct ferry_site *site,
                              struct ferry_state *state, struct ferry_job *job,
                              const int64_t *numbers, int64_t work,
                              enum ferry_reason why) {
  struct ways ways;
  return may_be_better(site, state, work) &&
                 may_divide(site, state, job, numbers, work, &ways) == FERRY_DONE &&
                 !job->doacross // alone, that is not better
             ? ferry_run_here(site, state, job, work)
             : why;
}

// The inline guard need not ask again for so little work.
static void raise_guard(struct ferry_site *site, int64_t work) {
  const int64_t units = work / site->unit;
  if (__atomic_load_n(&site->min_units, __ATOMIC_RELAXED) < units)
    __atomic_store_n(&site->min_units, units, __ATOMIC_RELAXED);
}

static enum ferry_reason why_not(const struct ferry_rates *rates, int64_t gain) {
  if (gain <= 0)
    return FERRY_TOO_LITTLE;
  return atomic_load_explicit(&rates->thrashes, memory_order_relaxed)
             ? FERRY_DEVICE_MEMORY
             : FERRY_SLOWER;
}

static enum ferry_reason run_if_it_pays(struct ferry_site *site,
                                        struct ferry_state *state,
                                        const struct ferry_device *device,
                                        struct ferry_job *job,
                                        const int64_t *numbers, int64_t work) {
  struct ferry_learned *known = ferry_learned(state, work);
  int64_t gain = 0, now;
  const enum ferry_choice choice =
      ferry_decide(&known->rates, device, work, &now, &gain);
  if (choice == FERRY_STAY && ferry_never_pays(&known->rates, device, work) &&
      !may_be_better(site, state, work))
    raise_guard(site, work);
  if (choice == FERRY_STAY)
    return stay(site, state, job, numbers, work, why_not(&known->rates, gain));
  struct ways ways;
  enum ferry_reason why = may_divide(site, state, job, numbers, work, &ways);
  if (why != FERRY_DONE)
    return why;
  if (choice == FERRY_MEASURE ||
      ferry_is_on_trial(&known->variants, site, job, ferry_serial_ns(&known->rates, work)))
    return ferry_run_here(site, state, job, work);
  if ((why = ferry_worth_moving(&known->rates, device, job, gain)) != FERRY_DONE)
    return stay(site, state, job, numbers, work, why);
  // The test for independence is part of what going there costs.
  return ferry_worth_starting(device, gain, now)
             ? ferry_run_there(site, state, device, job, work, now)
             : stay(site, state, job, numbers, work, FERRY_TOO_LITTLE);
}

// What holds for the rest of the program: the inline guard need not ask again.
static enum ferry_reason close_site(struct ferry_site *site,
                                    enum ferry_reason why) {
  __atomic_store_n(&site->min_units, INT64_MAX, __ATOMIC_RELAXED);
  return why;
}

// The device is busy, or will never do.
static enum ferry_reason refused(struct ferry_site *site,
                                 struct ferry_state *state,
                                 const struct ferry_device *device,
                                 struct ferry_job *job, const int64_t *numbers,
                                 int64_t work, enum ferry_reason why) {
  if (may_be_better(site, state, work))
    return stay(site, state, job, numbers, work, why);
  if (why == FERRY_BUSY)
    return why;
  return close_site(site, why == FERRY_NO_DEVICE ? ferry_usable(device) : why);
}

static enum ferry_reason launch(struct ferry_site *site,
                                struct ferry_state *state,
                                struct ferry_job *job, const int64_t *numbers,
                                int64_t work) {
  const struct ferry_device *device = device_for(site, state);
  enum ferry_reason why;
  if (ferry_worker_number)
    return FERRY_NESTED;
  if (ferry_options.mode == FERRY_MODE_OFF)
    return close_site(site, FERRY_OFF);
  if (atomic_load_explicit(&ferry_exiting, memory_order_relaxed))
    return FERRY_OFF;
  if (work <= ferry_options.threshold)
    return FERRY_BELOW;
  if ((why = read_trips(&state->shape, numbers, job)) != FERRY_DONE)
    return why;
  if (job->flags & FERRY_SITE_STACK && !ferry_has_stack(FERRY_MOST_STACK))
    return FERRY_SMALL_STACK;
  if (ferry_options.mode == FERRY_MODE_AUTO &&
      (why = ferry_known_in_vain(state, work)) != FERRY_DONE)
    return why;
  if ((why = device->ready()) != FERRY_DONE)
    return refused(site, state, device, job, numbers, work, why);
  if (ferry_options.mode == FERRY_MODE_AUTO)
    return run_if_it_pays(site, state, device, job, numbers, work);
  struct ways ways;
  if ((why = may_divide(site, state, job, numbers, work, &ways)) != FERRY_DONE)
    return why;
  return ferry_run_there(site, state, device, job, work, ferry_now());
}

static void tell(const struct ferry_state *state, enum ferry_reason why,
                 int64_t work) {
  if (ferry_options.verbose >= 2)
    ferry_log("%s:%u: %s: %s", state->file, state->line, state->function,
              ferry_reason_name(why));
  if (ferry_tracing && why != FERRY_DONE)
    ferry_trace((struct ferry_event){.kind = FERRY_EVENT_STAY,
                                     .verdict = why,
                                     .state = state,
                                     .start = ferry_now(),
                                     .work = work});
}

static void count(struct ferry_state *state, enum ferry_reason why,
                  int64_t work) {
  if (ferry_worker_number)
    atomic_fetch_add_explicit(
        &state->nested[ferry_worker_number % FERRY_SHARDS].count, 1,
        memory_order_relaxed);
  else
    atomic_fetch_add_explicit(&state->ended[why], 1, memory_order_relaxed);
  if (__builtin_expect(tells_all, 0))
    tell(state, why, work);
}
