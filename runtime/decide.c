//===- decide.c - does it pay? --------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// "Never slower" is decided here, from six numbers:
//
//   serial   what the loop takes where it stands. `work` (machine
//            instructions, from the compiler) times the rate of the site:
//            0.35 ns until the site has measured its own.
//   width    how many times faster the device is at best (threads).
//   launch   what handing over and waiting costs (measured by the device).
//   wake     what it costs in addition where the device's threads sleep.
//   start    what the first launch of a thread costs in addition.
//   moving   what it costs to bring the loop's data to the device, there and back, as
//            far as they are not there; none where a device shares the memory.
//
// It pays if       gain = serial - serial / width - 2 * launch  > 0.
// The 2 is the margin for being wrong.
//
// Measuring. The static rate may be off by a factor of eight either way. So
// the first calls of a site that are that close to the limit are run in place:
// by the worker, on the calling thread, with a clock. This costs what the loop
// would have cost and gives its true rate; the fastest of two counts, for the
// first may pay for page faults. The same holds for a site above the limit that does
// not pay by itself for threads that are not there or asleep (see below), and one that
// has to look at memory before each launch (resolve.c), and one far below the limit that
// keeps asking: it may be told not to. Any other is measured when it
// has launched 32 times, which costs it a percent or two, or when the device looks
// slower. All this is known for a loop of about one size, and learned anew for another
// (ferry_learned): caches make it another loop.
//
// If it turns out slower on the device than here all the same (memory
// bandwidth, a crowded machine), or hardly faster, the site stays home, and tries again after 32, 64,
// 128 … calls, twice each time, or as long as launches become faster. One that was fast
// enough brings it back at once. Four launches are needed to say so, and the one that
// starts the threads is none.
//
// Leaving alone. Loops that are measured and take less than any launch saves need
// not even ask: the site's guard is raised to their work.
//
// Waking and starting. Threads that have had nothing to do for a millisecond sleep, and
// cost some 20 us to wake; to make them takes some 2 ms, with libomp to be loaded. Both
// bring gains that nobody can foresee. This is renting or buying skis: a thread runs
// its loops serially until the gains it has missed amount to the price, then buys. It
// never pays more than twice what hindsight would have. Where it has had no loop for
// a millisecond, the threads would sleep again: what it missed before does not count
// for waking them, and only what is left after that counts for starting.
//
// Moving. Data that has gone to the device is there for the next launch, unless the
// program touches it, which nobody can foresee either: the same rule, for each loop. Its
// price is asked for again when the missed gains have reached what it was. A loop whose
// launches find their data there is not asked. One that needs more than the device has
// stays; one that brought more than that all the same thrashes, and four launches need
// not be waited for to call it slower.
//
// Only integers: floating point here would raise flags that the program sees.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <time.h>

enum {
  STATIC_PS = 350,      // per unit of work
  MAX_PS = 1000 * 1000, // keeps work * rate within 63 bits
  NEAR = 8,
  PROVEN = 32, // launches after which a site is measured in any case
  MEASUREMENTS = 2,
  AGAIN = 64,
  LAUNCHES = 4,
  FIRST_RETRY = 32,
  LAST_RETRY = 1024,
  LEAST_LAUNCH_NS = 1000, // on any machine
  ASKING_SHARE = 40,      // the 40th part
  ASKING_NS = 2500,       // where nothing is known
  LULL_NS = 1000 * 1000
};
static const int64_t max_work = 1000LL * 1000 * 1000 * 1000;

// Gains that this thread has missed, for want of threads and, since its last lull, for
// want of threads that are awake.
static _Thread_local struct {
  int64_t start, wake, last;
} missed __attribute__((tls_model("initial-exec")));

int64_t ferry_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int64_t cost_ns(int64_t work, int64_t rate) {
  return (work < max_work ? work : max_work) * rate / 1000;
}

int64_t ferry_serial_ns(const struct ferry_rates *rates, int64_t work) {
  const int64_t own =
      atomic_load_explicit(&rates->serial, memory_order_relaxed);
  return cost_ns(work, own ? own : STATIC_PS);
}

static bool near_limit(int64_t serial, int64_t limit) {
  return serial > limit / NEAR && serial < limit * NEAR;
}

