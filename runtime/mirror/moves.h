//===- moves.h - what the program does to mappings that have pages there --===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// munmap and mremap tell of a change when it is done and the addresses are free
// for others. So those of two threads may be told in the other order: that X is
// gone, or is Z now, after that Y is X now. It is the same if they have nothing
// in common; if they have, nobody can say what became of the pages there. That
// is noticed:
//
// - A thread waits until all that it tells has been read, and nobody touches what
//   mremap moves before it has returned. So what is told of X before that is
//   not about Y, and what is told of Y and X after that may be.
// - When a page could be moved (`ferry_moves_are_told`), nothing is left to be
//   told, and what comes is younger.
//
// Nothing here asks the kernel.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_MOVES_H
#define FERRY_MIRROR_MOVES_H

#include "pages.h"
#include "ranges.h"

enum { FERRY_MOVES = 64, FERRY_LEFT = 64 };

struct ferry_move {
  struct ferry_range from, to;
  bool done; // the end of the old place was told, too
};

struct ferry_moves {
  struct ferry_pages *pages;
  // Since all was told: moves, and places that pages were dropped from.
  struct ferry_move all[FERRY_MOVES];
  struct ferry_range left[FERRY_LEFT];
  uint32_t count, left_count;
};

enum ferry_followed {
  FERRY_FOLLOWED,
  FERRY_UNCERTAIN, // where the pages are now
  FERRY_FULL       // the table of pages is
};

// `alone`: only one thread of the program can have told of anything.
enum ferry_followed ferry_follow_unmap(struct ferry_moves *s, bool alone,
                                       uintptr_t lo, uintptr_t hi);
enum ferry_followed ferry_follow_remap(struct ferry_moves *s, bool alone,
                                       uintptr_t from, uintptr_t to,
                                       size_t size);

static inline void ferry_moves_are_told(struct ferry_moves *s) {
  s->count = s->left_count = 0;
}

#endif
