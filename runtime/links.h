//===- links.h - what of a nest only memory knows -------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows that are linked to memory (abi.h), looked up before the nest runs. Takes pages
// from the kernel, never the program's malloc; waits only where it shares the work.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_LINKS_H
#define FERRY_LINKS_H

#include "device.h"
#include "overlap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

//===- elements.c ---------------------------------------------------------===//

// Integers in memory.
struct ferry_elements {
  int64_t lo;          // address of the first one
  int64_t count, step; // how many, and the bytes from one to the next
  int64_t width;       // bytes of each
  bool is_signed;
  bool direct; // they may be read as the program would; else some may be missing
  ferry_share *share; // null: there is one thread
};

// False where they cannot be read, too.
bool ferry_extremes(const struct ferry_elements *e, int64_t *min, int64_t *max);
bool ferry_ascend(const struct ferry_elements *e, bool strictly);
bool ferry_differ(const struct ferry_elements *e, int64_t first, int64_t size);

// Reads memory of the process, whether it is there or not. Keeps errno.
bool ferry_peek(void *to, int64_t from, size_t size);

//===- resolve.c, certain.c, rows.c, scatter.c ----------------------------===//

// How to look at memory.
struct ferry_look {
  bool direct; // what the nest is certain to read may be read before it
  ferry_share *share;
};

// Numbers on their way to a matrix without links.
struct ferry_nest {
  const struct ferry_shape *shape;
  int64_t *numbers;
  const struct ferry_look *how;
  uint32_t resolved;             // dims, of those with a link
  int64_t trips[FERRY_MAX_DIMS]; // at most, of the dims resolved so far; >= 1
  int64_t first[FERRY_MAX_DIMS]; // what was added to the rows for a linked dim
  bool whole[FERRY_MAX_DIMS];    // i_k takes every value that `trips` allows
};

int64_t *ferry_row(const struct ferry_nest *nest, uint32_t row);
uint8_t ferry_link(const struct ferry_nest *nest, uint32_t row);

// The bytes [lo, hi) that a row without a link stands for.
bool ferry_hull(const struct ferry_nest *nest, uint32_t access, int64_t *lo,
                int64_t *hi);

// The elements of an index access, and what lies between them. False: not known.
bool ferry_find_elements(const struct ferry_nest *nest, uint32_t access,
                         struct ferry_elements *out);

// Does the nest certainly read what ferry_find_elements finds?
bool ferry_reads_all(const struct ferry_nest *nest, uint32_t access);

// Do iterations count from `low` to `end`, where the next one begins, so that all
// together take every value there is?
bool ferry_rows_follow(const struct ferry_nest *nest, const int64_t *low,
                       const int64_t *end);

// Changes the numbers of a shape with links into those that hold just now,
// without links: what was linked to pointers gets addresses that meet where the
// real ones do, and that nothing else has. False: not independent, or not
// known. `errno_at`: see ferry_cached.
bool ferry_resolve(const struct ferry_shape *shape, int64_t *numbers,
                   const int *errno_at, const struct ferry_look *how);
bool ferry_resolve_rows(struct ferry_nest *nest, const int *errno_at);
bool ferry_resolve_scatter(struct ferry_nest *nest);

#endif
