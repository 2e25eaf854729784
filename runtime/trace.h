//===- trace.h - what a trace is told, and how it is written --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands after trace.c's part is for the files of the trace alone.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TRACE_H
#define FERRY_TRACE_H

#include "ferry.h"

#include <sys/types.h>

//===- trace.c ------------------------------------------------------------===//

enum ferry_event_kind {
  FERRY_EVENT_LAUNCH,
  FERRY_EVENT_IN_PLACE,
  FERRY_EVENT_STAY,
  FERRY_EVENT_TEST,  // may the iterations run at the same time?
  FERRY_EVENT_LOAD,  // of the library that the device needs
  FERRY_EVENT_START, // of the device's threads
  FERRY_EVENT_THREAD // met for the first time
};

// Something that FERRY_TRACE shows, on the thread that tells of it.
struct ferry_event {
  enum ferry_event_kind kind;
  enum ferry_reason verdict;
  const struct ferry_state *state; // null: of no site
  const struct ferry_device *device; // of LAUNCH, LOAD and START
  int64_t start, ns;               // the time; 0: it only marks a moment
  union {
    struct {
      int64_t work, iterations; // 0: not of this kind
    };
    char name[16]; // of a thread
  };
};

// Whether to call ferry_trace. Constant after ferry_start_trace.
extern bool ferry_tracing;

void ferry_start_trace(void);

// From any thread and any signal handler. Keeps errno.
void ferry_trace(struct ferry_event event);

// What FERRY_TRACE asks for, if anything.
void ferry_write_trace(void);

void ferry_trace_forked(void);

//===- trace.c, writing ---------------------------------------------------===//

struct ferry_output {
  FILE *file;
  const char *separator;
  int64_t last; // nanoseconds: when the last event ended
};

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
