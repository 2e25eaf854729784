//===- mirror.h - what the files of the mirror device share ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// HMM in user space. Who does what:
//
//   program   any of its threads: launches, waits, forks. It sees nothing of
//   the
//             rest but page faults that take longer (../device_mirror.c).
//   driver    a thread in the program's process. It serves the faults of both
//             sides and hears of all that happens to the program's mappings,
//             one thing after the other (driver.c), by means of the page engine
//             (pages.h), whose provider is system.c. It touches nothing of the
//             program's memory, for nobody would serve its faults.
//   device    a process with the same code and constants at the same addresses,
//             and none of the program's data: everything else is one file in
//             memory, mapped so that the offset is the address, and empty until
//             something is touched (process.c). Its threads run the workers.
//
// All that the driver and the device need lies in the *window*, a mapping of
// ours in the program that stays out of all this.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_MIRROR_H
#define FERRY_MIRROR_MIRROR_H

#include "../blocks.h"
#include "../residency.h"
#include "moves.h"

#include <stdatomic.h>

enum {
  FERRY_MIRROR_THREADS = 64,
  FERRY_MIRROR_ROOM = 1 << 20,    // for context, identity and partial results
  FERRY_DRIVER_STACK = 256 << 10, // with its thread-local variables
  FERRY_WORKER_STACK = 1 << 20,   // the same
  FERRY_SIGNAL_STACK = 32 << 10,  // of a worker, at its stack's low end
  FERRY_MIRROR_RANGES = 4096,     // in a set
  FERRY_BORROWED = 1024,          // pages at once
  FERRY_HISTORY = 1 << 15         // moves, where they are traced
};

// Above all addresses.
#define FERRY_TOP ((uintptr_t)1 << 47)

//===- what both processes see --------------------------------------------===//

enum ferry_mirror_order {
  FERRY_ORDER_NONE,
  FERRY_ORDER_PREFETCH, // `ranges`
  FERRY_ORDER_COUNT,    // in `there` the pages of `ranges` on the device
  FERRY_ORDER_SETTLE,   // what is borrowed goes back; if `restless`, all
  FERRY_ORDER_FREEZE,   // everything goes back, and nothing comes until as many
  FERRY_ORDER_THAW,     // of these
  FERRY_ORDER_RETRY, // the faults that `request` was about
  FERRY_ORDER_CHECK  // that all is well; `wrong` receives what is wrong
};

struct ferry_mirror_shared {
  // A launch. The rest of it is constant from when `sequence` rises.
  atomic_uint sequence;
  atomic_uint unfinished; // workers
  atomic_uint begun;      // whether one has started on it
  struct ferry_job job;
  const struct ferry_state *_Atomic loop; // whose it is; null: none runs
  struct ferry_division division;
  struct ferry_floats floats;

  // The caller of the launch waits for this to rise, and then looks around.
  atomic_uint attention;
  atomic_uint request; // 1: touch this address, the device may not
  uintptr_t request_at;
  bool request_write;
  atomic_uint exception; // number of a signal that a worker got
  uintptr_t exception_at, exception_code;

  // What the program wants of the driver.
  atomic_uint order_lock, orders_done;
  atomic_uint order;
  struct ferry_range ranges[FERRY_MAX_ACCESSES];
  uint32_t range_count;
  uint64_t there;
  const char *wrong;

  // What the driver wants of the device's first thread.
  atomic_uint reserve, reserved; // rise: put the file over `range`
  struct ferry_range range;

  atomic_uint started;   // 0: not yet; 1: yes; 2: no, because of
  char why[192];         // half a sentence
  atomic_uint device_fd; // 0: not yet
  atomic_uint busy;     // the driver has read something that it has not handled
  atomic_uint waiting;  // threads, until it is not
  atomic_uint lost;     // the device has ended
  atomic_uint ending, ended; // moves need not be counted any more; they are not
  atomic_uint borrowed; // pages
  atomic_uint restless; // see events.c
  struct ferry_traffic traffic;
  uint64_t owned; // pages on the device

  struct ferry_part parts[FERRY_MIRROR_THREADS];
  _Alignas(FERRY_CACHE_LINE) char room[FERRY_MIRROR_ROOM];
};

//===- what the program's process alone has -------------------------------===//

struct ferry_borrowed_page {
  uintptr_t at; // 0: none
  bool written; // the device may have stored to it
};

struct ferry_mirror {
  struct ferry_mirror_shared *shared;
  uintptr_t window, window_end;
  uintptr_t stage, door, driver_stack, worker_stacks;
  uintptr_t quiet; // two pages that are always empty
  size_t capacity, granule;
  int threads;

  // Ends of the memory with the driver's thread-local variables.
  uintptr_t tls_lo, tls_hi, thread_pointer;

  int system_fd, device_fd; // userfaultfd of the program, and of the device
  int memory_fd;            // the device's memory
  int maps_fd, pagemap_fd, process_fd;
  int process; // id of the device
  int program; // of the program
  unsigned frozen; // by so many threads that fork
  _Atomic uint64_t thrashed; // launches that brought more than there is room for

  struct ferry_pages pages;
  struct ferry_ranges code;  // that the device has as it is
  struct ferry_ranges fixed; // memory that must stay for the driver to live
  struct ferry_ranges registered; // at least these are; userfaultfd
  struct ferry_ranges emptied;    // see events.c

  struct ferry_moves moves;

