//===- independence.c - may the iterations run at the same time? ----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The verdict of overlap.c over the numbers of one execution, with a cache before it
// and, where rows are linked to memory, resolve.c.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "doacross.h"
#include "ferry.h"
#include "links.h"
#include "split.h"
#include "trace.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static enum ferry_reason examine(const struct ferry_state *state,
                                 const int64_t *numbers, const int *errno_at);

// Memory may have changed since the last time, so nothing is remembered.
static enum ferry_reason examine_linked(const struct ferry_state *state,
                                        const int64_t *numbers,
                                        const int *errno_at, ferry_share *share) {
  const struct ferry_look how = {!ferry_survives_faults(), share};
  int64_t *resolved = ferry_map(state->numbers_size);
  if (!resolved)
    return FERRY_UNKNOWN_OVERLAP;
  memcpy(resolved, numbers, state->numbers_size);
  const enum ferry_reason why =
      ferry_resolve(&state->shape, resolved, errno_at, &how)
          ? examine(state, resolved, errno_at)
          : FERRY_UNKNOWN_OVERLAP;
  munmap(resolved, state->numbers_size);
  return why;
}

// What takes time, unlike a look into the cache.
static enum ferry_reason test(const struct ferry_state *state,
                              const int64_t *numbers, const int *errno_at,
                              ferry_share *share) {
  const bool traced = __builtin_expect(ferry_tracing, 0);
  const int64_t start = traced ? ferry_now() : 0;
  const enum ferry_reason why =
      state->shape.links ? examine_linked(state, numbers, errno_at, share)
                         : examine(state, numbers, errno_at);
  if (traced)
    ferry_trace((struct ferry_event){.kind = FERRY_EVENT_TEST,
                                     .verdict = why,
                                     .state = state,
                                     .start = start,
                                     .ns = ferry_now() - start});
  return why;
}

static bool touches(const struct ferry_shape *shape, const int64_t *numbers,
                    const int *object) {
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  const int64_t first = (int64_t)(intptr_t)object;
  const int64_t end = first + (int64_t)sizeof *object;
  if (!ferry_hulls(shape, numbers, trips, lo, hi))
    return true;
  for (uint32_t i = 0; i < shape->accesses; ++i)
    if (ferry_touches_memory(shape->kinds[i]) && lo[i] < end && first < hi[i])
      return true;
  return false;
}

static enum ferry_reason name_verdict(const struct ferry_state *state,
                                      enum ferry_verdict verdict,
                                      struct ferry_conflict pair) {
  if (verdict == FERRY_INDEPENDENT)
    return FERRY_DONE;
  if (pair.first >= 0 && pair.first == pair.second &&
      !ferry_touches_memory(state->kinds[pair.first]))
    return FERRY_WRAP;
  return verdict == FERRY_DEPENDENT ? FERRY_HAS_CONFLICT
                                    : FERRY_UNKNOWN_OVERLAP;
}

static enum ferry_reason examine(const struct ferry_state *state,
                                 const int64_t *numbers, const int *errno_at) {
  struct ferry_conflict pair = {-1, -1};
  enum ferry_verdict verdict = FERRY_INDEPENDENT;
  if (!(state->flags & FERRY_SITE_INDEPENDENT) || state->wraps)
    verdict = ferry_overlap(&state->shape, numbers, &pair);
  if (verdict == FERRY_INDEPENDENT && errno_at &&
      touches(&state->shape, numbers, errno_at))
    return FERRY_ERRNO_ALIAS;
  return name_verdict(state, verdict, pair);
}

static const struct ferry_cached *recall(const struct ferry_state *state,
                                         const int64_t *numbers,
                                         const int *errno_at) {
  for (int i = 0; i < FERRY_CACHED; ++i) {
    const struct ferry_cached *entry = &state->cache[i];
    if (entry->valid && entry->errno_at == errno_at &&
        !memcmp(entry->numbers, numbers, state->numbers_size))
      return entry;
  }
  return NULL;
}

