//===- elements.c - the integers of an array, all together ----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is the smallest of them, what the largest, do they ascend, are they all
// different? They are read where they are if they are certain to be there, and
// else from copies that the kernel makes: it says no where there is nothing.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "links.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
  CHUNK = 256 << 10,      // bytes copied in one go
  SMALL_CHUNK = 4 << 10,  // the same, on the stack
  MAX_ELEMENTS = 1 << 28, // of an array
  MAX_VALUES = 1 << 30,   // different ones: bits of a set
  SOME = 256,             // elements
  BYTES_PER_NS = 32,      // of one thread that reads them where they are
  COPIED_PER_NS = 8,      // of one that copies
};

bool ferry_peek(void *to, int64_t from, size_t size) {
  const int before = errno;
  struct iovec here = {to, size}, there = {(void *)(intptr_t)from, size};
  const bool ok =
      process_vm_readv(getpid(), &here, 1, &there, 1, 0) == (ssize_t)size;
  errno = before;
  return ok;
}

//===- one after the other ------------------------------------------------===//

struct found {
  int64_t min, max;
  bool falls, repeats; // is one less than the one before it, or equal?
  bool unreadable;
};
static const struct found nothing = {.min = INT64_MAX, .max = INT64_MIN};

// Looks at `count` elements, or at as many pairs of neighbours. `out` is a struct
// found, or what the function wants.
typedef void look(const char *at, int64_t count, int64_t step, void *out);

#define INLINE static inline __attribute__((always_inline))

// The first loop of each is the one that becomes one of vectors.
#define LOOKS(type)                                                            \
  typedef type any_##type __attribute__((aligned(1), may_alias));              \
  INLINE void type##_extremes(const char *at, int64_t count, int64_t step,     \
                              struct found *out) {                             \
    const any_##type *all = (const void *)at;                                  \
    type min = *all, max = *all;                                               \
    if (step == sizeof(type))                                                  \
      for (int64_t i = 0; i < count; ++i) {                                    \
        min = all[i] < min ? all[i] : min;                                     \
        max = all[i] > max ? all[i] : max;                                     \
      }                                                                        \
    else                                                                       \
      for (int64_t i = 0; i < count; ++i) {                                    \
        const type value = *(const any_##type *)(const void *)(at + i * step); \
        min = value < min ? value : min;                                       \
        max = value > max ? value : max;                                       \
      }                                                                        \
    out->min = min < out->min ? min : out->min;                                \
    out->max = max > out->max ? max : out->max;                                \
  }                                                                            \
  INLINE void type##_order(const char *at, int64_t count, int64_t step,        \
                           struct found *out) {                                \
    const any_##type *all = (const void *)at;                                  \
    type falls = 0, repeats = 0;                                               \
    if (step == sizeof(type))                                                  \
      for (int64_t i = 0; i < count; ++i) {                                    \
        falls |= (type)(all[i + 1] < all[i]);                                  \
        repeats |= (type)(all[i + 1] == all[i]);                               \
      }                                                                        \
    else                                                                       \
      for (int64_t i = 0; i < count; ++i) {                                    \
        const any_##type *one = (const void *)(at + i * step),                 \
                         *next = (const void *)(at + (i + 1) * step);          \
        falls |= (type)(*next < *one);                                         \
        repeats |= (type)(*next == *one);                                      \
      }                                                                        \
    out->falls |= falls != 0;                                                  \
    out->repeats |= repeats != 0;                                              \
  }
LOOKS(int8_t)
LOOKS(int16_t)
LOOKS(int32_t)
LOOKS(int64_t)
LOOKS(uint8_t)
LOOKS(uint16_t)
LOOKS(uint32_t)
#undef LOOKS

// Unsigned numbers of 64 bits are taken for signed ones: so the program would
// have to use those that are not.
#define FOR_ALL_TYPES(F, what, vectors)                                        \
  F(int8_t, what, vectors)                                                     \
  F(int16_t, what, vectors)                                                    \
  F(int32_t, what, vectors)                                                    \
  F(int64_t, what, vectors)                                                    \
  F(uint8_t, what, vectors)                                                    \
  F(uint16_t, what, vectors)                                                   \
  F(uint32_t, what, vectors)

#define DEFINE(type, what, vectors)                                            \
  TARGET_##vectors static void type##_##what##_##vectors(                      \
      const char *at, int64_t count, int64_t step, void *out) {                \
    type##_##what(at, count, step, out);                                       \
  }
#define NAME(type, what, vectors) type##_##what##_##vectors,
#define TABLE(what, vectors)                                                   \
  FOR_ALL_TYPES(DEFINE, what, vectors)                                         \
  static look *const what##_##vectors[] = {FOR_ALL_TYPES(NAME, what, vectors)  \
                                               int64_t_##what##_##vectors};

#define TARGET_any
TABLE(extremes, any)
TABLE(order, any)
#ifdef __x86_64__ // six times as fast as with the vectors that every x86-64 has
#define TARGET_avx2 __attribute__((target("avx2")))
TABLE(extremes, avx2)
TABLE(order, avx2)
#define CHOOSE(what) (__builtin_cpu_supports("avx2") ? what##_avx2 : what##_any)
#else
#define CHOOSE(what) what##_any
#endif

static int type_of(const struct ferry_elements *e) {
  const int unsigned_too = e->is_signed ? 0 : 4;
  switch (e->width) {
  case 1: return unsigned_too;
  case 2: return unsigned_too + 1;
  case 4: return unsigned_too + 2;
  case 8: return unsigned_too + 3;
  default: return -1;
  }
}

//===- block by block -----------------------------------------------------===//

struct search {
  const struct ferry_elements *e; // first, where resolve_test.c finds them
  look *look;
  int64_t more; // elements that it looks at beyond `count`
};

