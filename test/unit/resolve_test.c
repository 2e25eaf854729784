//===- resolve_test.c - index arrays and tables against brute force -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Usage: resolve_test [seed [cases]]. Small random nests with index arrays and
// tables of pointers in real memory are run byte by byte, as the program would.
// If ferry_resolve and ferry_overlap find one independent, no two iterations
// may meet, and the nest may not write what was looked at; and what is read where
// it is, the nest must read, too. Then memory that cannot be read, links that make no sense, and numbers at the ends of 64 bits
// (build with -fsanitize=undefined,address).
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "links.h"
#include "bytes.h"
#include "random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
  PAGE = 4096,
  SPACE = 4 * PAGE, // of which the first page and the last cannot be read
  MAX_TRIP = 32,
  MAX_VALUE = 1 << 20,
  MAX_ROWS = FERRY_MAX_DIMS + FERRY_MAX_ACCESSES
};

struct nest {
  struct ferry_shape shape;
  uint8_t kinds[FERRY_MAX_ACCESSES], links[MAX_ROWS];
  int64_t numbers[MAX_ROWS * (2 + FERRY_MAX_DIMS)];
  int64_t low[FERRY_MAX_DIMS], high[FERRY_MAX_DIMS]; // what i_j may be
};

static int failures;
static char *space;
static int64_t origin; // address of the space
static int64_t used;   // bytes of it that objects have

static void start(struct nest *n, uint32_t dims, uint32_t parallel) {
  memset(n, 0, sizeof *n);
  memset(n->links, FERRY_NO_LINK, sizeof n->links);
  n->shape = (struct ferry_shape){dims, parallel, 0, n->kinds, n->links, 0};
}

static int64_t *row_of(struct nest *n, uint32_t row) {
  return n->numbers + row * (2 + n->shape.dims);
}

static int64_t *access_row(struct nest *n, uint32_t access) {
  return row_of(n, n->shape.dims + access);
}

static uint8_t *access_link(struct nest *n, uint32_t access) {
  return &n->links[n->shape.dims + access];
}

static uint32_t add_access(struct nest *n, uint8_t kind, int64_t base,
                           int64_t width) {
  const uint32_t at = n->shape.accesses++;
  n->kinds[at] = kind;
  access_row(n, at)[0] = base;
  access_row(n, at)[1] = width;
  return at;
}

static void print_nest(struct nest *n) {
  printf("  %u dims, %u parallel, the space begins at %lld\n", n->shape.dims,
         n->shape.parallel, (long long)origin);
  for (uint32_t r = 0; r < n->shape.dims + n->shape.accesses; ++r) {
    printf("  %-8s", r < n->shape.dims ? "trip" : kind_names[n->kinds[r - n->shape.dims]]);
    for (uint32_t c = 0; c < 2 + n->shape.dims; ++c)
      printf(" %lld", (long long)row_of(n, r)[c]);
    if (r >= n->shape.dims && n->kinds[r - n->shape.dims] & FERRY_CERTAIN)
      printf(", certain");
    if (n->links[r] != FERRY_NO_LINK)
      printf(" <- %d", n->links[r]);
    printf("\n");
  }
}

static void fail(const char *what, struct nest *n) {
  ++failures;
  printf("FAIL: %s\n", what);
  if (n)
    print_nest(n);
}

//===-- Brute force -------------------------------------------------------===//

struct truth {
  bool conflict; // two iterations meet in a byte that is written
  bool unstable; // an index or a pointer is written
  bool outside;  // an address left the space, or a number is absurd: no truth known
};

static struct byte bytes[SPACE];
static uint32_t epoch;

static bool inside(int64_t address, int64_t width) {
  return address >= origin + PAGE && address <= origin + SPACE - PAGE - width;
}

static void touch(struct truth *t, int64_t address, int64_t width,
                  int iteration, uint32_t access, uint8_t kind, bool looked_at) {
  if (width > 0 && !inside(address, width)) {
    t->outside = true;
    return;
  }
  for (; width-- > 0; ++address) {
    struct byte *b = byte_of(&bytes[address - origin], epoch);
    t->conflict |= touch_byte(b, access, iteration, kind);
    b->looked_at |= looked_at;
    t->unstable |= b->looked_at && (b->by_owner.written || b->by_others.written);
  }
}

static int64_t value_at(struct nest *n, uint32_t row, const int64_t *at) {
  uint64_t value = (uint64_t)row_of(n, row)[0];
  for (uint32_t j = 0; j < n->shape.dims; ++j)
    value += (uint64_t)row_of(n, row)[2 + j] * (uint64_t)at[j];
  return (int64_t)value;
}

static int number_of(const struct nest *n, const int64_t *at) {
  int iteration = 0;
  for (uint32_t k = 0; k < n->shape.parallel; ++k)
    iteration = iteration * 32 + (int)at[k];
  return iteration;
}

