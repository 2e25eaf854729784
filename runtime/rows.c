//===- rows.c - tables of pointers ----------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `double **a; a[i][j]`. A slot is a pointer in memory that the nest reads
// (a[i]); its row is what the nest may touch through it: the window of its
// table, counted from where the slot points.
//
// If no row that may be written meets another row, a slot, or anything else the
// nest touches, then two accesses meet only where they go through one slot to
// one place of its row. So a[i][j] may as well stand at
//
//     number of the slot * size of a row + place in the row,
//
// and whether iterations meet is asked of these addresses, which are affine.
// Rows may hold slots themselves (`double ***`): the slots of level 1 lie in
// the rows of level 0, and are numbered by such addresses.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "rows.h"
#include "ferry.h"

#include <string.h>
#include <sys/mman.h>

enum {
  MAX_ROWS = 1 << 22,
  CHUNK = 16 << 10, // bytes of slots read in one go
};

static const int64_t *real_row(const struct rows *rows, uint32_t access) {
  return rows->real + (row_of(rows, access) - rows->nest->numbers);
}

//===- the rows that there are --------------------------------------------===//

static bool add_row(struct rows *rows, const struct table *table, int64_t slot,
                    int64_t pointer) {
  struct row row = {.slot = slot, .level = table->level, .written = table->written};
  if (rows->count == rows->room ||
      __builtin_add_overflow(pointer, table->lo, &row.lo) ||
      __builtin_add_overflow(pointer, table->hi, &row.hi))
    return false;
  rows->all[rows->count++] = row;
  return true;
}

static int64_t value_at(const struct rows *rows, const int64_t *row,
                        const int64_t *index) {
  int64_t value = row[0]; // within a hull, so nothing overflows
  for (uint32_t k = 0; k < rows->nest->shape->dims; ++k)
    value += row[2 + k] * index[k];
  return value;
}

// Where a slot is in one iteration.
static bool slot_at(const struct rows *rows, uint32_t pointer,
                    const int64_t *index, int64_t *out) {
  const uint8_t source = source_of(rows, pointer);
  int64_t above;
  *out = value_at(rows, real_row(rows, pointer), index);
  if (source == FERRY_NO_LINK)
    return true;
  return slot_at(rows, source, index, &above) &&
         ferry_peek(&above, above, sizeof above) &&
         !__builtin_add_overflow(*out, above, out);
}

// Slots one stride after the other, of which the first has the address `name`.
struct run {
  int64_t first, stride, trip, name, name_stride;
};

static bool read_run(struct rows *rows, const struct table *table,
                     struct run run) {
  int64_t last;
  if (run.stride == INT64_MIN ||
      __builtin_mul_overflow(run.stride, run.trip - 1, &last) ||
      __builtin_add_overflow(run.first, last, &last))
    return false;
  const int64_t size = run.stride < 0 ? -run.stride : run.stride;
  const int64_t most = size > CHUNK - 8 ? 1 : (CHUNK - 8) / (size ? size : 1) + 1;
  for (int64_t done = 0; done < run.trip; done += most) {
    const int64_t now = run.trip - done < most ? run.trip - done : most;
    const int64_t low =
        run.first + run.stride * (run.stride < 0 ? done + now - 1 : done);
    if (!ferry_peek(rows->buffer, low, (size_t)((now - 1) * size + 8)))
      return false;
    for (int64_t i = done; i < done + now; ++i) {
      int64_t pointer;
      memcpy(&pointer, rows->buffer + (run.first + run.stride * i - low),
             sizeof pointer);
      if (!add_row(rows, table, run.name + run.name_stride * i, pointer))
        return false;
    }
  }
  return true;
}

static bool depends_on(const struct rows *rows, uint32_t pointer, uint32_t dim) {
  const uint8_t source = source_of(rows, pointer);
  return real_row(rows, pointer)[2 + dim] ||
         (source != FERRY_NO_LINK && depends_on(rows, source, dim));
}

