//===- residency.c - where the program's data was, and when ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing changes on the device but by the driver. So it looks at what is there
// when it is about to change something, and only if a column has ended since.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../residency.h"
#include "pages.h"
#include "slots.h"

#include <string.h>

//===- time ---------------------------------------------------------------===//

static uint32_t column_of(const struct ferry_timeline *t, int64_t now) {
  const int64_t column = (now - t->begin) / t->step;
  return column < 0               ? 0
         : column < FERRY_COLUMNS ? (uint32_t)column
                                  : FERRY_COLUMNS;
}

// Of two columns, the end of the second one is that of both.
static void fold_state(uint32_t *row) {
  for (int i = 0; i < FERRY_COLUMNS / 2; ++i)
    row[i] = row[2 * i + 1];
  memset(row + FERRY_COLUMNS / 2, 0, FERRY_COLUMNS / 2 * sizeof *row);
}

static void fold_sum(uint32_t *row) {
  for (int i = 0; i < FERRY_COLUMNS / 2; ++i)
    row[i] = row[2 * i] + row[2 * i + 1];
  memset(row + FERRY_COLUMNS / 2, 0, FERRY_COLUMNS / 2 * sizeof *row);
}

static void fold_busy(uint64_t *row) {
  for (int i = 0; i < FERRY_COLUMNS / 2; ++i)
    row[i] = row[2 * i] + row[2 * i + 1];
  memset(row + FERRY_COLUMNS / 2, 0, FERRY_COLUMNS / 2 * sizeof *row);
}

//===- objects ------------------------------------------------------------===//

static uintptr_t lo_of(const struct ferry_object *o) {
  return atomic_load_explicit(&o->lo, memory_order_relaxed);
}
static uintptr_t hi_of(const struct ferry_object *o) {
  return atomic_load_explicit(&o->hi, memory_order_relaxed);
}

// The first one that ends behind `at`, or null.
static struct ferry_object *object_after(struct ferry_residency *r,
                                         uintptr_t at) {
  struct ferry_object *found = NULL;
  for (uint32_t i = 0; i < atomic_load(&r->object_count); ++i)
    if (hi_of(&r->objects[i]) > at &&
        (!found || lo_of(&r->objects[i]) < lo_of(found)))
      found = &r->objects[i];
  return found;
}

static void add_object(struct ferry_residency *r, uintptr_t lo, uintptr_t hi,
                       const struct ferry_state *site, bool on_stack) {
  const uint32_t number = atomic_load(&r->object_count);
  if (number == FERRY_OBJECTS)
    return;
  struct ferry_object *o = &r->objects[number];
  atomic_store(&o->lo, lo);
  atomic_store(&o->hi, hi);
  o->first = site;
  o->on_stack = on_stack;
  atomic_store_explicit(&r->object_count, number + 1, memory_order_release);
}

void ferry_meet_memory(struct ferry_residency *r, uintptr_t lo, uintptr_t hi,
                       const struct ferry_state *site, bool on_stack) {
  struct ferry_object *last = NULL, *next;
  for (uintptr_t at = lo; at < hi; at = last ? hi_of(last) : hi) {
    next = object_after(r, at);
    const uintptr_t end = next && lo_of(next) < hi ? lo_of(next) : hi;
    if (next && lo_of(next) <= at) // it is that one's
      last = next;
    else if (last) // that one reaches further
      atomic_store(&last->hi, end);
    else if (end < hi) { // the next one begins earlier
      atomic_store(&next->lo, at);
      last = next;
    } else
      add_object(r, at, hi, site, on_stack);
  }
}

//===- launches -----------------------------------------------------------===//

static uint64_t *row_of(struct ferry_residency *r,
                        const struct ferry_state *site) {
  int i = 0;
  while (i < FERRY_LAUNCHERS - 1 && r->launchers[i] && r->launchers[i] != site)
    ++i;
  r->launchers[i] = site;
  return r->busy[i];
}

