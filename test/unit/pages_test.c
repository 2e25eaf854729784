//===- pages_test.c - the page engine against a model ---------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The provider here moves numbers between three arrays, and aborts where a page
// is not where the engine has to know it is. A fourth array has what a program
// would see that knows of no device. Mappings change in the middle of moves,
// and the table is checked after every step.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/ferry.h"
#include "../../runtime/mirror/pages.h"
#include "../../runtime/residency.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  BASE = 1 << 30,
  PAGES = 20 * FERRY_BLOCK_PAGES, // of the address space
  CAPACITY = 4 * FERRY_BLOCK,
  STEPS = 4000,
  NOTHING = -1 // no page: never touched, or not here
};

static struct ferry_pages pages;
static struct {
  long system[PAGES], device[PAGES], expected[PAGES];
  bool mapped[PAGES], pinned[PAGES];
  long *stage;
  int changing; // percent of moves that are told to come again
  uint64_t taken, given, moved;
} model;

static void must(bool holds, const char *what, int line) {
  if (holds)
    return;
  fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, line, what);
  abort();
}
#define MUST(condition) must(condition, #condition, __LINE__)

static uintptr_t address(int64_t page) {
  return BASE + (uintptr_t)page * FERRY_PAGE;
}
static int64_t number(uintptr_t at) {
  return (int64_t)(at - BASE) / FERRY_PAGE;
}

//===- the provider -------------------------------------------------------===//

static long take(void *self, uintptr_t at, size_t size, size_t stage) {
  const int64_t first = number(at), count = (int64_t)(size / FERRY_PAGE);
  int64_t i = 0;
  (void)self;
  MUST(size > 0 && at / FERRY_BLOCK == (at + size - 1) / FERRY_BLOCK);
  if (chance(model.changing))
    return FERRY_CHANGING;
  if (!model.mapped[first] || model.pinned[first])
    return FERRY_IMMOVABLE;
  if (model.system[first] == NOTHING)
    return FERRY_UNTOUCHED;
  for (; i < count && model.mapped[first + i] && !model.pinned[first + i] &&
         model.system[first + i] != NOTHING && (i == 0 || !chance(5));
       ++i) {
    long *to = &model.stage[stage / FERRY_PAGE + (size_t)i];
    MUST(*to == NOTHING && model.device[first + i] == NOTHING);
    *to = model.system[first + i];
    model.system[first + i] = NOTHING;
    ++model.taken;
  }
  return i * FERRY_PAGE;
}

static long give(void *self, uintptr_t at, size_t size, size_t stage) {
  const int64_t first = number(at),
                count = 1 + (chance(80) ? (int64_t)(size / FERRY_PAGE) - 1 : 0);
  (void)self;
  if (chance(model.changing))
    return FERRY_CHANGING;
  for (int64_t i = 0; i < count; ++i) {
    long *from = &model.stage[stage / FERRY_PAGE + (size_t)i];
    MUST(model.mapped[first + i] && *from != NOTHING);
    MUST(model.system[first + i] == NOTHING &&
         model.device[first + i] == NOTHING);
    model.system[first + i] = *from;
    *from = NOTHING;
    ++model.given;
  }
  return count * FERRY_PAGE;
}

static void place(void *self, uintptr_t at, size_t size, size_t stage) {
  (void)self;
  for (size_t i = 0; i < size / FERRY_PAGE; ++i) {
    const int64_t page = number(at) + (int64_t)i;
    MUST(model.device[page] == NOTHING && model.system[page] == NOTHING);
    MUST(model.stage[stage / FERRY_PAGE + i] != NOTHING);
    model.device[page] = model.stage[stage / FERRY_PAGE + i];
  }
}

static void place_zeroes(void *self, uintptr_t at, size_t size) {
  (void)self;
  for (size_t i = 0; i < size / FERRY_PAGE; ++i) {
    const int64_t page = number(at) + (int64_t)i;
    MUST(model.device[page] == NOTHING && model.system[page] == NOTHING);
    model.device[page] = 0;
  }
}

static void fetch(void *self, uintptr_t at, size_t size, size_t stage) {
  (void)self;
  for (size_t i = 0; i < size / FERRY_PAGE; ++i) {
    const int64_t page = number(at) + (int64_t)i;
    MUST(model.device[page] != NOTHING);
    model.stage[stage / FERRY_PAGE + i] = model.device[page];
    model.device[page] = NOTHING;
  }
}