// Where an access of this iteration is.
static int64_t address_at(struct nest *n, struct truth *t, uint32_t access,
                          const int64_t *at) {
  int64_t address = value_at(n, n->shape.dims + access, at), pointer;
  const uint8_t link = *access_link(n, access);
  if (link == FERRY_NO_LINK)
    return address;
  const int64_t slot = address_at(n, t, link, at);
  touch(t, slot, 8, number_of(n, at), link, FERRY_POINTER, true);
  if (t->outside)
    return 0;
  memcpy(&pointer, (void *)(intptr_t)slot, 8);
  return (int64_t)((uint64_t)address + (uint64_t)pointer);
}

static void run_body(struct nest *n, struct truth *t, const int64_t *at) {
  for (uint32_t i = 0; i < n->shape.accesses && !t->outside; ++i)
    if (ferry_touches_memory(n->kinds[i])) {
      const int64_t address = address_at(n, t, i, at);
      touch(t, address, access_row(n, i)[1], number_of(n, at),
            i, n->kinds[i], false);
    }
}

static int64_t index_at(int64_t address, int64_t width, bool is_signed) {
  uint64_t value = 0;
  memcpy(&value, (void *)(intptr_t)address, (size_t)width);
  const int unused = (int)(64 - 8 * width);
  return is_signed ? (int64_t)(value << unused) >> unused : (int64_t)value;
}

static void run_nest(struct nest *n, struct truth *t, uint32_t dim,
                     int64_t *at) {
  int64_t from = 0, count;
  if (t->outside || dim == n->shape.dims) {
    run_body(n, t, at);
    return;
  }
  const uint8_t link = n->links[dim];
  for (uint32_t j = dim; j < n->shape.dims; ++j)
    at[j] = 0;
  count = value_at(n, dim, at);
  if (link != FERRY_NO_LINK && n->kinds[link] == FERRY_LOW) {
    from = value_at(n, n->shape.dims + link, at);
  } else if (link != FERRY_NO_LINK) {
    const int64_t address = value_at(n, n->shape.dims + link, at);
    const int64_t width = access_row(n, link)[1];
    touch(t, address, width, number_of(n, at), link, n->kinds[link], true);
    if (t->outside)
      return;
    from = index_at(address, width, !(n->kinds[link] & 1));
  }
  if (count > MAX_TRIP || from > MAX_VALUE || from < -MAX_VALUE) {
    t->outside = true;
    return;
  }
  for (at[dim] = from; at[dim] < from + count; ++at[dim])
    run_nest(n, t, dim + 1, at);
}

static struct truth brute_force(struct nest *n) {
  struct truth t = {false, false, false};
  int64_t at[FERRY_MAX_DIMS];
  ++epoch;
  run_nest(n, &t, 0, at);
  return t;
}

//===-- Random objects ----------------------------------------------------===//

// Mostly beside all others.
static int64_t new_object(int64_t size) {
  const int64_t room = SPACE - 2 * PAGE;
  int64_t at = used;
  if (at + size > room || chance(2))
    at = pick(0, room - (size < room ? size : room));
  else
    used = at + size;
  return origin + PAGE + at;
}

static void store(int64_t address, int64_t value, int64_t width) {
  if (inside(address, width))
    memcpy((void *)(intptr_t)address, &value, (size_t)width);
}

// The first bytes of a row, for all values that its dims may have.
struct extent {
  int64_t min, max;
};

static struct extent extent_of(struct nest *n, uint32_t row) {
  struct extent e = {row_of(n, row)[0], row_of(n, row)[0]};
  for (uint32_t j = 0; j < n->shape.dims; ++j) {
    const int64_t s = row_of(n, row)[2 + j];
    e.min += s * (s < 0 ? n->high[j] : n->low[j]);
    e.max += s * (s < 0 ? n->low[j] : n->high[j]);
  }
  return e;
}

// Strides over the first `dims` dims, as of an array whose elements are `size`
// bytes apart; returns the bytes of all.
static int64_t lay_out(struct nest *n, uint32_t access, uint32_t dims,
                       int64_t size, int leave_out) {
  const int64_t element = size;
  int64_t *row = access_row(n, access);
  for (uint32_t k = dims; k-- > 0;) {
    if (chance(leave_out) || (k >= n->shape.parallel && chance(30)))
      continue;
    row[2 + k] = size;
    size *= n->high[k] - n->low[k] + 1;
    if (chance(5)) {
      row[2 + k] = -row[2 + k];
    }
  }
  if (chance(5)) {
    const uint32_t k = (uint32_t)pick(0, dims - 1);
    row[2 + k] += element;
    size += element * (n->high[k] - n->low[k]);
  }
  return size;
}

// Moves an access so that it begins where an object does.
static void begin_at(struct nest *n, uint32_t access, int64_t address) {
  const struct extent e = extent_of(n, n->shape.dims + access);
  access_row(n, access)[0] += address - e.min;
}

// An index array over some of the first dims, with values from low to high.
static uint32_t add_index(struct nest *n, uint32_t dims, int64_t low,
                          int64_t high) {
  const int64_t width = (int64_t)1 << pick(0, 3);
  const bool is_signed = low < 0 || chance(50);
  const uint32_t a = add_access(
      n, is_signed ? FERRY_INDEX_SIGNED : FERRY_INDEX_UNSIGNED, 0, width);
  const int64_t size =
      lay_out(n, a, dims, chance(80) ? width : width + pick(0, 8), 10);
  const int64_t at = new_object(size + 8);
  begin_at(n, a, at);
  const bool rising = chance(40);
  for (int64_t i = 0; i < size + 8; i += width)
    store(at + i, rising && low + i / width <= high ? low + i / width : pick(low, high),
          width);
  return a;
}

