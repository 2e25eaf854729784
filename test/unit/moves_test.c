//===- moves_test.c - changes that are told in any order ------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Threads of a model unmap, move, shrink and grow mappings whose pages are on
// the device, and each may tell of it as late as it likes. Then either all pages
// are where the mappings are, or the engine has said that it does not know.
//
//===----------------------------------------------------------------------===//
#include "../../runtime/mirror/moves.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BASE = 1 << 30, PAGES = 96, MAPPINGS = 6, THREADS = 3, STEPS = 300 };

static struct ferry_pages pages;
static struct ferry_moves moves;
static long device[PAGES], expected[PAGES]; // 0: the page is not there
static int owner[PAGES];                    // a mapping, 0: none
static long last;

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

//===- the provider: numbers ----------------------------------------------===//

static long take(void *self, uintptr_t at, size_t size, size_t stage) {
  (void)self, (void)at, (void)stage;
  return (long)size;
}
static void place(void *self, uintptr_t at, size_t size, size_t stage) {
  (void)self, (void)size, (void)stage;
  device[number(at)] = expected[number(at)] = ++last;
}
static void drop(void *self, uintptr_t at, size_t size, size_t stage) {
  (void)self, (void)stage;
  memset(&device[number(at)], 0, size / FERRY_PAGE * sizeof *device);
}
static void move(void *self, uintptr_t from, uintptr_t to, size_t size,
                 size_t stage, bool leaving) {
  (void)self, (void)stage, (void)leaving;
  memcpy(&device[number(to)], &device[number(from)],
         size / FERRY_PAGE * sizeof *device);
  drop(self, from, size, stage);
}

//===- threads ------------------------------------------------------------===//

struct message {
  uintptr_t from, to; // `to` 0: unmapped
  size_t size;
};
static struct mapping {
  int64_t at, count; // 0: none
} mappings[THREADS][MAPPINGS];
static struct thread {
  struct message messages[3]; // to be told, the last one first
  int left;
  bool waits; // in the queue
} threads[THREADS];
static int queue[THREADS], queued;

static void tell(struct thread *t, int64_t from, int64_t to, int64_t count) {
  t->messages[t->left++] =
      (struct message){address(from), to ? address(to) : 0,
                       (size_t)count * FERRY_PAGE};
}

static bool is_free(int64_t at, int64_t count) {
  for (int64_t i = at; i < at + count; ++i)
    if (i >= PAGES || owner[i])
      return false;
  return true;
}

// Page 0 stays free, for 0 is no address.
static int64_t find_room(int64_t count) {
  for (int tries = 0; tries < 20; ++tries) {
    const int64_t at = pick(1, PAGES - count);
    if (is_free(at, count))
      return at;
  }
  return 0;
}

static void set_owner(int64_t at, int64_t count, int who) {
  for (int64_t i = at; i < at + count; ++i)
    owner[i] = who;
}

static void vanish(int64_t at, int64_t count) {
  set_owner(at, count, 0);
  memset(&expected[at], 0, (size_t)count * sizeof *expected);
}

static void unmap(struct thread *t, struct mapping *m, int64_t keep) {
  vanish(m->at + keep, m->count - keep);
  tell(t, m->at + keep, 0, m->count - keep);
  m->count = keep;
}

// To a place of more pages, perhaps; `over`: one that its thread had mapped.
static void remap(struct thread *t, struct mapping *m, int who,
                  struct mapping *over) {
  const int64_t more = over ? 0 : pick(0, 2);
  const int64_t to = over ? over->at : find_room(m->count + more);
  if (!to || (over && over->count < m->count))
    return;
  tell(t, m->at, 0, m->count); // the end of the old place
  tell(t, m->at, to, m->count);
  if (over) {
    vanish(over->at, over->count);
    tell(t, to, 0, over->count);
    over->count = 0;
  }
  memcpy(&expected[to], &expected[m->at], (size_t)m->count * sizeof *expected);
  vanish(m->at, m->count);
  set_owner(to, m->count + more, who);
  *m = (struct mapping){to, m->count + more};
}

