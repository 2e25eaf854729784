//===- floats.c - floating-point settings and flags of a thread -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Workers take the caller's settings and give back what they raise. fegetenv and
// fesetenv store and load the whole x87 unit, 50 ns each on a processor that has one,
// and a launch needs five. But hardly ever does anything differ; to see that takes a
// few nanoseconds.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#if defined __x86_64__

enum { FLAGS = FE_ALL_EXCEPT | 0x2 }; // and that of denormal operands

static uint16_t x87_control(void) {
  uint16_t control;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  return control;
}

static uint16_t x87_flags(void) {
  uint16_t status;
  __asm__ volatile("fnstsw %0" : "=a"(status));
  return status & FLAGS;
}

void ferry_get_floats(struct ferry_floats *to) {
  *to = (struct ferry_floats){__builtin_ia32_stmxcsr(), x87_control(), x87_flags()};
}

void ferry_set_floats(const struct ferry_floats *from) {
  fenv_t all;
  if (__builtin_ia32_stmxcsr() != from->sse)
    __builtin_ia32_ldmxcsr(from->sse);
  if (x87_control() == from->control && x87_flags() == from->flags)
    return;
  fegetenv(&all);
  all.__control_word = from->control;
  all.__status_word = (uint16_t)((all.__status_word & ~FLAGS) | from->flags);
  fesetenv(&all);
}

void ferry_set_quiet_floats(const struct ferry_floats *from) {
  ferry_set_floats(
      &(struct ferry_floats){from->sse & ~(uint32_t)FLAGS, from->control, 0});
}

// The C library reads the x87 unit alone, where a program may unmask exceptions by hand.
bool ferry_floats_trap(void) {
  enum { MASKS = 0x3f, SSE_SHIFT = 7 };
  return (~x87_control() & MASKS) || (~(__builtin_ia32_stmxcsr() >> SSE_SHIFT) & MASKS);
}

// Of the SSE unit: the x87 unit calculates with long double alone.
bool ferry_floats_are_usual(void) {
  enum { USUAL = 0x1f80 };
  return (__builtin_ia32_stmxcsr() & ~(uint32_t)FLAGS) == USUAL;
}

#else

bool ferry_floats_are_usual(void) { return fegetround() == FE_TONEAREST; }

bool ferry_floats_trap(void) { return fegetexcept() > 0; }

void ferry_get_floats(struct ferry_floats *to) { fegetenv(&to->all); }

void ferry_set_floats(const struct ferry_floats *from) { fesetenv(&from->all); }

void ferry_set_quiet_floats(const struct ferry_floats *from) {
  fesetenv(&from->all);
  feclearexcept(FE_ALL_EXCEPT);
}

#endif