static bool look_through(const struct search *s, char *buffer, int64_t size,
                         int64_t from, int64_t to, void *out) {
  const struct ferry_elements *e = s->e;
  const int64_t most = (size - e->width) / e->step + 1 - s->more;
  for (; from < to; from += most) {
    const int64_t now = to - from < most ? to - from : most;
    if (!ferry_peek(buffer, e->lo + from * e->step,
                    (size_t)((now - 1 + s->more) * e->step + e->width)))
      return false;
    s->look(buffer, now, e->step, out);
  }
  return true;
}

// In chunks that fit a cache. A mapping costs as much as to look at thousands
// of elements.
static bool look_at_copies(const struct search *s, int64_t from, int64_t to,
                           void *out) {
  char small[SMALL_CHUNK];
  const int64_t step = s->e->step;
  if ((to - from) * step <= 16 * SMALL_CHUNK && step <= SMALL_CHUNK - s->e->width)
    return look_through(s, small, SMALL_CHUNK, from, to, out);
  char *buffer = ferry_map(CHUNK);
  const bool ok = buffer && look_through(s, buffer, CHUNK, from, to, out);
  if (buffer)
    munmap(buffer, CHUNK);
  return ok;
}

static bool look_at_some(const struct search *s, int64_t from, int64_t to, void *out) {
  const struct ferry_elements *e = s->e;
  if (!e->direct)
    return look_at_copies(s, from, to, out);
  s->look((const char *)(intptr_t)(e->lo + from * e->step), to - from, e->step, out);
  return true;
}

// The worker of a job whose iterations are the elements.
static void look_at_block(const void *context, const int64_t *lo,
                          const int64_t *hi, void *partial) {
  struct found *out = partial;
  out->unreadable = out->unreadable || !look_at_some(context, *lo, *hi, out);
}

static void join(void *into, const void *from) {
  struct found *a = into;
  const struct found *b = from;
  a->min = b->min < a->min ? b->min : a->min;
  a->max = b->max > a->max ? b->max : a->max;
  a->falls |= b->falls;
  a->repeats |= b->repeats;
  a->unreadable |= b->unreadable;
}

static bool is_usable(const struct ferry_elements *e) {
  return e->step > 0 && e->step <= CHUNK - e->width && e->count <= MAX_ELEMENTS;
}

static bool look_at_all(const struct search *s, struct found *out) {
  const struct ferry_elements *e = s->e;
  const int64_t origin = 0, count = e->count - s->more;
  struct ferry_job job = {.worker = look_at_block,
                          .context = s,
                          .identity = &nothing,
                          .combine = join,
                          .reduction = out,
                          .reduction_size = sizeof *out,
                          .parallel = 1,
                          .trips = {count}};
  *out = nothing;
  if (!is_usable(e))
    return false;
  if (count > 0 &&
      (!e->share ||
       !e->share(&job, count * e->step / (e->direct ? BYTES_PER_NS : COPIED_PER_NS))))
    look_at_block(s, &origin, &count, out);
  return !out->unreadable;
}

bool ferry_extremes(const struct ferry_elements *e, int64_t *min, int64_t *max) {
  const int type = type_of(e);
  struct found found;
  if (type < 0 || !look_at_all(&(struct search){e, CHOOSE(extremes)[type], 0}, &found))
    return false;
  *min = found.min;
  *max = found.max;
  return true;
}

static bool ascend(const struct ferry_elements *e, bool strictly) {
  const int type = type_of(e);
  struct found found;
  return type >= 0 &&
         look_at_all(&(struct search){e, CHOOSE(order)[type], 1}, &found) &&
         !found.falls && !(strictly && found.repeats);
}

// Those that do not mostly show it soon.
bool ferry_ascend(const struct ferry_elements *e, bool strictly) {
  struct ferry_elements first = *e;
  first.count = e->count < SOME ? e->count : SOME;
  return ascend(&first, strictly) && (e->count <= SOME || ascend(e, strictly));
}

//===- are they all different? --------------------------------------------===//

struct set {
  const struct ferry_elements *e;
  uint64_t *bits; // of value - first
  int64_t first, size;
  bool twice; // or none of the values that there should be
};

static int64_t value_of(const char *at, const struct ferry_elements *e) {
  int64_t value = 0;
  memcpy(&value, at, (size_t)e->width); // little-endian, as all hosts are
  const int unused = 64 - 8 * (int)e->width;
  return e->is_signed ? (int64_t)((uint64_t)value << unused) >> unused : value;
}

static void add_values(const char *at, int64_t count, int64_t step, void *out) {
  struct set *set = out;
  for (int64_t i = 0; i < count && !set->twice; ++i) {
    const uint64_t value = (uint64_t)value_of(at + i * step, set->e) - (uint64_t)set->first;
    const uint64_t bit = (uint64_t)1 << value % 64;
    set->twice = value >= (uint64_t)set->size || set->bits[value / 64] & bit;
    if (!set->twice)
      set->bits[value / 64] |= bit;
  }
}

bool ferry_differ(const struct ferry_elements *e, int64_t first, int64_t size) {
  struct set set = {.e = e, .first = first, .size = size};
  if (ferry_ascend(e, /*strictly=*/true))
    return true;
  const size_t bytes = (size_t)(size / 64 + 1) * sizeof *set.bits;
  if (type_of(e) < 0 || !is_usable(e) || size > MAX_VALUES ||
      size / 64 > e->count || !(set.bits = ferry_map(bytes)))
    return false;
  const bool ok =
      look_at_some(&(struct search){e, add_values, 0}, 0, e->count, &set);
  munmap(set.bits, bytes);
  return ok && !set.twice;
}