//===-- Random nests ------------------------------------------------------===//

static void set_plain_dim(struct nest *n, uint32_t k, int64_t trip) {
  row_of(n, k)[0] = trip;
  n->low[k] = 0;
  n->high[k] = trip - 1;
  if (k < n->shape.parallel || k == 0 || !chance(20))
    return;
  const uint32_t outer = (uint32_t)pick(0, k - 1);
  if (n->links[outer] == FERRY_NO_LINK) {
    row_of(n, k)[2 + outer] = pick(-1, 1);
    n->high[k] += n->high[outer];
  }
}

static void set_index_dim(struct nest *n, uint32_t k, int64_t low, int64_t high) {
  row_of(n, k)[0] = 1;
  n->low[k] = low;
  n->high[k] = high;
  n->links[k] = (uint8_t)add_index(n, k, low, high);
}

// for (j = x; j < y; ++j), where x is an index and y another, or x + constant.
static void set_low_dim(struct nest *n, uint32_t k, uint32_t from, uint32_t to) {
  const int64_t shift = pick(-1, 2);
  const uint32_t low = add_access(n, FERRY_LOW, 0, 0);
  access_row(n, low)[2 + from] = 1;
  row_of(n, k)[0] = shift;
  if (from != to) {
    row_of(n, k)[2 + from] = -1;
    row_of(n, k)[2 + to] = 1;
  } else {
    row_of(n, k)[0] += 2;
  }
  n->low[k] = n->low[from];
  n->high[k] = n->high[to] + 3;
  n->links[k] = (uint8_t)low;
}

// rp[i] and rp[i + 1] are read from one array.
static void share_index_array(struct nest *n, uint32_t a, uint32_t b) {
  const uint32_t from = n->links[a], to = n->links[b];
  const int64_t width = access_row(n, from)[1];
  memcpy(access_row(n, to), access_row(n, from), sizeof(int64_t) * (2 + n->shape.dims));
  n->kinds[to] = n->kinds[from];
  access_row(n, to)[0] += width;
}

// The nest reads an index in each iteration of the dims before it. Those that
// take no part in where it is must have iterations.
static bool is_certain(struct nest *n, uint32_t k) {
  for (uint32_t j = 0; j < k; ++j) {
    bool steady = n->links[j] == FERRY_NO_LINK && row_of(n, j)[0] > 0;
    for (uint32_t i = 0; i < n->shape.dims; ++i)
      steady &= !row_of(n, j)[2 + i];
    if (!access_row(n, n->links[k])[2 + j] && !steady)
      return false;
  }
  return true;
}

static void mark_certain(struct nest *n) {
  for (uint32_t k = 0; k < n->shape.dims; ++k)
    if (n->links[k] != FERRY_NO_LINK && n->kinds[n->links[k]] != FERRY_LOW &&
        is_certain(n, k))
      n->kinds[n->links[k]] |= FERRY_CERTAIN;
}

static void random_dims(struct nest *n) {
  for (uint32_t k = 0; k < n->shape.dims; ++k) {
    const bool linked = k >= n->shape.parallel && chance(45);
    if (!linked) {
      set_plain_dim(n, k, pick(1, k < n->shape.parallel ? 5 : 3));
      continue;
    }
    const int64_t low = pick(-2, 6);
    set_index_dim(n, k, low, low + pick(0, 4));
    if (k + 2 < n->shape.dims && chance(60)) { // between two of them
      n->low[k + 1] = n->low[k];
      set_index_dim(n, k + 1, low, n->high[k]);
      if (chance(60))
        share_index_array(n, k, k + 1);
      const bool other = chance(70);
      set_low_dim(n, k + 2, k, other ? k + 1 : k);
      k += 2;
    }
  }
}

// Pointers for all slots that an access may name: to rows of their own, one
// after the other or in any order, or where they should not point.
static void fill_slots(struct nest *n, const int64_t *slots, int count,
                       int64_t size) {
  const int64_t from = new_object(size * count + 8), flaw = pick(0, 99);
  const int odd = (int)pick(0, count - 1), other = (int)pick(0, count - 1);
  const bool backwards = chance(30);
  int64_t pointer;
  (void)n;
  for (int i = 0; i < count; ++i)
    store(slots[i], from + size * (backwards ? count - 1 - i : i), 8);
  if (flaw < 70 || !inside(slots[other], 8) || !inside(slots[odd], 8))
    return;
  memcpy(&pointer, (void *)(intptr_t)slots[other], 8);
  if (flaw < 78)
    store(slots[odd], pointer, 8); // shared
  else if (flaw < 84)
    store(slots[odd], pointer + size - 1, 8); // overlaps by a byte, perhaps
  else if (flaw < 88)
    store(slots[odd], slots[other], 8); // the table
  else if (flaw < 90)
    store(slots[odd], origin + pick(0, 1) * (SPACE - PAGE), 8);
  else if (flaw < 92)
    store(slots[odd], chance(50) ? 0 : INT64_MAX - pick(0, 300), 8);
  else if (flaw < 96)
    store(slots[odd], pointer + 8 * pick(-2, 2), 8);
  else
    store(slots[odd], origin + PAGE + pick(0, used), 8);
}

