//===- ferry.h - what the files of the runtime share ----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Declarations stand under the file that defines them. Nothing here is visible
// outside of libferry.so; abi.h is.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_FERRY_H
#define FERRY_FERRY_H

#include "abi.h"
#include "device.h"
#include "overlap.h"

#include <fenv.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { FERRY_CACHE_LINE = 64, FERRY_SHARDS = 16, FERRY_CACHED = 2 };

//===- log.c --------------------------------------------------------------===//

// One line on stderr, in lower case and without a full stop; cut at 1 KiB.
void ferry_log(const char *format, ...) __attribute__((format(printf, 1, 2)));

// The same, then exit(1).
_Noreturn void ferry_fatal(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

//===- options.c ----------------------------------------------------------===//

enum ferry_mode { FERRY_MODE_AUTO, FERRY_MODE_OFF, FERRY_MODE_FORCE };
enum ferry_stats { FERRY_STATS_NONE, FERRY_STATS_TABLE, FERRY_STATS_JSON };

enum ferry_device_kind { FERRY_ON_HOST, FERRY_ON_MIRROR, FERRY_ON_HMM, FERRY_ON_CUDA };

struct ferry_options {
  enum ferry_mode mode;
  enum ferry_device_kind device;
  int64_t mirror_memory, mirror_granule; // bytes; 0: not given
  int cuda_number; // of the GPU
  enum ferry_stats stats;
  char stats_file[4096];
  char trace_file[4096]; // empty: not wanted
  int verbose;
  int threads; // 0: not given
  int64_t threshold;
};

// Valid after ferry_read_options, and constant from then on.
extern struct ferry_options ferry_options;

// Reads the environment; one warning for each thing that is wrong in it.
void ferry_read_options(void);

// The table of options, as help for people.
void ferry_print_options(int fd);

//===- decide.c -----------------------------------------------------------===//

// What a site has learned, in picoseconds per unit of work; 0: nothing yet.
struct ferry_rates {
  _Atomic int64_t serial, device; // serial: of another size, until measured
  _Atomic int64_t last;           // launch
  atomic_bool improving;          // was it faster than the one before?
  _Atomic uint32_t measured, launched, retry;
  _Atomic uint32_t refused; // calls that took far too little, by a guess
  _Atomic int64_t missed, moving; // gains for want of data there; their price
  atomic_bool at_hand;            // the last launch had nothing to bring
  atomic_bool thrashes;           // it brought more than there is room for
  bool wary; // going there has a price of its own: know the loop's first
};

enum ferry_choice { FERRY_STAY, FERRY_MEASURE, FERRY_GO };

int64_t ferry_now(void);

// Picoseconds per unit of work, at least 1.
int64_t ferry_rate(int64_t work, int64_t ns);

// Nanoseconds that the work takes here, for all that is known.
int64_t ferry_serial_ns(const struct ferry_rates *rates, int64_t work);
// What the device saves of `serial` nanoseconds, for a launch at `now`.
int64_t ferry_gain(const struct ferry_device *device, int64_t serial, int64_t now);

// Whether the work is known to take less than any launch saves.
bool ferry_never_pays(const struct ferry_rates *rates,
                      const struct ferry_device *device, int64_t work);

// `gain` receives what going saves with the device started and awake, and `now` the
// time, unless FERRY_STAY is returned.
enum ferry_choice ferry_decide(struct ferry_rates *rates,
                               const struct ferry_device *device, int64_t work,
                               int64_t *now, int64_t *gain);

// Whether the gains of this thread, this one included, pay for starting and waking.
bool ferry_worth_starting(const struct ferry_device *device, int64_t gain, int64_t now);

// DONE, if the gains of the loop, this one included, pay for moving its data there;
// else why not.
enum ferry_reason ferry_worth_moving(struct ferry_rates *rates,
                                     const struct ferry_device *device,
                                     const struct ferry_job *job, int64_t gain);

// After a launch for which that has moved.
void ferry_learn_moving(struct ferry_rates *rates, const struct ferry_traffic *moved);

// Whether a question about a job of `ns` that took so long the last time takes a small
// part of it. That is forgotten little by little, for the thread may just have been
// interrupted.
bool ferry_worth_asking(_Atomic int64_t *asking_ns, int64_t ns);

void ferry_learn_serial(struct ferry_rates *rates, int64_t work, int64_t ns);
void ferry_learn_device(struct ferry_rates *rates, int64_t work, int64_t ns);

//===- variants.c ---------------------------------------------------------===//

// Which of a site's two workers is the faster one; see variants.c.
struct ferry_variants {
  _Atomic int choice; // 0: not known yet
  _Atomic uint32_t tried;
  _Atomic int64_t plain, jammed; // ps per unit of work, the best so far
  _Atomic int64_t asking;        // ns that ferry_may_interleave took
};

// Can another worker than the plain one be faster than the program's own loop? Loops
// inside that are interleaved have sites of their own in it.
bool ferry_may_be_better(const struct ferry_variants *v, const struct ferry_site *site);

// May the jammed worker of a site with jam_kinds be called for these numbers, in a job
// that takes about `ns` on one thread? False where it is too short to find out.
bool ferry_may_interleave(struct ferry_variants *v, const struct ferry_shape *shape,
                          const struct ferry_site *site, const int64_t *numbers,
                          int64_t ns);

// Is the job too short to compare its workers while it runs, and do they have to be?
bool ferry_is_on_trial(const struct ferry_variants *v, const struct ferry_site *site,
                       const struct ferry_job *job, int64_t ns);

// Sets the worker of a job that takes about `ns` on one thread. Where nothing is
// known yet, and the job is long enough, runs a part of it to compare.
void ferry_choose_variant(struct ferry_variants *v, const struct ferry_site *site,
                          struct ferry_job *job, int64_t ns);

// After the whole job was run on one thread, in that time.
void ferry_learn_variant(struct ferry_variants *v, const struct ferry_job *job,
                         int64_t work, int64_t ns);

//===- state.c ------------------------------------------------------------===//

// The verdict over one matrix of numbers. `errno_at` is the errno that was
// looked for in the hulls, null where none was.
struct ferry_cached {
  bool valid;
  enum ferry_reason reason;
  const int *errno_at;
  int64_t *numbers;
};

struct ferry_shard {
  _Alignas(FERRY_CACHE_LINE) _Atomic uint64_t count;
};

// What was learned of a site's loop while it was about one size: from eight times the
// work on, data lies in other caches and inner loops are longer, so that it is learned anew.
struct ferry_learned {
  struct ferry_rates rates;
  struct ferry_variants variants;
};
enum { FERRY_SIZES = 10 };

// What is tried where iterations are not independent.
struct ferry_trial {
  _Atomic int64_t ns;       // that it took the last time
  _Atomic uint32_t in_vain; // times in a row
  _Atomic uint32_t skip;    // calls, before it is tried again
};

// What the runtime keeps of a site. It outlives the program's image, so it
// copies what it needs from it. Sites that look the same share one.
struct ferry_state {
  struct ferry_state *next;
  struct ferry_shape shape;
  uint8_t kinds[FERRY_MAX_ACCESSES];
  uint8_t links[FERRY_MAX_DIMS + FERRY_MAX_ACCESSES];
  const char *file, *function;
  uint32_t flags, line, column;
  bool wraps; // has WRAP rows
  atomic_bool without_kernel; // that a device takes
  _Atomic(const struct ferry_device *) device; // where it was launched last, or null
  size_t numbers_size;
  struct ferry_learned learned[FERRY_SIZES];
  atomic_bool has_rate; // one of them has a serial one
  _Atomic uint32_t in_vain, skip; // see ferry_known_in_vain
  _Atomic int64_t vain_work;
  _Atomic enum ferry_reason vain_verdict;
  struct ferry_trial splitting, following;
  atomic_bool in_pieces, in_step; // these were successful once
  atomic_bool could_follow;       // the last time, but it would not have paid

  atomic_bool cache_lock; // only ever tried
  uint32_t cache_next;
  struct ferry_cached cache[FERRY_CACHED];

  _Atomic uint64_t ended[FERRY_REASON_COUNT]; // ended[FERRY_DONE]: launches
  _Atomic uint64_t in_step_launches; // of all
  _Atomic uint64_t in_place; // run here by the runtime, to measure
  _Atomic uint64_t iterations;
  _Atomic int64_t nanoseconds;
  _Atomic uint64_t traffic[FERRY_TRAFFIC_FIELDS]; // of struct ferry_traffic
  struct ferry_shard nested[FERRY_SHARDS]; // workers must not share a line
};

// Null if the site is malformed or memory is short.
struct ferry_state *ferry_state_of(struct ferry_site *site);

// All states, newest first.
struct ferry_state *ferry_first_state(void);

// What is known of the site at the size of that work: at first, the serial rate of
// another size.
struct ferry_learned *ferry_learned(struct ferry_state *state, int64_t work);

uint64_t ferry_ended(const struct ferry_state *state, enum ferry_reason why);

// Zeroed pages from the kernel, or null: the program's malloc may itself be
// compiled with Ferry, or be interrupted by the signal that brought us here.
void *ferry_map(size_t size);

// In the child after fork(): no lock is held, nothing was counted.
void ferry_states_forked(void);

//===- independence.c -----------------------------------------------------===//

// FERRY_DONE, or why the iterations may not run at the same time. Memory is looked at
// with `share`, where rows are linked to it.
enum ferry_reason ferry_independence(struct ferry_state *state,
                                     const int64_t *numbers, ferry_share *share);

// The same, and what comes of it is remembered for ferry_known_in_vain.
enum ferry_reason ferry_patient_independence(struct ferry_state *state,
                                             const int64_t *numbers,
                                             int64_t work, ferry_share *share);

// Where they may not: whether they may in these pieces. False where the job is too
// short to find out.
struct ferry_pieces;
bool ferry_independent_pieces(struct ferry_state *state, const int64_t *numbers,
                              int64_t work, struct ferry_pieces *pieces);

// Why this call goes without a test: the last ones found that reason, and it is short
// beside the test. FERRY_DONE: it does not.
enum ferry_reason ferry_known_in_vain(struct ferry_state *state, int64_t work);

// Where they may not: DONE if they may follow each other, at the distance of the plan;
// TOO_LITTLE if that would not pay; else HAS_CONFLICT.
struct ferry_doacross;
enum ferry_reason ferry_may_follow(struct ferry_state *state, const struct ferry_site *site,
                                   const int64_t *numbers, int64_t work,
                                   struct ferry_doacross *plan);

//===- references.c -------------------------------------------------------===//

// Does anything in the program but the runtime itself refer to one of these
// functions (ended by null)? Libraries that are loaded later do not count. The
// dynamic linker's lock is held meanwhile, so that the child of a fork() must not
// do it.
bool ferry_program_uses(const char *const *names);

// Objects loaded and unloaded since the program began.
struct ferry_loads {
  unsigned long long added, removed;
};
struct ferry_loads ferry_count_loads(void);

//===- signals.c ----------------------------------------------------------===//

struct ferry_held {
  bool any;
  sigset_t before;
};

// Does anything in the program refer to longjmp() and the like? Asked once, before
// the first launch.
void ferry_look_for_jumps(void);

// Before a launch: signals whose handlers may jump out of it wait. False where
// one may that cannot wait; nothing is to be released then.
bool ferry_hold_signals(struct ferry_held *held);
void ferry_release_signals(const struct ferry_held *held);

// May the program go on after a fault in a loop, or leave it by a handler?
bool ferry_survives_faults(void);

//===- floats.c -----------------------------------------------------------===//

// How the calling thread calculates with floating-point numbers (rounding, what traps,
// FTZ and DAZ), and the exception flags that are raised in it.
struct ferry_floats {
#if defined __x86_64__
  uint32_t sse;
  uint16_t control, flags; // of the x87 unit
#else
  fenv_t all;
#endif
};
void ferry_get_floats(struct ferry_floats *to);
void ferry_set_floats(const struct ferry_floats *from);
void ferry_set_quiet_floats(const struct ferry_floats *from); // with no flag raised

// Does any floating-point exception trap in the calling thread? Then the order of
// iterations shows.
bool ferry_floats_trap(void);

// Does it round to nearest, and keep small numbers as they are?
bool ferry_floats_are_usual(void);

//===- stack.c ------------------------------------------------------------===//

// Whether the calling thread certainly has so many bytes of stack left. May be called
// from anywhere; the first time on a stack takes some 50 microseconds.
bool ferry_has_stack(size_t size);

//===- device_host.c ------------------------------------------------------===//

extern const struct ferry_device ferry_device_host;

//===- device_mirror.c ----------------------------------------------------===//

extern const struct ferry_device ferry_device_mirror;

// For tests: null, or what is wrong with who has which page.
const char *ferry_check_mirror(void);

//===- device_hmm.c -------------------------------------------------------===//

extern const struct ferry_device ferry_device_hmm;

//===- device_cuda.c ------------------------------------------------------===//

extern const struct ferry_device ferry_device_cuda;

//===- follow.c -----------------------------------------------------------===//

// All rows of a job that follow each other, on this thread.
void ferry_follow_alone(const struct ferry_job *job);

//===- blocks.c -----------------------------------------------------------===//

// 0, or 1 + the number of the worker that this thread is just now.
// Initial-exec, for __tls_get_addr may allocate.
extern _Thread_local uint32_t ferry_worker_number
    __attribute__((tls_model("initial-exec")));

//===- json.c -------------------------------------------------------------===//

// Of the UTF-8 character there, in bytes; 0 if it is none.
int ferry_utf8_length(const char *text);

// In quotes. JSON is UTF-8: what is not a character becomes U+FFFD.
void ferry_put_json_string(FILE *out, const char *text);

// "file":…,"line":…,"column":…,"function":…
void ferry_put_json_site(FILE *out, const struct ferry_state *state);

//===- symbols.c ----------------------------------------------------------===//

// Whether the address is that of a variable, and its name, "" where it is not known.
bool ferry_find_variable(uintptr_t at, char *name, size_t size);

//===- launch.c -----------------------------------------------------------===//

// Set when the process exits: device threads may be gone.
extern atomic_bool ferry_exiting;

// What FERRY_DEVICE names.
const struct ferry_device *ferry_chosen_device(void);

//===- stats.c ------------------------------------------------------------===//

const char *ferry_reason_name(enum ferry_reason why);
const char *ferry_transfer_words(enum ferry_transfer kind);

// What FERRY_STATS asks for, if anything.
void ferry_write_stats(void);

void ferry_stats_forked(void);

#endif
