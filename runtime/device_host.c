//===- device_host.c - all cores, through libomp --------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The threads are those of LLVM's OpenMP runtime: a program that has it already
// keeps one pool instead of two. It is loaded at the first launch that needs
// it, and never closed.
//
// One launch at a time owns the pool (`busy`), and with it everything below
// that is not atomic. The caller takes part as worker 0.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "blocks.h"
#include "team.h"
#include "trace.h"

#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum { LOAD_NS = 1500 * 1000 }; // libomp, the first time

struct ferry_launch {
  struct ferry_division division;
  atomic_bool begun; // release: all the above, and the program's data
  atomic_int ended;  // acquire: all that the workers wrote
};

static atomic_bool busy;
static struct ferry_part *parts;
static char *partials;
static size_t partials_size;
static uint64_t serial;

enum { UNTRIED, LOADING, LOADED, FAILED };
static atomic_int loaded;
static char load_error[256];

//===- a worker -----------------------------------------------------------===//

// The two atomics repeat what libomp's barriers do already: ThreadSanitizer
// does not see those.
static void work(int32_t *global, int32_t *number,
                 struct ferry_launch *launch) {
  (void)global;
  if (!atomic_load_explicit(&launch->begun, memory_order_acquire))
    return;
  if (*number < ferry_threads())
    ferry_do_part(&launch->division, *number, ferry_omp.get_num_threads());
  atomic_fetch_add_explicit(&launch->ended, 1, memory_order_acq_rel);
}

//===- the caller ---------------------------------------------------------===//

static bool make_room(size_t stride) {
  const size_t count = (size_t)ferry_threads();
  size_t size;
  if (!parts && !(parts = ferry_map(FERRY_MAX_THREADS * sizeof *parts)))
    return false;
  if (__builtin_mul_overflow(stride, count, &size))
    return false;
  if (size <= partials_size)
    return true;
  if (partials)
    munmap(partials, partials_size);
  partials = ferry_map(size);
  partials_size = partials ? size : 0;
  return partials != NULL;
}

static bool prepare(struct ferry_launch *launch, struct ferry_job *job) {
  struct ferry_division *division = &launch->division;
  if (!ferry_divide(division, job, ferry_threads()) || !make_room(division->stride))
    return false;
  division->serial = ++serial;
  division->parts = parts;
  division->partials = partials;
  if (job->doacross)
    ferry_start_following(division);
  return true;
}

static void trace(enum ferry_event_kind kind, int64_t start) {
  if (ferry_tracing)
    ferry_trace((struct ferry_event){
        .kind = kind,
        .device = &ferry_device_host,
        .start = start,
        .ns = ferry_now() - start});
}

static bool start_team(void) {
  const int64_t start = ferry_now();
  const bool started = ferry_start_team();
  trace(FERRY_EVENT_START, start);
  if (started)
    return true;
  snprintf(load_error, sizeof load_error,
           "the system does not give it %d threads; set FERRY_THREADS, or see "
           "ulimit -u and ulimit -v",
           ferry_threads());
  atomic_store_explicit(&loaded, FAILED, memory_order_release);
  return false;
}

// libomp may wait in a cancellation point, where the loop had none. It makes
// threads when the caller comes for the first time, or when the program has
// used it in between.
static bool run_on_team(struct ferry_launch *launch) {
  const bool may_create = ferry_omp.shared || !ferry_has_team();
  int cancel;
  sigset_t before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
  if (may_create)
    ferry_block_signals(&before);
  const bool started = ferry_has_team() || start_team();
  if (started) {
    atomic_store_explicit(&launch->begun, true, memory_order_release);
    ferry_fork_team(work, launch);
    (void)atomic_load_explicit(&launch->ended, memory_order_acquire);
    ferry_launch_ended(ferry_now());
  }
  if (may_create)
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_setcancelstate(cancel, NULL);
  return started;
}

static enum ferry_reason may_run(void) {
  return ferry_omp.in_parallel() ||
                 (ferry_omp.program_in_parallel && ferry_omp.program_in_parallel())
             ? FERRY_NESTED
             : FERRY_DONE;
}

static enum ferry_reason run_alone(struct ferry_job *job) {
  struct ferry_floats caller;
  if (ferry_floats_trap())
    return FERRY_FP_TRAPS;
  ferry_get_floats(&caller);
  struct ferry_launch launch = {.division.floats = &caller};
  enum ferry_reason why = may_run();
  if (why == FERRY_DONE && (!prepare(&launch, job) || !run_on_team(&launch)))
    why = FERRY_NO_DEVICE;
  ferry_set_floats(&caller);
  if (why == FERRY_DONE)
    ferry_collect(&launch.division, job);
  return why;
}

// No call of libomp outside of `busy`: a child that is forked in the middle of
// one must not call it again (see forked).
static enum ferry_reason run(struct ferry_job *job) {
  if (atomic_load_explicit(&loaded, memory_order_acquire) != LOADED ||
      atomic_exchange_explicit(&busy, true, memory_order_acquire))
    return FERRY_BUSY;
  const enum ferry_reason why = run_alone(job);
  atomic_store_explicit(&busy, false, memory_order_release);
  return why;
}

//===- the other functions of the device ----------------------------------===//

static int load(void) {
  fenv_t caller;
  const int64_t start = ferry_now();
  fegetenv(&caller);
  const int state =
      ferry_load_libomp(load_error, sizeof load_error) ? LOADED : FAILED;
  if (state == LOADED)
    ferry_limit_threads();
  fesetenv(&caller);
  trace(FERRY_EVENT_LOAD, start);
  atomic_store_explicit(&loaded, state, memory_order_release);
  return state;
}

// A thread that comes while another one loads gets true here and BUSY from
// `ready`.
static bool available(char *why, size_t size) {
  int state = atomic_load_explicit(&loaded, memory_order_acquire);
  if (state == UNTRIED &&
      atomic_compare_exchange_strong(&loaded, &state, LOADING))
    state = load();
  if (state != FAILED)
    return true;
  snprintf(why, size, "%s", load_error);
  return false;
}

static enum ferry_reason ready(void) {
  const int state = atomic_load_explicit(&loaded, memory_order_acquire);
  if (ferry_threads() == 1)
    return FERRY_ONE_THREAD;
  if (state == FAILED)
    return FERRY_NO_DEVICE;
  return state == LOADING || atomic_load_explicit(&busy, memory_order_relaxed)
             ? FERRY_BUSY
             : FERRY_DONE;
}

static int64_t start_ns(void) {
  const int64_t threads = ferry_start_ns();
  const bool load =
      atomic_load_explicit(&loaded, memory_order_relaxed) == UNTRIED;
  return threads && load ? threads + LOAD_NS : threads;
}

static int64_t width(void) { return ferry_threads(); }

// If another thread was loading libomp or using it, then its locks may be held
// for ever: `busy` and LOADING stay as they are, and the child stays serial.
static void forked(void) {
  ferry_worker_number = 0;
  ferry_team_forked();
}

const struct ferry_device ferry_device_host = {.name = "host",
                                               .available = available,
                                               .ready = ready,
                                               .width = width,
                                               .launch_ns = ferry_launch_ns,
                                               .start_ns = start_ns,
                                               .run = run,
                                               .forked = forked};
