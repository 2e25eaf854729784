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
#include "ferry.h"
#include "handler.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

static bool runtime_ready(void);
static bool same_abi(const struct ferry_site *site);
static enum ferry_reason launch(struct ferry_site *site,
                                struct ferry_state *state,
                                struct ferry_job *job, const int64_t *numbers,
                                int64_t work);
static void count(struct ferry_state *state, enum ferry_reason why);

__attribute__((visibility("default"))) int
ferry_launch_v1(struct ferry_site *site, const void *context,
                const int64_t *numbers, void *reduction, int64_t work) {
  const int before = errno;
  struct ferry_state *state;
  if (!same_abi(site) || !runtime_ready() || !(state = ferry_state_of(site))) {
    errno = before;
    return 1;
  }
  struct ferry_job job = {.worker = site->worker,
                          .context = context,
                          .identity = site->identity,
                          .combine = site->combine,
                          .reduction = reduction,
                          .reduction_size = site->reduction_size,
                          .flags = site->flags,
                          .parallel = site->parallel};
  const enum ferry_reason why = launch(site, state, &job, numbers, work);
  count(state, why);
  errno = why == FERRY_DONE && job.error ? job.error : before;
  return why != FERRY_DONE;
}

//===- before everything --------------------------------------------------===//

atomic_bool ferry_exiting;

enum { UNREAD, READING, READY };
static atomic_int readiness;

static void after_fork(void) {
  ferry_states_forked();
  ferry_stats_forked();
  ferry_device_host.forked();
}

