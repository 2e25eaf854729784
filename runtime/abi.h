//===- abi.h - what compiled code and the runtime say to each other -------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The header that the pass (C++) and the runtime (C) both include; image.h has what
// they say to each other about device code.
//
// A *site* is a place in the program where a loop nest may be handed to the
// runtime. Everything known when the program is compiled lies in a
// `struct ferry_site`; everything that each execution has to say travels in a
// matrix of 64-bit integers, the *numbers*.
//
// The nest has `dims` described loops. The first `parallel` of them are those
// that a worker can run in any order (outermost first); the others run in
// their own order inside an iteration. The numbers have one row for each dim
// and then one for each access; a row has `2 + dims` columns:
//
//     row of dim k      trip_base, 0,     stride_0 .. stride_{dims-1}
//     row of an access  base,      width, stride_0 .. stride_{dims-1}
//
// A row stands for the affine form  base + sum(stride_j * i_j), where i_j
// counts the iterations of dim j from 0. For a dim it is the trip count, or an
// upper bound of it (a triangular loop has strides of outer dims); for
// READ, WRITE and CELL it is the address of `width` bytes that may be touched; for
// WRAP_SIGNED and WRAP_UNSIGNED it is a value that the program computes in
// `width` bits and that must fit in them for the other rows to be true.
//
// What only memory knows. A row may be *linked* to the row of an access:
//
//   - a dim to INDEX_SIGNED, INDEX_UNSIGNED: i_j counts the values that are
//     read there, integers of `width` bytes; trip_base is 1;
//   - a dim to LOW, a value: i_j counts from there on;
//   - an access to POINTER: what is read there is added to its base.
//
// The former two need not begin at 0: when the runtime has found the smallest
// value of such a dim, it adds stride_j times that value to the base of every
// row. A row is linked only to rows whose own links, and those of its dims, are
// resolved before; nothing in the nest may write what INDEX and POINTER read.
//
// The runtime looks at all that before the nest runs, and some of it may not be
// there: a row can name elements that the nest never reads. CERTAIN, beside INDEX,
// says that it does read them, for all values that the dims with a stride in the
// row take, unless it faults before. So they may be read like any memory. It holds
// where the WRAP rows do, where the nest writes nothing that those dims are linked
// to, where the trip counts of those without a link lie between 1 and INT32_MAX,
// and where the values of those linked to LOW are not negative.
//
// With `doacross`, the iterations of dim 0 may follow each other where they are not
// independent. `stages` has a byte for each access: the dim of the loop directly inside
// of dim 0's that all of the access is in, or FERRY_BEFORE_NEST, or one of
// FERRY_..._STAGES. Stages run in the order of their dims. That worker does to memory
// what the loop does, in its order, and keeps nothing that it has read over a question
// (struct ferry_stepper). With `strip_kinds`, it is called with one iteration of dim 0,
// and interleaves those of the stage `strip_dim` between two questions, `strip` at a
// time where there are as many. Unless no two of these meet, in the sense of `jam_kinds`,
// there may be only one.
//
// With `jam_kinds`, the jammed worker interleaves iterations of `jam_dim`, one of the
// dims that are not parallel, within an iteration of those before it. It may be
// called where no two of these meet: only accesses inside of that dim's loop count,
// and `jam_kinds` are the kinds of all with those outside made FERRY_LOW. Such a
// site has no links.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_ABI_H
#define FERRY_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  FERRY_ABI_VERSION = 8,
  FERRY_MAX_PARALLEL = 3, // dims of a box
  FERRY_MAX_DIMS = 12,
  FERRY_MAX_ACCESSES = 128
};

enum ferry_access_kind {
  FERRY_READ = 0,
  FERRY_WRITE = 1, // also of an access that reads and writes
  FERRY_WRAP_SIGNED = 2,
  FERRY_WRAP_UNSIGNED = 3,
  FERRY_INDEX_SIGNED = 4,
  FERRY_INDEX_UNSIGNED = 5,
  FERRY_POINTER = 6,
  FERRY_LOW = 7,
  FERRY_CELL = 8, // written by all iterations, and handled: meets all but itself
  FERRY_CERTAIN = 16 // a bit, beside one of the INDEX kinds
};

enum { FERRY_NO_LINK = 255 };

// In `stages`: of no stage. What is read once before the nest must stay as it is.
enum { FERRY_BEFORE_NEST = 253, FERRY_BEFORE_STAGES = 254, FERRY_OUTSIDE_STAGES = 255 };

// Of a worker's arrays, all together: at most, and without FERRY_SITE_STACK.
enum { FERRY_MOST_STACK = 64 << 10, FERRY_LITTLE_STACK = 1 << 10 };