enum { MAX_SLOTS = 512 };

static void slots_of(struct nest *n, uint32_t access, uint32_t dim, int64_t *at,
                     int64_t *out, int *count) {
  struct truth t = {false, false, false};
  if (dim < n->shape.dims) {
    for (at[dim] = n->low[dim]; at[dim] <= n->high[dim]; ++at[dim])
      slots_of(n, access, dim + 1, at, out, count);
    return;
  }
  const int64_t address = address_at(n, &t, access, at);
  for (int i = 0; i < *count; ++i)
    if (out[i] == address)
      return;
  if (!t.outside && *count < MAX_SLOTS)
    out[(*count)++] = address;
}

// A POINTER access and the rows behind it. Returns it.
static uint32_t add_table(struct nest *n, int source, int64_t row_size) {
  const uint32_t a = add_access(n, FERRY_POINTER, 0, 8);
  int64_t slots[MAX_SLOTS], at[FERRY_MAX_DIMS];
  int count = 0;
  const int64_t size = lay_out(n, a, n->shape.dims < 3 ? n->shape.dims : 3,
                               chance(75) ? 8 : 8 * pick(2, 3), source < 0 ? 10 : 50);
  if (source < 0) {
    begin_at(n, a, new_object(size + 8));
  } else {
    begin_at(n, a, 8 * pick(0, 1));
    *access_link(n, a) = (uint8_t)source;
  }
  ++epoch;
  slots_of(n, a, 0, at, slots, &count);
  if (count)
    fill_slots(n, slots, count, row_size);
  return a;
}

static uint8_t random_kind(void) { return chance(40) ? FERRY_WRITE : FERRY_READ; }

// a[i] and a[i - 1]: the same table, some slots further.
static uint32_t add_neighbour(struct nest *n, uint32_t table) {
  const uint32_t a = add_access(n, FERRY_POINTER, 0, 8);
  memcpy(access_row(n, a), access_row(n, table), sizeof(int64_t) * (2 + n->shape.dims));
  *access_link(n, a) = *access_link(n, table);
  access_row(n, a)[0] += chance(80) ? 8 * pick(-1, 1) : pick(-12, 12);
  return a;
}

static void add_behind(struct nest *n, uint32_t table, int64_t size) {
  const int64_t width = (int64_t)1 << pick(0, 3);
  const uint32_t a = add_access(n, random_kind(), 0, width);
  *access_link(n, a) = (uint8_t)table;
  lay_out(n, a, n->shape.dims, width, 40);
  const struct extent e = extent_of(n, n->shape.dims + a);
  const int64_t spare = size - (e.max - e.min) - width;
  begin_at(n, a, chance(90) && spare > 0 ? pick(0, spare) : pick(-8, 8));
}

static void add_tables(struct nest *n) {
  int source = -1;
  const int64_t size = chance(60) ? pick(1, 6) * 8 : pick(1, 120);
  for (int64_t levels = chance(60) ? 1 : pick(1, 3); levels > 0; --levels) {
    source = (int)add_table(n, source, size);
    for (int64_t count = pick(0, levels > 1 ? 1 : 2); count > 0; --count)
      add_behind(n, (uint32_t)source, size);
    if (chance(25)) {
      const uint32_t neighbour = add_neighbour(n, (uint32_t)source);
      add_behind(n, neighbour, size);
      if (chance(30))
        source = (int)neighbour;
    }
  }
  add_behind(n, (uint32_t)source, size);
}

static void add_plain(struct nest *n) {
  const int64_t width = (int64_t)1 << pick(0, 3);
  const bool cell = chance(10);
  const uint32_t a = add_access(n, cell ? FERRY_CELL : random_kind(), 0, width);
  const int64_t size = cell ? width : lay_out(n, a, n->shape.dims, width, 10);
  const int64_t whole = (int64_t)used < 1 ? 1 : used;
  begin_at(n, a, chance(80) ? new_object(size) : origin + PAGE + pick(0, whole));
  if (chance(40)) { // the same array, again
    const uint32_t b = add_access(n, random_kind(), 0, width);
    memcpy(access_row(n, b), access_row(n, a), sizeof(int64_t) * (2 + n->shape.dims));
    access_row(n, b)[0] += chance(70) ? 0 : width * pick(-2, 2);
  }
}

static void random_nest(struct nest *n) {
  const uint32_t dims = (uint32_t)pick(1, 5);
  start(n, dims, chance(70) || dims < 2 ? 1 : 2);
  used = 0;
  for (int64_t i = PAGE; i < SPACE - PAGE; ++i)
    space[i] = (char)(chance(90) ? 0 : pick(-128, 127));
  random_dims(n);
  mark_certain(n);
  const int64_t tables = chance(50) ? 1 : pick(0, 2);
  for (int64_t i = 0; i < tables; ++i)
    add_tables(n);
  for (int64_t i = pick(tables == 0, 2); i > 0; --i)
    add_plain(n);
}