static void drop(void *self, uintptr_t at, size_t size, size_t stage) {
  (void)self;
  for (size_t i = 0; i < size / FERRY_PAGE; ++i) {
    model.device[number(at) + (int64_t)i] = NOTHING;
    model.stage[stage / FERRY_PAGE + i] = NOTHING;
  }
}

static void move(void *self, uintptr_t from, uintptr_t to, size_t size,
                 size_t stage, bool leaving) {
  long content[FERRY_BLOCK_PAGES];
  (void)self;
  for (size_t i = 0; i < size / FERRY_PAGE; ++i) {
    long *device = &model.device[number(from) + (int64_t)i];
    long *staged = &model.stage[stage / FERRY_PAGE + i];
    MUST((*device == NOTHING) == leaving);
    content[i] = leaving ? *staged : *device;
    MUST(content[i] != NOTHING);
    *device = *staged = NOTHING;
  }
  for (size_t i = 0; i < size / FERRY_PAGE; ++i) {
    MUST(model.device[number(to) + (int64_t)i] == NOTHING);
    model.device[number(to) + (int64_t)i] = content[i];
    ++model.moved;
  }
}

//===- the program --------------------------------------------------------===//

static void unmap(int64_t first, int64_t end) {
  for (int64_t i = first; i < end; ++i) {
    model.system[i] = NOTHING;
    model.expected[i] = 0;
    model.mapped[i] = model.pinned[i] = false;
  }
  ferry_invalidate(&pages, address(first), address(end));
}

static void map(int64_t first, int64_t end) {
  for (int64_t i = first; i < end; ++i)
    model.mapped[i] = true;
}

static void empty(int64_t first, int64_t end) {
  for (int64_t i = first; i < end; ++i)
    if (model.mapped[i] && !model.pinned[i]) {
      model.system[i] = NOTHING;
      model.expected[i] = 0;
      ferry_invalidate(&pages, address(i), address(i + 1));
    }
}

static void remap(int64_t from, int64_t to, int64_t count) {
  if ((from < to ? to - from : from - to) < count)
    return;
  for (int64_t i = 0; i < count; ++i)
    if (!model.mapped[from + i])
      return;
  unmap(to, to + count);
  for (int64_t i = 0; i < count; ++i) {
    model.system[to + i] = model.system[from + i];
    model.expected[to + i] = model.expected[from + i];
    model.pinned[to + i] = model.pinned[from + i];
    model.mapped[to + i] = true;
    model.system[from + i] = NOTHING;
    model.expected[from + i] = 0;
    model.mapped[from + i] = model.pinned[from + i] = false;
  }
  MUST(ferry_remap(&pages, address(from), address(to),
                   (size_t)count * FERRY_PAGE));
}

// Something else happens while a move waits.
static void interrupt(void) {
  const int64_t first = pick(0, PAGES - 1), count = pick(1, 40);
  const int64_t end = first + count < PAGES ? first + count : PAGES;
  switch (pick(0, 3)) {
  case 0:
    unmap(first, end);
    map(first, end);
    break;
  case 1:
    empty(first, end);
    break;
  case 2:
    remap(first, pick(0, PAGES - 41), end - first);
    break;
  }
}

static long cpu_load(int64_t page) {
  uintptr_t lo, hi;
  while (model.system[page] == NOTHING) {
    switch (ferry_cpu_fault(&pages, address(page), &lo, &hi)) {
    case FERRY_PAGES_DONE:
      MUST(model.system[page] != NOTHING);
      MUST(lo <= address(page) && hi > address(page));
      break;
    case FERRY_PAGES_ELSEWHERE:
      model.system[page] = 0;
      break;
    default:
      break;
    }
  }
  return model.system[page];
}

static void cpu_touch(int64_t page) {
  if (!model.mapped[page])
    return;
  MUST(cpu_load(page) == model.expected[page]);
  model.system[page] = model.expected[page] = pick(1, 1 << 20);
}

