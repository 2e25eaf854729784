//===- run.h - a job runs -------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For launch.c, from any thread. The iterations of a job, or of each of its pieces, are
// independent. `work` is that of the whole job.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_RUN_H
#define FERRY_RUN_H

#include "ferry.h"

// By the calling thread alone: to see what the loop takes (see decide.c), or because
// a variant is faster than the program's own loop. FERRY_DONE, or nothing was touched.
enum ferry_reason ferry_run_here(const struct ferry_site *site, struct ferry_state *state,
                                 struct ferry_job *job, int64_t work);

// On the device; what has passed since `start` is its price. FERRY_DONE, or nothing was
// touched.
enum ferry_reason ferry_run_there(const struct ferry_site *site, struct ferry_state *state,
                                  const struct ferry_device *device, struct ferry_job *job,
                                  int64_t work, int64_t start);

// A ferry_share. To look at memory is a loop like another, but not worth starting
// threads for, nor to move that memory elsewhere.
bool ferry_look_together(struct ferry_job *job, int64_t ns);

// FERRY_DONE, or why the device is not to be used now. Loads what it needs.
enum ferry_reason ferry_usable(const struct ferry_device *device);

#endif