static bool get_ready(void) {
  int expected = UNREAD;
  if (!atomic_compare_exchange_strong(&readiness, &expected, READING))
    return expected == READY;
  ferry_read_options();
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

//===- may the iterations run at the same time? ---------------------------===//

static enum ferry_reason examine(const struct ferry_state *state,
                                 const int64_t *numbers, const int *errno_at);
static bool look_together(struct ferry_job *job, int64_t ns);

// Memory may have changed since the last time, so nothing is remembered.
static enum ferry_reason examine_linked(const struct ferry_state *state,
                                        const int64_t *numbers,
                                        const int *errno_at) {
  const struct ferry_look how = {!ferry_survives_faults(), look_together};
  int64_t *resolved = ferry_map(state->numbers_size);
  if (!resolved)
    return FERRY_UNKNOWN_OVERLAP;
  memcpy(resolved, numbers, state->numbers_size);
  const enum ferry_reason why =
      ferry_resolve(&state->shape, resolved, errno_at, &how)
          ? examine(state, resolved, errno_at)
          : FERRY_UNKNOWN_OVERLAP;
  munmap(resolved, state->numbers_size);
  return why;
}

static bool touches(const struct ferry_shape *shape, const int64_t *numbers,
                    const int *object) {
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  const int64_t first = (int64_t)(intptr_t)object;
  const int64_t end = first + (int64_t)sizeof *object;
  if (!ferry_hulls(shape, numbers, trips, lo, hi))
    return true;
  for (uint32_t i = 0; i < shape->accesses; ++i)
    if (ferry_touches_memory(shape->kinds[i]) && lo[i] < end && first < hi[i])
      return true;
  return false;
}

static enum ferry_reason name_verdict(const struct ferry_state *state,
                                      enum ferry_verdict verdict,
                                      struct ferry_conflict pair) {
  if (verdict == FERRY_INDEPENDENT)
    return FERRY_DONE;
  if (pair.first >= 0 && pair.first == pair.second &&
      !ferry_touches_memory(state->kinds[pair.first]))
    return FERRY_WRAP;
  return verdict == FERRY_DEPENDENT ? FERRY_HAS_CONFLICT
                                    : FERRY_UNKNOWN_OVERLAP;
}

static enum ferry_reason examine(const struct ferry_state *state,
                                 const int64_t *numbers, const int *errno_at) {
  struct ferry_conflict pair = {-1, -1};
  enum ferry_verdict verdict = FERRY_INDEPENDENT;
  if (!(state->flags & FERRY_SITE_INDEPENDENT) || state->wraps)
    verdict = ferry_overlap(&state->shape, numbers, &pair);
  if (verdict == FERRY_INDEPENDENT && errno_at &&
      touches(&state->shape, numbers, errno_at))
    return FERRY_ERRNO_ALIAS;
  return name_verdict(state, verdict, pair);
}

static const struct ferry_cached *recall(const struct ferry_state *state,
                                         const int64_t *numbers,
                                         const int *errno_at) {
  for (int i = 0; i < FERRY_CACHED; ++i) {
    const struct ferry_cached *entry = &state->cache[i];
    if (entry->valid && entry->errno_at == errno_at &&
        !memcmp(entry->numbers, numbers, state->numbers_size))
      return entry;
  }
  return NULL;
}

static enum ferry_reason remember(struct ferry_state *state,
                                  const int64_t *numbers, const int *errno_at,
                                  enum ferry_reason why) {
  struct ferry_cached *entry = &state->cache[state->cache_next];
  state->cache_next = (state->cache_next + 1) % FERRY_CACHED;
  memcpy(entry->numbers, numbers, state->numbers_size);
  entry->errno_at = errno_at;
  entry->reason = why;
  entry->valid = true;
  return why;
}

// The cache is for the common case, a loop that is run again with the same
// numbers; who does not get the lock does the arithmetic. A launch uses errno,
// so the loop must not, unless the compiler knew all objects: errno is none.
static enum ferry_reason independence(struct ferry_state *state,
                                      const int64_t *numbers) {
  const bool known = state->flags & FERRY_SITE_INDEPENDENT;
  const int *errno_at = known ? NULL : &errno;
  if (known && !state->wraps)
    return FERRY_DONE;
  if (state->shape.links)
    return examine_linked(state, numbers, errno_at);
  if (atomic_exchange_explicit(&state->cache_lock, true, memory_order_acquire))
    return examine(state, numbers, errno_at);
  const struct ferry_cached *entry = recall(state, numbers, errno_at);
  enum ferry_reason why = entry ? entry->reason
                                : remember(state, numbers, errno_at,
                                           examine(state, numbers, errno_at));
  atomic_store_explicit(&state->cache_lock, false, memory_order_release);
  return why;
}

// To look at memory takes time, which is lost where it does not help: after n
// times in vain in a row, the next 2^n calls, at most 1024, do without.
static enum ferry_reason patient_independence(struct ferry_state *state,
                                              const int64_t *numbers) {
  if (!state->shape.links)
    return independence(state, numbers);
  const uint32_t left = atomic_load_explicit(&state->skip, memory_order_relaxed);
  if (left > 0) {
    atomic_store_explicit(&state->skip, left - 1, memory_order_relaxed);
    return FERRY_UNKNOWN_OVERLAP;
  }
  const enum ferry_reason why = independence(state, numbers);
  uint32_t n = atomic_load_explicit(&state->in_vain, memory_order_relaxed);
  n = why == FERRY_DONE ? 0 : n < 10 ? n + 1 : n;
  atomic_store_explicit(&state->in_vain, n, memory_order_relaxed);
  atomic_store_explicit(&state->skip, n ? 1u << n : 0, memory_order_relaxed);
  return why;
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

static void count_iterations(struct ferry_state *state,
                             const struct ferry_job *job, int64_t ns) {
  int64_t product = 1;
  for (uint32_t k = 0; k < job->parallel; ++k)
    if (__builtin_mul_overflow(product, job->trips[k] + (k ? 0 : job->first), &product))
      product = INT64_MAX;
  atomic_fetch_add_explicit(&state->iterations, (uint64_t)product,
                            memory_order_relaxed);
  atomic_fetch_add_explicit(&state->nanoseconds, ns, memory_order_relaxed);
}

static void run_rest(const struct ferry_job *job) {
  const int64_t lo[FERRY_MAX_PARALLEL] = {job->first};
  int64_t hi[FERRY_MAX_PARALLEL];
  memcpy(hi, job->trips, sizeof hi);
  hi[0] += job->first;
  job->worker(job->context, lo, hi, job->reduction);
}

// By the calling thread alone: to see what the loop takes (see decide.c), or because
// a variant is faster than the program's own loop.
static enum ferry_reason run_here(const struct ferry_site *site,
                                  struct ferry_state *state,
                                  struct ferry_job *job, int64_t work) {
  struct ferry_held held = {.any = false};
  // In another order than the program's, it must not be left halfway.
  if (site->jammed && !ferry_hold_signals(&held))
    return FERRY_FAULT_JUMP;
  const int64_t start = ferry_now();
  ferry_choose_variant(&state->variants, site, job,
                       ferry_serial_ns(&state->rates, work));
  errno = 0;
  run_rest(job);
  job->error = errno;
  const int64_t taken = ferry_now() - start;
  ferry_release_signals(&held);
  ferry_learn_serial(&state->rates, work, taken);
  ferry_learn_variant(&state->variants, job, site, work, taken);
  atomic_fetch_add_explicit(&state->in_place, 1, memory_order_relaxed);
  return FERRY_DONE;
}

static enum ferry_reason usable(const struct ferry_device *device) {
  char why[256] = "";
  const bool force = ferry_options.mode == FERRY_MODE_FORCE;
  static atomic_bool said;
  if (force && ferry_options.foreign_device)
    ferry_fatal(
        "FERRY=force, but FERRY_DEVICE names no device of this version");
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
  enum ferry_reason why = usable(device);
  if (why == FERRY_DONE) {
    if (site)
      ferry_choose_variant(&state->variants, site, job,
                           ferry_serial_ns(&state->rates, work));
    why = device->run(job);
  }
  if (why != FERRY_DONE && job->first > 0) { // what was begun has to be done
    run_rest(job);
    why = FERRY_DONE;
  }
  ferry_release_signals(&held);
  return why;
}

// To look at memory is a loop like another, but not worth starting threads for.
static bool look_together(struct ferry_job *job, int64_t ns) {
  const struct ferry_device *device = &ferry_device_host;
  return device->start_ns() == 0 && ferry_gain(device, ns, ferry_now()) > 0 &&
         device->ready() == FERRY_DONE && run_on(NULL, NULL, device, job, 0) == FERRY_DONE;
}

static enum ferry_reason run_there(const struct ferry_site *site,
                                   struct ferry_state *state,
                                   const struct ferry_device *device,
                                   struct ferry_job *job, int64_t work,
                                   int64_t start) {
  const bool starts = device->start_ns() > 0;
  const enum ferry_reason why = run_on(site, state, device, job, work);
  if (why != FERRY_DONE)
    return why == FERRY_NO_DEVICE ? usable(device) : why;
  const int64_t taken = ferry_now() - start;
  if (!starts)
    ferry_learn_device(&state->rates, work, taken);
  count_iterations(state, job, taken);
  return FERRY_DONE;
}

// Where the device is not to run it, for that reason.
static enum ferry_reason stay(const struct ferry_site *site,
                              struct ferry_state *state, struct ferry_job *job,
                              const int64_t *numbers, int64_t work,
                              enum ferry_reason why) {
  return ferry_may_be_better(&state->variants, site) &&
                 patient_independence(state, numbers) == FERRY_DONE
             ? run_here(site, state, job, work)
             : why;
}

static enum ferry_reason run_if_it_pays(const struct ferry_site *site,
                                        struct ferry_state *state,
                                        const struct ferry_device *device,
                                        struct ferry_job *job,
                                        const int64_t *numbers, int64_t work) {
  const int64_t now = ferry_now();
  int64_t gain = 0;
  const enum ferry_choice choice =
      ferry_decide(&state->rates, device, work, now, &gain);
  if (choice == FERRY_STAY)
    return stay(site, state, job, numbers, work,
                gain > 0 ? FERRY_SLOWER : FERRY_TOO_LITTLE);
  const enum ferry_reason why = patient_independence(state, numbers);
  if (why != FERRY_DONE)
    return why;
  if (choice == FERRY_MEASURE)
    return run_here(site, state, job, work);
  // To look at memory is part of what going there costs.
  return ferry_worth_starting(device, gain)
             ? run_there(site, state, device, job, work,
                         state->shape.links ? now : ferry_now())
             : stay(site, state, job, numbers, work, FERRY_TOO_LITTLE);
}

// What holds for the rest of the program: the inline guard need not ask again.
static enum ferry_reason close_site(struct ferry_site *site,
                                    enum ferry_reason why) {
  __atomic_store_n(&site->min_work, INT64_MAX, __ATOMIC_RELAXED);
  return why;
}

// The device is busy, or will never do.
static enum ferry_reason refused(struct ferry_site *site,
                                 struct ferry_state *state,
                                 const struct ferry_device *device,
                                 struct ferry_job *job, const int64_t *numbers,
                                 int64_t work, enum ferry_reason why) {
  if (ferry_may_be_better(&state->variants, site))
    return stay(site, state, job, numbers, work, why);
  if (why == FERRY_BUSY)
    return why;
  return close_site(site, why == FERRY_NO_DEVICE ? usable(device) : why);
}

static enum ferry_reason launch(struct ferry_site *site,
                                struct ferry_state *state,
                                struct ferry_job *job, const int64_t *numbers,
                                int64_t work) {
  const struct ferry_device *device = &ferry_device_host;
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
  if ((why = device->ready()) != FERRY_DONE)
    return refused(site, state, device, job, numbers, work, why);
  if (ferry_options.mode == FERRY_MODE_AUTO)
    return run_if_it_pays(site, state, device, job, numbers, work);
  why = independence(state, numbers);
  return why != FERRY_DONE ? why
                           : run_there(site, state, device, job, work, ferry_now());
}

static void count(struct ferry_state *state, enum ferry_reason why) {
  if (ferry_worker_number)
    atomic_fetch_add_explicit(
        &state->nested[ferry_worker_number % FERRY_SHARDS].count, 1,
        memory_order_relaxed);
  else
    atomic_fetch_add_explicit(&state->ended[why], 1, memory_order_relaxed);
  if (ferry_options.verbose >= 2)
    ferry_log("%s:%u: %s: %s", state->file, state->line, state->function,
              ferry_reason_name(why));
}
