//===- driver.c - the thread that serves the faults of both sides ---------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One thing after the other: what changed in the program's mappings, faults of
// CPUs, one fault of the device, and again. Faults of the device are read one
// by one, for what was read earlier may be settled by what comes before it.
//
// The driver has a table of files of its own, which no close() of the program
// reaches, and sleeps in poll(). Orders come by the *door*: a page that the
// program's thread empties, which is an event like others. No file is needed on
// its side.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"
#include "uffd.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

//===- the device's faults ------------------------------------------------===//

enum { PATIENCE = 20 };

// What may come along with a page.
static void keep_to_safe(struct ferry_mirror *m, uintptr_t at, uintptr_t *lo,
                         uintptr_t *hi) {
  if (atomic_load(&m->shared->restless) || ferry_in_ranges(&m->emptied, at)) {
    *lo = at;
    *hi = at + FERRY_PAGE;
  } else
    ferry_keep_out(&m->emptied, at, lo, hi);
}

static enum ferry_pages_result try_to_bring(struct ferry_mirror *m,
                                            uintptr_t at) {
  uintptr_t lo = at, hi = at + FERRY_PAGE;
  if (!ferry_on_device(&m->pages, at)) {
    const enum ferry_pages_result result = ferry_make_movable(m, at, &lo, &hi);
    if (result != FERRY_PAGES_DONE)
      return result;
    keep_to_safe(m, at, &lo, &hi);
  }
  return ferry_device_fault(&m->pages, at, lo, hi);
}

void ferry_come_again(struct ferry_mirror *m, int tried) {
  if (tried > PATIENCE)
    ferry_pause(m);
  else
    FERRY_KERNEL(sched_yield, 0);
  ferry_hear_all(m);
}

static bool bring(struct ferry_mirror *m, uintptr_t at) {
  enum ferry_pages_result result;
  for (int i = 0; (result = try_to_bring(m, at)) == FERRY_PAGES_AGAIN; ++i)
    ferry_come_again(m, i);
  return result == FERRY_PAGES_DONE;
}

// The thread that waits for the launch touches it in the device's place: it
// gets the signal that the loop would have got there, or what its handler
// provides.
static void refuse(struct ferry_mirror *m, uintptr_t at, bool write) {
  m->refused[m->refused_count++ % FERRY_CREW_THREADS] = ferry_page_of(at);
  ferry_request(m->crew.shared, at, write);
}

static void serve_device(struct ferry_mirror *m,
                         const struct uffd_msg *message) {
  const uintptr_t address = message->arg.pagefault.address;
  const uintptr_t at = address & ~(uintptr_t)(FERRY_PAGE - 1);
  const bool protected = message->arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP;
  const bool write =
      protected || message->arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WRITE;
  if (ferry_is_borrowed(m, at) || !bring(m, at)) {
    if (!ferry_borrow(m, at, write))
      refuse(m, address, write);
  } else if (protected) // a mark that is left from when it went back last time
    ferry_uffd_protect(m->device_fd, at, FERRY_PAGE, false);
  else
    ferry_uffd_wake(m->device_fd, at, FERRY_PAGE);
}

static void serve_all_devices(struct ferry_mirror *m) {
  struct uffd_msg message;
  while (!m->frozen && FERRY_KERNEL(read, m->device_fd, &message,
                                    sizeof message) == (long)sizeof message) {
    serve_device(m, &message);
    ferry_hear_all(m);
  }
}

//===- the thread ---------------------------------------------------------===//

void ferry_give_everything(struct ferry_mirror *m) {
  for (int i = 0; ferry_give_all(&m->pages); ++i)
    ferry_come_again(m, i);
}

void ferry_publish(struct ferry_mirror *m) {
  if (!atomic_load(&m->shared->ended))
    m->shared->traffic = m->pages.traffic;
}

// The device has ended. Its memory has not: everything goes back.
static void lose(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  FERRY_KERNEL(wait4, m->crew.process, 0, __WALL, 0);
  ferry_give_everything(m);
  ferry_settle(m);
  ferry_publish(m);
  ferry_stop_counting(m);
  FERRY_KERNEL(close, m->system_fd); // nobody waits for us any more
  atomic_store(&m->crew.shared->lost, 1);
  atomic_store(&s->busy, 0);
  ferry_wake(&s->busy);
  ferry_raise(&s->orders_done);
  ferry_call(&m->crew.shared->attention);
}

// What came before it was known goes back.
static void become_restless(struct ferry_mirror *m, bool *is) {
  if (*is || !atomic_load(&m->shared->restless))
    return;
  ferry_give_everything(m);
  *is = true;
}

