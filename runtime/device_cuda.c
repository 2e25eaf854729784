//===- device_cuda.c - a GPU of NVIDIA that sees the program's memory -----===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The cuda device (cuda/cuda.h): when it is started, and whether a launch may go
// there.
//
// The driver calls malloc, may need more stack than threads of programs have, and
// leaves floating-point flags. Its state does not survive fork(): a child never has
// the GPU of its parent.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "cuda/cuda.h"
#include "exclusive.h"
#include "handler.h"
#include "team.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum {
  START_NS = 250 * 1000 * 1000,
  LAUNCH_NS = 20 * 1000,
  WIDTH = 32,             // until the GPU is known
  START_STACK = 512 << 10, // bytes, also to translate kernels
};

static struct ferry_gpu gpu;
static bool asks_for_flags; // does the program look which exceptions were raised?

//===- starting -----------------------------------------------------------===//

static bool program_asks_for_flags(void) {
  static const char *const names[] = {"fetestexcept", "fegetexceptflag", "fegetenv",
                                      "feholdexcept", "feupdateenv", NULL};
  return ferry_program_uses(names);
}

// Signals of the program are not for the driver's threads.
static bool start(char *why, size_t size) {
  struct ferry_floats caller;
  sigset_t before;
  ferry_get_floats(&caller);
  ferry_block_signals(&before);
  asks_for_flags = program_asks_for_flags();
  const bool started = ferry_find_gpu(&gpu, ferry_options.cuda_number, why, size) &&
                       ferry_open_gpu(&gpu, why, size);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  ferry_set_floats(&caller);
  if (started && ferry_options.verbose)
    ferry_log("device cuda: %s (sm_%d%d), %zu MiB, %s, driver %d.%d", gpu.name, gpu.major,
              gpu.minor, gpu.memory >> 20, ferry_gpu_memory(&gpu),
              gpu.driver / 1000, gpu.driver % 1000 / 10);
  return started;
}

static struct ferry_exclusive use = {.device = &ferry_device_cuda, .start = start};

// On a small stack it is not even tried, for the next caller may have a larger one.
static bool available(char *why, size_t size) {
  return (ferry_exclusive_state(&use) == FERRY_UNTRIED && !ferry_has_stack(START_STACK)) ||
         ferry_start_exclusive(&use, why, size);
}

//===- a launch -----------------------------------------------------------===//

// A GPU that touches what it may not is lost with all that is on it. Where the program
// handles faults, it may mean them.
static enum ferry_reason may_run(void) {
  if (ferry_in_handler())
    return FERRY_IN_HANDLER;
  if (ferry_has_handler(SIGSEGV) || ferry_has_handler(SIGBUS))
    return FERRY_FAULT_JUMP;
  if (!ferry_has_stack(START_STACK))
    return FERRY_SMALL_STACK;
  if (ferry_floats_trap())
    return FERRY_FP_TRAPS;
  if (!ferry_floats_are_usual())
    return FERRY_FP_SETTINGS;
  return asks_for_flags ? FERRY_FP_FLAGS : FERRY_DONE;
}

static enum ferry_reason give_up(const char *why) {
  char text[256];
  snprintf(text, sizeof text, "it was lost: %s", why);
  ferry_lose(&use, text);
  if (ferry_options.verbose)
    ferry_log("device cuda was lost: %s", why);
  return FERRY_NO_DEVICE;
}

_Noreturn static void die(const struct ferry_site *site, const char *why) {
  ferry_fatal("device cuda failed in the loop at %s:%u (%s): %s; the data of the loop "
              "are lost, run it with FERRY_DEVICE=host",
              site->file ? site->file : "?", site->line,
              site->function ? site->function : "?", why);
}

