//===- hmm.c - is there a device of the kernel's HMM? ---------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "hmm.h"
#include "hmm_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char name[] = "/dev/ferry_hmm";

// The kernel gives up where a signal is waiting, and a timer may send them faster than
// it can open the file.
static int open_without_signals(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  const int file = open(name, O_RDWR | O_CLOEXEC), error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  errno = error;
  return file;
}

int ferry_open_hmm(char *why, size_t size) {
  const int file = open_without_signals();
  uint64_t memory;
  if (file < 0 && errno == ENOENT)
    snprintf(why, size,
             "%s is not there: the kernel lacks the driver of test/hmm/driver", name);
  else if (file < 0)
    snprintf(why, size, "%s cannot be opened: %s", name, strerror(errno));
  else if (ioctl(file, FERRY_HMM_MEMORY, &memory)) {
    snprintf(why, size, "%s is another version's", name);
    close(file);
    return -1;
  }
  return file;
}
