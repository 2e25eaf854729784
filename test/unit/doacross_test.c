//===- doacross_test.c - rows in step do what rows in order do ------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Usage: doacross_test [seed [cases]]. Small random nests over one array, whose rows
// take turns after each access, as far as the plan lets them: the last row that may go
// on does, or any. That has to leave the same bytes as one row after the other.
//
//===----------------------------------------------------------------------===//
#include "doacross.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIMS = 5, ACCESSES = 10, ROWS = 7, PITCH = 24, SPACE = 64 * PITCH, // of the longest rows
       EVENTS = 4096 };

struct nest {
  struct ferry_shape shape;
  uint8_t kinds[ACCESSES], stage_of[ACCESSES];
  uint32_t inside[ACCESSES]; // its innermost loop: a dim, 0: in no stage
  uint32_t after[ACCESSES];  // of those in none: the stage before, 0: none
  uint32_t parent[DIMS];
  int64_t numbers[(DIMS + ACCESSES) * (2 + DIMS)];
};

static int failures;
static int64_t pitch = PITCH;

static int64_t *row_of(struct nest *n, uint32_t row) {
  return n->numbers + row * (2 + n->shape.dims);
}

static int64_t value_at(const int64_t *row, uint32_t dims, const int64_t *at) {
  int64_t value = row[0];
  for (uint32_t k = 0; k < dims; ++k)
    value += row[2 + k] * at[k];
  return value;
}

//===-- Rows as lists of what they do -------------------------------------===//

struct event {
  int access;    // -1: a stage asks to go on, -2: the row does
  int64_t place; // of the stage; else an address
};

struct run {
  struct event events[EVENTS];
  int count, next;
  uint32_t value;
  int64_t published;
};

static struct run runs[ROWS];
static uint8_t memory[SPACE];

static void add_event(struct run *r, int access, int64_t place) {
  if (r->count == EVENTS)
    abort();
  r->events[r->count++] = (struct event){access, place};
}

static void add_access_event(struct nest *n, struct run *r, uint32_t a, const int64_t *at) {
  add_event(r, (int)a, value_at(row_of(n, n->shape.dims + a), n->shape.dims, at));
}

static void list_loop(struct nest *n, struct run *r, uint32_t dim,
                      const struct ferry_doacross *plan, int64_t *at) {
  const int64_t trips = value_at(row_of(n, dim), dim, at);
  for (at[dim] = 0; at[dim] < trips; ++at[dim]) {
    for (uint32_t s = 0; s < plan->count; ++s)
      if (plan->stages[s].dim == dim)
        add_event(r, -1, plan->stages[s].place + plan->stages[s].by_row * at[0] +
                             plan->stages[s].by_step * at[dim]);
    for (uint32_t a = 0; a < n->shape.accesses; ++a)
      if (n->inside[a] == dim)
        add_access_event(n, r, a, at);
    for (uint32_t k = dim + 1; k < n->shape.dims; ++k)
      if (n->parent[k] == dim)
        list_loop(n, r, k, plan, at);
  }
  at[dim] = 0;
}

static void list_row(struct nest *n, int64_t i, const struct ferry_doacross *plan) {
  struct run *r = &runs[i];
  int64_t at[DIMS] = {i};
  *r = (struct run){.published = INT64_MIN};
  add_event(r, -2, plan->start);
  for (uint32_t k = 0; k < n->shape.dims; ++k) {
    if (k > 0 && n->parent[k] == 0)
      list_loop(n, r, k, plan, at);
    for (uint32_t a = 0; a < n->shape.accesses; ++a)
      if (n->inside[a] == 0 && n->after[a] == k)
        add_access_event(n, r, a, at);
  }
}

//===-- Running -----------------------------------------------------------===//

// May the row do what is next? It has ended where nothing is.
static bool may_go_on(int64_t i, const struct ferry_doacross *plan) {
  const struct run *r = &runs[i];
  const int64_t before = i == 0 ? INT64_MAX : runs[i - 1].published;
  if (r->published == INT64_MAX)
    return false;
  if (r->next == r->count)
    return before == INT64_MAX;
  const struct event *e = &r->events[r->next];
  return e->access >= 0 || before >= e->place + (e->access == -1 ? plan->lead : 0);
}