//===-- The properties ----------------------------------------------------===//

struct tally {
  long cases, resolved, independent, safe, needless;
};

static long direct_looks;
static bool truth_is_known, reads_too_much;

// Part by part, the last one first. (See struct search of elements.c.)
static bool watch(struct ferry_job *job, int64_t ns) {
  const struct ferry_elements *e = *(const struct ferry_elements *const *)job->context;
  (void)ns;
  direct_looks += e->direct;
  for (int64_t i = 0; truth_is_known && e->direct && i < e->count; ++i) {
    const int64_t at = e->lo + i * e->step;
    reads_too_much |= !inside(at, e->width) || bytes[at - origin].epoch != epoch ||
                      !bytes[at - origin].looked_at;
  }
  for (int64_t hi = job->trips[0], lo; hi > 0; hi = lo) {
    lo = hi - (hi + 1) / 2;
    job->worker(job->context, &lo, &hi, job->reduction);
  }
  return true;
}

static bool is_independent(struct nest *n, const int *errno_at, bool *resolved) {
  int64_t numbers[MAX_ROWS * (2 + FERRY_MAX_DIMS)], same[MAX_ROWS * (2 + FERRY_MAX_DIMS)];
  memcpy(numbers, n->numbers, sizeof numbers);
  memcpy(same, n->numbers, sizeof numbers);
  errno = 77;
  *resolved = ferry_resolve(&n->shape, numbers, errno_at, &(struct ferry_look){0});
  reads_too_much = false;
  if (ferry_resolve(&n->shape, same, errno_at, &(struct ferry_look){true, watch}) != *resolved ||
      (*resolved && memcmp(numbers, same, sizeof same)))
    fail("it depends on how one looks", n);
  if (reads_too_much)
    fail("reads directly what the nest does not read", n);
  if (errno != 77)
    fail("errno was changed", n);
  return *resolved &&
         ferry_overlap(&n->shape, numbers, NULL) == FERRY_INDEPENDENT;
}

static void check_random(struct tally *tally) {
  struct nest n;
  struct truth t;
  bool resolved;
  do {
    random_nest(&n);
    t = brute_force(&n);
  } while (t.outside);
  truth_is_known = true;
  const bool independent = is_independent(&n, NULL, &resolved);
  truth_is_known = false;
  const bool safe = !t.conflict && !t.unstable;
  ++tally->cases;
  tally->resolved += resolved;
  tally->independent += independent;
  tally->safe += safe;
  tally->needless += safe && !independent;
  if (independent && t.conflict)
    fail("INDEPENDENT, but two iterations meet", &n);
  if (independent && t.unstable)
    fail("INDEPENDENT, but what was looked at is written", &n);
}

static int64_t extreme(void) {
  const int64_t edge[] = {
      INT64_MIN,     INT64_MAX,        0, 1, -1, INT64_MAX / 2, INT64_MIN / 2,
      INT64_MAX / 4, (int64_t)1 << 32, 8};
  int64_t value = edge[pick(0, 9)], sum;
  return __builtin_add_overflow(value, pick(-2, 2), &sum) ? value : sum;
}

static int64_t somewhere(int mild) {
  return chance(mild) ? origin + PAGE + pick(0, 2 * PAGE - 8) : extreme();
}

// Nothing to compare with: the sanitizers look on.
static void check_extreme(void) {
  struct nest n;
  const uint32_t dims = (uint32_t)pick(1, 4), accesses = (uint32_t)pick(1, 6);
  const int mild = chance(50) ? 95 : (int)pick(0, 100);
  bool resolved;
  start(&n, dims, 1);
  for (int64_t i = PAGE; i < SPACE - PAGE - 8; i += 8)
    store(origin + i, chance(90) ? somewhere(mild) : pick(-4, 4), 8);
  for (uint32_t k = 0; k < dims; ++k) {
    row_of(&n, k)[0] = chance(mild) ? pick(1, 9) : extreme();
    for (uint32_t j = 0; k > 0 && j < k; ++j)
      row_of(&n, k)[2 + j] = chance(80) ? 0 : chance(mild) ? pick(-2, 2) : extreme();
    if (chance(30))
      n.links[k] = (uint8_t)pick(0, accesses);
  }
  for (uint32_t a = 0; a < accesses; ++a) {
    const uint8_t kind = (uint8_t)pick(0, chance(95) ? 7 : 11);
    const int64_t base = chance(50) ? somewhere(mild) : pick(-99, 99);
    add_access(&n, kind, base, chance(mild) ? (int64_t)1 << pick(0, 3) : extreme());
    for (uint32_t k = 0; k < dims; ++k)
      access_row(&n, a)[2 + k] = chance(mild) ? pick(-8, 8) : extreme();
    if (a > 0 && chance(50))
      *access_link(&n, a) = (uint8_t)pick(0, chance(90) ? a - 1 : accesses);
  }
  is_independent(&n, &failures, &resolved);
}

//===-- Nests with a name -------------------------------------------------===//

static void expect(const char *what, struct nest *n, const int *errno_at,
                   bool wanted) {
  bool resolved;
  if (is_independent(n, errno_at, &resolved) == wanted)
    return;
  printf("%s: wanted %s\n", what, wanted ? "independent" : "not independent");
  fail(what, n);
}

