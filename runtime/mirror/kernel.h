//===- kernel.h - system calls, without the C library ---------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The driver thread must not touch memory that may be on the device, and the
// device has none of the C library's; nor may either call what the program has
// put in the place of a function of libc. So both speak to the kernel directly.
// Results below 0 are negated error numbers.
//
// The userfaultfd interface is that of Linux 6.8, which headers may lack.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_KERNEL_H
#define FERRY_MIRROR_KERNEL_H

#include <errno.h>
#include <linux/futex.h>
#include <linux/userfaultfd.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#ifndef UFFDIO_MOVE
struct uffdio_move {
  uint64_t dst, src, len, mode;
  int64_t move;
};
#define UFFDIO_MOVE _IOWR(UFFDIO, 0x05, struct uffdio_move)
#define UFFDIO_MOVE_MODE_DONTWAKE ((uint64_t)1 << 0)
#endif
#ifndef UFFD_FEATURE_MOVE
#define UFFD_FEATURE_MOVE ((uint64_t)1 << 16)
#endif

#if defined(__x86_64__) && defined(__linux__)
#define FERRY_HAS_MIRROR 1

static inline long ferry_kernel(long number, long a, long b, long c, long d,
                                long e, long f) {
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8),
                     "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

// Reads a byte, or writes what is there: no store of another thread is lost. A
// compiler may make less of an atomic operation that changes nothing.
static inline void ferry_touch(uintptr_t at, bool write) {
  if (write)
    __asm__ volatile("lock orb $0, (%0)" : : "r"(at) : "memory", "cc");
  else
    __asm__ volatile("testb $0, (%0)" : : "r"(at) : "memory", "cc");
}
#else
static inline void ferry_touch(uintptr_t at, bool write) {
  (void)at, (void)write;
}
#define FERRY_HAS_MIRROR 0
static inline long ferry_kernel(long number, long a, long b, long c, long d,
                                long e, long f) {
  (void)number, (void)a, (void)b, (void)c, (void)d, (void)e, (void)f;
  return -ENOSYS;
}
#endif

#define FERRY_ARGUMENTS(number, a, b, c, d, e, f, ...)                         \
  ferry_kernel(number, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e),  \
               (long)(f))
// FERRY_KERNEL(name, up to six arguments)
#define FERRY_KERNEL(name, ...)                                                \
  FERRY_ARGUMENTS(SYS_##name, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

//===- futexes ------------------------------------------------------------===//

// In memory of both processes.
static inline void ferry_wait(atomic_uint *at, unsigned seen) {
  FERRY_KERNEL(futex, at, FUTEX_WAIT, seen, 0);
}
static inline void ferry_wake(atomic_uint *at) {
  FERRY_KERNEL(futex, at, FUTEX_WAKE, INT32_MAX);
}
static inline void ferry_raise(atomic_uint *at) {
  atomic_fetch_add(at, 1);
  ferry_wake(at);
}

// The same, but 0 stays 0.
static inline void ferry_call(atomic_uint *at) {
  unsigned seen = atomic_load(at);
  while (seen && !atomic_compare_exchange_weak(
                     at, &seen, seen == UINT32_MAX ? 1 : seen + 1))
    ;
  ferry_wake(at);
}

//===- userfaultfd --------------------------------------------------------===//

// Sizes that were done, or a negated error.

static inline long ferry_uffd_register(int fd, uintptr_t at, size_t size,
                                       uint64_t mode) {
  struct uffdio_register r = {{at, size}, mode, 0};
  return FERRY_KERNEL(ioctl, fd, UFFDIO_REGISTER, &r);
}

static inline long ferry_uffd_unregister(int fd, uintptr_t at, size_t size) {
  struct uffdio_range r = {at, size};
  return FERRY_KERNEL(ioctl, fd, UFFDIO_UNREGISTER, &r);
}

static inline long ferry_uffd_wake(int fd, uintptr_t at, size_t size) {
  struct uffdio_range r = {at, size};
  return FERRY_KERNEL(ioctl, fd, UFFDIO_WAKE, &r);
}

static inline long ferry_uffd_protect(int fd, uintptr_t at, size_t size,
                                      bool on) {
  struct uffdio_writeprotect w = {{at, size},
                                  on ? UFFDIO_WRITEPROTECT_MODE_WP : 0};
  return FERRY_KERNEL(ioctl, fd, UFFDIO_WRITEPROTECT, &w);
}

static inline long ferry_uffd_copy(int fd, uintptr_t to, const void *from,
                                   size_t size, uint64_t mode) {
  struct uffdio_copy c = {to, (uintptr_t)from, size, mode, 0};
  const long result = FERRY_KERNEL(ioctl, fd, UFFDIO_COPY, &c);
  return c.copy > 0 ? c.copy : result;
}

static inline long ferry_uffd_zero(int fd, uintptr_t at, size_t size) {
  struct uffdio_zeropage z = {{at, size}, 0, 0};
  const long result = FERRY_KERNEL(ioctl, fd, UFFDIO_ZEROPAGE, &z);
  return z.zeropage > 0 ? z.zeropage : result;
}

static inline long ferry_uffd_move(int fd, uintptr_t to, uintptr_t from,
                                   size_t size, uint64_t mode) {
  struct uffdio_move m = {to, from, size, mode, 0};
  const long result = FERRY_KERNEL(ioctl, fd, UFFDIO_MOVE, &m);
  return m.move > 0 ? m.move : result;
}

#endif