static void serve_until_lost(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  bool restless = false;
  for (;;) {
    struct pollfd news[] = {{m->system_fd, POLLIN, 0},
                            {m->frozen ? -1 : m->device_fd, POLLIN, 0},
                            {m->process_fd, POLLIN, 0}};
    FERRY_KERNEL(ppoll, news, 3, 0, 0);
    atomic_store(&s->busy, 1);
    ferry_hear_all(m);
    if (news[2].revents) {
      lose(m);
      return;
    }
    serve_all_devices(m);
    become_restless(m, &restless);
    ferry_obey(m);
    ferry_publish(m);
    if (atomic_load(&s->ending) && !atomic_load(&s->ended))
      ferry_stop_counting(m);
    atomic_store(&s->busy, 0);
    if (atomic_load(&s->waiting))
      ferry_wake(&s->busy);
  }
}

static bool fail(struct ferry_mirror *m, const char *format, long error) {
  char *why = m->crew.shared->why;
  snprintf(why, sizeof m->crew.shared->why, format, (int)-error);
  return false;
}

static bool open_system_side(struct ferry_mirror *m) {
  const char *why;
  const long fd = ferry_open_system_uffd(&why);
  if (fd < 0)
    return fail(m, why, fd);
  m->system_fd = (int)fd;
  m->maps_fd =
      (int)FERRY_KERNEL(open, "/proc/thread-self/maps", O_RDONLY | O_CLOEXEC);
  m->pagemap_fd = (int)FERRY_KERNEL(open, "/proc/thread-self/pagemap",
                                    O_RDONLY | O_CLOEXEC);
  if (m->maps_fd < 0 || m->pagemap_fd < 0)
    return fail(m, "/proc is not there", 0);
  return true;
}

static bool make_memory(struct ferry_mirror *m) {
  const long fd = FERRY_KERNEL(memfd_create, "ferry-device", MFD_CLOEXEC);
  if (fd < 0)
    return fail(m, "the system gives no memory file (error %d)", fd);
  const long error = FERRY_KERNEL(ftruncate, fd, FERRY_TOP);
  if (error)
    return fail(
        m, "its memory file may not be that large (error %d); see ulimit -f",
        error);
  m->memory_fd = (int)fd;
  return true;
}

static bool start_device(struct ferry_mirror *m) {
  if (!ferry_start_process(&m->crew, CLONE_FILES))
    return false;
  m->device_fd = (int)atomic_load(&m->shared->device_fd);
  m->process_fd = (int)FERRY_KERNEL(pidfd_open, m->crew.process, 0);
  return true;
}

static bool register_own(struct ferry_mirror *m) {
  const size_t stage = ferry_pages_stage(m->crew.capacity);
  return !ferry_uffd_register(m->system_fd, m->stage, stage,
                              UFFDIO_REGISTER_MODE_WP) &&
                 !ferry_uffd_register(m->system_fd, m->door, 3 * FERRY_PAGE,
                                      UFFDIO_REGISTER_MODE_WP)
             ? true
             : fail(m, "userfaultfd refuses its own memory", 0);
}

static void *drive(void *mirror) {
  struct ferry_mirror *m = mirror;
  FERRY_KERNEL(prctl, PR_SET_NAME, "ferry-driver");
  FERRY_KERNEL(unshare, CLONE_FILES);
  FERRY_KERNEL(close_range, 0, ~0U, 0);
  // The device first: what is registered here would ask us about its birth.
  const bool fine = open_system_side(m) && make_memory(m) && start_device(m) &&
                    register_own(m);
  if (fine) {
    const struct ferry_provider provider = ferry_system_provider(m);
    ferry_pages_init(&m->pages, &provider, m->pages.slots);
    ferry_begin_counting(m);
  }
  atomic_store(&m->shared->started, fine ? 1 : 2);
  ferry_wake(&m->shared->started);
  if (fine)
    serve_until_lost(m);
  return NULL;
}

int ferry_start_driver(struct ferry_mirror *m) {
  pthread_t thread;
  const int error = ferry_run_starter(&m->crew, drive, m, &thread);
  if (error)
    return error;
  pthread_detach(thread);
  while (!atomic_load(&m->shared->started))
    ferry_wait(&m->shared->started, 0);
  return 0;
}

void ferry_mirror_fatal(const char *what, long error, uintptr_t at) {
  char text[256];
  const int length =
      snprintf(text, sizeof text,
               "ferry: device mirror is broken: %s (error %d at %p)\n", what,
               (int)-error, (void *)at);
  const long fd = FERRY_KERNEL(open, "/proc/self/fd/2", O_WRONLY | O_APPEND);
  FERRY_KERNEL(write, fd, text, length);
  FERRY_KERNEL(exit_group, 1);
  __builtin_unreachable();
}