// Where the GPU does not see the program's memory.
static enum ferry_reason run_apart(struct ferry_gpu_kernel *kernel, struct ferry_job *job,
                                   const struct ferry_gpu_footprint *footprint) {
  char error[128] = "";
  if (!ferry_send_copies(&gpu, footprint))
    return FERRY_DEVICE_MEMORY;
  job->error = 0;
  const int end = ferry_launch_kernel(&gpu, kernel, job, ferry_copies_delta(), error,
                                      sizeof error);
  const int lost = end == FERRY_DONE ? ferry_fetch_copies(footprint) : 0;
  if (lost)
    ferry_describe_cu(error, sizeof error, "cuMemcpyDtoH", lost);
  if (lost || end == FERRY_GPU_LOST)
    die(job->site, error);
  ferry_end_copies();
  return end == FERRY_NO_DEVICE ? give_up(error) : (enum ferry_reason)end;
}

static enum ferry_reason run_kernel(struct ferry_job *job) {
  struct ferry_gpu_footprint footprint;
  char error[128] = "";
  enum ferry_reason why;
  struct ferry_gpu_kernel *kernel = ferry_gpu_kernel(&gpu, job->site);
  if (!kernel)
    return FERRY_NO_KERNEL;
  if ((why = ferry_admit(&gpu, job, &footprint)) != FERRY_DONE)
    return why;
  if (gpu.apart)
    return run_apart(kernel, job, &footprint);
  const int64_t begin = ferry_now();
  job->error = 0;
  const bool sent = ferry_send_for(&gpu, kernel, &footprint);
  const int end = ferry_launch_kernel(&gpu, kernel, job, 0, error, sizeof error);
  if (end == FERRY_GPU_LOST)
    die(job->site, error);
  if (end == FERRY_NO_DEVICE)
    return give_up(error);
  ferry_learn_sending(kernel, sent, &footprint, ferry_now() - begin);
  return (enum ferry_reason)end;
}

static enum ferry_reason run_alone(struct ferry_job *job) {
  struct ferry_floats caller;
  void *unused;
  const enum ferry_reason may = may_run();
  if (may != FERRY_DONE)
    return may;
  ferry_get_floats(&caller);
  const int error = ferry_cu.context_push(gpu.context);
  char text[128];
  if (error)
    ferry_describe_cu(text, sizeof text, "cuCtxPushCurrent", error);
  const enum ferry_reason why = error ? give_up(text) : run_kernel(job);
  if (!error)
    ferry_cu.context_pop(&unused);
  ferry_set_floats(&caller);
  return why;
}

static enum ferry_reason run(struct ferry_job *job) {
  int cancel;
  if (ferry_exclusive_state(&use) == FERRY_UNTRIED)
    return FERRY_SMALL_STACK;
  if (ferry_exclusive_state(&use) == FERRY_FAILED)
    return FERRY_NO_DEVICE;
  if (!ferry_own(&use, &cancel))
    return FERRY_BUSY;
  const enum ferry_reason why = run_alone(job);
  ferry_disown(&use, cancel);
  return why;
}

//===- the other functions of the device ----------------------------------===//

static enum ferry_reason ready(void) { return ferry_exclusive_ready(&use); }

static bool is_started(void) { return ferry_exclusive_state(&use) == FERRY_STARTED; }

static int64_t width(void) { return is_started() ? gpu.processors + 1 : WIDTH; }

static int64_t launch_ns(int64_t now) {
  (void)now;
  return LAUNCH_NS;
}

static int64_t start_ns(void) { return is_started() ? 0 : START_NS; }

// A child of a process that has not started it may do so itself.
static void forked(void) {
  const int state = ferry_exclusive_state(&use);
  if (state == FERRY_STARTED || state == FERRY_STARTING)
    ferry_lose(&use, "the process was made by fork() from one that had started it");
  atomic_store(&use.owned, false);
}

const struct ferry_device ferry_device_cuda = {.name = "cuda",
                                               .kernels = true,
                                               .available = available,
                                               .ready = ready,
                                               .width = width,
                                               .launch_ns = launch_ns,
                                               .start_ns = start_ns,
                                               .run = run,
                                               .forked = forked};
