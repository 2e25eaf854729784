//===- history.h - what the engine did, and how long it took --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver alone writes here. However long the program runs, what is kept is
// bounded: when there is no room left, moves of one kind that began within the
// same microsecond become one, then those of two, four, and so on.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_HISTORY_H
#define FERRY_MIRROR_HISTORY_H

#include "../device.h"

#include <stdatomic.h>

struct ferry_pages;

struct ferry_history {
  struct ferry_transferred *all; // as they ended; zeroed memory of the caller
  uint32_t count, room;    // room 0: nothing is kept
  uint32_t last[FERRY_TRANSFER_KINDS]; // 1 + the number of the last of its kind
  int64_t resolution;              // nanoseconds; 0: each is one
  const struct ferry_state *const _Atomic *loop; // that runs; null: unknown
};

// Something that the engine does. What it does meanwhile for other reasons may
// begin and end in between.
struct ferry_span {
  int64_t start;
  const struct ferry_state *loop; // that runs; who waits for it may go on
  struct ferry_traffic before;
};

struct ferry_span ferry_begin(struct ferry_pages *p);

// It was that, with pages in [lo, hi). Nothing is counted if none moved.
void ferry_end(struct ferry_pages *p, const struct ferry_span *span,
               enum ferry_transfer kind, uintptr_t lo, uintptr_t hi);

// Puts a move behind the others.
void ferry_keep_transfer(struct ferry_history *h, const struct ferry_transferred *move);

#endif
