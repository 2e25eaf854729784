//===- bytes.h - which iterations of a nest meet in a byte ----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEST_BYTES_H
#define FERRY_TEST_BYTES_H

#include "overlap.h"

#include <stdbool.h>
#include <stdint.h>

static const char *const kind_names[] = {"read",  "write", "wrap",    "wrap", "index",
                                         "index", "pointer", "low", "cell"};

struct touched {
  int16_t first; // iteration
  bool any, shared, written;
};

struct byte {
  uint32_t epoch;
  bool looked_at;
  uint8_t owner; // 1 + the access that is a cell here, which does not meet itself
  struct touched by_owner, by_others;
};

static struct byte *byte_of(struct byte *b, uint32_t epoch) {
  if (b->epoch != epoch)
    *b = (struct byte){.epoch = epoch};
  return b;
}

// Has the byte now been touched in two iterations, and written in one?
static bool touch_byte(struct byte *b, uint32_t access, int iteration, uint8_t kind) {
  if (kind == FERRY_CELL && !b->owner)
    b->owner = (uint8_t)(access + 1);
  const bool owned = kind == FERRY_CELL && b->owner == access + 1;
  struct touched *t = owned ? &b->by_owner : &b->by_others;
  if (!t->any)
    *t = (struct touched){(int16_t)iteration, true, false, false};
  t->shared |= t->first != iteration;
  t->written |= ferry_writes_memory(kind);
  const struct touched *x = &b->by_owner, *y = &b->by_others;
  return (y->shared && y->written) ||
         (x->any && y->any && (x->shared || y->shared || x->first != y->first));
}

#endif