static void fold_launches(struct ferry_residency *r) {
  for (int i = 0; i < FERRY_LAUNCHERS; ++i)
    fold_busy(r->busy[i]);
  r->launching.step *= 2;
  r->launching.columns = (r->launching.columns + 1) / 2;
}

void ferry_note_launch(struct ferry_residency *r, const struct ferry_state *site,
                       int64_t start, int64_t end) {
  struct ferry_timeline *t = &r->launching;
  while (column_of(t, end) == FERRY_COLUMNS)
    fold_launches(r);
  uint64_t *row = row_of(r, site);
  t->columns = column_of(t, end) + 1;
  for (uint32_t i = column_of(t, start); i < t->columns; ++i) {
    const int64_t lo = t->begin + i * t->step, hi = lo + t->step;
    row[i] += (uint64_t)((end < hi ? end : hi) - (start > lo ? start : lo));
  }
}

//===- samples ------------------------------------------------------------===//

static void fold(struct ferry_residency *r) {
  for (int i = 0; i < FERRY_OBJECTS; ++i)
    fold_state(r->pages[i]);
  fold_state(r->owned);
  fold_sum(r->to_device);
  fold_sum(r->to_system);
  r->moving.step *= 2;
  r->moving.columns /= 2;
}

static void fill(uint32_t *row, uint32_t from, uint32_t to, uint64_t value) {
  for (uint32_t i = from; i < to; ++i)
    row[i] = (uint32_t)value;
}

static void add_moved(struct ferry_residency *r, const struct ferry_traffic *t) {
  const uint64_t in = t->to_device + t->zeroed, out = t->to_system + t->dropped;
  r->to_device[r->moving.columns] += (uint32_t)(in - r->before[0]);
  r->to_system[r->moving.columns] += (uint32_t)(out - r->before[1]);
  r->before[0] = in;
  r->before[1] = out;
}

static uint64_t pages_of(const struct ferry_object *o,
                         const struct ferry_pages *p) {
  const uintptr_t lo = ferry_page_of(lo_of(o)),
                  hi = ferry_page_of(hi_of(o) + FERRY_PAGE - 1);
  return lo < hi ? ferry_count_pages(p, lo, hi) : 0;
}

void ferry_sample(struct ferry_residency *r, const struct ferry_pages *p,
                  int64_t now) {
  struct ferry_timeline *t = &r->moving;
  if (column_of(t, now) <= t->columns)
    return;
  add_moved(r, &p->traffic);
  const uint32_t count =
      atomic_load_explicit(&r->object_count, memory_order_acquire);
  do {
    const uint32_t to = column_of(t, now);
    for (uint32_t i = 0; i < count; ++i)
      fill(r->pages[i], t->columns, to, pages_of(&r->objects[i], p));
    fill(r->owned, t->columns, to, p->owned);
    t->columns = to;
    if (to == FERRY_COLUMNS)
      fold(r);
  } while (column_of(t, now) > t->columns);
}

void ferry_sample_last(struct ferry_residency *r, const struct ferry_pages *p,
                       int64_t now) {
  struct ferry_timeline *t = &r->moving;
  ferry_sample(r, p, now);
  ferry_sample(r, p, t->begin + (t->columns + 1) * t->step);
}

// The rows of samples end with whole columns, so that the last may stand alone.
static void repeat_last(uint32_t *row, uint32_t columns) {
  if (columns % 2)
    row[columns] = row[columns - 1];
}

void ferry_align_columns(struct ferry_residency *r) {
  while (r->launching.step < r->moving.step)
    fold_launches(r);
  while (r->moving.step < r->launching.step) {
    for (int i = 0; i < FERRY_OBJECTS; ++i)
      repeat_last(r->pages[i], r->moving.columns);
    repeat_last(r->owned, r->moving.columns);
    r->moving.columns += r->moving.columns % 2;
    fold(r);
  }
}
