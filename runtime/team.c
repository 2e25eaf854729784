//===- team.c - the threads of the host device, and what they cost --------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every thread of the program that launches has a team of its own in libomp,
// which makes it when the thread comes for the first time. Called by the owner
// of the device only, but for the numbers, which any thread may ask for.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "team.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum {
  BLOCKTIME_MS = 1,  // how long idle workers spin
  GUESS_NS = 1000,   // a launch, until it has been measured
  MOST_NS = 5000,    // whatever was measured: the machine may just be busy
  WAKE_NS = 20000,   // more, when the workers sleep
  START_NS = 300000, // the first launch of a thread
  SAMPLES = 8
};

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
  return count > FERRY_MAX_THREADS ? FERRY_MAX_THREADS : count;
}

int ferry_threads(void) {
  int count = atomic_load_explicit(&thread_count, memory_order_relaxed);
  if (__builtin_expect(count != 0, 1))
    return count;
  count = ferry_options.threads ? ferry_options.threads
                                : clamp_threads(usable_cpus());
  if (count > FERRY_MAX_THREADS)
    count = FERRY_MAX_THREADS;
  atomic_store_explicit(&thread_count, count, memory_order_relaxed);
  return count;
}

// libomp knows OMP_NUM_THREADS, and what the program has set.
void ferry_limit_threads(void) {
  if (!ferry_options.threads &&
      ferry_omp.get_max_threads() < ferry_threads())
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

bool ferry_has_team(void) {
  return team == atomic_load_explicit(&generation, memory_order_relaxed);
}

int64_t ferry_launch_ns(int64_t now) {
  const int64_t idle =
      now - atomic_load_explicit(&last_end, memory_order_relaxed);
  return atomic_load_explicit(&launch_cost, memory_order_relaxed) +
         (idle > BLOCKTIME_MS * 1000000LL ? WAKE_NS : 0);
}

int64_t ferry_start_ns(void) { return ferry_has_team() ? 0 : START_NS; }

void ferry_fork_team(ferry_microtask *task, struct ferry_launch *launch) {
  const int32_t self = ferry_omp.global_thread_num(&location);
  ferry_omp.push_num_threads(&location, self, ferry_threads());
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
    ferry_fork_team(nothing, NULL);
    const int64_t taken = ferry_now() - start;
    best = taken < best ? taken : best;
  }
  atomic_store_explicit(&launch_cost, best < MOST_NS ? best : MOST_NS,
                        memory_order_relaxed);
}

void ferry_launch_ended(int64_t now) {
  atomic_store_explicit(&last_end, now, memory_order_relaxed);
}

//===- starting -----------------------------------------------------------===//

// Threads inherit the signal mask of whoever makes them, and the program's
// handlers must not run on them. Faults are the loop's own and stay.
void ferry_block_signals(sigset_t *before) {
  static const int faults[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                               SIGTRAP, SIGABRT, SIGSYS};
  sigset_t set;
  sigfillset(&set);
  for (size_t i = 0; i < sizeof faults / sizeof *faults; ++i)
    sigdelset(&set, faults[i]);
  pthread_sigmask(SIG_BLOCK, &set, before);
}

static void *wait_for_all(void *gate) {
  pthread_mutex_lock(gate);
  pthread_mutex_unlock(gate);
  return NULL;
}

// libomp ends the program where the system refuses it a thread. So see first
// whether as many can exist at the same time.
static bool can_have_threads(int count) {
  static pthread_t threads[FERRY_MAX_THREADS];
  static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
  pthread_attr_t attributes;
  int made = 0;
  if (pthread_attr_init(&attributes))
    return false;
  const bool sized =
      pthread_attr_setstacksize(&attributes, ferry_omp.get_stacksize()) == 0;
  pthread_mutex_lock(&gate);
  while (sized && made < count &&
         pthread_create(&threads[made], &attributes, wait_for_all, &gate) == 0)
    ++made;
  pthread_mutex_unlock(&gate);
  for (int i = 0; i < made; ++i)
    pthread_join(threads[i], NULL);
  pthread_attr_destroy(&attributes);
  return made == count;
}

bool ferry_start_team(void) {
  static bool measured;
  if (!can_have_threads(ferry_threads() - 1))
    return false;
  if (ferry_omp.own_blocktime)
    ferry_omp.set_blocktime(BLOCKTIME_MS);
  ferry_fork_team(nothing, NULL);
  if (!measured)
    measure_launch();
  measured = true;
  team = atomic_load_explicit(&generation, memory_order_relaxed);
  if (ferry_options.verbose)
    ferry_log("device host: %d threads, %lld ns for a launch", ferry_threads(),
              (long long)atomic_load(&launch_cost));
  return true;
}

void ferry_team_forked(void) { atomic_fetch_add(&generation, 1); }
