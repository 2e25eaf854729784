//===- exclusive.h - a device that one launch at a time owns --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// When such a device is started, by whom it is owned, and whether it was lost. Any
// thread may call these functions.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_EXCLUSIVE_H
#define FERRY_EXCLUSIVE_H

#include "ferry.h"

#include <stdatomic.h>

enum { FERRY_UNTRIED, FERRY_STARTING, FERRY_STARTED, FERRY_FAILED };

struct ferry_exclusive {
  const struct ferry_device *device;
  bool (*start)(char *why, size_t size); // called once
  atomic_int state;
  atomic_bool owned;
  char why[512]; // constant once FAILED
};

// As `available` and `ready` of devices. A thread that comes while another one starts it
// gets true from the former and BUSY from the latter.
bool ferry_start_exclusive(struct ferry_exclusive *e, char *why, size_t size);
enum ferry_reason ferry_exclusive_ready(struct ferry_exclusive *e);

static inline int ferry_exclusive_state(struct ferry_exclusive *e) {
  return atomic_load_explicit(&e->state, memory_order_acquire);
}

// False: it is not started, or another thread owns it. The owner cannot be cancelled;
// `cancel` keeps whether it could.
bool ferry_own(struct ferry_exclusive *e, int *cancel);
void ferry_disown(struct ferry_exclusive *e, int cancel);

// It is not used again. By its owner.
void ferry_lose(struct ferry_exclusive *e, const char *why);

#endif