static void change(int who) {
  struct thread *t = &threads[who];
  struct mapping *m = &mappings[who][pick(0, MAPPINGS - 1)];
  struct mapping *other = &mappings[who][pick(0, MAPPINGS - 1)];
  const int64_t what = pick(0, 9);
  if (!m->count) {
    m->count = pick(1, 5);
    m->at = find_room(m->count);
    m->count = m->at ? m->count : 0;
    set_owner(m->at, m->count, who + 1);
  } else if (what < 3)
    unmap(t, m, 0);
  else if (what < 4 && m->count > 1)
    unmap(t, m, pick(1, m->count - 1));
  else if (what < 6 && is_free(m->at + m->count, 1)) // of which nothing is told
    set_owner(m->at + m->count++, 1, who + 1);
  else if (what < 9)
    remap(t, m, who + 1, NULL);
  else if (other != m && other->count)
    remap(t, m, who + 1, other);
}

//===- the driver ---------------------------------------------------------===//

static bool hear(bool alone) {
  struct thread *t = &threads[queue[0]];
  const struct message m = t->messages[--t->left];
  t->waits = false;
  memmove(queue, queue + 1, (size_t)--queued * sizeof *queue);
  const enum ferry_followed result =
      m.to ? ferry_follow_remap(&moves, alone, m.from, m.to, m.size)
           : ferry_follow_unmap(&moves, alone, m.from, m.from + m.size);
  MUST(result != FERRY_FULL);
  return result == FERRY_FOLLOWED;
}

static void check(void) {
  for (int64_t i = 0; i < PAGES; ++i) {
    MUST(ferry_on_device(&pages, address(i)) == (expected[i] != 0));
    MUST(device[i] == expected[i]);
  }
}

// All is told: pages may move to the device.
static void bring(void) {
  for (int64_t i = 1; i < PAGES; ++i)
    if (owner[i] && !expected[i] && chance(50))
      MUST(ferry_device_fault(&pages, address(i), address(i),
                              address(i + 1)) == FERRY_PAGES_DONE);
}

// How many of `count` threads are in the middle of a change.
static bool step(int count, bool *certain) {
  const int who = (int)pick(0, count - 1);
  struct thread *t = &threads[who];
  bool quiet = true;
  if (!t->left)
    change(who);
  else if (!t->waits) {
    t->waits = true;
    queue[queued++] = who;
  }
  if (queued && chance(50))
    *certain = hear(count == 1);
  for (int i = 0; i < count; ++i)
    quiet = quiet && !threads[i].left;
  return quiet;
}

// Whether it was certain to the end. Counts how often all was told.
static bool run(uint64_t seed, int count, uint64_t *times) {
  const struct ferry_provider provider = {.take = take,
                                          .place = place,
                                          .drop = drop,
                                          .move = move,
                                          .capacity = 64 * FERRY_BLOCK,
                                          .granule = FERRY_PAGE,
                                          .largest_granule = FERRY_PAGE};
  void *memory = calloc(1, ferry_pages_memory(provider.capacity));
  bool certain = true;
  random_state = seed;
  memset(&threads, 0, sizeof threads);
  memset(&mappings, 0, sizeof mappings);
  memset(owner, 0, sizeof owner);
  memset(device, 0, sizeof device);
  memset(expected, 0, sizeof expected);
  queued = 0;
  moves = (struct ferry_moves){.pages = &pages};
  ferry_pages_init(&pages, &provider, memory);
  for (int i = 0; i < STEPS && certain; ++i)
    if (step(count, &certain) && certain) {
      check();
      ferry_moves_are_told(&moves);
      ++*times;
      if (chance(50))
        bring();
    }
  free(memory);
  return certain;
}

int main(void) {
  uint64_t uncertain = 0, times = 0, alone = 0;
  for (uint64_t seed = 1; seed <= 300; ++seed)
    MUST(run(seed, 1, &alone)); // there is only one order
  for (uint64_t seed = 1; seed <= 20000; ++seed)
    uncertain += !run(seed, THREADS, &times);
  printf("all told: %llu times by threads, %llu by one; unknown: %llu\n",
         (unsigned long long)times, (unsigned long long)alone,
         (unsigned long long)uncertain);
  return !(times > 10000 && alone > 1000 && uncertain > 100);
}
