//===- state.c - what the runtime keeps of each site ----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Lock-free: a state is made in private, hung on its site by compare-exchange,
// and then only its atomics and the part under `cache_lock` change. States are
// never freed, but shared: a module that is loaded, unloaded and loaded again
// finds the states of its sites by their looks.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <string.h>
#include <sys/mman.h>

static _Atomic(struct ferry_state *) states;

void *ferry_map(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

struct ferry_state *ferry_first_state(void) {
  return atomic_load_explicit(&states, memory_order_acquire);
}

static bool well_formed(const struct ferry_site *site) {
  return site->dims <= FERRY_MAX_DIMS && site->parallel >= 1 &&
         site->parallel <= FERRY_MAX_PARALLEL && site->parallel <= site->dims &&
         site->accesses <= FERRY_MAX_ACCESSES && site->worker &&
         (!site->jam_kinds ||
          (site->jam_dim >= site->parallel && site->jam_dim < site->dims && !site->links)) &&
         (!site->reduction_size || (site->identity && site->combine));
}

static const char *or_unknown(const char *text) { return text ? text : "?"; }

static bool looks_like(const struct ferry_state *state,
                       const struct ferry_site *site) {
  return state->line == site->line && state->column == site->column &&
         state->flags == site->flags && state->shape.dims == site->dims &&
         state->shape.parallel == site->parallel &&
         state->shape.accesses == site->accesses &&
         (!site->accesses ||
          !memcmp(state->kinds, site->kinds, site->accesses)) &&
         !state->shape.links == !site->links &&
         (!site->links || !memcmp(state->links, site->links,
                                  site->dims + site->accesses)) &&
         !strcmp(state->file, or_unknown(site->file)) &&
         !strcmp(state->function, or_unknown(site->function));
}

static size_t numbers_size(const struct ferry_site *site) {
  return sizeof(int64_t) * (site->dims + site->accesses) * (2 + site->dims);
}

static void copy_kinds(struct ferry_state *state,
                       const struct ferry_site *site) {
  for (uint32_t i = 0; i < site->accesses; ++i) {
    state->kinds[i] = site->kinds[i];
    if (site->kinds[i] == FERRY_WRAP_SIGNED ||
        site->kinds[i] == FERRY_WRAP_UNSIGNED)
      state->wraps = true;
  }
  if (site->links)
    memcpy(state->links, site->links, site->dims + site->accesses);
  state->shape =
      (struct ferry_shape){site->dims, site->parallel, site->accesses,
                           state->kinds, site->links ? state->links : NULL, 0};
}

// Everything of a state lies in one mapping: the struct, the cached numbers
// and the two strings.
static struct ferry_state *make_state(const struct ferry_site *site) {
  const char *file = or_unknown(site->file);
  const char *function = or_unknown(site->function);
  const size_t numbers = numbers_size(site), length = strlen(file) + 1;
  char *memory = ferry_map(sizeof(struct ferry_state) + FERRY_CACHED * numbers +
                           length + strlen(function) + 1);
  if (!memory)
    return NULL;
  struct ferry_state *state = (void *)memory;
  memory += sizeof *state;
  for (int i = 0; i < FERRY_CACHED; ++i, memory += numbers)
    state->cache[i].numbers = (void *)memory;
  state->file = strcpy(memory, file);
  state->function = strcpy(memory + length, function);
  state->flags = site->flags;
  state->line = site->line;
  state->column = site->column;
  state->numbers_size = numbers;
  copy_kinds(state, site);
  for (int i = 0; i < FERRY_SIZES; ++i)
    state->learned[i].rates.wary =
        site->links != NULL || ferry_chosen_device()->moving_ns;
  return state;
}

static void publish(struct ferry_state *state) {
  state->next = atomic_load_explicit(&states, memory_order_acquire);
  while (!atomic_compare_exchange_weak_explicit(
      &states, &state->next, state, memory_order_release, memory_order_acquire))
    ;
}

static struct ferry_state *find_state(const struct ferry_site *site) {
  struct ferry_state *state = ferry_first_state();
  while (state && !looks_like(state, site))
    state = state->next;
  return state;
}

// Two threads that come first at the same time may both make one; the loser's
// is left, never counted in and thus never shown.
static struct ferry_state *adopt(struct ferry_site *site) {
  if (!well_formed(site))
    return NULL;
  struct ferry_state *found = find_state(site);
  struct ferry_state *state = found ? found : make_state(site);
  void *expected = NULL;
  if (!state)
    return NULL;
  if (!__atomic_compare_exchange_n(&site->state, &expected, state, false,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return expected;
  if (!found)
    publish(state);
  return state;
}

struct ferry_state *ferry_state_of(struct ferry_site *site) {
  struct ferry_state *state = __atomic_load_n(&site->state, __ATOMIC_ACQUIRE);
  return __builtin_expect(state != NULL, 1) ? state : adopt(site);
}

static int size_of(int64_t work) {
  const int size = (63 - __builtin_clzll((uint64_t)work | 1)) / 3 - 4;
  return size < 0 ? 0 : size < FERRY_SIZES ? size : FERRY_SIZES - 1;
}

static int64_t serial_rate(const struct ferry_state *state, int size) {
  return size < 0 || size >= FERRY_SIZES
             ? 0
             : atomic_load_explicit(&state->learned[size].rates.serial,
                                    memory_order_relaxed);
}

// The rate of the next size that has one, rather of a smaller one.
static int64_t neighbours_rate(const struct ferry_state *state, int size) {
  for (int away = 1; away < FERRY_SIZES; ++away) {
    const int64_t smaller = serial_rate(state, size - away);
    const int64_t rate = smaller ? smaller : serial_rate(state, size + away);
    if (rate)
      return rate;
  }
  return 0;
}

struct ferry_learned *ferry_learned(struct ferry_state *state, int64_t work) {
  const int size = size_of(work);
  struct ferry_learned *known = &state->learned[size];
  int64_t none = 0;
  if (!serial_rate(state, size) &&
      atomic_load_explicit(&state->has_rate, memory_order_relaxed))
    atomic_compare_exchange_strong(&known->rates.serial, &none,
                                   neighbours_rate(state, size));
  return known;
}

uint64_t ferry_ended(const struct ferry_state *state, enum ferry_reason why) {
  uint64_t count = atomic_load_explicit(&state->ended[why],
                                        memory_order_relaxed);
  for (int i = 0; why == FERRY_NESTED && i < FERRY_SHARDS; ++i)
    count += atomic_load_explicit(&state->nested[i].count,
                                  memory_order_relaxed);
  return count;
}

void ferry_states_forked(void) {
  for (struct ferry_state *s = ferry_first_state(); s; s = s->next) {
    // Its owner may have stopped in the middle of writing an entry.
    if (atomic_exchange(&s->cache_lock, false))
      for (int i = 0; i < FERRY_CACHED; ++i)
        s->cache[i].valid = false;
    for (int i = 0; i < FERRY_REASON_COUNT; ++i)
      atomic_store(&s->ended[i], 0);
    for (int i = 0; i < FERRY_SHARDS; ++i)
      atomic_store(&s->nested[i].count, 0);
    atomic_store(&s->in_place, 0);
    atomic_store(&s->in_step_launches, 0);
    atomic_store(&s->iterations, 0);
    atomic_store(&s->nanoseconds, 0);
    for (int i = 0; i < FERRY_TRAFFIC_FIELDS; ++i)
      atomic_store(&s->traffic[i], 0);
  }
}
