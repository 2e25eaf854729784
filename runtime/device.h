//===- device.h - what the runtime asks of a device -----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A device is one file that fills in this struct. The contract, for all:
//
// - Times are nanoseconds of CLOCK_MONOTONIC, sizes bytes.
// - A job and all it points to belong to the caller and stay valid until `run`
//   returns; a device keeps nothing of it.
// - Any thread may call any function, any number at once. Only `available` and
//   `run` may block, load libraries, start threads or allocate; `run` only for
//   what it needs the first time.
// - `run` is synchronous. FERRY_DONE: every iteration has run, `reduction`
//   holds the results, `error` is set. Any other reason: nothing was
//   touched, and the program runs its own loop. So whatever can fail has to be
//   tried before the first worker starts.
// - The floating-point environment of the calling thread governs the workers,
//   and the flags they raise are raised in it afterwards. errno is the
//   caller's business: a device leaves it as it likes.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_DEVICE_H
#define FERRY_DEVICE_H

#include "abi.h"

#include <stdbool.h>

// How a call of ferry_launch_v1 ended: in the program, for programs, for people.
// The names are stable: they are printed and stand in the JSON of FERRY_STATS.
#define FERRY_REASONS(R)                                                       \
  R(DONE, "done", "the loop ran on the device")                                \
  R(OFF, "off", "FERRY=off is set, or the program was exiting")                \
  R(NESTED, "nested",                                                          \
    "it was reached inside a worker of another loop, or inside OpenMP")        \
  R(BUSY, "busy", "another thread had the device")                             \
  R(BELOW, "below-threshold",                                                  \
    "it is too short to ask; counted the first time only")                     \
  R(TOO_LITTLE, "too-little-work", "it would not have paid")                   \
  R(MIGRATION, "migration",                                                    \
    "to move its data to the device would have taken longer than it saves")      \
  R(SLOWER, "slower-on-device", "the last launches saved less than an eighth, or nothing") \
  R(HAS_CONFLICT, "dependent",                                                 \
    "iterations meet in memory that one of them writes")                       \
  R(UNKNOWN_OVERLAP, "unknown-overlap",                                        \
    "it could not be proved that iterations do not meet")                      \
  R(WRAP, "wrap", "an index leaves the range of its type")                     \
  R(ERRNO_ALIAS, "errno-alias", "the loop may work on errno itself")           \
  R(NO_DEVICE, "no-device", "the device cannot be used; see FERRY_VERBOSE=1")  \
  R(ONE_THREAD, "threads=1", "there is one CPU, or one thread was asked for")  \
  R(SHORT_TRIP, "short-trip", "it has fewer than two iterations to divide")    \
  R(SMALL_STACK, "small-stack",                                                \
    "the thread may have too little stack for the arrays of a worker")         \
  R(FP_TRAPS, "fp-traps", "floating-point exceptions trap (feenableexcept)")   \
  R(IN_HANDLER, "signal-handler",                                              \
    "inside a signal handler no device can be started")                        \
  R(FAULT_JUMP, "fault-handler",                                               \
    "a handler of faults might jump out of a worker")                          \
  R(LATE_CODE, "late-code",                                                    \
    "its code was loaded after the device had been made")                      \
  R(DEVICE_MEMORY, "device-memory",                                            \
    "its data do not fit into the memory of the device")                       \
  R(NO_KERNEL, "no-kernel", "there is no code of it that the device takes")    \
  R(FP_SETTINGS, "fp-settings",                                                \
    "the program has set rounding or small numbers as the device cannot")      \
  R(FP_FLAGS, "fp-flags",                                                      \
    "the program may ask which floating-point exceptions were raised")         \
  R(OUT_OF_REACH, "out-of-reach",                                              \
    "it may touch memory that the device cannot reach")                        \
  R(FAR_MEMORY, "far-memory", "much of its data cannot move to the device")

#define FERRY_REASON(id, name, sentence) FERRY_##id,
enum ferry_reason { FERRY_REASONS(FERRY_REASON) FERRY_REASON_COUNT };
#undef FERRY_REASON

struct ferry_shape;
struct ferry_state;

// What moves between the program's memory and that of a device. The names stand in
// the JSON of FERRY_STATS.
#define FERRY_TRAFFIC(T)                                                       \
  T(device_faults) /* of the device, that moved pages */                       \
  T(cpu_faults)    /* of CPUs, the same */                                     \
  T(to_device)     /* pages */                                                 \
  T(to_system)     /* pages */                                                 \
  T(prefetched)    /* of those to the device */                                \
  T(evicted)       /* of those to the system */                                \
  T(zeroed)        /* pages that began on the device, never touched before */  \
  T(dropped)       /* pages that were unmapped or emptied while there */       \
  T(borrowed)      /* pages that cannot move, copied for one launch */         \
  T(written_back)  /* of those, that the device had written to */              \
  T(thrashed)      /* launches that brought more than there is room for */

