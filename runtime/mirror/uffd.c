//===- uffd.c - may page faults be served here? ---------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Those of system calls, too: a read(2) into memory that is on the device. The
// kernel lets root do that, whoever may open /dev/userfaultfd, and everybody if
// vm.unprivileged_userfaultfd is 1.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "uffd.h"
#include "kernel.h"

#include <fcntl.h>

long ferry_open_uffd(void) {
  const int flags = O_CLOEXEC | O_NONBLOCK;
  long fd = FERRY_KERNEL(userfaultfd, flags);
  if (fd >= 0)
    return fd;
  const long device =
      FERRY_KERNEL(open, "/dev/userfaultfd", O_RDWR | O_CLOEXEC);
  if (device < 0)
    return fd;
  fd = FERRY_KERNEL(ioctl, device, _IO(0xAA, 0), flags); // USERFAULTFD_IOC_NEW
  FERRY_KERNEL(close, device);
  return fd;
}

// Whoever may not trace other processes is not told of fork() either.
static long agree(long fd) {
  const uint64_t needed = UFFD_FEATURE_EVENT_REMOVE | UFFD_FEATURE_EVENT_UNMAP |
                          UFFD_FEATURE_EVENT_REMAP | UFFD_FEATURE_MOVE;
  struct uffdio_api all = {UFFD_API, needed | UFFD_FEATURE_EVENT_FORK, 0};
  struct uffdio_api most = {UFFD_API, needed, 0};
  return FERRY_KERNEL(ioctl, fd, UFFDIO_API, &all) == 0
             ? 0
             : FERRY_KERNEL(ioctl, fd, UFFDIO_API, &most);
}

long ferry_open_system_uffd(const char **why) {
  const long fd = ferry_open_uffd();
  if (!FERRY_HAS_MIRROR)
    *why = "it is written for x86-64 alone";
  else if (fd == -ENOSYS)
    *why = "the kernel has no userfaultfd";
  else if (fd < 0)
    *why = "it serves page faults of system calls, which takes root, rights on "
           "/dev/userfaultfd, or `sysctl vm.unprivileged_userfaultfd=1`";
  else if (agree(fd)) {
    *why = "it moves pages by UFFDIO_MOVE, which takes Linux 6.8 or later";
    FERRY_KERNEL(close, fd);
    return -EINVAL;
  }
  return fd;
}
