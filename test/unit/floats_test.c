//===- floats_test.c - settings and flags that are carried over -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What fegetenv and fesetenv do is what has to come out, in all combinations of
// rounding and flags, for double (SSE) and long double (x87).
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/ferry.h"
#include "check.h"

#include <stdio.h>

static const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};

static volatile double one = 1, three = 3, zero = 0;
static volatile long double long_one = 1, long_three = 3, long_zero = 0;

// Raises flags in both units, or in one.
static void raise_flags(int kind) {
  volatile double d;
  volatile long double l;
  if (kind & 1)
    d = one / three;
  if (kind & 2)
    d = one / zero;
  if (kind & 4)
    l = long_one / long_three;
  if (kind & 8)
    l = long_one / long_zero;
  (void)d, (void)l;
}

static void enter(int mode, int kind) {
  fesetenv(FE_DFL_ENV);
  fesetround(modes[mode]);
  raise_flags(kind);
}

static int flags_of(int kind) {
  return (kind & 5 ? FE_INEXACT : 0) | (kind & 10 ? FE_DIVBYZERO : 0);
}

// Does arithmetic of both kinds round like this?
static bool rounds(int mode) {
  const double d = one / three;
  const long double l = long_one / long_three;
  fesetenv(FE_DFL_ENV);
  fesetround(modes[mode]);
  return d == one / three && l == long_one / long_three;
}

static void check(int from, int from_kind, int to, int to_kind) {
  struct ferry_floats floats;
  enter(from, from_kind);
  ferry_get_floats(&floats);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == flags_of(from_kind));
  enter(to, to_kind);
  ferry_set_floats(&floats);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == flags_of(from_kind));
  CHECK(fegetround() == modes[from] && rounds(from));
  enter(to, to_kind);
  ferry_set_quiet_floats(&floats);
  CHECK(fetestexcept(FE_ALL_EXCEPT) == 0);
  CHECK(fegetround() == modes[from] && rounds(from));
}

static void check_traps(void) {
  static const int all[] = {FE_INVALID, FE_DIVBYZERO, FE_OVERFLOW, FE_UNDERFLOW, FE_INEXACT};
  fesetenv(FE_DFL_ENV);
  CHECK(!ferry_floats_trap());
  for (int i = 0; i < 5; ++i) {
    feenableexcept(all[i]);
    CHECK(ferry_floats_trap());
    fedisableexcept(FE_ALL_EXCEPT);
    CHECK(!ferry_floats_trap());
  }
#if defined __x86_64__
  const unsigned before = __builtin_ia32_stmxcsr();
  for (int bit = 7; bit < 13; ++bit) { // one unit alone, also for denormals
    __builtin_ia32_ldmxcsr(before & ~(1u << bit));
    CHECK(fegetexcept() == 0 && ferry_floats_trap());
    __builtin_ia32_ldmxcsr(before);
  }
  CHECK(!ferry_floats_trap());
#endif
}

int main(void) {
  check_traps();
  for (int from = 0; from < 4; ++from)
    for (int to = 0; to < 4; ++to)
      for (int kinds = 0; kinds < 256; ++kinds)
        check(from, kinds & 15, to, kinds >> 4);
  printf(failures ? "%d FAILED\n" : "all passed\n", failures);
  return failures != 0;
}