static enum ferry_reason remember(struct ferry_state *state,
                                  const int64_t *numbers, const int *errno_at,
                                  enum ferry_reason why) {
  struct ferry_cached *entry = &state->cache[state->cache_next];
  state->cache_next = (state->cache_next + 1) % FERRY_CACHED;
  memcpy(entry->numbers, numbers, state->numbers_size);
  entry->errno_at = errno_at;
  entry->reason = why;
  entry->valid = true;
  return why;
}

// The cache is for the common case, a loop that is run again with the same
// numbers; who does not get the lock does the arithmetic. A launch uses errno,
// so the loop must not, unless the compiler knew all objects: errno is none.
enum ferry_reason ferry_independence(struct ferry_state *state,
                                     const int64_t *numbers, ferry_share *share) {
  const bool known = state->flags & FERRY_SITE_INDEPENDENT;
  const int *errno_at = known ? NULL : &errno;
  if (known && !state->wraps)
    return FERRY_DONE;
  if (state->shape.links ||
      atomic_exchange_explicit(&state->cache_lock, true, memory_order_acquire))
    return test(state, numbers, errno_at, share);
  const struct ferry_cached *entry = recall(state, numbers, errno_at);
  enum ferry_reason why = entry
                              ? entry->reason
                              : remember(state, numbers, errno_at,
                                         test(state, numbers, errno_at, share));
  atomic_store_explicit(&state->cache_lock, false, memory_order_release);
  return why;
}

static bool split(const struct ferry_state *state, const int64_t *numbers,
                  struct ferry_pieces *pieces) {
  int64_t few[256]; // to map pages takes microseconds
  const bool fits = state->numbers_size <= sizeof few;
  int64_t *scratch = fits ? few : ferry_map(state->numbers_size);
  const bool done = scratch && ferry_split(&state->shape, numbers, scratch, pieces);
  if (scratch && !fits)
    munmap(scratch, state->numbers_size);
  return done;
}

// After n tests in vain in a row, the next 2^n calls, at most 1024, do without. Some
// programs take turns between what is independent and what is not: arithmetic is
// given up only after the third.
enum { PATIENCE = 3, MOST_IN_VAIN = 10 };

static uint32_t calls_to_skip(uint32_t in_vain, uint32_t patience) {
  return in_vain >= patience ? 1u << in_vain : 0;
}

static uint32_t count_in_vain(uint32_t before, bool in_vain) {
  return !in_vain ? 0 : before < MOST_IN_VAIN ? before + 1 : before;
}

// What the loop takes where it stands is not known: rates are of its worker, which may
// be much faster.
static bool worth_trying(struct ferry_trial *trial, int64_t work) {
  const struct ferry_rates unknown = {0};
  const uint32_t left = atomic_load_explicit(&trial->skip, memory_order_relaxed);
  if (ferry_options.mode == FERRY_MODE_FORCE)
    return true;
  if (left == 0)
    return ferry_worth_asking(&trial->ns, ferry_serial_ns(&unknown, work));
  atomic_store_explicit(&trial->skip, left - 1, memory_order_relaxed);
  return false;
}

static void remember_trial(struct ferry_trial *trial, bool may, int64_t ns, atomic_bool *ever) {
  const uint32_t n = count_in_vain(
      atomic_load_explicit(&trial->in_vain, memory_order_relaxed), !may);
  atomic_store_explicit(&trial->in_vain, n, memory_order_relaxed);
  atomic_store_explicit(&trial->skip, calls_to_skip(n, PATIENCE), memory_order_relaxed);
  atomic_store_explicit(&trial->ns, ns, memory_order_relaxed);
  if (may)
    atomic_store_explicit(ever, true, memory_order_relaxed);
}

