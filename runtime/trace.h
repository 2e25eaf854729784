//===- trace.h - how a trace is written -----------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For the files of the trace alone.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TRACE_H
#define FERRY_TRACE_H

#include "ferry.h"

#include <sys/types.h>

struct ferry_output {
  FILE *file;
  const char *separator;
  int64_t last; // nanoseconds: when the last event ended
};

//===- trace.c ------------------------------------------------------------===//

// Begins an event of that phase; the caller goes on with a comma and ends it.
void ferry_put_event(struct ferry_output *o, const char *phase, pid_t thread);

// One of the names of a thread or of the process.
void ferry_put_metadata(struct ferry_output *o, const char *key, pid_t thread,
                        const char *name);

// ,"key":microseconds
void ferry_put_time(FILE *out, const char *key, int64_t ns);

// A remark on the trace itself, where it ends.
void ferry_put_remark(struct ferry_output *o, const char *text);

//===- trace_moves.c ------------------------------------------------------===//

// What moved between the program and the device, if anything ever does.
void ferry_put_moves(struct ferry_output *o);

#endif
