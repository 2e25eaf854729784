//===- team.h - the threads of the host -----------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For the device that they are, and those that want to know how many.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEAM_H
#define FERRY_TEAM_H

#include "ferry.h"

//===- libomp.c -----------------------------------------------------------===//

// Where a parallel region stands in the program, as libomp has it.
struct ferry_ident {
  int32_t reserved_1, flags, reserved_2, reserved_3;
  const char *source;
};
struct ferry_launch;
typedef void ferry_microtask(int32_t *global, int32_t *number,
                             struct ferry_launch *launch);

// Functions of libomp, after ferry_load_libomp. All of them may be called from
// any thread, none from a child that was forked while one was running.
struct ferry_omp {
  void (*fork_call)(struct ferry_ident *, int32_t, ferry_microtask *, ...);
  void (*push_num_threads)(struct ferry_ident *, int32_t, int32_t);
  int32_t (*global_thread_num)(struct ferry_ident *);
  int (*get_max_threads)(void);
  int (*get_num_threads)(void);
  int (*in_parallel)(void);
  size_t (*get_stacksize)(void); // bytes, of a worker
  void (*set_blocktime)(int milliseconds);
  void (*set_defaults)(const char *settings);
  int (*program_in_parallel)(void); // of another OpenMP runtime, or null
  bool shared;                      // the program uses this libomp as well
  bool own_blocktime;               // the user said nothing about it
};
extern struct ferry_omp ferry_omp;

// Once, by one thread. Where it fails, `why` receives half a sentence.
bool ferry_load_libomp(char *why, size_t size);

//===- team.c -------------------------------------------------------------===//

enum { FERRY_MAX_THREADS = 1024 };

// Threads of a launch, the caller included. Less once libomp has been loaded
// and asked (ferry_limit_threads).
int ferry_threads(void);
void ferry_limit_threads(void);

// See struct ferry_device.
int64_t ferry_launch_ns(int64_t now);
int64_t ferry_start_ns(void); // with libomp loaded

// Whether the calling thread has its threads. False from ferry_start_team if
// the system gives none.
bool ferry_has_team(void);
bool ferry_start_team(void);

// Runs the task on all threads, and waits.
void ferry_fork_team(ferry_microtask *task, struct ferry_launch *launch);
void ferry_launch_ended(int64_t now);

void ferry_block_signals(sigset_t *before);
void ferry_team_forked(void);

#endif
