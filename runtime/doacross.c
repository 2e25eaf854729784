//===- doacross.c - iterations that follow each other at a distance -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The second look at a nest whose outer iterations do meet. In
//
//     for i: for j: a[i][j] = f(a[i-1][j+1], a[i][j-1], a[i+1][j])
//
// row i may run behind row i-1, if it stays two columns behind: rows run at the same
// time, as a wave. So may those of a triangular system, a factorisation, an alignment
// of sequences. What has to hold, for one length R of rows among the strides:
//
//   - divided by R, each address says its row and its column (as in equations.c), with
//     all columns within R bytes, so that equal bytes have equal rows and columns;
//   - row i is written by iteration i alone. A loop directly inside of it, a *stage*,
//     writes at a column that grows with each of its iterations, its *place*; later
//     stages, and what stands outside of stages, write nothing before that column;
//   - an iteration at place p reads rows before its own only up to column p + lead,
//     and rows after its own not so far behind p that these might have written it;
//     what stands outside of stages reads rows before its own only up to column start.
//
// Then it is enough that each iteration of a stage waits until the row before has come
// to  p + lead,  for that row has waited in the same way. What is not in the array is
// independent, or is not written.
//
//===----------------------------------------------------------------------===//
#include "doacross.h"
#include "equations.h"

#include <string.h>

enum { MAX_RADICES = 8, COLUMNS = 2 + FERRY_MAX_DIMS };

struct access {
  uint32_t number;
  uint8_t stage; // a dim, FERRY_BEFORE_STAGES or FERRY_OUTSIDE_STAGES
  int writes;
  int64_t column[COLUMNS]; // a row of numbers: where it is in its row
  int64_t ahead[COLUMNS];  // how many rows after that of its iteration
  int own;                 // certainly none
};

struct finder {
  const struct ferry_shape *shape;
  const uint8_t *stage_of;
  const int64_t *numbers;
  struct ferry_triangle nest;
  int64_t trips[FERRY_MAX_DIMS];
  uint8_t group[FERRY_MAX_ACCESSES]; // is it one of those in the array?
  struct access accesses[FERRY_MAX_ACCESSES];
  uint32_t count;
  int64_t first; // column
  struct ferry_doacross *plan;
};

static const int64_t *row_of(const struct finder *f, uint32_t access) {
  return f->numbers + (size_t)(f->shape->dims + access) * (2 + f->shape->dims);
}

static int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

// False where the arithmetic overflows.
static int largest(const struct finder *f, const int64_t *row, int64_t *most) {
  int64_t min;
  return ferry_triangle_range(&f->nest, row, &min, most);
}

// Small numbers: all are less than an array's row, or the difference of two.
static void subtract(const struct finder *f, const int64_t *a, const int64_t *b, int64_t *out) {
  for (uint32_t k = 0; k < 2 + f->shape->dims; ++k)
    out[k] = a[k] - b[k];
}

//===-- Which accesses ----------------------------------------------------===//

// All that may meet the access, or what meets it, with at least one that writes.
static void collect(const struct finder *f, uint32_t from, const int64_t *lo,
                    const int64_t *hi, uint8_t *group) {
  const uint8_t *kinds = f->shape->kinds;
  int grows = 1;
  memset(group, 0, f->shape->accesses);
  group[from] = 1;
  while (grows) {
    grows = 0;
    for (uint32_t i = 0; i < f->shape->accesses; ++i)
      for (uint32_t j = 0; group[i] && j < f->shape->accesses; ++j)
        if (!group[j] && lo[i] < hi[j] && lo[j] < hi[i] &&
            (ferry_writes_memory(kinds[i]) || ferry_writes_memory(kinds[j])))
          grows = group[j] = 1;
  }
}

