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
// that is not atomic. The caller takes part as worker 0. Every worker leaves
// what the caller has to collect in its own slot, a cache line of its own.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
  MAX_THREADS = 1024,
  CHUNKS_PER_THREAD = 16,
  BLOCKTIME_MS = 1,  // how long idle workers spin
  GUESS_NS = 5000,   // a launch, until it has been measured
  WAKE_NS = 20000,   // more, when the workers sleep
  START_NS = 300000, // the first launch of a thread
  SAMPLES = 8
};

struct slot {
  _Alignas(FERRY_CACHE_LINE) uint64_t serial; // of the launch it took part in
  int64_t failed_at; // lowest index of the last block that set errno, or -1
  int error;         // to what
  int raised;        // floating-point exceptions
  fexcept_t flags;   // their representation
};

struct ferry_launch {
  struct ferry_job *job;
  uint64_t serial;
  uint32_t dim;              // the one that is divided
  int64_t chunks;            // 0: one contiguous block for each thread
  size_t stride;             // between partial results
  const fenv_t *environment; // the caller's
  atomic_bool begun;         // release: all the above, and the program's data
  atomic_int ended;          // acquire: all that the workers wrote
  _Alignas(FERRY_CACHE_LINE) _Atomic int64_t next; // chunk
};

_Thread_local uint32_t ferry_worker_number
    __attribute__((tls_model("initial-exec")));

static atomic_bool busy;
static struct slot *slots;
static char *partials;
static size_t partials_size;
static uint64_t serial;

enum { UNTRIED, LOADING, LOADED, FAILED };
static atomic_int loaded;
static char load_error[256];

// 2: KMP_IDENT_KMPC.
static struct ferry_ident location = {0, 2, 0, 0, ";ferry;ferry;0;0;;"};

//===- how many threads ---------------------------------------------------===//

static atomic_int thread_count; // 0: not known yet

