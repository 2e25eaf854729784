//===- hmm.h - is there a device of the kernel's HMM? ---------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_MIRROR_HMM_H
#define FERRY_MIRROR_HMM_H

#include <stddef.h>

// Its file, which shares the program's memory from now on. Below 0: there is none, and
// `why` receives half a sentence.
int ferry_open_hmm(char *why, size_t size);

#endif
