//===- check.h - what a unit test expects ---------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_TEST_CHECK_H
#define FERRY_TEST_CHECK_H

#include <stdatomic.h>
#include <stdio.h>

static atomic_int failures;

// From any thread. Says what is not so, counts it and goes on.
#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: %s: not true: %s\n", __FILE__, __LINE__,         \
              __func__, #condition);                                           \
      ++failures;                                                              \
    }                                                                          \
  } while (0)

#endif
