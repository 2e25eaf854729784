//===- rows.h - tables of pointers: what rows.c and tables.c share --------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_ROWS_H
#define FERRY_ROWS_H

#include "links.h"

enum { FERRY_MAX_LEVELS = 3 };

// Slots that may be the same, of one level.
struct table {
  int level;
  bool written;             // may what its slots point to be written?
  int64_t slot_lo, slot_hi; // addresses; of level 1 and more, made-up ones
  int64_t lo, hi;           // the window
  int64_t first;            // number of the slot at slot_lo
};

// Known by the address, perhaps made up, of its slot: what is one slot in memory
// may have several (a[4] == a[5]).
struct row {
  int64_t lo, hi, slot;
  int level;
  bool written;
};

struct rows {
  struct ferry_nest *nest;
  const int64_t *real; // the numbers before any access was moved
  int level[FERRY_MAX_ACCESSES]; // of a POINTER that is a source; else -1
  int table_of[FERRY_MAX_ACCESSES];
  struct table tables[FERRY_MAX_ACCESSES];
  int tables_used;
  struct row *all, *spare; // `room` each
  size_t count, room;
  char *buffer;
};

static inline uint8_t source_of(const struct rows *rows, uint32_t access) {
  return ferry_link(rows->nest, rows->nest->shape->dims + access);
}

static inline bool is_write(const struct rows *rows, uint32_t access) {
  return ferry_writes_memory(rows->nest->shape->kinds[access]);
}

static inline int64_t *row_of(const struct rows *rows, uint32_t access) {
  return ferry_row(rows->nest, rows->nest->shape->dims + access);
}

static inline bool meet(int64_t a_lo, int64_t a_hi, int64_t b_lo, int64_t b_hi) {
  return a_lo < b_hi && b_lo < a_hi;
}

//===- tables.c -----------------------------------------------------------===//

// False where the links make no sense.
bool ferry_find_levels(struct rows *rows);

// The tables of a level, whose accesses have not been moved.
bool ferry_make_tables(struct rows *rows, int level);

// Numbers the slots of a level and moves what is behind them.
bool ferry_move_level(struct rows *rows, int level);

#endif
