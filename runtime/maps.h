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
  bool file;     // it has one, be it only one that the kernel invented
  char name[96]; // of the file, or in brackets; cut
};

// As the kernel has them in /proc/self/maps, lowest first, until `visit` returns
// false. From any thread and any signal handler, with less than 1 KiB of stack.
// False: they cannot be read.
bool ferry_for_mappings(bool (*visit)(const struct ferry_mapping *, void *context),
                        void *context);

// Of the mapping there, in bytes, which is more than the usual one for huge pages
// (hugetlb). 0: the kernel does not say (before Linux 6.11).
size_t ferry_page_size_at(uintptr_t at);

#endif