bool ferry_independent_pieces(struct ferry_state *state, const int64_t *numbers,
                              int64_t work, struct ferry_pieces *pieces) {
  if (!(state->flags & FERRY_SITE_PIECES) ||
      !worth_trying(&state->splitting, work))
    return false;
  if (ferry_floats_trap()) // the order of the pieces would show
    return false;
  const int64_t start = ferry_now();
  const bool may = split(state, numbers, pieces) && !touches(&state->shape, numbers, &errno);
  remember_trial(&state->splitting, may, ferry_now() - start, &state->in_pieces);
  return may;
}

// Iterations between two questions: so many that asking is a small part of them, and so
// few that rows need not wait for each other.
static int64_t choose_stride(const struct ferry_doacross *plan, int64_t rows, int64_t work) {
  enum { WORK = 4000, PARTS = 32 }; // instructions; of a row
  const int64_t steps = plan->span / plan->stages[0].by_step + 1;
  const int64_t stride = WORK / (work / rows / steps + 1), most = steps / PARTS;
  return 1 + (stride < most ? stride : most);
}

// A row goes over to the thread of the next one, which takes its time for each cache
// line (both measured by bench/sweeps), and that waits for the lead: a guess, for the
// first launches; how long they took says more (decide.c). Where loops inside could be
// divided instead, none of this is needed.
static bool pays_to_follow(struct ferry_state *state, const struct ferry_doacross *plan,
                           int64_t rows, int64_t work) {
  enum { LINE_NS = 25, ROW_NS = 2000, FEW = 4 };
  const int64_t threads = ferry_device_host.width();
  const struct ferry_rates *rates = &ferry_learned(state, work)->rates;
  const int64_t ns = ferry_serial_ns(rates, work) / rows;
  const int64_t price = plan->span / FERRY_CACHE_LINE * LINE_NS + ROW_NS;
  if (ferry_options.mode == FERRY_MODE_FORCE)
    return true;
  return (!plan->inner_apart || state->flags & FERRY_SITE_CHAINED) &&
         plan->lead <= plan->span / (2 * threads) &&
         (atomic_load_explicit(&rates->launched, memory_order_relaxed) >= FEW ||
          (ns + price) / threads <= ns - ns / 5);
}

// Do iterations of the stage that the worker interleaves not meet, within a row?
static bool are_strips_apart(const struct ferry_shape *shape, const struct ferry_site *site,
                             const int64_t *numbers) {
  uint8_t kinds[FERRY_MAX_ACCESSES];
  struct ferry_shape inside = *shape;
  inside.kinds = kinds;
  inside.held = site->strip_dim;
  inside.parallel = site->strip_dim + 1;
  for (uint32_t i = 0; i < shape->accesses; ++i)
    kinds[i] = site->strip_kinds[i] == FERRY_POINTER ? FERRY_READ : site->strip_kinds[i];
  return !ferry_floats_trap() && ferry_overlap(&inside, numbers, NULL) == FERRY_INDEPENDENT;
}

static bool find_plan_in(const struct ferry_shape *shape, const struct ferry_site *site,
                         const int64_t *numbers, struct ferry_doacross *plan) {
  if (!ferry_find_doacross(shape, site->stages, numbers, plan))
    return false;
  plan->strip_dim = site->strip_dim;
  plan->strip = !site->strip_kinds                          ? 0
                : are_strips_apart(shape, site, numbers) ? site->strip
                                                          : 1;
  return true;
}

// Rows behind pointers get addresses as if they were those of one array.
static bool plan_linked(const struct ferry_state *state, const struct ferry_site *site,
                        const int64_t *numbers, struct ferry_doacross *plan) {
  const struct ferry_look how = {!ferry_survives_faults(), NULL};
  uint8_t kinds[FERRY_MAX_ACCESSES];
  struct ferry_shape shape = state->shape;
  shape.links = NULL;
  shape.kinds = kinds;
  for (uint32_t i = 0; i < shape.accesses; ++i)
    kinds[i] = state->kinds[i] == FERRY_POINTER ? FERRY_READ : state->kinds[i];
  int64_t *resolved = ferry_map(state->numbers_size);
  if (!resolved)
    return false;
  memcpy(resolved, numbers, state->numbers_size);
  const bool may = ferry_resolve(&state->shape, resolved, &errno, &how) &&
                   find_plan_in(&shape, site, resolved, plan);
  munmap(resolved, state->numbers_size);
  return may;
}

