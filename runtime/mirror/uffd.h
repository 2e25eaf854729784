//===- uffd.h - may page faults be served here? ---------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_UFFD_H
#define FERRY_MIRROR_UFFD_H

// A userfaultfd that serves the faults of system calls, or a negated error.
long ferry_open_uffd(void);

// The same, for a process whose pages are to move and that maps and unmaps
// memory meanwhile. Where there is none, `why` receives half a sentence.
long ferry_open_system_uffd(const char **why);

#endif
