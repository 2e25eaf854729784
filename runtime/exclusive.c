//===- exclusive.c - a device that one launch at a time owns --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "exclusive.h"
#include "trace.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

bool ferry_start_exclusive(struct ferry_exclusive *e, char *why, size_t size) {
  int state = FERRY_UNTRIED;
  if (atomic_compare_exchange_strong(&e->state, &state, FERRY_STARTING)) {
    const int64_t begin = ferry_now();
    state = e->start(e->why, sizeof e->why) ? FERRY_STARTED : FERRY_FAILED;
    if (ferry_tracing)
      ferry_trace((struct ferry_event){.kind = FERRY_EVENT_START,
                                       .device = e->device,
                                       .start = begin,
                                       .ns = ferry_now() - begin});
    atomic_store_explicit(&e->state, state, memory_order_release);
  }
  if (state != FERRY_FAILED)
    return true;
  snprintf(why, size, "%s", e->why);
  return false;
}

enum ferry_reason ferry_exclusive_ready(struct ferry_exclusive *e) {
  const int state = ferry_exclusive_state(e);
  if (state == FERRY_FAILED)
    return FERRY_NO_DEVICE;
  return state == FERRY_STARTING ||
                 atomic_load_explicit(&e->owned, memory_order_relaxed)
             ? FERRY_BUSY
             : FERRY_DONE;
}

bool ferry_own(struct ferry_exclusive *e, int *cancel) {
  if (ferry_exclusive_state(e) != FERRY_STARTED ||
      atomic_exchange_explicit(&e->owned, true, memory_order_acquire))
    return false;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, cancel);
  return true;
}

void ferry_disown(struct ferry_exclusive *e, int cancel) {
  pthread_setcancelstate(cancel, NULL);
  atomic_store_explicit(&e->owned, false, memory_order_release);
}

void ferry_lose(struct ferry_exclusive *e, const char *why) {
  e->why[0] = '\0';
  strncat(e->why, why, sizeof e->why - 1); // also in a child after fork()
  atomic_store_explicit(&e->state, FERRY_FAILED, memory_order_release);
}