// Do no two iterations of dim `held` meet, of those with the same outer ones, as far
// as these accesses go?
static int is_apart(const struct finder *f, const uint8_t *wanted, uint32_t held) {
  uint8_t kinds[FERRY_MAX_ACCESSES];
  struct ferry_shape part = *f->shape;
  part.kinds = kinds;
  part.held = held;
  part.parallel = held + 1;
  for (uint32_t i = 0; i < part.accesses; ++i)
    kinds[i] = wanted[i] ? f->shape->kinds[i] : FERRY_LOW;
  return ferry_overlap(&part, f->numbers, NULL) == FERRY_INDEPENDENT;
}

static int is_read_before(const struct finder *f) {
  for (uint32_t i = 0; i < f->shape->accesses; ++i)
    if (f->group[i] && f->stage_of[i] == FERRY_BEFORE_NEST)
      return 1;
  return 0;
}

// Those that iterations meet in. False where they are of several arrays.
static int find_group(struct finder *f, const int64_t *lo, const int64_t *hi) {
  uint8_t seen[FERRY_MAX_ACCESSES] = {0}, group[FERRY_MAX_ACCESSES];
  int found = 0;
  for (uint32_t i = 0; i < f->shape->accesses; ++i) {
    if (seen[i] || !ferry_writes_memory(f->shape->kinds[i]))
      continue;
    collect(f, i, lo, hi, group);
    for (uint32_t j = 0; j < f->shape->accesses; ++j)
      seen[j] |= group[j];
    if (is_apart(f, group, 0))
      continue;
    if (found++)
      return 0;
    memcpy(f->group, group, sizeof group);
  }
  return found && !is_read_before(f);
}

static int is_simple(struct finder *f) {
  const struct ferry_shape *shape = f->shape;
  int64_t lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  if (shape->links || !ferry_hulls(shape, f->numbers, f->trips, lo, hi))
    return 0;
  for (uint32_t i = 0; i < shape->accesses; ++i) {
    const uint8_t kind = shape->kinds[i];
    if (kind != FERRY_READ && kind != FERRY_WRITE &&
        !ferry_fits(kind, row_of(f, i), shape->dims, f->trips))
      return 0;
  }
  f->nest = (struct ferry_triangle){shape->dims, 0, 1, f->numbers, f->trips};
  return find_group(f, lo, hi);
}

//===-- Rows and columns --------------------------------------------------===//

static int is_zero(const struct finder *f, const int64_t *row) {
  int64_t any = row[0];
  for (uint32_t k = 0; k < f->shape->dims; ++k)
    any |= row[2 + k];
  return any == 0;
}

// In steps of `radix` from `origin`; rows count in direction `down`, columns `across`.
static int locate(struct finder *f, struct access *a, int64_t origin, int64_t radix,
                  int down, int across) {
  const int64_t *row = row_of(f, a->number);
  memcpy(a->column, row, (2 + f->shape->dims) * sizeof *row);
  if (__builtin_sub_overflow(row[0], origin, &a->column[0]))
    return 0;
  for (uint32_t k = 0; k < 2 + f->shape->dims; ++k) {
    a->ahead[k] = k == 1 ? 0 : down * ferry_nearest_quotient(&a->column[k], radix);
    a->column[k] *= k == 1 ? 1 : across;
  }
  if (across < 0) // the first byte is the last one then
    a->column[0] -= a->column[1];
  --a->ahead[2];
  a->own = is_zero(f, a->ahead);
  return !a->writes || a->own;
}

static int locate_all(struct finder *f, int64_t radix, int down, int across) {
  int64_t lo = INT64_MAX, hi = INT64_MIN, origin = 0;
  f->count = 0;
  for (uint32_t i = f->shape->accesses; i-- > 0;)
    if (f->group[i] && f->shape->kinds[i] == FERRY_WRITE)
      origin = row_of(f, i)[0];
  for (uint32_t i = 0; i < f->shape->accesses; ++i) {
    struct access *a = &f->accesses[f->count];
    int64_t min, max;
    if (!f->group[i])
      continue;
    *a = (struct access){.number = i, .stage = f->stage_of[i],
                         .writes = f->shape->kinds[i] == FERRY_WRITE};
    if (!locate(f, a, origin, radix, down, across) ||
        !ferry_triangle_range(&f->nest, a->column, &min, &max))
      return 0;
    if (min > max) // it never happens
      continue;
    lo = min < lo ? min : lo;
    hi = larger(hi, max + a->column[1]);
    ++f->count;
  }
  f->plan->span = hi - lo;
  f->first = lo;
  return f->count && hi - lo <= radix;
}