// Or not worth the other CPUs: it has to save an eighth, or else a neighbour that needs
// them makes it a loss. A few launches say so: the first ones wake threads and move data
// between caches.
static bool looks_slower(const struct ferry_rates *rates) {
  const int64_t serial =
      atomic_load_explicit(&rates->serial, memory_order_relaxed);
  return serial &&
         atomic_load_explicit(&rates->device, memory_order_relaxed) >
             serial - serial / 8 &&
         atomic_load_explicit(&rates->launched, memory_order_relaxed) >= LAUNCHES;
}

// The first calls of all are the slowest, so that it is looked at again: after 64
// launches, 256, 1024 …
static bool is_measured(const struct ferry_rates *rates) {
  const uint32_t measured =
      atomic_load_explicit(&rates->measured, memory_order_relaxed);
  const uint32_t again = measured - MEASUREMENTS;
  return measured >= MEASUREMENTS &&
         (again > 12 || atomic_load_explicit(&rates->launched, memory_order_relaxed) <
                            (uint32_t)AGAIN << 2 * again);
}

// Of a site that is not measured yet. `waits`: alone it does not pay for threads.
static bool wants_measuring(struct ferry_rates *rates, int64_t serial, int64_t limit,
                            bool waits) {
  const uint32_t measured =
      atomic_load_explicit(&rates->measured, memory_order_relaxed);
  const uint32_t launched =
      atomic_load_explicit(&rates->launched, memory_order_relaxed);
  if (!measured && serial <= limit / NEAR)
    return atomic_fetch_add_explicit(&rates->refused, 1, memory_order_relaxed) >= PROVEN;
  return near_limit(serial, limit) || (waits && serial > limit) ||
         (measured && serial < limit) || launched >= PROVEN * (measured + 1) ||
         looks_slower(rates) || (rates->wary && serial > limit);
}

// Two calls in a row, as the first may only wake threads; ever more rarely.
static bool tries_again(uint32_t call) {
  const uint32_t pair = call & ~1u;
  return pair >= FIRST_RETRY && ((pair & (pair - 1)) == 0 || pair % LAST_RETRY == 0);
}

// While each launch is faster than the one before, data still moves to where it is used.
static bool slower_there(struct ferry_rates *rates) {
  return looks_slower(rates) &&
         !atomic_load_explicit(&rates->improving, memory_order_relaxed) &&
         !tries_again(atomic_fetch_add_explicit(&rates->retry, 1, memory_order_relaxed));
}

// What a loop must take at least where a launch costs that much.
static int64_t limit_ns(const struct ferry_device *device, int64_t launch) {
  const int64_t width = device->width();
  return width > 1 ? 2 * launch * width / (width - 1) : INT64_MAX;
}

bool ferry_never_pays(const struct ferry_rates *rates,
                      const struct ferry_device *device, int64_t work) {
  return is_measured(rates) &&
         ferry_serial_ns(rates, work) <= limit_ns(device, LEAST_LAUNCH_NS);
}

static int64_t saved_ns(const struct ferry_device *device, int64_t serial) {
  return serial - serial / device->width();
}

int64_t ferry_gain(const struct ferry_device *device, int64_t serial, int64_t now) {
  return saved_ns(device, serial) - 2 * device->launch_ns(now);
}

static int64_t wake_ns(const struct ferry_device *device, int64_t now) {
  return 2 * (device->launch_ns(now) - device->launch_ns(0));
}

// Of the threads, as they are now.
static int64_t price_ns(const struct ferry_device *device, int64_t now) {
  return device->start_ns() + wake_ns(device, now);
}

// Most calls end where a look at the clock would cost as much as all else: what does
// not pay with the threads awake, or is slower there, does not pay at any time. Whether
// to wake them is ferry_worth_starting's question; but a look at memory comes before
// that one.
enum ferry_choice ferry_decide(struct ferry_rates *rates,
                               const struct ferry_device *device, int64_t work,
                               int64_t *now, int64_t *gain) {
  const int64_t serial = ferry_serial_ns(rates, work);
  const int64_t saved = saved_ns(device, serial);
  const bool measured = is_measured(rates);
  *gain = saved - 2 * device->launch_ns(0);
  if (measured && (*gain <= 0 || slower_there(rates)))
    return FERRY_STAY;
  *now = ferry_now();
  const int64_t launch = device->launch_ns(rates->wary ? *now : 0);
  if (!measured && device->width() > 1 &&
      wants_measuring(rates, serial, limit_ns(device, launch),
                      saved < price_ns(device, *now)))
    return FERRY_MEASURE;
  if (saved <= 2 * launch)
    *gain = saved - 2 * launch; // what is too little, and not slower
  return *gain > 0 && (measured || !slower_there(rates)) ? FERRY_GO : FERRY_STAY;
}