  uintptr_t faults[256]; // of CPUs: pages that wait
  int fault_count;
  uintptr_t refused[FERRY_MIRROR_THREADS]; // pages that the device waits for
  int refused_count;

  struct ferry_transferred *history;       // null: not wanted
  struct ferry_residency *residency; // null: not wanted
  struct ferry_borrowed_page *borrowed;
  char *originals; // their contents when they were borrowed
  uint32_t next_borrowed;

  char *block; // of FERRY_BLOCK bytes, for all that needs a buffer
  char *zeroes;
};

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

// The next order is about it. The device must be the caller's.
void ferry_name_ranges(struct ferry_mirror *m, const struct ferry_footprint *f);

// Nanoseconds to bring there, and back, what is not there. `m` must be the caller's; null:
// there is no device yet.
int64_t ferry_price(struct ferry_mirror *m, const struct ferry_footprint *f);

//===- counting.c ---------------------------------------------------------===//

// By the driver, before all else, and when it is asked to end it.
void ferry_begin_counting(struct ferry_mirror *m);
void ferry_stop_counting(struct ferry_mirror *m);

// By a thread of the program, which may hold any lock: moves are neither counted nor
// kept any more.
void ferry_end_counting(struct ferry_mirror *m);

// Of a launch, for FERRY_STATS: what it spans, and when it ran. Returns when it begins.
int64_t ferry_note_job(struct ferry_mirror *m, const struct ferry_job *job);
void ferry_note_done(struct ferry_mirror *m, const struct ferry_job *job,
                     int64_t start);

// Adds to the job what has moved since then. Returns the pages that the device took.
uint64_t ferry_note_traffic(struct ferry_mirror *m, const struct ferry_job *job,
                            const struct ferry_traffic *before);

//===- window.c -----------------------------------------------------------===//

// Lays out the window and looks for the code of the program. False: `why`.
bool ferry_open_window(struct ferry_mirror **out, size_t capacity,
                       size_t granule, int threads, char *why, size_t size);
void ferry_close_window(struct ferry_mirror *m);

// The code that there is now, as ranges.
void ferry_find_code(struct ferry_ranges *code);

//===- memory.c -----------------------------------------------------------===//

struct ferry_vma {
  uintptr_t lo, hi;
  bool read, write, execute, shared, anonymous;
};

// The mapping of the program that contains the address. False: there is none.
bool ferry_find_vma(struct ferry_mirror *m, uintptr_t at,
                    struct ferry_vma *out);

// Makes its mapping one whose pages may move: DONE, and [*lo, *hi) receives the
// part around `at` that is; IMMOVABLE; or AGAIN, once what changes has been
// heard.
enum ferry_pages_result ferry_make_movable(struct ferry_mirror *m, uintptr_t at,
                                           uintptr_t *lo, uintptr_t *hi);

//===- system.c -----------------------------------------------------------===//

struct ferry_provider ferry_system_provider(struct ferry_mirror *m);

// Whether the program has none of the pages that are on the device.
bool ferry_check_sides(struct ferry_mirror *m);

// Gives a child that passed fork() by, whose faults `fd` serves, its copies.
void ferry_copy_to_child(struct ferry_mirror *m, int fd);

// Ends the device's access to pages, and copies them.
void ferry_recall(struct ferry_mirror *m, uintptr_t at, void *to, size_t size);

// The same, and nobody wants them any more.
void ferry_punch(struct ferry_mirror *m, uintptr_t at, size_t size);

//===- borrow.c -----------------------------------------------------------===//

// A device fault on memory that cannot move. False: the program has no access
// of this kind to it.
bool ferry_borrow(struct ferry_mirror *m, uintptr_t at, bool write);
bool ferry_is_borrowed(const struct ferry_mirror *m, uintptr_t at);
void ferry_settle(struct ferry_mirror *m);

//===- events.c -----------------------------------------------------------===//

// Reads what the kernel has to tell about the program's process and acts on it.
// False: some of it has to wait for the program; come again.
bool ferry_hear(struct ferry_mirror *m);

// The same until there is nothing left that has to wait.
void ferry_hear_all(struct ferry_mirror *m);

// All changes of the program's mappings have been heard of.
bool ferry_is_quiet(struct ferry_mirror *m);

// Whether the program has more than one thread.
bool ferry_has_threads(void);

// Lets others run, and new messages come.
void ferry_pause(struct ferry_mirror *m);

//===- driver.c -----------------------------------------------------------===//

// Starts the thread, and with it the device; `shared->started` tells. An error
// number.
int ferry_start_driver(struct ferry_mirror *m);

// Lets what changes come to an end; more patient each time that it was tried.
void ferry_come_again(struct ferry_mirror *m, int tried);

// All pages go back to the program.
void ferry_give_everything(struct ferry_mirror *m);

// Tells the program's threads what has moved.
void ferry_publish(struct ferry_mirror *m);

// The driver or the device cannot go on, and the program not without them.
_Noreturn void ferry_mirror_fatal(const char *what, long error, uintptr_t at);

//===- orders.c -----------------------------------------------------------===//

// By threads of the program.
void ferry_order(struct ferry_mirror *m, enum ferry_mirror_order order);

// By the driver.
void ferry_obey(struct ferry_mirror *m);

//===- process.c ----------------------------------------------------------===//

// Starts the device. Its process number, or a negated error. It tells its
// userfaultfd in `device_fd`, of the table of files that it shares with the
// driver.
long ferry_start_process(struct ferry_mirror *m);

#endif