static void go_on(struct nest *n, int64_t i) {
  struct run *r = &runs[i];
  if (r->next == r->count) {
    r->published = INT64_MAX;
    return;
  }
  const struct event *e = &r->events[r->next++];
  if (e->access == -2)
    return;
  if (e->access < 0) {
    if (e->place < r->published) {
      printf("a row goes back\n");
      ++failures;
    }
    r->published = e->place;
    return;
  }
  const int64_t width = row_of(n, n->shape.dims + (uint32_t)e->access)[1];
  for (uint8_t *cell = &memory[e->place]; cell < &memory[e->place + width]; ++cell) {
    r->value = r->value * 31 + *cell;
    if (n->kinds[e->access] == FERRY_WRITE)
      *cell = (uint8_t)(r->value ^ r->value >> 7);
  }
}

enum policy { IN_ORDER, LAST_FIRST, BY_CHANCE };

static int64_t choose_row(int64_t rows, const struct ferry_doacross *plan, enum policy policy) {
  int64_t chosen = -1;
  for (int64_t i = 0; i < rows; ++i)
    if (may_go_on(i, plan) && (chosen < 0 || policy == LAST_FIRST ||
                               (policy == BY_CHANCE && chance(40))))
      chosen = i;
  return chosen;
}

static void run(struct nest *n, const struct ferry_doacross *plan, enum policy policy) {
  const int64_t rows = row_of(n, 0)[0];
  for (uint32_t i = 0; i < SPACE; ++i)
    memory[i] = (uint8_t)(i * 2654435761u >> 9);
  for (int64_t i = 0; i < rows; ++i)
    list_row(n, i, plan);
  for (int64_t i; (i = choose_row(rows, plan, policy)) >= 0;)
    go_on(n, i);
  for (int64_t i = 0; i < rows; ++i)
    if (runs[i].published != INT64_MAX) {
      printf("a row waits for ever\n");
      ++failures;
    }
}

static void print_nest(struct nest *n, const struct ferry_doacross *plan) {
  for (uint32_t r = 0; r < n->shape.dims + n->shape.accesses; ++r) {
    const int64_t *row = row_of(n, r);
    if (r < n->shape.dims)
      printf("dim %u in %u:", r, n->parent[r]);
    else
      printf("access kind %d stage %d:", n->kinds[r - n->shape.dims],
             n->stage_of[r - n->shape.dims]);
    for (uint32_t c = 0; c < 2 + n->shape.dims; ++c)
      printf(" %lld", (long long)row[c]);
    printf("\n");
  }
  for (uint32_t s = 0; s < plan->count; ++s)
    printf("stage of dim %u: place %lld + %lld i + %lld t\n", plan->stages[s].dim,
           (long long)plan->stages[s].place, (long long)plan->stages[s].by_row,
           (long long)plan->stages[s].by_step);
  printf("lead %lld, span %lld\n", (long long)plan->lead, (long long)plan->span);
}

static void expect_same(struct nest *n, const struct ferry_doacross *plan) {
  static uint8_t expected[SPACE];
  run(n, plan, IN_ORDER);
  memcpy(expected, memory, sizeof memory);
  for (enum policy policy = LAST_FIRST; policy <= BY_CHANCE; ++policy) {
    run(n, plan, policy);
    if (memcmp(expected, memory, sizeof memory)) {
      printf("differs under policy %d:\n", policy);
      print_nest(n, plan);
      ++failures;
    }
  }
}

//===-- Nests -------------------------------------------------------------===//

static void start(struct nest *n, uint32_t dims) {
  memset(n, 0, sizeof *n);
  n->shape = (struct ferry_shape){dims, 1, 0, n->kinds, NULL, 0};
}

static int64_t *add_access(struct nest *n, uint8_t kind, uint32_t inside) {
  const uint32_t a = n->shape.accesses++;
  uint32_t stage = inside;
  while (stage && n->parent[stage])
    stage = n->parent[stage];
  n->kinds[a] = kind;
  n->inside[a] = inside;
  n->stage_of[a] = stage ? (uint8_t)stage : FERRY_OUTSIDE_STAGES;
  int64_t *row = row_of(n, n->shape.dims + a);
  row[0] = SPACE / 2;
  row[1] = 1;
  return row; // of one byte, at the middle
}

