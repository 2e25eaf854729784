//===- counting.c - from when until when moves count ----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For FERRY_STATS and FERRY_TRACE. The driver counts; it stops when the program ends, so
// that all who tell of it say the same.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "kernel.h"
#include "mirror.h"

#include <sys/mman.h>

void ferry_begin_counting(struct ferry_mirror *m) {
  enum { FIRST_COLUMN_NS = 1 << 16 };
  m->pages.history.all = m->history;
  m->pages.history.room = m->history ? FERRY_HISTORY : 0;
  m->pages.history.loop = &m->crew.shared->loop;
  if (!m->residency)
    return;
  m->pages.residency = m->residency;
  m->residency->capacity = m->crew.capacity / FERRY_PAGE;
  m->residency->moving = m->residency->launching =
      (struct ferry_timeline){ferry_now(), FIRST_COLUMN_NS, 0};
}

void ferry_stop_counting(struct ferry_mirror *m) {
  m->pages.history.room = 0;
  if (m->pages.residency)
    ferry_sample_last(m->pages.residency, &m->pages, ferry_now());
  m->pages.residency = NULL;
  atomic_store(&m->shared->ended, 1);
  ferry_wake(&m->shared->ended);
}

// A child that passed fork() by would wait for its parent's driver.
void ferry_end_counting(struct ferry_mirror *m) {
  struct ferry_mirror_shared *s = m->shared;
  if (m->crew.program != FERRY_KERNEL(getpid, 0))
    return;
  atomic_store(&s->ending, 1);
  if (!atomic_load(&s->ended))
    FERRY_KERNEL(madvise, m->door, FERRY_PAGE, MADV_DONTNEED);
  while (!atomic_load(&s->ended))
    ferry_wait(&s->ended, 0);
}

//===- launches -----------------------------------------------------------===//

static void meet_memory(struct ferry_mirror *m, const struct ferry_job *job) {
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  const uintptr_t frame = (uintptr_t)__builtin_frame_address(0), large = 8 << 20;
  if (!job->shape || job->shape->links ||
      !ferry_hulls(job->shape, job->numbers, trips, lo, hi))
    return;
  for (uint32_t i = 0; i < job->shape->accesses; ++i)
    if (ferry_touches_memory(job->shape->kinds[i]) && lo[i] >= 0)
      ferry_meet_memory(m->residency, (uintptr_t)lo[i], (uintptr_t)hi[i],
                        job->state, (uintptr_t)lo[i] - frame < large);
}

void ferry_note_begin(struct ferry_mirror *m, const struct ferry_job *job) {
  if (!m->residency)
    return;
  meet_memory(m, job);
  m->launched = ferry_now();
}

void ferry_note_end(struct ferry_mirror *m, const struct ferry_job *job) {
  if (m->residency)
    ferry_note_launch(m->residency, job->state, m->launched, ferry_now());
}
