//===- mirror.h - what the files of the mirror device share ---------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// HMM in user space. Who does what:
//
//   program   any of its threads: launches, waits, forks. It sees nothing of the
//             rest but page faults that take longer (../device_mirror.c, crew.c).
//   driver    a thread in the program's process. It serves the faults of both
//             sides and hears of all that happens to the program's mappings,
//             one thing after the other (driver.c), by means of the page engine
//             (pages.h), whose provider is system.c. It touches nothing of the
//             program's memory, for nobody would serve its faults.
//   device    a process with the same code and constants at the same addresses,
//             and none of the program's data (crew.h): everything else is one file
//             in memory, mapped so that the offset is the address, and empty until
//             something is touched (carrier.c). Its threads run the workers.
//
// All that the driver and the device need lies in the *window*, a mapping of
// ours in the program that stays out of all this.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_MIRROR_H
#define FERRY_MIRROR_MIRROR_H

#include "../residency.h"
#include "crew.h"
#include "moves.h"

#include <stdatomic.h>

enum {
  FERRY_MIRROR_RANGES = 4096,     // in a set
  FERRY_BORROWED = 1024,          // pages at once
  FERRY_HISTORY = 1 << 15         // moves, where they are traced
};

// Above all addresses.
#define FERRY_TOP ((uintptr_t)1 << 47)

//===- what the program and the driver tell each other --------------------===//

enum ferry_mirror_order {
  FERRY_ORDER_NONE,
  FERRY_ORDER_PREFETCH, // the crew's `ranges`
  FERRY_ORDER_COUNT,    // its `there`
  FERRY_ORDER_SETTLE,   // what is borrowed goes back; if `restless`, all
  FERRY_ORDER_FREEZE,   // everything goes back, and nothing comes until as many
  FERRY_ORDER_THAW,     // of these
  FERRY_ORDER_RETRY, // the faults that its `request` was about
  FERRY_ORDER_CHECK  // that all is well; `wrong` receives what is wrong
};

struct ferry_mirror_shared {
  atomic_uint order_lock, orders_done;
  atomic_uint order;
  const char *wrong;
  atomic_uint started;   // 0: not yet; 1: yes; 2: no, because of the crew's `why`
  atomic_uint device_fd; // from the device
  atomic_uint busy;     // the driver has read something that it has not handled
  atomic_uint waiting;  // threads, until it is not
  atomic_uint ending, ended; // moves need not be counted any more; they are not
  atomic_uint borrowed; // pages
  atomic_uint restless; // see events.c
  struct ferry_traffic traffic;
};

//===- what the program's process alone has -------------------------------===//

struct ferry_borrowed_page {
  uintptr_t at; // 0: none
  bool written; // the device may have stored to it
};

struct ferry_mirror {
  struct ferry_crew crew; // first: a carrier gets a pointer to it
  struct ferry_mirror_shared *shared;
  uintptr_t stage, door;
  uintptr_t quiet; // two pages that are always empty
  size_t granule;

  int system_fd, device_fd; // userfaultfd of the program, and of the device
  int memory_fd;            // the device's memory
  int maps_fd, pagemap_fd, process_fd;
  unsigned frozen; // by so many threads that fork

  struct ferry_pages pages;
  struct ferry_ranges fixed; // memory that must stay for the driver to live
  struct ferry_ranges registered; // at least these are; userfaultfd
  struct ferry_ranges emptied;    // see events.c

  struct ferry_moves moves;

  uintptr_t faults[256]; // of CPUs: pages that wait
  int fault_count;
  uintptr_t refused[FERRY_CREW_THREADS]; // pages that the device waits for
  int refused_count;

  struct ferry_transferred *history;       // null: not wanted
  struct ferry_residency *residency; // null: not wanted
  int64_t launched;                  // when the last loop was
  struct ferry_borrowed_page *borrowed;
  char *originals; // their contents when they were borrowed
  uint32_t next_borrowed;

  char *block; // of FERRY_BLOCK bytes, for all that needs a buffer
  char *zeroes;
};

//===- counting.c ---------------------------------------------------------===//

// By the driver, before all else, and when it is asked to end it.
void ferry_begin_counting(struct ferry_mirror *m);
void ferry_stop_counting(struct ferry_mirror *m);

// By a thread of the program, which may hold any lock: moves are neither counted nor
// kept any more.
void ferry_end_counting(struct ferry_mirror *m);

// Of a launch, for FERRY_STATS: what it spans, and when it ran.
void ferry_note_begin(struct ferry_mirror *m, const struct ferry_job *job);
void ferry_note_end(struct ferry_mirror *m, const struct ferry_job *job);

//===- layout.c -----------------------------------------------------------===//

// Lays out the window. Null: `why`.
struct ferry_mirror *ferry_lay_out_mirror(size_t capacity, int threads, char *why,
                                          size_t size);

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

//===- device_mirror.c ----------------------------------------------------===//

extern const struct ferry_carrier ferry_mirror_carrier;

#endif