// All slots of a POINTER access, dim by dim; the last of them in one run where
// it moves this slot alone.
static bool read_slots(struct rows *rows, uint32_t pointer, uint32_t dim,
                       int64_t *index) {
  const uint32_t dims = rows->nest->shape->dims;
  const struct table *table = &rows->tables[rows->table_of[pointer]];
  const uint8_t source = source_of(rows, pointer);
  const int64_t *real = real_row(rows, pointer), *name = row_of(rows, pointer);
  uint32_t next = dim;
  while (next < dims && !depends_on(rows, pointer, next))
    ++next;
  uint32_t last = next + 1;
  while (last < dims && !depends_on(rows, pointer, last))
    ++last;
  const bool alone = next < dims && last >= dims &&
                     (source == FERRY_NO_LINK || !depends_on(rows, source, next));
  if (next >= dims || alone) {
    struct run run = {.trip = 1, .name = value_at(rows, name, index)};
    if (alone) {
      run.stride = real[2 + next];
      run.name_stride = name[2 + next];
      run.trip = rows->nest->trips[next];
    }
    return slot_at(rows, pointer, index, &run.first) && read_run(rows, table, run);
  }
  for (index[next] = 0; index[next] < rows->nest->trips[next]; ++index[next])
    if (!read_slots(rows, pointer, next + 1, index))
      return false;
  index[next] = 0;
  return true;
}

static bool count_slots(struct rows *rows) {
  for (uint32_t a = 0; a < rows->nest->shape->accesses; ++a) {
    int64_t slots = 1;
    if (rows->level[a] < 0)
      continue;
    for (uint32_t k = 0; k < rows->nest->shape->dims; ++k)
      if (depends_on(rows, a, k) &&
          __builtin_mul_overflow(slots, rows->nest->trips[k], &slots))
        return false;
    if (slots > MAX_ROWS || (rows->room += (size_t)slots) > MAX_ROWS)
      return false;
  }
  return true;
}

//===- do they meet? ------------------------------------------------------===//

static bool before(const struct row *a, const struct row *b) {
  return a->lo != b->lo ? a->lo < b->lo
                        : a->slot != b->slot ? a->slot < b->slot
                                             : a->level < b->level;
}

static bool is_sorted(const struct rows *rows) {
  for (size_t i = 1; i < rows->count; ++i)
    if (before(&rows->all[i], &rows->all[i - 1]))
      return false;
  return true;
}

// By merging; memory as a program allocates it is mostly in order already.
static void sort(struct rows *rows) {
  const size_t n = rows->count;
  for (size_t width = 1; width < n && !is_sorted(rows); width *= 2) {
    for (size_t lo = 0; lo < n; lo += 2 * width) {
      const size_t mid = lo + width < n ? lo + width : n;
      const size_t hi = lo + 2 * width < n ? lo + 2 * width : n;
      for (size_t a = lo, b = mid, to = lo; to < hi; ++to)
        rows->spare[to] =
            b == hi || (a < mid && !before(&rows->all[b], &rows->all[a]))
                ? rows->all[a++]
                : rows->all[b++];
    }
    struct row *swap = rows->all;
    rows->all = rows->spare;
    rows->spare = swap;
  }
}

static bool same_row(const struct row *a, const struct row *b) {
  return a->slot == b->slot && a->level == b->level;
}

static bool rows_meet(const struct rows *rows) {
  int64_t end = INT64_MIN, end_written = INT64_MIN;
  for (size_t i = 0; i < rows->count; ++i) {
    const struct row *row = &rows->all[i];
    if (i > 0 && same_row(row, row - 1))
      continue;
    if (row->lo < end_written || (row->written && row->lo < end))
      return true;
    end = row->hi > end ? row->hi : end;
    if (row->written && row->hi > end_written)
      end_written = row->hi;
  }
  return false;
}

static bool meets_rows(const struct rows *rows, int64_t lo, int64_t hi,
                       bool written) {
  for (size_t i = 0; i < rows->count && rows->all[i].lo < hi; ++i)
    if ((written || rows->all[i].written) &&
        meet(rows->all[i].lo, rows->all[i].hi, lo, hi))
      return true;
  return false;
}

