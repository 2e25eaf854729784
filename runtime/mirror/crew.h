//===- crew.h - a process that plays a device -----------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A second process with the same code and constants as the program at the same
// addresses, and none of its data. Its threads, the crew, run the workers of
// loops. The context of a launch, the identity of its reductions and their
// partial results are copied with the launch; what else they touch is brought by
// the *carrier*, in which devices differ.
//
// All that the crew needs of its own lies in the *window*, a mapping of ours in
// the program that the crew has a copy of, but for what both share.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_CREW_H
#define FERRY_MIRROR_CREW_H

#include "../blocks.h"
#include "../exclusive.h"
#include "ranges.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
  FERRY_CREW_THREADS = 64,
  FERRY_CREW_ROOM = 1 << 20,      // for context, identity and partial results
  FERRY_STARTER_STACK = 256 << 10, // with its thread-local variables
  FERRY_WORKER_STACK = 1 << 20,   // the same
  FERRY_SIGNAL_STACK = 32 << 10,  // of a worker, at its stack's low end
  FERRY_CODE_RANGES = 4096
};

struct ferry_crew;

// By thread `number` of the crew.
typedef void ferry_crew_work(struct ferry_crew *c, int number);

//===- what both processes see --------------------------------------------===//

struct ferry_crew_shared {
  // The rest of it is constant from when `sequence` rises until `unfinished` is 0.
  atomic_uint sequence;
  atomic_uint unfinished; // threads
  atomic_uint begun;      // whether one has started on it
  ferry_crew_work *work;
  struct ferry_job job;
  const struct ferry_state *_Atomic loop; // whose it is; null: none runs
  struct ferry_division division;
  struct ferry_floats floats;

  // Memory that something is asked about: whole pages.
  struct ferry_range ranges[FERRY_MAX_ACCESSES];
  uint32_t range_count;
  _Atomic uint64_t there; // of their pages

  // The program waits for this to change, and then looks around.
  atomic_uint attention; // never 0 unless the kernel sets it (`ends_told`)
  atomic_uint request;   // 1: touch this address, the device may not
  uintptr_t request_at;
  bool request_write;
  atomic_uint exception; // number of a signal that a thread got
  uintptr_t exception_at, exception_code;
  atomic_uint lost; // the device has ended

  atomic_uint ready;
  char why[192]; // not: half a sentence

  struct ferry_part parts[FERRY_CREW_THREADS];
  _Alignas(FERRY_CACHE_LINE) char room[FERRY_CREW_ROOM];
};

//===- in what devices differ ---------------------------------------------===//

struct ferry_carrier {
  const char *name; // of the device

  // In the device, where nothing may use variables of the runtime or of libc. At
  // first, when they are still there:
  void (*enter)(struct ferry_crew *c);
  // Puts what stands for the program's memory over a range; 0, or an error.
  long (*cover)(struct ferry_crew *c, uintptr_t lo, uintptr_t hi);
  // By its first thread, when the crew is there. Does not return.
  void (*attend)(struct ferry_crew *c);
  // Does the kernel set `attention` to 0 when the device ends? Else somebody else
  // sets `lost`.
  bool ends_told;

  // In the program, by the thread that owns the device. What moves from now on is
  // of the launch that comes, `job`:
  void (*begin)(struct ferry_crew *c);
  // Brings what is in `ranges`, as far as there is room. May do nothing.
  void (*prefetch)(struct ferry_crew *c);
  // Sets `there`.
  void (*count)(struct ferry_crew *c);
  // The program has touched what was requested.
  void (*retry)(struct ferry_crew *c);
  // The program is about to get the signal that stopped the crew.
  void (*surrender)(struct ferry_crew *c);
  // The launch has ended; what it has moved will not change any more.
  void (*end)(struct ferry_crew *c);
  // All that has moved so far.
  void (*traffic)(struct ferry_crew *c, struct ferry_traffic *total);
};