static int64_t *object(int64_t offset) {
  return (int64_t *)(void *)(space + PAGE + offset);
}

static int64_t address(const void *of) { return (int64_t)(intptr_t)of; }

// y[i] = x[index[i]]: rows 0 index, 1 x, 2 y.
static void gather(struct nest *n, int64_t count, const int64_t *index,
                   const double *x, double *y) {
  start(n, 2, 1);
  row_of(n, 0)[0] = count;
  row_of(n, 1)[0] = 1;
  n->links[1] = (uint8_t)add_access(n, FERRY_INDEX_SIGNED, address(index), 8);
  access_row(n, 0)[2] = 8;
  access_row(n, add_access(n, FERRY_READ, address(x), 8))[3] = 8;
  access_row(n, add_access(n, FERRY_WRITE, address(y), 8))[2] = 8;
}

static void check_gather(void) {
  struct nest n;
  double *y = (void *)object(PAGE);
  for (int i = 0; i < 8; ++i)
    object(0)[i] = i - 4;
  gather(&n, 8, object(0), y + 12, y);
  expect("just beside", &n, NULL, true);
  gather(&n, 8, object(0), y + 11, y);
  expect("the smallest index meets", &n, NULL, false);
  gather(&n, 8, object(0), y - 4, y);
  expect("just below", &n, NULL, true);
  gather(&n, 8, object(0), y - 3, y);
  expect("the largest index meets", &n, NULL, false);
  gather(&n, 8, object(0), y + 64, (double *)(void *)object(7 * 8));
  expect("the index array is written", &n, NULL, false);
  gather(&n, PAGE / 4 + 1, object(0), y + 2000, y + 9000);
  expect("an index array that ends in the dark", &n, NULL, false);
  gather(&n, 8, (int64_t *)(void *)space, y + 12, y);
  expect("an index array in the dark", &n, NULL, false);
  access_row(&n, 0)[0] = 0;
  expect("no index array", &n, NULL, false);
}

// y[i][index[i]]: rows of y, whatever the values are.
static void check_own_rows(void) {
  struct nest n;
  double *y = (void *)object(PAGE);
  for (int i = 0; i < 8; ++i)
    object(0)[i] = i % 3;
  gather(&n, 8, object(0), y + 64, y);
  access_row(&n, 2)[2] = 24;
  access_row(&n, 2)[3] = 8;
  expect("equal values in rows of their own", &n, NULL, true);
  access_row(&n, 2)[2] = 16;
  expect("equal values in rows that meet", &n, NULL, false);
  row_of(&n, 0)[0] = 1;
  access_row(&n, 0)[2] = INT64_MIN;
  expect("a stride that cannot be negated", &n, NULL, false);
}

// for (j = low[i]; j < low[i] + length; ++j) y[i] = x[j], x and y in one array.
static void check_low(int64_t apart, bool wanted) {
  struct nest n;
  start(&n, 3, 1);
  for (int i = 0; i < 8; ++i)
    object(0)[i] = i == 5 ? 90 : 3;
  row_of(&n, 0)[0] = 8;
  row_of(&n, 1)[0] = 1;
  row_of(&n, 2)[0] = 6; // whatever low[i] is
  n.links[1] = (uint8_t)add_access(&n, FERRY_INDEX_SIGNED, address(object(0)), 8);
  access_row(&n, 0)[2] = 8;
  n.links[2] = (uint8_t)add_access(&n, FERRY_LOW, 0, 0);
  access_row(&n, 1)[3] = 1;
  access_row(&n, add_access(&n, FERRY_READ, address(object(PAGE)), 8))[4] = 8;
  access_row(&n, add_access(&n, FERRY_WRITE, address(object(PAGE + 8 * apart)), 8))[2] = 8;
  expect("as many from each start", &n, NULL, wanted);
}

// y[index[i][j]] = 0, i < 20, j < 2; an index element is `row` bytes behind the
// one above, and `column` bytes behind the one beside.
static void check_grid(const char *what, int64_t row, int64_t column, int64_t twice, bool wanted) {
  struct nest n;
  memset(object(0), 0, PAGE);
  start(&n, 3, 2);
  row_of(&n, 0)[0] = 20;
  row_of(&n, 1)[0] = 2;
  row_of(&n, 2)[0] = 1;
  n.links[2] = (uint8_t)add_access(&n, FERRY_INDEX_SIGNED, address(object(0)), 4);
  access_row(&n, 0)[2] = row;
  access_row(&n, 0)[3] = column;
  access_row(&n, add_access(&n, FERRY_WRITE, address(object(PAGE)), 4))[4] = 4;
  for (int32_t i = 0; i < PAGE / 4; ++i)
    ((int32_t *)(void *)object(0))[i] = i;
  ((int32_t *)(void *)object(0))[twice] = 0;
  expect(what, &n, NULL, wanted);
}

static void check_grids(void) {
  check_grid("two columns", 160, 80, 1, true);
  check_grid("two columns, a value twice", 160, 80, 40, false);
  check_grid("columns off the grid, a value twice", 164, 80, 41, false);
}

