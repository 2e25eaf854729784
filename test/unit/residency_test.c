//===- residency_test.c - columns of time, and what objects are -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Against models: who owns which byte, how long what ran. That samples say what is on
// the device is tested in pages_test.c.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/residency.h"
#include "../../runtime/ferry.h"
#include "check.h"
#include "random.h"

#include <string.h>

static struct ferry_residency residency;

static void start(int64_t step) {
  memset(&residency, 0, sizeof residency);
  residency.moving = residency.launching = (struct ferry_timeline){1000, step, 0};
}

//===- objects ------------------------------------------------------------===//

enum { BYTES = 2000, NOBODY = -1 };
static int owner[BYTES];

static int owner_of(uintptr_t at) {
  int found = NOBODY;
  for (uint32_t i = 0; i < residency.object_count; ++i)
    if (residency.objects[i].lo <= at && at < residency.objects[i].hi) {
      CHECK(found == NOBODY);
      found = (int)i;
    }
  return found;
}

// What is met belongs to somebody afterwards, and nobody loses or gets what was not.
static void meet(uintptr_t lo, uintptr_t hi) {
  const bool full = residency.object_count == FERRY_OBJECTS;
  ferry_meet_memory(&residency, lo, hi, NULL, false);
  for (uintptr_t at = 0; at < BYTES; ++at) {
    const int now = owner_of(at);
    const bool met = lo <= at && at < hi;
    CHECK(owner[at] == NOBODY || owner[at] == now);
    CHECK(met ? full || now != NOBODY : now == owner[at]);
    owner[at] = now;
  }
}

static void test_objects(void) {
  for (int round = 0; round < 60 && !failures; ++round) {
    start(1);
    for (int i = 0; i < BYTES; ++i)
      owner[i] = NOBODY;
    for (int i = 0; i < 80; ++i) {
      const int64_t lo = pick(0, BYTES - 1);
      meet((uintptr_t)lo, (uintptr_t)pick(lo + 1, lo + 1 + pick(0, BYTES - lo - 1)));
    }
  }
  start(1);
  for (int i = 0; i < BYTES; ++i)
    owner[i] = NOBODY;
  meet(100, 200); // an array
  meet(200, 300); // the next one
  meet(90, 110);  // the first one begins earlier
  CHECK(residency.object_count == 2 && owner[90] == 0 && owner[200] == 1);
  meet(0, 1000); // all of it: each reaches as far as it can
  CHECK(residency.object_count == 2 && owner[0] == 0 && owner[999] == 1);
}

//===- launches -----------------------------------------------------------===//

static uint64_t sum(int row) {
  uint64_t all = 0;
  for (uint32_t i = 0; i < FERRY_COLUMNS; ++i)
    all += residency.busy[row][i];
  return all;
}

static void test_launches(void) {
  static const struct ferry_state sites[FERRY_LAUNCHERS + 2]; // their addresses alone
  uint64_t expected[FERRY_LAUNCHERS] = {0};
  int64_t now = 1000;
  start(16);
  for (int i = 0; i < 3000; ++i) {
    const int site = i < 10 ? i : (int)pick(0, FERRY_LAUNCHERS + 1);
    const int64_t from = now + pick(0, 50), to = from + (chance(30) ? pick(1, 400) : 20);
    ferry_note_launch(&residency, &sites[site], from, to);
    expected[site < FERRY_LAUNCHERS ? site : FERRY_LAUNCHERS - 1] += (uint64_t)(to - from);
    now = to;
  }
  const struct ferry_timeline *t = &residency.launching;
  CHECK(t->step > 16 && t->columns <= FERRY_COLUMNS && t->columns >= FERRY_COLUMNS / 2);
  CHECK(t->begin + t->columns * t->step >= now);
  CHECK(t->begin + (t->columns - 1) * t->step < now);
  for (int k = 0; k < FERRY_LAUNCHERS; ++k) {
    CHECK(sum(k) == expected[k]);
    for (uint32_t i = 0; i < FERRY_COLUMNS; ++i)
      CHECK(residency.busy[k][i] <= (i < t->columns ? (uint64_t)t->step : 0));
  }
  residency.moving.step = 16;
  residency.moving.columns = 101;
  residency.to_device[100] = residency.to_device[0] = 5;
  residency.owned[100] = 7;
  ferry_align_columns(&residency);
  CHECK(residency.moving.step == t->step && residency.moving.columns > 0);
  uint64_t moved = 0;
  for (uint32_t i = 0; i < residency.moving.columns; ++i)
    moved += residency.to_device[i];
  CHECK(moved == 10 && residency.owned[residency.moving.columns - 1] == 7);
  residency.moving.step *= 4;
  ferry_align_columns(&residency);
  CHECK(residency.moving.step == t->step && sum(0) == expected[0]);
}

int main(void) {
  random_state = 1;
  test_objects();
  test_launches();
  return failures != 0;
}
