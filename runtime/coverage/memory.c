//===- memory.c - memory of `ferry coverage` ------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <stdlib.h>
#include <string.h>

// An array is as long as the next power of two, so its length need not be kept.
void *ferry_room(void *array, size_t count, size_t size) {
  if (count & (count - 1))
    return array;
  void *larger = reallocarray(array, count ? 2 * count : 1, size);
  if (!larger)
    ferry_fatal("out of memory");
  return larger;
}

char *ferry_copy(const char *text) {
  char *copy = strdup(text);
  if (!copy)
    ferry_fatal("out of memory");
  return copy;
}