// a[i][j] = 0: rows 0 slots, 1 a.
static void table(struct nest *n, int64_t rows, int64_t columns) {
  start(n, 2, 1);
  row_of(n, 0)[0] = rows;
  row_of(n, 1)[0] = columns;
  access_row(n, add_access(n, FERRY_POINTER, address(object(0)), 8))[2] = 8;
  *access_link(n, add_access(n, FERRY_WRITE, 0, 8)) = 0;
  access_row(n, 1)[3] = 8;
  for (int i = 0; i < rows; ++i)
    object(0)[i] = address(object(PAGE + 64 * (i ^ 1)));
}

static void check_table(void) {
  struct nest n;
  table(&n, 8, 8);
  expect("rows side by side", &n, NULL, true);
  expect("rows, and errno elsewhere", &n, (int *)(void *)object(8 * 8), true);
  expect("errno in a row", &n, (int *)(void *)object(PAGE + 64), false);
  expect("errno touches a row", &n, (int *)(void *)((char *)object(PAGE) - 3), false);
  table(&n, 8, 9);
  expect("rows that meet", &n, NULL, false);
  n.kinds[1] = FERRY_READ;
  expect("rows that meet, and are read", &n, NULL, true);
  expect("errno in a row that is read", &n, (int *)(void *)object(PAGE + 64), false);
  table(&n, 8, 8);
  object(0)[3] = address(object(0)) + 56;
  expect("a row over the table", &n, NULL, false);
  table(&n, 8, 8);
  access_row(&n, 0)[0] = origin + SPACE - PAGE - 56;
  expect("a table that ends in the dark", &n, NULL, false);
  table(&n, 8, 8);
  object(0)[7] = INT64_MAX - 8;
  expect("a pointer that leads nowhere", &n, NULL, false);
}

// for (i < 8) for (k < 1) for (j = start[i]; j < start[i + 1]; ++j)
//   y[i] += x[column[j]];
// `start` begins with the object and the columns end with the space.
enum { FROM, TO, LOW, COLUMN, X, Y, CONDITION };
static void sparse(struct nest *n, const int64_t *starts) {
  const uint8_t index = FERRY_INDEX_SIGNED | FERRY_CERTAIN;
  start(n, 6, 1);
  memcpy(object(0), starts, 9 * sizeof *starts);
  for (uint32_t k = 0; k < 6; ++k)
    row_of(n, k)[0] = k == 0 ? 8 : k != 4;
  n->links[2] = (uint8_t)add_access(n, index, address(object(0)), 8);
  n->links[3] = (uint8_t)add_access(n, index, address(object(8)), 8);
  n->links[4] = (uint8_t)add_access(n, FERRY_LOW, 0, 0);
  n->links[5] = (uint8_t)add_access(n, index, origin + SPACE - PAGE - 20 * 4, 4);
  access_row(n, FROM)[2] = access_row(n, TO)[2] = 8;
  access_row(n, LOW)[4] = 1;
  row_of(n, 4)[4] = -1;
  row_of(n, 4)[5] = 1;
  access_row(n, COLUMN)[6] = 4;
  access_row(n, add_access(n, FERRY_READ, address(object(PAGE)), 8))[7] = 8;
  access_row(n, add_access(n, FERRY_WRITE, address(object(400)), 8))[2] = 8;
  add_access(n, FERRY_WRAP_UNSIGNED, 0, 8);
  memset((void *)(intptr_t)access_row(n, COLUMN)[0], 0, 20 * 4);
}

static void expect_looks(const char *what, struct nest *n, int64_t wanted, bool independent) {
  direct_looks = 0;
  expect(what, n, NULL, independent);
  if (direct_looks == wanted)
    return;
  printf("%s: %ld direct looks, wanted %lld\n", what, direct_looks, (long long)wanted);
  fail(what, n);
}

// Two looks at the starts, one whether they ascend, one at the columns. Where more
// than 20 columns are in the hull, a direct look would be the end.
static void check_starts(void) {
  static const struct {
    const char *what;
    int64_t starts[9];
    int64_t looks;
    bool independent;
  } all[] = {
      {"rows that follow each other", {0, 3, 6, 6, 9, 12, 15, 18, 20}, 4, true},
      {"a row that does not follow", {0, 3, 99, 6, 9, 12, 15, 18, 20}, 3, false},
      {"no column at all", {0}, 2, true},
      {"a start below 0", {-4, 3, 6, 6, 9, 12, 15, 18, 20}, 2, true}};
  struct nest n;
  for (size_t i = 0; i < sizeof all / sizeof *all; ++i) {
    sparse(&n, all[i].starts);
    expect_looks(all[i].what, &n, all[i].looks, all[i].independent);
  }
}

// One number of a row is another one.
static void check_changed(const char *what, int access, int column, int64_t number,
                          int64_t looks, bool independent) {
  static const int64_t starts[] = {0, 3, 6, 6, 9, 12, 15, 18, 20};
  struct nest n;
  sparse(&n, starts);
  access_row(&n, (uint32_t)access)[column] = number;
  expect_looks(what, &n, looks, independent);
}