// Why something moves: in the program, in JSON, for people.
#define FERRY_TRANSFERS(M)                                                     \
  M(DEVICE_FAULT, device_fault, "device fault")                                \
  M(CPU_FAULT, cpu_fault, "CPU fault")                                         \
  M(PREFETCH, prefetch, "prefetch")     /* before a launch */                  \
  M(EVICTION, eviction, "eviction")     /* back, for want of room */           \
  M(RECALL, recall, "recall")           /* back, as for fork() */              \
  M(INVALIDATION, invalidation, "invalidation") /* unmapped, emptied */        \
  M(BORROWING, borrowing, "borrowing")                                         \
  M(WRITE_BACK, write_back, "write back")

#define FERRY_TRANSFER(id, name, words) FERRY_TRANSFER_##id,
enum ferry_transfer { FERRY_TRANSFERS(FERRY_TRANSFER) FERRY_TRANSFER_KINDS };
#undef FERRY_TRANSFER

#define FERRY_FIELD(name) uint64_t name;
struct ferry_traffic {
  FERRY_TRAFFIC(FERRY_FIELD)
  uint64_t ns[FERRY_TRANSFER_KINDS]; // of each, without others that it leads to
};
#undef FERRY_FIELD
enum {
  FERRY_TRAFFIC_FIELDS = sizeof(struct ferry_traffic) / sizeof(uint64_t),
  FERRY_TRAFFIC_COUNTS = FERRY_TRAFFIC_FIELDS - FERRY_TRANSFER_KINDS
};

// Pages that moved, or were given up, at one time. Several that followed each other
// may be one.
struct ferry_transferred {
  enum ferry_transfer kind;
  int64_t start, ns; // from when the first began until the last ended
  int64_t busy;      // of that, without what they led to and between them
  uintptr_t lo, hi;  // they lie in between
  uint64_t pages, count; // 1: not several
  uint64_t on_device;    // pages, afterwards
  const struct ferry_state *state; // the site that ran; null: none, or several
};

// One execution of one site.
struct ferry_job {
  const struct ferry_site *site; // whose device code may be used; null: of the runtime
  ferry_worker *worker;
  ferry_worker *jammed; // may be used instead; null: none
  const void *context;
  uint32_t context_size; // bytes; 0 in jobs of the runtime itself, for the host
  const void *identity;
  ferry_combine *combine;
  void *reduction;
  uint64_t reduction_size; // 0: nothing is reduced
  uint32_t flags;          // enum ferry_site_flags
  uint32_t parallel;
  int64_t first[FERRY_MAX_PARALLEL]; // index where the box begins
  int64_t trips[FERRY_MAX_PARALLEL]; // all positive
  const struct ferry_pieces *pieces; // instead of the box, by the runtime; devices see null
  // Its worker is the one for that, and iterations of dim 0 follow each other so; null:
  // they are independent. Devices other than the host see null.
  const struct ferry_doacross *doacross;
  // Which memory: null, or the rows of the site, which may be linked (abi.h).
  const struct ferry_shape *shape;
  const int64_t *numbers;

  const struct ferry_state *state; // whose it is, to tell others; may be null

  int error; // out: errno of the last iteration that set it, 0 if none did
  struct ferry_traffic *traffic; // null, or: what moved meanwhile is added to it
};

// Divides a job that one thread would need about `ns` for; false: nothing was done.
typedef bool ferry_share(struct ferry_job *job, int64_t ns);

struct ferry_device {
  const char *name;

  // It runs kernels (image.h), so that sites without one are not for it; and it may
  // not have what a site brings: `run` returns FERRY_NO_KERNEL then, for good.
  bool kernels;

  // Whether the device can be used at all. Does what has to be done for that,
  // once; where it cannot, writes the reason into `why` as half a sentence.
  bool (*available)(char *why, size_t size);

  // FERRY_DONE, or why a launch from this thread would be refused right now
  // (FERRY_BUSY) or always (FERRY_ONE_THREAD; FERRY_NO_DEVICE, for which
  // `available` knows the reason). A hint that costs a few nanoseconds: `run`
  // decides.
  enum ferry_reason (*ready)(void);

  // How many times faster than one CPU thread at best.
  int64_t (*width)(void);

  // What a launch costs beyond its work, if it starts at `now`; at 0, at best.
  int64_t (*launch_ns)(int64_t now);

  // What the first launch of this thread costs on top of that; 0 afterwards.
  int64_t (*start_ns)(void);

  // DONE, and what it would cost to bring the memory of the job to the device, as
  // far as it is not there: ns. DEVICE_MEMORY: there is not that much room. What is
  // not known counts as none. May take some microseconds. Null: all is there.
  enum ferry_reason (*moving_ns)(const struct ferry_job *job, int64_t *ns);

  enum ferry_reason (*run)(struct ferry_job *job);

  // All that has moved so far. Null: nothing ever does.
  void (*traffic)(struct ferry_traffic *total);

  // The program ends: what moves from now on does not count. May be null.
  void (*end_counting)(void);

  // After that: all moves one by one, as they ended, if FERRY_TRACE asks for it.
  void (*moves)(void (*visit)(void *context, const struct ferry_transferred *),
                void *context);

  // After that: where the program's data was, if FERRY_STATS=json asks for it; null:
  // nothing is known.
  struct ferry_residency *(*residency)(void);

  // In the child after fork(): forget locks and threads of the parent.
  void (*forked)(void);
};

#endif
