//===- scatter.c - writes at places that an array says --------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// `y[index[i]] = ...`. If the values of an index array are all different, and
// what is touched at one of them ends before the next begins, then two accesses
// meet only where they go through the same element of the index array. As in
// rows.c, such an access may as well stand at
//
//     address of the index element * distance of two values + rest,
//
// provided that nothing else touches where it really stands.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "links.h"

// Above all real addresses, and those of rows.c.
static const int64_t ELSEWHERE = (int64_t)1 << 60;

//===- accesses at a value ------------------------------------------------===//

// Dim `dim` of the nest counts the values of index access `index`.
struct scatter {
  const struct ferry_nest *nest;
  uint32_t dim, index;
  int64_t scale;  // distance of two values
  int64_t lo, hi; // what is touched at a value, from there
};

static int64_t *access_row(const struct ferry_nest *nest, uint32_t access) {
  return ferry_row(nest, nest->shape->dims + access);
}

static int64_t stride_of(const struct scatter *s, uint32_t access) {
  return ferry_link(s->nest, s->nest->shape->dims + access) == FERRY_NO_LINK &&
                 ferry_touches_memory(s->nest->shape->kinds[access])
             ? access_row(s->nest, access)[2 + s->dim]
             : 0;
}

static bool is_write(const struct ferry_nest *nest, uint32_t access) {
  return ferry_writes_memory(nest->shape->kinds[access]);
}

static bool hulls_meet(const struct ferry_nest *nest, uint32_t a, uint32_t b) {
  int64_t a_lo, a_hi, b_lo, b_hi;
  return !ferry_hull(nest, a, &a_lo, &a_hi) || !ferry_hull(nest, b, &b_lo, &b_hi) ||
         (a_lo < b_hi && b_lo < a_hi);
}

// Of the accesses at values, those that concern what is written at some.
static bool concerns(const struct scatter *s, uint32_t access) {
  for (uint32_t w = 0; w < s->nest->shape->accesses; ++w)
    if (is_write(s->nest, w) && stride_of(s, w) && stride_of(s, access) &&
        (w == access || hulls_meet(s->nest, w, access)))
      return true;
  return false;
}

// What an access touches at the first value.
static bool find_rest(const struct scatter *s, uint32_t access, int64_t *lo,
                      int64_t *hi) {
  struct ferry_nest fixed = *s->nest;
  fixed.trips[s->dim] = 1;
  return ferry_hull(&fixed, access, lo, hi);
}

static bool find_window(struct scatter *s) {
  bool any = false;
  int64_t size;
  for (uint32_t a = 0; a < s->nest->shape->accesses; ++a) {
    int64_t lo, hi;
    if (!concerns(s, a))
      continue;
    if (!find_rest(s, a, &lo, &hi) || (any && stride_of(s, a) != s->scale))
      return false;
    s->lo = any && s->lo < lo ? s->lo : lo;
    s->hi = any && s->hi > hi ? s->hi : hi;
    s->scale = stride_of(s, a);
    any = true;
  }
  return any && s->scale != INT64_MIN &&
         !__builtin_sub_overflow(s->hi, s->lo, &size) &&
         size <= (s->scale < 0 ? -s->scale : s->scale);
}

// Everything else must keep away from where they really are.
static bool others_keep_away(const struct scatter *s) {
  const struct ferry_nest *nest = s->nest;
  for (uint32_t a = 0; a < nest->shape->accesses; ++a)
    for (uint32_t b = 0; b < nest->shape->accesses; ++b)
      if (concerns(s, a) && !concerns(s, b) &&
          ferry_touches_memory(nest->shape->kinds[b]) &&
          ferry_link(nest, nest->shape->dims + b) == FERRY_NO_LINK &&
          (is_write(nest, a) || is_write(nest, b)) && hulls_meet(nest, a, b))
        return false;
  return true;
}

// The index elements, if there are none between them.
static bool find_elements(const struct scatter *s, struct ferry_elements *out) {
  const int64_t *row = access_row(s->nest, s->index);
  int64_t all = 1;
  for (uint32_t k = 0; k < s->nest->shape->dims; ++k)
    if (row[2 + k] && __builtin_mul_overflow(all, s->nest->trips[k], &all))
      return false;
  return ferry_find_elements(s->nest, s->index, out) && out->step >= out->width &&
         out->count == all;
}

static bool move_access(const struct scatter *s, uint32_t access,
                        const struct ferry_elements *e) {
  const int64_t *index = access_row(s->nest, s->index);
  const int64_t size = s->scale < 0 ? -s->scale : s->scale;
  int64_t *row = access_row(s->nest, access), part;
  row[2 + s->dim] = 0;
  for (uint32_t k = 0; k < s->nest->shape->dims; ++k)
    if (__builtin_mul_overflow(index[2 + k], size, &part) ||
        __builtin_add_overflow(row[2 + k], part, &row[2 + k]))
      return false;
  return !__builtin_mul_overflow(index[0] - e->lo, size, &part) &&
         !__builtin_add_overflow(row[0], part, &row[0]) &&
         !__builtin_sub_overflow(row[0], s->lo, &row[0]) &&
         !__builtin_add_overflow(row[0], ELSEWHERE, &row[0]);
}

// Where that is not proved, the accesses may be anywhere, as reads are.
static bool resolve_scatter(struct scatter *s) {
  struct ferry_elements e;
  bool concerned[FERRY_MAX_ACCESSES];
  if (!find_window(s) || !others_keep_away(s) || !find_elements(s, &e) ||
      !ferry_differ(&e, s->nest->first[s->dim], s->nest->trips[s->dim]))
    return true;
  for (uint32_t a = 0; a < s->nest->shape->accesses; ++a)
    concerned[a] = concerns(s, a);
  for (uint32_t a = 0; a < s->nest->shape->accesses; ++a)
    if (concerned[a] && !move_access(s, a, &e))
      return false;
  return true;
}

bool ferry_resolve_scatter(struct ferry_nest *nest) {
  for (uint32_t k = 0; k < nest->shape->dims; ++k) {
    const uint8_t link = ferry_link(nest, k);
    struct scatter s = {.nest = nest, .dim = k, .index = link};
    bool written = false;
    if (link == FERRY_NO_LINK || nest->shape->kinds[link] == FERRY_LOW)
      continue;
    for (uint32_t a = 0; a < nest->shape->accesses; ++a)
      written |= is_write(nest, a) && stride_of(&s, a);
    if (written && !resolve_scatter(&s))
      return false;
  }
  return true;
}