bool ferry_worth_starting(const struct ferry_device *device, int64_t gain, int64_t now) {
  const int64_t start = device->start_ns();
  const int64_t wake = wake_ns(device, now);
  if (start == 0 && wake == 0)
    return true;
  if (now - missed.last > LULL_NS)
    missed.wake = 0;
  missed.last = now;
  missed.wake += gain;
  const int64_t over = missed.wake - wake;
  missed.start += over < 0 ? 0 : over < gain ? over : gain;
  if (over < 0 || (start && missed.start < start))
    return false;
  missed.wake = missed.start = 0;
  return true;
}

enum ferry_reason ferry_worth_moving(struct ferry_rates *rates,
                                     const struct ferry_device *device,
                                     const struct ferry_job *job, int64_t gain) {
  struct ferry_held held;
  int64_t price = 0;
  if (!device->moving_ns ||
      atomic_load_explicit(&rates->at_hand, memory_order_relaxed))
    return FERRY_DONE;
  const int64_t missed =
      gain + atomic_fetch_add_explicit(&rates->missed, gain, memory_order_relaxed);
  if (missed < atomic_load_explicit(&rates->moving, memory_order_relaxed))
    return FERRY_MIGRATION;
  if (!ferry_hold_signals(&held))
    return FERRY_FAULT_JUMP;
  const enum ferry_reason why = device->moving_ns(job, &price);
  ferry_release_signals(&held);
  atomic_store_explicit(&rates->moving, price, memory_order_relaxed);
  return why != FERRY_DONE || missed >= price ? why : FERRY_MIGRATION;
}

void ferry_learn_moving(struct ferry_rates *rates, const struct ferry_traffic *moved) {
  enum { FEW = 64 };
  const bool at_hand = moved->to_device + moved->borrowed < FEW;
  atomic_store_explicit(&rates->at_hand, at_hand, memory_order_relaxed);
  atomic_store_explicit(&rates->missed, 0, memory_order_relaxed);
  atomic_store_explicit(&rates->moving, 0, memory_order_relaxed);
  atomic_store_explicit(&rates->thrashes, moved->thrashed > 0, memory_order_relaxed);
  if (moved->thrashed)
    atomic_fetch_add_explicit(&rates->launched, LAUNCHES, memory_order_relaxed);
}

bool ferry_worth_asking(_Atomic int64_t *asking_ns, int64_t ns) {
  const int64_t asking = atomic_load_explicit(asking_ns, memory_order_relaxed);
  if (ns / ASKING_SHARE > (asking > ASKING_NS ? asking : ASKING_NS))
    return true;
  atomic_store_explicit(asking_ns, asking - asking / 16, memory_order_relaxed);
  return false;
}

int64_t ferry_rate(int64_t work, int64_t ns) {
  if (work <= 0 || ns <= 0)
    return 1;
  int64_t rate = ns < INT64_MAX / 1000 ? ns * 1000 / work : MAX_PS;
  return rate < 1 ? 1 : rate > MAX_PS ? MAX_PS : rate;
}

// A moving average over about four samples. Quick to hope, and slow to despair: one that
// was interrupted for a time slice says little.
static void average(_Atomic int64_t *rate, int64_t sample) {
  const int64_t old = atomic_load_explicit(rate, memory_order_relaxed);
  if (old && sample > old) {
    sample = sample < 2 * old ? sample : 2 * old;
    sample = old + (sample - old + 3) / 4;
  }
  atomic_store_explicit(rate, sample, memory_order_relaxed);
}

void ferry_learn_serial(struct ferry_rates *rates, int64_t work, int64_t ns) {
  const int64_t sample = ferry_rate(work, ns);
  if (atomic_fetch_add_explicit(&rates->measured, 1, memory_order_relaxed) == 0)
    atomic_store_explicit(&rates->serial, sample, memory_order_relaxed);
  else
    average(&rates->serial, sample);
}

void ferry_learn_device(struct ferry_rates *rates, int64_t work, int64_t ns) {
  const int64_t sample = ferry_rate(work, ns);
  const int64_t last =
      atomic_exchange_explicit(&rates->last, sample, memory_order_relaxed);
  atomic_store_explicit(&rates->improving, sample < last - last / 16, memory_order_relaxed);
  average(&rates->device, sample);
  atomic_fetch_add_explicit(&rates->launched, 1, memory_order_relaxed);
}