static int usable_cpus(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return CPU_COUNT(&set);
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

// FERRY=force means to see parallel execution, on one CPU as well.
static int clamp_threads(int count) {
  const int least = ferry_options.mode == FERRY_MODE_FORCE ? 2 : 1;
  count = count < least ? least : count;
  return count > MAX_THREADS ? MAX_THREADS : count;
}

static int threads(void) {
  int count = atomic_load_explicit(&thread_count, memory_order_relaxed);
  if (__builtin_expect(count != 0, 1))
    return count;
  count = ferry_options.threads ? ferry_options.threads
                                : clamp_threads(usable_cpus());
  if (count > MAX_THREADS)
    count = MAX_THREADS;
  atomic_store_explicit(&thread_count, count, memory_order_relaxed);
  return count;
}

// libomp knows OMP_NUM_THREADS, and what the program has set.
static void limit_threads(void) {
  if (!ferry_options.threads && ferry_omp.get_max_threads() < threads())
    atomic_store_explicit(&thread_count,
                          clamp_threads(ferry_omp.get_max_threads()),
                          memory_order_relaxed);
}

//===- what a launch costs ------------------------------------------------===//

static _Atomic int64_t launch_cost = GUESS_NS;
static _Atomic int64_t last_end;

// The calling thread has a team if it is of this generation: each fork() starts
// a new one.
static atomic_uint generation = 1;
static _Thread_local unsigned team __attribute__((tls_model("initial-exec")));

static bool has_team(void) {
  return team == atomic_load_explicit(&generation, memory_order_relaxed);
}

static int64_t width(void) { return threads(); }

static int64_t launch_ns(int64_t now) {
  const int64_t idle =
      now - atomic_load_explicit(&last_end, memory_order_relaxed);
  return atomic_load_explicit(&launch_cost, memory_order_relaxed) +
         (idle > BLOCKTIME_MS * 1000000LL ? WAKE_NS : 0);
}

static int64_t start_ns(void) { return has_team() ? 0 : START_NS; }

static void fork_workers(ferry_microtask *task, struct ferry_launch *launch) {
  const int32_t self = ferry_omp.global_thread_num(&location);
  ferry_omp.push_num_threads(&location, self, threads());
  ferry_omp.fork_call(&location, 1, task, launch);
}

static void nothing(int32_t *global, int32_t *number,
                    struct ferry_launch *launch) {
  (void)global, (void)number, (void)launch;
}

static void measure_launch(void) {
  int64_t best = INT64_MAX;
  for (int i = 0; i < SAMPLES; ++i) {
    const int64_t start = ferry_now();
    fork_workers(nothing, NULL);
    const int64_t taken = ferry_now() - start;
    best = taken < best ? taken : best;
  }
  atomic_store_explicit(&launch_cost, best, memory_order_relaxed);
}

static void start_team(void) {
  static bool measured;
  if (ferry_omp.own_blocktime)
    ferry_omp.set_blocktime(BLOCKTIME_MS);
  fork_workers(nothing, NULL);
  if (!measured)
    measure_launch();
  measured = true;
  team = atomic_load_explicit(&generation, memory_order_relaxed);
  if (ferry_options.verbose)
    ferry_log("device host: %d threads, %lld ns for a launch", threads(),
              (long long)atomic_load(&launch_cost));
}

//===- a worker -----------------------------------------------------------===//

static void run_block(const struct ferry_launch *launch, struct slot *slot,
                      void *partial, int64_t part, int64_t parts) {
  const struct ferry_job *job = launch->job;
  const uint32_t dim = launch->dim;
  const int64_t size = job->trips[dim] / parts, more = job->trips[dim] % parts;
  int64_t lo[FERRY_MAX_PARALLEL] = {0}, hi[FERRY_MAX_PARALLEL];
  memcpy(hi, job->trips, sizeof hi);
  lo[dim] = part * size + (part < more ? part : more);
  hi[dim] = lo[dim] + size + (part < more);
  errno = 0;
  job->worker(job->context, lo, hi, partial);
  if (errno) {
    slot->failed_at = lo[dim];
    slot->error = errno;
  }
}

// Chunks are handed out in rising order, so the last failure of a thread is
// that of its highest index.
static void run_blocks(struct ferry_launch *launch, struct slot *slot,
                       void *partial, int64_t number) {
  const int64_t team_size = ferry_omp.get_num_threads();
  const int64_t trips = launch->job->trips[launch->dim];
  const int64_t parts = team_size < trips ? team_size : trips;
  if (!launch->chunks) {
    if (number < parts)
      run_block(launch, slot, partial, number, parts);
    return;
  }
  for (;;) {
    const int64_t chunk =
        atomic_fetch_add_explicit(&launch->next, 1, memory_order_relaxed);
    if (chunk >= launch->chunks)
      return;
    run_block(launch, slot, partial, chunk, launch->chunks);
  }
}

static void *fresh_partial(const struct ferry_launch *launch, int32_t number) {
  const struct ferry_job *job = launch->job;
  if (!job->reduction_size)
    return NULL;
  return memcpy(partials + (size_t)number * launch->stride, job->identity,
                job->reduction_size);
}

static void take_part(struct ferry_launch *launch, struct slot *slot,
                      int32_t number) {
  slot->serial = launch->serial;
  slot->failed_at = -1;
  ferry_worker_number = 1 + (uint32_t)number;
  run_blocks(launch, slot, fresh_partial(launch, number), number);
  ferry_worker_number = 0;
}

// With the caller's rounding, FTZ and DAZ in force, but none of its flags. On
// the calling thread, too: libomp raises flags of its own there.
static void work_as_caller(struct ferry_launch *launch, int32_t number) {
  struct slot *slot = &slots[number];
  fenv_t own;
  fegetenv(&own);
  fesetenv(launch->environment);
  feclearexcept(FE_ALL_EXCEPT);
  take_part(launch, slot, number);
  slot->raised = fetestexcept(FE_ALL_EXCEPT);
  fegetexceptflag(&slot->flags, FE_ALL_EXCEPT);
  fesetenv(&own);
}

// The two atomics repeat what libomp's barriers do already: ThreadSanitizer
// does not see those.
static void work(int32_t *global, int32_t *number,
                 struct ferry_launch *launch) {
  (void)global;
  if (!atomic_load_explicit(&launch->begun, memory_order_acquire))
    return;
  if (*number < threads())
    work_as_caller(launch, *number);
  atomic_fetch_add_explicit(&launch->ended, 1, memory_order_acq_rel);
}

//===- the caller ---------------------------------------------------------===//

// Few outer iterations would leave threads idle or unevenly loaded; but errno
// and ordered results need blocks that follow each other in dim 0.
static uint32_t choose_dim(const struct ferry_job *job) {
  uint32_t dim = 0;
  if (job->flags & (FERRY_SITE_ERRNO | FERRY_SITE_ORDERED) ||
      job->trips[0] >= 4 * (int64_t)threads())
    return 0;
  for (uint32_t k = 1; k < job->parallel; ++k)
    if (job->trips[k] > job->trips[dim])
      dim = k;
  return dim;
}

static int64_t choose_chunks(const struct ferry_job *job, uint32_t dim) {
  const int64_t chunks = CHUNKS_PER_THREAD * (int64_t)threads();
  if (!(job->flags & FERRY_SITE_UNEVEN) || job->flags & FERRY_SITE_ORDERED)
    return 0;
  return chunks < job->trips[dim] ? chunks : job->trips[dim];
}

static bool make_room(size_t stride) {
  const size_t count = (size_t)threads();
  size_t size;
  if (!slots && !(slots = ferry_map(MAX_THREADS * sizeof *slots)))
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
  const uint64_t line = FERRY_CACHE_LINE;
  if (job->reduction_size > INT64_MAX)
    return false;
  launch->job = job;
  launch->serial = ++serial;
  launch->dim = choose_dim(job);
  launch->chunks = choose_chunks(job, launch->dim);
  launch->stride = (job->reduction_size + line - 1) / line * line;
  return make_room(launch->stride);
}

// In the order of the threads, which for contiguous blocks is that of dim 0.
static void collect(const struct ferry_launch *launch) {
  struct ferry_job *job = launch->job;
  int64_t last = -1;
  for (int i = 0; i < threads(); ++i) {
    const struct slot *slot = &slots[i];
    if (slot->serial != launch->serial)
      continue;
    if (job->reduction_size)
      job->combine(job->reduction, partials + (size_t)i * launch->stride);
    if (slot->raised)
      fesetexceptflag(&slot->flags, slot->raised);
    if (slot->failed_at > last) {
      last = slot->failed_at;
      job->error = slot->error;
    }
  }
}

// Threads inherit the signal mask of whoever makes them, and the program's
// handlers must not run on them. Faults are the loop's own and stay.
static void block_signals(sigset_t *before) {
  static const int faults[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                               SIGTRAP, SIGABRT, SIGSYS};
  sigset_t set;
  sigfillset(&set);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; ++i)
    sigdelset(&set, faults[i]);
  pthread_sigmask(SIG_BLOCK, &set, before);
}