//===-- Stages ------------------------------------------------------------===//

static struct ferry_stage *find_stage(const struct finder *f, uint32_t dim) {
  for (uint32_t s = 0; s < f->plan->count; ++s)
    if (f->plan->stages[s].dim == dim)
      return &f->plan->stages[s];
  return NULL;
}

static int moves_otherwise(const struct finder *f, const struct access *a) {
  for (uint32_t k = 1; k < f->shape->dims; ++k)
    if (k != a->stage && a->column[2 + k] != 0)
      return 1;
  return 0;
}

// All that a stage writes moves alike.
static int add_write(struct finder *f, const struct access *a) {
  const int64_t by_row = a->column[2], by_step = a->column[2 + a->stage];
  struct ferry_stage *stage = find_stage(f, a->stage);
  if (by_step <= 0 || moves_otherwise(f, a))
    return 0;
  if (!stage) {
    f->plan->stages[f->plan->count++] =
        (struct ferry_stage){a->stage, a->column[0], by_row, by_step};
    return 1;
  }
  if (a->column[0] < stage->place)
    stage->place = a->column[0];
  return stage->by_row == by_row && stage->by_step == by_step;
}

static int find_stages(struct finder *f) {
  f->plan->count = 0;
  for (uint32_t i = 0; i < f->count; ++i) {
    const struct access *a = &f->accesses[i];
    if (a->writes && a->stage < f->shape->dims && !add_write(f, a))
      return 0;
  }
  return f->plan->count > 0;
}

static void place_of(const struct ferry_stage *stage, int64_t *row) {
  memset(row, 0, COLUMNS * sizeof *row);
  row[0] = stage->place;
  row[2] = stage->by_row;
  row[2 + stage->dim] = stage->by_step;
}

// Is nothing written before the place of a stage when it has come there?
static int writes_in_order(const struct finder *f) {
  int64_t place[COLUMNS], distance[COLUMNS], most;
  for (uint32_t s = 0; s < f->plan->count; ++s) {
    const struct ferry_stage *stage = &f->plan->stages[s];
    place_of(stage, place);
    for (uint32_t i = 0; i < f->count; ++i) {
      const struct access *a = &f->accesses[i];
      if (!a->writes || a->stage <= stage->dim || a->stage == FERRY_BEFORE_STAGES)
        continue;
      subtract(f, place, a->column, distance);
      if (!largest(f, distance, &most) || most > 0)
        return 0;
    }
  }
  return 1;
}

//===-- The lead ----------------------------------------------------------===//

// Bytes from the place of a stage to the end of what one iteration writes.
static int64_t reach_of(const struct finder *f) {
  int64_t reach = 1;
  for (uint32_t i = 0; i < f->count; ++i) {
    const struct access *a = &f->accesses[i];
    const struct ferry_stage *stage = a->writes ? find_stage(f, a->stage) : NULL;
    if (stage)
      reach = larger(reach, a->column[0] + a->column[1] - stage->place);
  }
  return reach;
}

static int writes_outside(const struct finder *f) {
  for (uint32_t i = 0; i < f->count; ++i)
    if (f->accesses[i].writes && f->accesses[i].stage >= f->shape->dims)
      return 1;
  return 0;
}

// What it reads must be there from the start. Before the first stage a row has told the
// next one nothing, so that has written nothing.
static int read_outside(const struct finder *f, const struct access *a, int64_t least,
                        int64_t most) {
  int64_t last;
  if (most > 0 && (a->stage != FERRY_BEFORE_STAGES || writes_outside(f)))
    return 0;
  if (least >= 0)
    return 1;
  if (!largest(f, a->column, &last))
    return 0;
  f->plan->start = larger(f->plan->start, last + a->column[1]);
  return 1;
}