// A dim that runs around the access, or 0.
static uint32_t dim_around(const struct nest *n, uint32_t inside) {
  while (inside && chance(40))
    inside = n->parent[inside];
  return inside;
}

static int64_t width(void) { return chance(80) ? 1 : pick(1, 3); }

static void add_random_read(struct nest *n, uint32_t inside, int64_t down) {
  int64_t *row = add_access(n, FERRY_READ, inside);
  const uint32_t high = chance(60) ? 0 : dim_around(n, inside);
  row[2 + high] += pitch * (chance(90) ? down : -down);
  row[0] += pitch * (chance(70) ? -down * pick(0, 1) : pick(-1, 1));
  if (chance(90))
    row[2 + dim_around(n, inside)] += chance(90) ? 1 : -1;
  row[0] += pick(-2, 2);
  row[1] = width();
}

// Where the loop of the stage writes: at its counter, which may begin at the row's.
static void add_write(struct nest *n, uint32_t inside, int64_t down, int64_t across,
                      bool shifted) {
  int64_t *row = add_access(n, FERRY_WRITE, inside);
  uint32_t stage = inside;
  while (stage && n->parent[stage])
    stage = n->parent[stage];
  row[2] = pitch * down + (shifted ? across : 0);
  if (stage)
    row[2 + stage] += across * (chance(95) ? 1 : 2);
  if (inside != stage && chance(10))
    row[2 + inside] += across;
  row[0] += chance(80) ? 0 : pick(-1, 1);
  row[1] = width();
}

static void random_trips(struct nest *n, uint32_t dim, int64_t most) {
  int64_t *row = row_of(n, dim);
  row[0] = pick(0, most);
  if (chance(40))
    row[2 + n->parent[dim]] = chance(50) ? 1 : -1;
}

// A row, one or two loops in it, and perhaps a loop in each of these.
static void random_nest(struct nest *n) {
  const uint32_t stages = (uint32_t)pick(1, 2), deep = (uint32_t)pick(0, 3);
  const int64_t down = chance(70) ? 1 : -1, across = chance(80) ? 1 : -1;
  pitch = chance(70) ? PITCH : pick(4, PITCH - 1);
  start(n, 1 + stages + (deep & 1) + (stages == 2 ? deep >> 1 : 0));
  uint32_t dim = 0;
  row_of(n, dim++)[0] = pick(2, ROWS);
  for (uint32_t s = 0; s < stages; ++s) {
    const uint32_t stage = dim++;
    const bool shifted = s > 0 && chance(70);
    random_trips(n, stage, 8);
    uint32_t inside = stage;
    if (deep >> s & 1) {
      inside = dim++;
      n->parent[inside] = stage;
      random_trips(n, inside, 4);
    }
    for (int64_t writes = chance(85) ? 1 : pick(0, 2); writes > 0; --writes)
      add_write(n, chance(50) ? inside : stage, down, across, shifted);
    for (int64_t reads = pick(0, 2); reads > 0; --reads)
      add_random_read(n, chance(60) ? inside : stage, down);
  }
  for (int64_t others = chance(75) ? 0 : pick(1, 2); others > 0; --others) {
    if (chance(70))
      add_write(n, 0, down, across, chance(70));
    else
      add_random_read(n, 0, down);
    const uint32_t a = n->shape.accesses - 1;
    n->after[a] = chance(50) ? 0 : (uint32_t)pick(1, n->shape.dims - 1);
    if (n->after[a] == 0)
      n->stage_of[a] = FERRY_BEFORE_STAGES;
  }
}

//===-- Tests -------------------------------------------------------------===//

static void expect_plan(const char *name, struct nest *n, int64_t lead, bool apart) {
  struct ferry_doacross plan;
  if (!ferry_find_doacross(&n->shape, n->stage_of, n->numbers, &plan) ||
      plan.lead != lead || plan.inner_apart != apart) {
    printf("%s: not as expected\n", name);
    ++failures;
    return;
  }
  expect_same(n, &plan);
}

static void set_row(int64_t *row, int64_t base, int64_t i, int64_t t, int64_t k) {
  row[0] += base;
  row[2] = i, row[3] = t;
  if (k)
    row[4] = k;
}