static void device_touch(int64_t page, bool store) {
  const int64_t lo = pick(0, page), hi = pick(page + 1, PAGES);
  if (!model.mapped[page])
    return;
  enum ferry_pages_result result;
  while ((result = ferry_device_fault(&pages, address(page), address(lo),
                                      address(hi))) == FERRY_PAGES_AGAIN)
    if (chance(30))
      interrupt();
  if (result == FERRY_PAGES_IMMOVABLE) {
    MUST(model.pinned[page] || !model.mapped[page]);
    return;
  }
  MUST(ferry_on_device(&pages, address(page)) && model.system[page] == NOTHING);
  MUST(model.device[page] == model.expected[page]);
  if (store)
    model.device[page] = model.expected[page] = pick(1, 1 << 20);
}

static void prefetch(int64_t first, int64_t end) {
  uintptr_t at = address(first);
  while (ferry_prefetch(&pages, &at, address(end)) == FERRY_PAGES_AGAIN)
    if (chance(30))
      interrupt();
}

static void give_back(int64_t first, int64_t end) {
  while (ferry_give_back(&pages, address(first), address(end)) ==
         FERRY_PAGES_AGAIN)
    if (chance(30))
      interrupt();
}

static void step(void) {
  const int64_t page = pick(0, PAGES - 1), count = pick(1, 60);
  const int64_t end = page + count < PAGES ? page + count : PAGES;
  const int64_t what = pick(0, 99);
  if (what < 30)
    cpu_touch(page);
  else if (what < 50)
    device_touch(page, chance(60));
  else if (what < 65)
    for (int64_t i = page; i < end; ++i)
      device_touch(i, true);
  else if (what < 75)
    for (int64_t i = page; i < end; ++i)
      cpu_touch(i);
  else if (what < 83)
    prefetch(page, end);
  else if (what < 88)
    give_back(page, end);
  else if (what < 90)
    while (ferry_give_all(&pages) == FERRY_PAGES_AGAIN)
      ;
  else if (what < 91)
    model.pinned[page] = model.mapped[page] && model.system[page] != NOTHING;
  else
    interrupt();
}

//===- what must hold between steps ---------------------------------------===//

static void check(void) {
  const char *wrong = ferry_check_pages(&pages);
  if (wrong)
    fprintf(stderr, "%s\n", wrong);
  MUST(!wrong);
  MUST(pages.owned <= CAPACITY / FERRY_PAGE);
  for (int64_t i = 0; i < PAGES; ++i) {
    const bool there = ferry_on_device(&pages, address(i));
    MUST(!there || (model.mapped[i] && model.system[i] == NOTHING));
    MUST(there || model.device[i] == NOTHING);
    if (!there && model.mapped[i])
      MUST((model.system[i] == NOTHING ? 0 : model.system[i]) ==
           model.expected[i]);
  }
  const int64_t first = pick(0, PAGES - 1), end = pick(first + 1, PAGES);
  uint64_t there = 0;
  for (int64_t i = first; i < end; ++i)
    there += ferry_on_device(&pages, address(i));
  MUST(ferry_count_pages(&pages, address(first), address(end)) == there);
  const struct ferry_traffic *t = &pages.traffic;
  MUST(t->to_device == model.taken && t->to_system == model.given);
}

//===- what is kept of the moves ------------------------------------------===//

static struct ferry_transferred moves[1 << 16];

// None is lost, however many become one, and none is told of another time or place.
static void check_history(void) {
  const struct ferry_history *h = &pages.history;
  const struct ferry_traffic *t = &pages.traffic;
  uint64_t moved[FERRY_TRANSFER_KINDS] = {0}, ns[FERRY_TRANSFER_KINDS] = {0}, owned = 0;
  for (uint32_t i = 0; i < h->count; ++i) {
    const struct ferry_transferred *e = &moves[i];
    moved[e->kind] += e->pages;
    ns[e->kind] += (uint64_t)e->busy;
    owned = e->on_device;
    MUST(e->pages > 0 && e->count > 0 && e->busy <= e->ns);
    MUST(e->lo >= BASE && e->hi <= address(PAGES + 4 * FERRY_BLOCK_PAGES));
    MUST(h->resolution || (e->count == 1 && e->hi - e->lo >= e->pages * FERRY_PAGE));
  }
  MUST(h->count <= h->room && (h->resolution > 0) == (h->room < 1000));
  MUST(memcmp(ns, t->ns, sizeof ns) == 0);
  MUST(moved[FERRY_TRANSFER_PREFETCH] == t->prefetched);
  MUST(moved[FERRY_TRANSFER_PREFETCH] + moved[FERRY_TRANSFER_DEVICE_FAULT] ==
       t->to_device + t->zeroed);
  MUST(moved[FERRY_TRANSFER_EVICTION] == t->evicted);
  MUST(moved[FERRY_TRANSFER_EVICTION] + moved[FERRY_TRANSFER_CPU_FAULT] +
           moved[FERRY_TRANSFER_RECALL] ==
       t->to_system);
  MUST(moved[FERRY_TRANSFER_INVALIDATION] == t->dropped);
  MUST(h->resolution || owned == pages.owned);
}

