//===- tables.c - which slots there are, and made-up addresses for rows ---===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// See rows.c.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "equations.h"
#include "rows.h"

static const int64_t ELSEWHERE = (int64_t)1 << 58; // above all real addresses

//===- tables -------------------------------------------------------------===//

bool ferry_find_levels(struct rows *rows) {
  const struct ferry_shape *shape = rows->nest->shape;
  for (uint32_t a = 0; a < shape->accesses; ++a)
    rows->level[a] = -1;
  for (uint32_t a = 0; a < shape->accesses; ++a) {
    const uint8_t source = source_of(rows, a);
    if (source == FERRY_NO_LINK)
      continue;
    if (source >= a || shape->kinds[source] != FERRY_POINTER ||
        row_of(rows, source)[1] != 8 || !ferry_touches_memory(shape->kinds[a]))
      return false;
    const uint8_t below = source_of(rows, source);
    rows->level[source] = below == FERRY_NO_LINK ? 0 : rows->level[below] + 1;
    if (rows->level[source] >= FERRY_MAX_LEVELS)
      return false;
  }
  return true;
}

static void unite(struct table *into, const struct table *other) {
  into->written |= other->written;
  into->slot_lo = into->slot_lo < other->slot_lo ? into->slot_lo : other->slot_lo;
  into->slot_hi = into->slot_hi > other->slot_hi ? into->slot_hi : other->slot_hi;
  into->lo = into->lo < other->lo ? into->lo : other->lo;
  into->hi = into->hi > other->hi ? into->hi : other->hi;
}

// The bytes of a row that an access may touch. In a triangle they are less than those of
// the box around it, which may reach into the next row.
static bool find_window(const struct ferry_nest *nest, uint32_t access, int64_t *lo, int64_t *hi) {
  const struct ferry_triangle triangle = {nest->shape->dims, 0, nest->shape->parallel,
                                          nest->numbers, nest->trips};
  const int64_t *row = ferry_row(nest, nest->shape->dims + access);
  int64_t min, max;
  if (!ferry_hull(nest, access, lo, hi))
    return false;
  if (ferry_triangle_range(&triangle, row, &min, &max) && min <= max) {
    *lo = min > *lo ? min : *lo;
    *hi = max + row[1] < *hi ? max + row[1] : *hi;
  }
  return true;
}

// The slots that one POINTER access reads, and the window over all accesses
// through them.
static bool make_table(const struct rows *rows, uint32_t pointer,
                       struct table *out) {
  bool any = false;
  *out = (struct table){.level = rows->level[pointer]};
  if (!ferry_hull(rows->nest, pointer, &out->slot_lo, &out->slot_hi))
    return false;
  for (uint32_t a = pointer + 1; a < rows->nest->shape->accesses; ++a) {
    struct table one = *out;
    if (source_of(rows, a) != pointer)
      continue;
    if (!find_window(rows->nest, a, &one.lo, &one.hi))
      return false;
    one.written = is_write(rows, a);
    if (any)
      unite(out, &one);
    else
      *out = one;
    any = true;
  }
  return any;
}

// Tables whose slots may be the same become one: a slot has one row.
static void add_table(struct rows *rows, uint32_t pointer, struct table added) {
  int at = rows->tables_used++;
  rows->tables[at] = added;
  rows->table_of[pointer] = at;
  for (int other = 0; other < rows->tables_used; ++other) {
    struct table *x = &rows->tables[other], *y = &rows->tables[at];
    if (other == at || x->level != y->level || x->slot_lo == x->slot_hi ||
        !meet(x->slot_lo, x->slot_hi, y->slot_lo, y->slot_hi))
      continue;
    unite(x, y);
    y->slot_lo = y->slot_hi = 0; // empty from now on
    for (uint32_t a = 0; a < rows->nest->shape->accesses; ++a)
      if (rows->level[a] >= 0 && rows->table_of[a] == at)
        rows->table_of[a] = other;
    at = other;
    other = -1; // it has grown: look again
  }
}

bool ferry_make_tables(struct rows *rows, int level) {
  for (uint32_t a = 0; a < rows->nest->shape->accesses; ++a) {
    struct table table;
    if (rows->level[a] != level)
      continue;
    if (!make_table(rows, a, &table))
      return false;
    add_table(rows, a, table);
  }
  return true;
}

//===- made-up addresses --------------------------------------------------===//

static bool add_product(int64_t *to, int64_t a, int64_t b) {
  int64_t product;
  return !__builtin_mul_overflow(a, b, &product) &&
         !__builtin_add_overflow(*to, product, to);
}

static bool move_access(const struct rows *rows, uint32_t access, int64_t size) {
  const uint8_t source = source_of(rows, access);
  const struct table *table = &rows->tables[rows->table_of[source]];
  const int64_t *slot = row_of(rows, source);
  int64_t *row = row_of(rows, access);
  for (uint32_t k = 0; k < rows->nest->shape->dims; ++k)
    if (!add_product(&row[2 + k], slot[2 + k], size))
      return false;
  return add_product(&row[0], slot[0] - table->slot_lo + table->first, size) &&
         !__builtin_sub_overflow(row[0], table->lo, &row[0]) &&
         !__builtin_add_overflow(row[0], ELSEWHERE * (table->level + 1), &row[0]);
}

bool ferry_move_level(struct rows *rows, int level) {
  int64_t size = 1, number = 0, end;
  for (int t = 0; t < rows->tables_used; ++t) {
    struct table *table = &rows->tables[t];
    if (table->level != level)
      continue;
    table->first = number;
    if (__builtin_sub_overflow(table->slot_hi, table->slot_lo, &end) ||
        __builtin_add_overflow(number, end, &number) ||
        __builtin_sub_overflow(table->hi, table->lo, &end))
      return false;
    size = size > end ? size : end;
  }
  if (__builtin_mul_overflow(number, size, &end) || end > ELSEWHERE / 2)
    return false;
  for (uint32_t a = 0; a < rows->nest->shape->accesses; ++a) {
    const uint8_t source = source_of(rows, a);
    if (source != FERRY_NO_LINK && rows->level[source] == level &&
        !move_access(rows, a, size))
      return false;
  }
  return true;
}
