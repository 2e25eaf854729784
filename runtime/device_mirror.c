//===- device_mirror.c - a process with a memory of its own ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The mirror device (mirror/mirror.h): when it is started, and what the runtime asks
// of it. Launches are those of all crews (mirror/crew.c).
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "mirror/kernel.h"
#include "mirror/mirror.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

static struct ferry_mirror *mirror; // null before it is started
static struct ferry_crew *crew;     // its

//===- starting -----------------------------------------------------------===//

// A debugger stops the driver with the program, and would wait for it where it looks at
// data on the device.
static bool is_traced(void) {
  char status[1024], *tracer;
  const long fd =
      FERRY_KERNEL(open, "/proc/self/status", O_RDONLY | O_CLOEXEC);
  const long size = FERRY_KERNEL(read, fd, status, sizeof status - 1);
  FERRY_KERNEL(close, fd);
  status[size < 0 ? 0 : size] = 0;
  tracer = strstr(status, "TracerPid:");
  return tracer && strtol(tracer + strlen("TracerPid:"), NULL, 10);
}

static size_t capacity(void) {
  const size_t block = FERRY_BLOCK, least = 64 << 20, most = 1 << 30;
  size_t size = (size_t)ferry_options.mirror_memory;
  struct sysinfo machine;
  if (size)
    return size / block * block;
  size =
      sysinfo(&machine) == 0 ? machine.totalram * machine.mem_unit / 4 : least;
  size = size < least ? least : size > most ? most : size;
  return size / block * block;
}

static void before_fork(void) {
  if (mirror)
    ferry_order(mirror, FERRY_ORDER_FREEZE);
}

static void after_fork_in_parent(void) {
  if (mirror)
    ferry_order(mirror, FERRY_ORDER_THAW);
}

static bool start(char *why, size_t size) {
  static atomic_bool handles_fork;
  if (!ferry_may_have_crew(why, size))
    return false;
  struct ferry_mirror *m =
      ferry_lay_out_mirror(capacity(), ferry_crew_threads(), why, size);
  if (!m)
    return false;
  m->granule = ferry_options.mirror_granule ? (size_t)ferry_options.mirror_granule
                                            : 4 * (size_t)FERRY_PAGE;
  const int error = ferry_start_driver(m);
  if (error)
    snprintf(why, size, "the system gives it no thread: %s", strerror(error));
  else
    snprintf(why, size, "%s", m->crew.shared->why);
  if (error || atomic_load(&m->shared->started) != 1)
    return false;
  if (is_traced())
    atomic_store(&m->shared->restless, 1);
  mirror = m;
  crew = &m->crew;
  if (!atomic_exchange(&handles_fork, true))
    pthread_atfork(before_fork, after_fork_in_parent, NULL);
  if (ferry_options.verbose)
    ferry_log("device mirror: %d threads, %zu MiB", crew->threads,
              crew->capacity >> 20);
  return true;
}

static struct ferry_exclusive use = {.device = &ferry_device_mirror, .start = start};

static bool available(char *why, size_t size) {
  return ferry_start_exclusive(&use, why, size);
}

//===- the other functions of the device ----------------------------------===//

static enum ferry_reason run(struct ferry_job *job) {
  return ferry_crew_run(&use, &crew, job);
}

static enum ferry_reason moving_ns(const struct ferry_job *job, int64_t *ns) {
  return ferry_crew_moving_ns(&use, &crew, capacity(), job, ns);
}

static enum ferry_reason ready(void) { return ferry_exclusive_ready(&use); }

static int64_t start_ns(void) { return ferry_crew_start_ns(&use); }

static void traffic(struct ferry_traffic *total) {
  *total = (struct ferry_traffic){0};
  if (!mirror)
    return;
  crew->carrier->traffic(crew, total);
  total->thrashed = atomic_load(&crew->thrashed);
}

static void end_counting(void) {
  if (mirror)
    ferry_end_counting(mirror);
}

static void moves(void (*visit)(void *, const struct ferry_transferred *),
                  void *context) {
  for (uint32_t i = 0; mirror && i < mirror->pages.history.count; ++i)
    visit(context, &mirror->history[i]);
}

static struct ferry_residency *residency(void) {
  return mirror ? mirror->residency : NULL;
}

const char *ferry_check_mirror(void) {
  if (!mirror)
    return NULL;
  ferry_order(mirror, FERRY_ORDER_CHECK);
  return mirror->shared->wrong;
}

// The device is the parent's; the child may make one of its own.
static void forked(void) {
  ferry_worker_number = 0;
  mirror = NULL;
  crew = NULL;
  atomic_store(&use.state, FERRY_UNTRIED);
  atomic_store(&use.owned, false);
}

const struct ferry_device ferry_device_mirror = {.name = "mirror",
                                                 .available = available,
                                                 .ready = ready,
                                                 .width = ferry_crew_width,
                                                 .launch_ns = ferry_crew_launch_ns,
                                                 .start_ns = start_ns,
                                                 .moving_ns = moving_ns,
                                                 .run = run,
                                                 .traffic = traffic,
                                                 .end_counting = end_counting,
                                                 .moves = moves,
                                                 .residency = residency,
                                                 .forked = forked};