// a[i][j] = f(a[i-1][j+1], a[i+1][j], a[i][j-1])
static void test_sweep(void) {
  struct nest n;
  start(&n, 3);
  row_of(&n, 0)[0] = 6, row_of(&n, 1)[0] = 10, row_of(&n, 2)[0] = 1;
  set_row(add_access(&n, FERRY_READ, 1), 1 - PITCH, PITCH, 1, 0);
  set_row(add_access(&n, FERRY_READ, 1), PITCH, PITCH, 1, 0);
  set_row(add_access(&n, FERRY_READ, 1), -1, PITCH, 1, 0);
  set_row(add_access(&n, FERRY_WRITE, 1), 0, PITCH, 1, 0);
  expect_plan("sweep", &n, 2, false);
}

// for j <= i: for k < j: a[i][j] -= a[i][k] * a[j][k]
static void test_factorisation(void) {
  struct nest n;
  start(&n, 3);
  n.parent[2] = 1;
  row_of(&n, 0)[0] = 7;
  row_of(&n, 1)[0] = 1, row_of(&n, 1)[2] = 1;
  row_of(&n, 2)[3] = 1;
  set_row(add_access(&n, FERRY_READ, 2), 0, PITCH, 0, 1);
  set_row(add_access(&n, FERRY_READ, 2), 0, 0, PITCH, 1);
  set_row(add_access(&n, FERRY_WRITE, 2), 0, PITCH, 1, 0);
  expect_plan("factorisation", &n, 1, false);
}

// The rows before are read at any column: there is no lead that is enough.
static void test_refused(void) {
  struct nest n;
  struct ferry_doacross plan;
  start(&n, 3);
  row_of(&n, 0)[0] = 6, row_of(&n, 1)[0] = 10, row_of(&n, 2)[0] = 10;
  n.parent[2] = 1;
  set_row(add_access(&n, FERRY_READ, 2), -PITCH, PITCH, 0, 1);
  set_row(add_access(&n, FERRY_WRITE, 2), 0, PITCH, 1, 0);
  if (ferry_find_doacross(&n.shape, n.stage_of, n.numbers, &plan)) {
    printf("a plan where there is none\n");
    ++failures;
  }
}

// The same sweep, but something was read before all of it that it writes.
static void test_read_before(void) {
  struct nest n;
  struct ferry_doacross plan;
  start(&n, 2);
  row_of(&n, 0)[0] = 6, row_of(&n, 1)[0] = 10;
  add_access(&n, FERRY_READ, 0)[0] += 3 * PITCH + 2;
  n.stage_of[0] = FERRY_BEFORE_NEST;
  set_row(add_access(&n, FERRY_READ, 1), 1 - PITCH, PITCH, 1, 0);
  set_row(add_access(&n, FERRY_WRITE, 1), 0, PITCH, 1, 0);
  if (ferry_find_doacross(&n.shape, n.stage_of, n.numbers, &plan)) {
    printf("a plan for what was read before\n");
    ++failures;
  }
  row_of(&n, 2)[0] += 20 * PITCH; // now it does not
  if (!ferry_find_doacross(&n.shape, n.stage_of, n.numbers, &plan)) {
    printf("no plan for what stays as it is\n");
    ++failures;
  }
}

static void test_random(long cases) {
  long planned = 0, waiting = 0;
  for (long i = 0; i < cases && failures == 0; ++i) {
    struct nest n;
    struct ferry_doacross plan;
    random_nest(&n);
    if (!ferry_find_doacross(&n.shape, n.stage_of, n.numbers, &plan))
      continue;
    ++planned;
    waiting += plan.lead > 1;
    expect_same(&n, &plan);
  }
  printf("%ld nests, %ld with a plan, %ld with a lead\n", cases, planned, waiting);
  if (failures == 0 && cases >= 1000 && (planned < cases / 40 || waiting < cases / 200)) {
    printf("too few\n");
    ++failures;
  }
}

int main(int argc, char **argv) {
  random_state = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
  const long cases = argc > 2 ? atol(argv[2]) : compared(60000);
  test_sweep();
  test_factorisation();
  test_refused();
  test_read_before();
  test_random(cases);
  return failures != 0;
}