static bool find_plan(const struct ferry_state *state, const struct ferry_site *site,
                      const int64_t *numbers, struct ferry_doacross *plan) {
  if (state->shape.links)
    return plan_linked(state, site, numbers, plan);
  return find_plan_in(&state->shape, site, numbers, plan) &&
         !touches(&state->shape, numbers, &errno);
}

enum ferry_reason ferry_may_follow(struct ferry_state *state, const struct ferry_site *site,
                                   const int64_t *numbers, int64_t work,
                                   struct ferry_doacross *plan) {
  if (!site->doacross || numbers[0] < 2 || ferry_chosen_device() != &ferry_device_host)
    return FERRY_HAS_CONFLICT;
  if (!worth_trying(&state->following, work))
    return atomic_load_explicit(&state->could_follow, memory_order_relaxed)
               ? FERRY_TOO_LITTLE
               : FERRY_HAS_CONFLICT;
  const int64_t start = ferry_now();
  const bool could = find_plan(state, site, numbers, plan);
  const bool may = could && pays_to_follow(state, plan, numbers[0], work);
  remember_trial(&state->following, may, ferry_now() - start, &state->in_step);
  atomic_store_explicit(&state->could_follow, could && !may, memory_order_relaxed);
  if (could && !may)
    atomic_store_explicit(&state->vain_verdict, FERRY_TOO_LITTLE, memory_order_relaxed);
  if (!may)
    return could ? FERRY_TOO_LITTLE : FERRY_HAS_CONFLICT;
  plan->stride = choose_stride(plan, numbers[0], work);
  return FERRY_DONE;
}

// A test takes time, which is lost where it does not help. Arithmetic is a small part
// of what a longer loop takes, and longer loops may differ from those before them; to
// look at memory takes about as long as the loop.
static bool worth_skipping(struct ferry_state *state, int64_t work) {
  enum { SHORT_NS = 20 * 1000 };
  return state->shape.links ||
         (work <= atomic_load_explicit(&state->vain_work, memory_order_relaxed) &&
          ferry_serial_ns(&ferry_learned(state, work)->rates, work) < SHORT_NS);
}

enum ferry_reason ferry_known_in_vain(struct ferry_state *state, int64_t work) {
  const uint32_t left = atomic_load_explicit(&state->skip, memory_order_relaxed);
  if (__builtin_expect(left == 0, 1) || !worth_skipping(state, work) ||
      atomic_load_explicit(&state->in_pieces, memory_order_relaxed) ||
      atomic_load_explicit(&state->in_step, memory_order_relaxed))
    return FERRY_DONE;
  atomic_store_explicit(&state->skip, left - 1, memory_order_relaxed);
  return atomic_load_explicit(&state->vain_verdict, memory_order_relaxed);
}

enum ferry_reason ferry_patient_independence(struct ferry_state *state,
                                             const int64_t *numbers,
                                             int64_t work, ferry_share *share) {
  const uint32_t patience = state->shape.links ? 1 : PATIENCE;
  const enum ferry_reason why = ferry_independence(state, numbers, share);
  uint32_t n = atomic_load_explicit(&state->in_vain, memory_order_relaxed);
  if (why == FERRY_DONE && n == 0) // writes nothing that threads share
    return why;
  n = count_in_vain(n, why != FERRY_DONE);
  atomic_store_explicit(&state->in_vain, n, memory_order_relaxed);
  atomic_store_explicit(&state->vain_work, work, memory_order_relaxed);
  atomic_store_explicit(&state->vain_verdict, why, memory_order_relaxed);
  atomic_store_explicit(&state->skip, calls_to_skip(n, patience), memory_order_relaxed);
  return why;
}
