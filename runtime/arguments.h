//===- arguments.h - the arguments of commands that read one file ---------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_ARGUMENTS_H
#define FERRY_ARGUMENTS_H

#include <stdbool.h>

struct ferry_arguments {
  const char *input;
  const char *output; // of -o; null: there is none
  bool help;          // is asked for; then the rest says nothing
};

// INPUT [-o OUTPUT] | --help. argv[0] is the name of the command, `input` says in words
// what it reads. Ends the process where it gets anything else.
struct ferry_arguments ferry_read_arguments(int argc, char **argv, const char *input);

#endif
