//===- device.h - a process that plays a device of ours -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For tests of test/hmm/driver: a second process that runs functions of this
// one on a stack of its own. It sees of our memory what it is told to see,
// through /dev/ferry_hmm, and has copies of everything else.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEST_DEVICE_H
#define FERRY_TEST_DEVICE_H

#include "../../../runtime/mirror/hmm_driver.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { PAGE = 4096 };

struct device {
  int file;
  const volatile uint64_t *counters; // FERRY_HMM_COUNTERS
  pid_t process;
  struct control *control; // of both processes
};

// Exits with a message where there is none.
struct device open_device(void);
void close_device(struct device *d);

// From now on the device has our memory there, whole pages, and nothing else.
void show(struct device *d, const void *at, size_t size);

// Runs work(argument) there. 0, or the signal that it got, at `stopped_at`.
int run(struct device *d, void (*work)(void *), void *argument);
void *stopped_at(const struct device *d);

// The same in two steps.
void start(struct device *d, void (*work)(void *), void *argument);
int finish(struct device *d); // -1: the process has ended

uint64_t count(const struct device *d, enum ferry_hmm_counter counter);

// The FERRY_HMM_ bits of a page.
unsigned state(const struct device *d, const void *at);
size_t pages_on_device(const struct device *d, const void *at, size_t pages);

// An error number, or 0.
int set_granule(const struct device *d, uint64_t pages);
int on_range(const struct device *d, unsigned long request, const void *at, size_t size);

#endif
