//===- footprint.c - the memory that a job is about, and its price --------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What its accesses span, without looking at memory. Where they leave much out,
// as in a column of a matrix, no access touches more pages than it happens.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "crew.h"

#include <string.h>

enum { SPARSE = 4 };

// At most so many pages are touched by an access of that row.
static uint64_t most_pages(const struct ferry_shape *shape, const int64_t *row,
                           const int64_t *trips) {
  const uint64_t each = ((uint64_t)row[1] + FERRY_PAGE - 2) / FERRY_PAGE + 1;
  uint64_t times = 1;
  for (uint32_t k = 0; k < shape->dims; ++k)
    if (row[2 + k] && trips[k] > 1 &&
        __builtin_mul_overflow(times, (uint64_t)trips[k], &times))
      return UINT64_MAX;
  return __builtin_mul_overflow(times, each, &times) ? UINT64_MAX : times;
}

static uint64_t plus(uint64_t a, uint64_t b) {
  return __builtin_add_overflow(a, b, &a) ? UINT64_MAX : a;
}

bool ferry_find_footprint(const struct ferry_job *job,
                          struct ferry_footprint *f) {
  const struct ferry_shape *shape = job->shape;
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  uint64_t touched = 0;
  f->set = (struct ferry_ranges){f->ranges, 0, FERRY_MAX_ACCESSES};
  f->pages = 0;
  if (!shape || shape->links ||
      !ferry_hulls(shape, job->numbers, trips, lo, hi))
    return false;
  for (uint32_t i = 0; i < shape->accesses; ++i)
    if (ferry_touches_memory(shape->kinds[i]) && lo[i] >= 0 && lo[i] < hi[i]) {
      const int64_t *row =
          job->numbers + (size_t)(shape->dims + i) * (2 + shape->dims);
      const uintptr_t first = ferry_page_of((uintptr_t)lo[i]),
                      end = ferry_page_of((uintptr_t)hi[i] + FERRY_PAGE - 1);
      ferry_add_range(&f->set, first, end); // one for each access has room
      touched = plus(touched, most_pages(shape, row, trips));
    }
  for (size_t i = 0; i < f->set.count; ++i)
    f->pages += (f->ranges[i].hi - f->ranges[i].lo) / FERRY_PAGE;
  f->sparse = touched < f->pages / SPARSE;
  f->pages = touched < f->pages ? touched : f->pages;
  return true;
}

void ferry_name_ranges(struct ferry_crew *c, const struct ferry_footprint *f) {
  memcpy(c->shared->ranges, f->ranges, f->set.count * sizeof *f->ranges);
  c->shared->range_count = (uint32_t)f->set.count;
}

//===- the price ----------------------------------------------------------===//

// What a page costs that goes there and comes back, by all that went so far.
static uint64_t page_ns(const struct ferry_traffic *t) {
  enum { GUESS = 2000, ENOUGH = 1024, BOTH_WAYS = 2 };
  const uint64_t ns =
      t->ns[FERRY_TRANSFER_PREFETCH] + t->ns[FERRY_TRANSFER_DEVICE_FAULT];
  return BOTH_WAYS * (t->to_device < ENOUGH ? GUESS : ns / t->to_device);
}

int64_t ferry_price(struct ferry_crew *c, const struct ferry_footprint *f) {
  struct ferry_traffic so_far = {0};
  uint64_t there = 0;
  if (c) {
    ferry_name_ranges(c, f);
    c->carrier->count(c);
    there = atomic_load(&c->shared->there);
    c->carrier->traffic(c, &so_far);
  }
  return there < f->pages ? (int64_t)((f->pages - there) * page_ns(&so_far)) : 0;
}