static void check_others(void) {
  static const int64_t starts[] = {0, 3, 6, 6, 9, 12, 15, 18, 20};
  struct nest n;
  sparse(&n, starts);
  n.kinds[COLUMN] &= ~FERRY_CERTAIN;
  expect_looks("columns under a condition", &n, 3, true);
  sparse(&n, starts);
  n.kinds[TO] &= ~FERRY_CERTAIN;
  expect_looks("ends under a condition", &n, 2, true);
  sparse(&n, starts);
  n.kinds[TO] = FERRY_INDEX_UNSIGNED | FERRY_CERTAIN;
  expect_looks("ends of another type", &n, 2, true);
  sparse(&n, starts); // of three and three rows, with a start between them
  row_of(&n, 0)[0] = 2, row_of(&n, 1)[0] = 3;
  access_row(&n, FROM)[2] = access_row(&n, TO)[2] = 32;
  access_row(&n, FROM)[3] = access_row(&n, TO)[3] = 8;
  expect_looks("a gap between the starts", &n, 0, true);
  sparse(&n, starts);
  access_row(&n, LOW)[4] = 2;
  row_of(&n, 4)[4] = -2;
  expect_looks("twice the start", &n, 2, true);
}

static void check_sparse(void) {
  const int64_t from = address(object(0));
  check_starts();
  check_others();
  check_changed("a condition that does not hold", CONDITION, 0, 256, 0, false);
  check_changed("a condition on the columns", CONDITION, 7, 1, 0, true);
  check_changed("the last end is written", Y, 0, from + 64, 2, false);
  check_changed("the first start is written", Y, 0, from - 56, 2, false);
  check_changed("every other end", TO, 0, from + 16, 2, false);
  check_changed("ends further apart", TO, 2, 16, 2, false);
  check_changed("the start and the row", LOW, 2, 1, 2, false);
  check_changed("columns of their own for each row", COLUMN, 2, 80, 3, false);
  check_changed("no rows", -6, 0, 0, 0, true);
  check_changed("one element less in each row", -2, 0, -1, 2, true);
}

static void malform(struct nest *n, uint32_t row, uint8_t link, const char *what) {
  n->links[row] = link;
  expect(what, n, NULL, false);
}

static void check_malformed(void) {
  struct nest n;
  double *y = (void *)object(PAGE);
  for (int i = 0; i < 8; ++i)
    object(0)[i] = i;
  gather(&n, 8, object(0), y + 12, y);
  malform(&n, 1, 3, "a dim linked to nothing");
  malform(&n, 1, 1, "a dim linked to a read");
  malform(&n, 1, 2, "a dim linked to a write");
  malform(&n, 0, 0, "a parallel dim linked");
  gather(&n, 8, object(0), y + 12, y);
  access_row(&n, 0)[3] = 8;
  expect("an index that depends on itself", &n, NULL, false);
  gather(&n, 8, object(0), y + 12, y);
  access_row(&n, 0)[1] = 3;
  expect("an index of three bytes", &n, NULL, false);
  table(&n, 8, 8);
  malform(&n, 3, 1, "an access linked to itself");
  malform(&n, 3, 2, "an access linked to nothing");
  malform(&n, 2, 1, "a table linked to what comes later");
  table(&n, 8, 8);
  n.kinds[0] = FERRY_INDEX_SIGNED;
  expect("an access linked to an index", &n, NULL, false);
  table(&n, 8, 8);
  access_row(&n, 0)[1] = 4;
  expect("pointers of four bytes", &n, NULL, false);
  table(&n, 8, 8);
  n.kinds[1] = FERRY_WRAP_SIGNED;
  access_row(&n, 1)[1] = 32;
  expect("a value behind a pointer", &n, NULL, false);
}

static void make_space(void) {
  space = mmap(NULL, SPACE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (space == MAP_FAILED || mprotect(space, PAGE, PROT_NONE) ||
      mprotect(space + SPACE - PAGE, PAGE, PROT_NONE))
    abort();
  origin = address(space);
}

int main(int argc, char **argv) {
  const uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
  const long cases = argc > 2 ? atol(argv[2]) : compared(100000);
  const long extremes = argc > 2 ? cases / 4 : looked_on(25000);
  struct tally t = {0};
  random_state = seed * 0x9e3779b97f4a7c15u + 1;
  printf("seed %llu, %ld cases\n", (unsigned long long)seed, cases);
  make_space();
  check_gather();
  check_own_rows();
  check_low(40, false);
  check_low(94, false);
  check_low(96, true);
  check_grids();
  check_table();
  check_malformed();
  check_sparse();
  direct_looks = 0;
  while (t.cases < cases && failures < 5)
    check_random(&t);
  for (long i = 0; i < extremes && failures < 5; ++i)
    check_extreme();
  printf("%ld direct looks\n", direct_looks);
  printf("%ld cases: %ld resolved, %ld independent of %ld that are, %ld "
         "needless (%.2f %%)\n",
         t.cases, t.resolved, t.independent, t.safe, t.needless,
         t.cases ? 100.0 * (double)t.needless / (double)t.cases : 0.0);
  printf(failures ? "failed\n" : "passed\n");
  return failures != 0;
}
