//===- random.h - numbers by chance, the same for a seed everywhere -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEST_RANDOM_H
#define FERRY_TEST_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static uint64_t random_state;

// low..high, both possible. At most one draw per call's arguments: their order
// of evaluation is the compiler's, and a seed should mean the same everywhere.
static int64_t pick(int64_t low, int64_t high) {
  random_state = random_state * 6364136223846793005u + 1442695040888963407u;
  uint64_t x = random_state ^ (random_state >> 29);
  x = (x * 0xbf58476d1ce4e5b9u) >> 20;
  return low + (int64_t)(x % (uint64_t)(high - low + 1));
}

static bool chance(int percent) { return pick(1, 100) <= percent; }

// How many random cases a test compares with brute force unless it is told: all, but a
// tenth where the address sanitizer is, which has seen each way through the code by
// then, and a hundredth where the thread sanitizer is, which finds nothing in one thread.
static inline long compared(long all) {
#if __has_feature(thread_sanitizer)
  return all / 100;
#elif __has_feature(address_sanitizer)
  return all / 10;
#else
  return all;
#endif
}

// How many that only sanitizers judge, those for memory and undefined behaviour.
static inline long looked_on(long all) {
#if __has_feature(thread_sanitizer)
  return all / 100;
#else
  return all;
#endif
}

#endif
