//===- blocks.h - a loop in parts, and the parts together again -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_BLOCKS_H
#define FERRY_BLOCKS_H

#include "ferry.h"

#include <fenv.h>

// What a worker leaves for the caller.
struct ferry_part {
  _Alignas(FERRY_CACHE_LINE) uint64_t serial; // of the launch it took part in
  int64_t failed_at; // lowest index of the last block that set errno, or -1
  int error;         // to what
  int raised;        // floating-point exceptions
  fexcept_t flags;   // their representation
};

struct ferry_division {
  // By ferry_divide.
  const struct ferry_job *job;
  int threads;    // at most
  uint32_t dim;   // the one that is divided
  int64_t chunks; // 0: one contiguous block for each thread
  size_t stride;  // between partial results

  // By the device.
  uint64_t serial;           // not 0, and different from launch to launch
  const struct ferry_floats *floats; // the caller's
  struct ferry_part *parts;  // one for each thread
  char *partials;            // threads * stride bytes

  _Alignas(FERRY_CACHE_LINE) _Atomic int64_t next; // chunk, from 0 on
};

// False: it cannot be done.
bool ferry_divide(struct ferry_division *division, const struct ferry_job *job,
                  int threads);

//===- follow.c -----------------------------------------------------------===//

// Where the iterations of dim 0 are to follow each other: bytes of `partials` for each
// thread, what the device does with these before, and what runs one iteration.
size_t ferry_follow_size(void);
void ferry_start_following(const struct ferry_division *division);
void ferry_follow(const struct ferry_division *division, const int64_t *lo,
                  const int64_t *hi);

//===- blocks.c, again ----------------------------------------------------===//

// As worker `number` of a team of so many.
void ferry_do_part(struct ferry_division *division, int number, int team);

// Reductions, errno, and exceptions raised in the caller's environment.
void ferry_collect(const struct ferry_division *division,
                   struct ferry_job *job);

#endif