enum ferry_site_flags {
  FERRY_SITE_INDEPENDENT = 1, // proved by the compiler: do not test overlap
  FERRY_SITE_ERRNO = 2,       // the body may set errno; split dim 0 only
  FERRY_SITE_UNEVEN = 4,      // the work of an iteration depends on its index
  FERRY_SITE_ORDERED = 8,     // combine partial results in order of dim 0
  FERRY_SITE_STACK = 16,      // the worker has arrays on its stack
  FERRY_SITE_CHAINED = 64,    // values go from one iteration of a stage to the next
  FERRY_SITE_PIECES = 32      // boxes may read what those called before them wrote
};

// Runs the iterations lo[k] <= i_k < hi[k] of the `parallel` dims. Never called
// with an empty box. `partial` is a record of what boxes hand on that the worker
// reads at its start and writes at its end; null where the site has none.
typedef void ferry_worker(const void *context, const int64_t *lo,
                          const int64_t *hi, void *partial);

// What the worker `doacross` gets as `partial`. It calls `step` where a stage, the loop
// of that dim, is about to begin its iteration t, and need not ask again before the
// iteration whose number is returned: more than t.
struct ferry_stepper {
  int64_t (*step)(struct ferry_stepper *stepper, uint32_t dim, int64_t t);
};

// into = into (op) from, for every reduction of the site. Where partial results
// are ordered, `from` is of later iterations than `into`.
typedef void ferry_combine(void *into, const void *from);

// Fields of struct ferry_site: C type, LLVM type, name. The pass expands the
// same list, so the two sides cannot disagree. Strings and code belong to the
// program's image and die with it at dlclose; the site is writable only in
// `min_units` and `state`.
#define FERRY_SITE_FIELDS(F)                                                   \
  F(uint32_t, Int32, abi)      /* FERRY_ABI_VERSION */                         \
  F(uint32_t, Int32, flags)    /* enum ferry_site_flags */                     \
  F(uint32_t, Int32, line)     /* 1-based; 0 where the compiler knew none */   \
  F(uint32_t, Int32, column)                                                   \
  F(const char *, Ptr, file)                                                   \
  F(const char *, Ptr, function)                                               \
  F(uint32_t, Int32, dims)                                                     \
  F(uint32_t, Int32, parallel)                                                 \
  F(uint32_t, Int32, accesses) /* rows after those of the dims */              \
  F(uint32_t, Int32, context_size)   /* bytes */                               \
  F(const uint8_t *, Ptr, kinds)     /* enum ferry_access_kind per access */   \
  F(const uint8_t *, Ptr, links)     /* per row, a number of an access or   */ \
                                     /* FERRY_NO_LINK; null: no row has one */ \
  F(ferry_worker *, Ptr, worker)                                               \
  F(ferry_worker *, Ptr, jammed)     /* the same, with iterations of parallel */ \
                                     /* dims interleaved; null: there is none */ \
  F(const uint8_t *, Ptr, jam_kinds) /* null, or: see above */                 \
  F(uint32_t, Int32, jam_dim)                                                  \
  F(ferry_worker *, Ptr, doacross)   /* null: there is none */                 \
  F(const uint8_t *, Ptr, stages)    /* of accesses; null without doacross */    \
  F(const uint8_t *, Ptr, strip_kinds) /* null, or: see above */               \
  F(uint32_t, Int32, strip_dim)                                                \
  F(uint32_t, Int32, strip)                                                    \
  F(const void *, Ptr, identity)     /* start of a partial result; may be null */ \
  F(ferry_combine *, Ptr, combine)                                             \
  F(uint64_t, Int64, reduction_size) /* bytes; 0: nothing is reduced */        \
  F(int64_t, Int64, unit)      /* work of one of the units that the guard counts */ \
  F(int64_t, Int64, min_units) /* guard: ask only if there are more; -1: ask */ \
  F(void *, Ptr, state)        /* the runtime's, zero at start */              \
  F(const struct ferry_image *, Ptr, image)   /* null: no device code */       \
  F(uint32_t, Int32, kernel)                  /* its number in image->table */ \
  F(uint32_t, Int32, kernel_globals)          /* how many `globals` there are */ \
  F(const void *const *, Ptr, globals) /* variables that the kernel needs */

struct ferry_image; // image.h

#define FERRY_FIELD(ctype, lltype, name) ctype name;
struct ferry_site {
  FERRY_SITE_FIELDS(FERRY_FIELD)
};
#undef FERRY_FIELD

// Called where the program's loop stood, when the inline guard
// `units > site->min_units` holds, through the loader stub of the same meaning.
// `work` estimates the machine instructions of the whole nest: units times
// `site->unit`, within 62 bits. `reduction` holds the start values and receives the
// results.
//
// Returns 0 when the whole nest was done. Any other value: nothing was
// touched, and the caller runs its original loop. There is no third outcome.
// Any thread may call it, any number at once. errno is what the loop would
// have left.
int ferry_launch_v1(struct ferry_site *site, const void *context,
                    const int64_t *numbers, void *reduction, int64_t work);

// The smallest work for which a site should call the runtime: what
// FERRY, FERRY_THRESHOLD say. INT64_MAX where Ferry is off.
#define FERRY_DEFAULT_THRESHOLD 20000

#ifdef __cplusplus
}
#endif
#endif
