//===- maps.h - the mappings of the process -------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MAPS_H
#define FERRY_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ferry_mapping {
  uintptr_t lo, hi;
  bool read, write, execute, shared;
  bool file;        // it has one, be it only one that the kernel invented
  size_t page_size; // more than the usual one for huge pages (hugetlb); 0: not known
  char name[96];    // of the file, or in brackets; cut, or empty
};
typedef bool ferry_visit_mapping(const struct ferry_mapping *, void *context);

// As the kernel has them in /proc/self/maps, lowest first, until `visit` returns
// false. From any thread and any signal handler, with less than 1 KiB of stack.
// False: they cannot be read.
bool ferry_for_mappings(ferry_visit_mapping *visit, void *context);

// Those alone that meet [lo, hi): quick, and with the size of pages, since Linux 6.11.
bool ferry_for_mappings_in(uintptr_t lo, uintptr_t hi, ferry_visit_mapping *visit,
                           void *context);

#endif