//===- what each process has ----------------------------------------------===//

struct ferry_crew {
  struct ferry_crew_shared *shared;
  const struct ferry_carrier *carrier;
  int threads;
  size_t capacity; // bytes of the device's memory
  uintptr_t window, window_end, starter_stack, worker_stacks;

  // Ends of the memory with the starter's thread-local variables.
  uintptr_t tls_lo, tls_hi, thread_pointer;

  struct ferry_ranges code; // that the device has as it is
  struct ferry_loads loads; // when it was made
  int process, program;     // their numbers
  uint64_t serial;          // of the last launch
  bool brings_much;         // it did
  _Atomic uint64_t thrashed; // launches that brought more than there is room for
};

//===- crew.c: in the program ---------------------------------------------===//

// Whether the program can have such a device at all.
bool ferry_may_have_crew(char *why, size_t size);

int ferry_crew_threads(void);

// As the functions of devices. `*c` is null until it is started.
int64_t ferry_crew_width(void);
int64_t ferry_crew_launch_ns(int64_t now);
int64_t ferry_crew_start_ns(struct ferry_exclusive *use);
enum ferry_reason ferry_crew_run(struct ferry_exclusive *use,
                                 struct ferry_crew *const *c, struct ferry_job *job);
enum ferry_reason ferry_crew_moving_ns(struct ferry_exclusive *use,
                                       struct ferry_crew *const *c, size_t capacity,
                                       const struct ferry_job *job, int64_t *ns);

// Lets the crew do something. By the owner of the device. False: it has ended
// meanwhile, or before.
bool ferry_crew_do(struct ferry_crew *c, ferry_crew_work *work);

//===- footprint.c --------------------------------------------------------===//

struct ferry_footprint {
  struct ferry_range ranges[FERRY_MAX_ACCESSES];
  struct ferry_ranges set; // of whole pages, in `ranges`
  uint64_t pages;          // that are touched, at most
  bool sparse;             // far fewer than the ranges have
};

// False: it is not known, for memory says where.
bool ferry_find_footprint(const struct ferry_job *job,
                          struct ferry_footprint *f);

// What the carrier is asked about next. The device must be the caller's.
void ferry_name_ranges(struct ferry_crew *c, const struct ferry_footprint *f);

// Nanoseconds to bring there, and back, what is not there. `c` must be the caller's;
// null: there is no device yet.
int64_t ferry_price(struct ferry_crew *c, const struct ferry_footprint *f);

//===- window.c -----------------------------------------------------------===//

// Maps a window of `size` bytes, and what the crew needs. 0: `why` is half a sentence,
// `hint` its end.
uintptr_t ferry_open_window(size_t size, int threads, const char *hint, char *why,
                            size_t why_size);

// Parts of it, taken from its low end.
uintptr_t ferry_cut(uintptr_t *at, size_t size, size_t alignment);
struct ferry_ranges ferry_cut_ranges(uintptr_t *at, uint32_t room);
uintptr_t ferry_cut_stack(uintptr_t *at, size_t size); // with a guard page
uintptr_t ferry_cut_shared(uintptr_t *at, size_t size); // by both processes

// All that the crew needs, and what it knows of the program.
void ferry_cut_crew(struct ferry_crew *c, uintptr_t *at, int threads);

//===- process.c ----------------------------------------------------------===//

// Runs a thread of the program, the starter, whose stack lies in the window. An error
// number.
int ferry_run_starter(struct ferry_crew *c, void *(*run)(void *), void *argument,
                      pthread_t *thread);

// Starts the device and waits until it is ready. By the starter. False: `why`.
bool ferry_start_process(struct ferry_crew *c, long clone_flags);

// By the device.
_Noreturn void ferry_crew_die(struct ferry_crew *c, const char *why);

// The program shall touch that. Nothing happens while it is asked for something else.
void ferry_request(struct ferry_crew_shared *s, uintptr_t at, bool write);

#endif
