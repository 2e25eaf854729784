//===- residency.h - where the program's data was, and when ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a device with a memory of its own keeps for FERRY_STATS=json. Time is
// divided into columns of one length. When there are no more of them, two
// become one: so the whole run is there, however long it is.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_RESIDENCY_H
#define FERRY_RESIDENCY_H

#include "device.h"

#include <stdatomic.h>
#include <stdio.h>

enum {
  FERRY_COLUMNS = 512, // even
  FERRY_OBJECTS = 48,
  FERRY_LAUNCHERS = 8
};

struct ferry_timeline {
  int64_t begin, step; // nanoseconds
  uint32_t columns;    // that are over; those behind them are zero
};

// Memory that loops span, and no other object's.
struct ferry_object {
  _Atomic uintptr_t lo, hi;
  const struct ferry_state *first; // the site whose launch it was met at
  bool on_stack;
};

struct ferry_residency {
  uint64_t capacity; // of the device, in pages

  // Written by who has the device.
  struct ferry_object objects[FERRY_OBJECTS];
  atomic_uint object_count;
  struct ferry_timeline launching;
  const struct ferry_state *launchers[FERRY_LAUNCHERS]; // the last: and all others
  uint64_t busy[FERRY_LAUNCHERS][FERRY_COLUMNS];        // nanoseconds of launches

  // Written by the driver.
  struct ferry_timeline moving;
  uint32_t pages[FERRY_OBJECTS][FERRY_COLUMNS]; // on the device, at a column's end
  uint32_t owned[FERRY_COLUMNS];                // in all
  uint32_t to_device[FERRY_COLUMNS], to_system[FERRY_COLUMNS]; // pages
  uint64_t before[2];                           // of these two, until now
};

// A launch of the site spans that, and a part of it may be known already.
void ferry_meet_memory(struct ferry_residency *r, uintptr_t lo, uintptr_t hi,
                       const struct ferry_state *site, bool on_stack);

// A launch has ended.
void ferry_note_launch(struct ferry_residency *r, const struct ferry_state *site,
                       int64_t start, int64_t end);

// Columns that end before `now` get what is there; to be called before that changes.
struct ferry_pages;
void ferry_sample(struct ferry_residency *r, const struct ferry_pages *p,
                  int64_t now);

// The same for the column that `now` lies in; nothing is to come behind it.
void ferry_sample_last(struct ferry_residency *r, const struct ferry_pages *p,
                       int64_t now);

//===- stats_residency.c --------------------------------------------------===//

// A member of the JSON object of FERRY_STATS, with the comma before it.
void ferry_put_residency(FILE *out, struct ferry_residency *r);

// For that: both timelines get columns of the same length.
void ferry_align_columns(struct ferry_residency *r);

#endif