static bool meet_others(const struct rows *rows, const int *errno_at) {
  const struct ferry_nest *nest = rows->nest;
  const int64_t error = (int64_t)(intptr_t)errno_at;
  for (uint32_t a = 0; a < nest->shape->accesses; ++a) {
    int64_t lo, hi;
    if (!ferry_touches_memory(nest->shape->kinds[a]) ||
        source_of(rows, a) != FERRY_NO_LINK)
      continue;
    if (!ferry_hull(nest, a, &lo, &hi) ||
        meets_rows(rows, lo, hi, is_write(rows, a)))
      return true;
  }
  return errno_at && meets_rows(rows, error, error + (int64_t)sizeof(int), true);
}

// A slot and what is written may lie in the same row, at different places.
static bool writes_slots(const struct rows *rows, int level) {
  const struct ferry_nest *nest = rows->nest;
  for (uint32_t a = 0; a < nest->shape->accesses; ++a)
    for (uint32_t b = 0; b < nest->shape->accesses; ++b) {
      const uint8_t by = source_of(rows, a), in = source_of(rows, b);
      int64_t lo, hi, slot_lo, slot_hi;
      if (!is_write(rows, a) || by == FERRY_NO_LINK ||
          rows->level[by] != level || rows->level[b] != level + 1 ||
          rows->table_of[by] != rows->table_of[in])
        continue;
      if (!ferry_hull(nest, a, &lo, &hi) ||
          !ferry_hull(nest, b, &slot_lo, &slot_hi) ||
          meet(lo, hi, slot_lo, slot_hi))
        return true;
    }
  return false;
}

//===- all of it ----------------------------------------------------------===//

// Level by level: the slots of the next one have no addresses before.
static bool resolve_level(struct rows *rows, int level) {
  int64_t index[FERRY_MAX_DIMS] = {0};
  if (!ferry_make_tables(rows, level))
    return false;
  for (uint32_t a = 0; a < rows->nest->shape->accesses; ++a)
    if (rows->level[a] == level && !read_slots(rows, a, 0, index))
      return false;
  return !writes_slots(rows, level) && ferry_move_level(rows, level);
}

static bool resolve_tables(struct rows *rows, const int *errno_at) {
  for (int level = 0; level < FERRY_MAX_LEVELS; ++level)
    if (!resolve_level(rows, level))
      return false;
  sort(rows);
  return !rows_meet(rows) && !meet_others(rows, errno_at);
}

// Copies of the numbers, of all rows, and a buffer, in one mapping.
static bool resolve_in(struct rows *rows, char *memory, size_t numbers,
                       const int *errno_at) {
  rows->all = (void *)memory;
  rows->spare = rows->all + rows->room;
  rows->buffer = (void *)(rows->spare + rows->room);
  int64_t *real = (void *)(rows->buffer + CHUNK);
  memcpy(real, rows->nest->numbers, numbers);
  rows->real = real;
  return resolve_tables(rows, errno_at);
}

static bool has_sources(const struct ferry_nest *nest) {
  for (uint32_t a = 0; a < nest->shape->accesses; ++a)
    if (ferry_link(nest, nest->shape->dims + a) != FERRY_NO_LINK)
      return true;
  return false;
}

bool ferry_resolve_rows(struct ferry_nest *nest, const int *errno_at) {
  const struct ferry_shape *shape = nest->shape;
  if (!has_sources(nest))
    return true;
  char *memory = ferry_map(sizeof(struct rows));
  struct rows *rows = (void *)memory;
  if (!memory)
    return false;
  rows->nest = nest;
  rows->real = nest->numbers;
  bool ok = ferry_find_levels(rows) && count_slots(rows);
  const size_t numbers =
      sizeof(int64_t) * (shape->dims + shape->accesses) * (2 + shape->dims);
  const size_t size = 2 * rows->room * sizeof(struct row) + CHUNK + numbers;
  char *space = ok ? ferry_map(size) : NULL;
  ok = space && resolve_in(rows, space, numbers, errno_at);
  if (space)
    munmap(space, size);
  munmap(memory, sizeof *rows);
  return ok;
}