// What the read of another row asks for.
static int widen_lead(const struct finder *f, const struct access *a, int64_t reach) {
  int64_t place[COLUMNS], distance[COLUMNS], least, most, far;
  const struct ferry_stage *stage = find_stage(f, a->stage);
  if (!ferry_triangle_range(&f->nest, a->ahead, &least, &most))
    return 0;
  if (!stage)
    return read_outside(f, a, least, most);
  place_of(stage, place);
  if (least < 0) { // its row must have been written up to there
    subtract(f, a->column, place, distance);
    if (!largest(f, distance, &far))
      return 0;
    f->plan->lead = larger(f->plan->lead, far + a->column[1]);
  }
  if (most > 0) { // and that row not yet from there on
    subtract(f, place, a->column, distance);
    if (writes_outside(f) || !largest(f, distance, &far))
      return 0;
    f->plan->lead = larger(f->plan->lead, far + reach);
  }
  return 1;
}

// By half a row, the one before is far enough for another to begin.
static int starts_early(const struct finder *f) {
  return f->plan->start == INT64_MIN || f->plan->start - f->first <= f->plan->span / 2;
}

static int find_lead(const struct finder *f) {
  const int64_t reach = reach_of(f);
  f->plan->lead = 1;
  f->plan->start = INT64_MIN;
  for (uint32_t i = 0; i < f->count; ++i)
    if (!f->accesses[i].own && !widen_lead(f, &f->accesses[i], reach))
      return 0;
  return f->plan->lead <= f->plan->span / 2 && starts_early(f);
}

//===-- The plan ----------------------------------------------------------===//

static int fits(struct finder *f, int64_t radix) {
  for (int way = 0; way < 4; ++way)
    if (locate_all(f, radix, way & 1 ? -1 : 1, way & 2 ? -1 : 1) && find_stages(f) &&
        writes_in_order(f) && find_lead(f))
      return 1;
  return 0;
}

// Each one once; what does not fit is left out.
static uint32_t collect_radices(const struct finder *f, int64_t *radices) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < f->shape->accesses; ++i)
    for (uint32_t k = 0; f->group[i] && k < f->shape->dims; ++k) {
      const int64_t stride = row_of(f, i)[2 + k];
      if (stride < -INT32_MAX || stride > INT32_MAX)
        continue;
      const int64_t size = stride < 0 ? -stride : stride;
      uint32_t at = 0;
      while (at < count && radices[at] != size)
        ++at;
      if (size > 1 && at == count && count < MAX_RADICES)
        radices[count++] = size;
    }
  return count;
}

static int inner_loops_are_apart(const struct finder *f) {
  uint8_t wanted[FERRY_MAX_ACCESSES];
  for (uint32_t s = 0; s < f->plan->count; ++s) {
    const uint32_t dim = f->plan->stages[s].dim;
    for (uint32_t i = 0; i < f->shape->accesses; ++i)
      wanted[i] = f->stage_of[i] == dim;
    if (!is_apart(f, wanted, dim))
      return 0;
  }
  return 1;
}

int ferry_find_doacross(const struct ferry_shape *shape, const uint8_t *stage_of,
                        const int64_t *numbers, struct ferry_doacross *plan) {
  struct finder f = {.shape = shape, .stage_of = stage_of, .numbers = numbers, .plan = plan};
  int64_t radices[MAX_RADICES];
  if (!is_simple(&f))
    return 0;
  for (uint32_t i = 0, n = collect_radices(&f, radices); i < n; ++i)
    if (fits(&f, radices[i])) {
      plan->inner_apart = inner_loops_are_apart(&f);
      plan->stride = 1;
      plan->strip = 0;
      return 1;
    }
  return 0;
}