// libomp may wait in a cancellation point, where the loop had none.
static void run_on_team(struct ferry_launch *launch) {
  const bool may_create = ferry_omp.shared || !has_team();
  int cancel;
  sigset_t before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
  if (may_create)
    block_signals(&before);
  if (!has_team())
    start_team();
  atomic_store_explicit(&launch->begun, true, memory_order_release);
  fork_workers(work, launch);
  (void)atomic_load_explicit(&launch->ended, memory_order_acquire);
  atomic_store_explicit(&last_end, ferry_now(), memory_order_relaxed);
  if (may_create)
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_setcancelstate(cancel, NULL);
}

static enum ferry_reason may_run(void) {
  if (ferry_omp.in_parallel() ||
      (ferry_omp.program_in_parallel && ferry_omp.program_in_parallel()))
    return FERRY_NESTED;
  return fegetexcept() > 0 ? FERRY_FP_TRAPS : FERRY_DONE;
}

static enum ferry_reason run_alone(struct ferry_job *job) {
  fenv_t caller;
  fegetenv(&caller);
  struct ferry_launch launch = {.environment = &caller};
  enum ferry_reason why = may_run();
  if (why == FERRY_DONE && !prepare(&launch, job))
    why = FERRY_NO_DEVICE;
  if (why == FERRY_DONE)
    run_on_team(&launch);
  fesetenv(&caller);
  if (why == FERRY_DONE)
    collect(&launch);
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
  fegetenv(&caller);
  const int state =
      ferry_load_libomp(load_error, sizeof load_error) ? LOADED : FAILED;
  if (state == LOADED)
    limit_threads();
  fesetenv(&caller);
  atomic_store_explicit(&loaded, state, memory_order_release);
  return state;
}

// A thread that comes while another one loads gets true here and BUSY from
// `ready`.
static bool available(char *why, size_t size) {
  int state = UNTRIED;
  if (atomic_compare_exchange_strong(&loaded, &state, LOADING))
    state = load();
  if (state != FAILED)
    return true;
  snprintf(why, size, "%s", load_error);
  return false;
}

static enum ferry_reason ready(void) {
  if (threads() == 1)
    return FERRY_ONE_THREAD;
  return atomic_load_explicit(&busy, memory_order_relaxed) ||
                 atomic_load_explicit(&loaded, memory_order_acquire) == LOADING
             ? FERRY_BUSY
             : FERRY_DONE;
}

// If another thread was loading libomp or using it, then its locks may be held
// for ever: `busy` and LOADING stay as they are, and the child stays serial.
static void forked(void) {
  ferry_worker_number = 0;
  atomic_fetch_add(&generation, 1);
}

const struct ferry_device ferry_device_host = {.name = "host",
                                               .available = available,
                                               .ready = ready,
                                               .width = width,
                                               .launch_ns = launch_ns,
                                               .start_ns = start_ns,
                                               .run = run,
                                               .forked = forked};