// The last sample is what there is, and all that moved is in some column.
static struct ferry_residency residency;

static void begin_samples(void) {
  memset(&residency, 0, sizeof residency);
  residency.moving = (struct ferry_timeline){ferry_now(), 1000, 0};
  ferry_meet_memory(&residency, address(5) + 100, address(60), NULL, false);
  ferry_meet_memory(&residency, address(100), address(PAGES), NULL, false);
  pages.residency = &residency;
}

static void check_samples(void) {
  struct ferry_residency *r = &residency;
  const struct ferry_traffic *t = &pages.traffic;
  uint64_t in = 0, out = 0;
  ferry_sample_last(r, &pages, ferry_now());
  const uint32_t count = r->moving.columns, last = count - 1;
  MUST(count >= FERRY_COLUMNS / 2 && count <= FERRY_COLUMNS && r->moving.step > 1000);
  for (uint32_t i = 0; i < count; ++i) {
    in += r->to_device[i];
    out += r->to_system[i];
    MUST(r->pages[0][i] + r->pages[1][i] <= r->owned[i]);
    MUST(r->owned[i] <= CAPACITY / FERRY_PAGE);
  }
  MUST(in == t->to_device + t->zeroed && out == t->to_system + t->dropped);
  MUST(r->owned[last] == pages.owned);
  MUST(r->pages[0][last] == ferry_count_pages(&pages, address(5), address(60)));
  MUST(r->pages[1][last] == ferry_count_pages(&pages, address(100), address(PAGES)));
}

static void run(uint64_t seed) {
  static const size_t granules[] = {FERRY_PAGE, 4 * FERRY_PAGE, FERRY_BLOCK};
  random_state = seed;
  const struct ferry_provider provider = {.take = take,
                                          .give = give,
                                          .place = place,
                                          .place_zeroes = place_zeroes,
                                          .fetch = fetch,
                                          .drop = drop,
                                          .move = move,
                                          .capacity = CAPACITY,
                                          .granule = granules[pick(0, 2)],
                                          .largest_granule = 4 * FERRY_BLOCK};
  const size_t staged = ferry_pages_stage(CAPACITY) / FERRY_PAGE;
  void *memory = calloc(1, ferry_pages_memory(CAPACITY));
  memset(&model, 0, sizeof model);
  model.stage = malloc(staged * sizeof *model.stage);
  for (size_t i = 0; i < staged; ++i)
    model.stage[i] = NOTHING;
  for (int i = 0; i < PAGES; ++i) {
    model.system[i] = model.device[i] = NOTHING;
    model.mapped[i] = chance(90);
  }
  model.changing = chance(50) ? 20 : 0;
  ferry_pages_init(&pages, &provider, memory);
  pages.history.all = moves;
  pages.history.room = seed % 3 ? sizeof moves / sizeof *moves : 50;
  begin_samples();
  for (int i = 0; i < STEPS; ++i) {
    step();
    check();
  }
  check_history();
  check_samples();
  free(memory);
  free(model.stage);
}

int main(void) {
  uint64_t evicted = 0, dropped = 0, moved = 0, prefetched = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    run(seed);
    evicted += pages.traffic.evicted;
    dropped += pages.traffic.dropped;
    prefetched += pages.traffic.prefetched;
    moved += model.moved;
  }
  printf("evicted %llu, dropped %llu, moved %llu, prefetched %llu\n",
         (unsigned long long)evicted, (unsigned long long)dropped,
         (unsigned long long)moved, (unsigned long long)prefetched);
  return !(evicted > 1000 && dropped > 1000 && moved > 1000 &&
           prefetched > 1000);
}
