//===- arguments.c - the arguments of commands that read one file ---------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "arguments.h"
#include "ferry.h"

#include <getopt.h>

struct ferry_arguments ferry_read_arguments(int argc, char **argv, const char *input) {
  static const struct option options[] = {
      {"help", no_argument, NULL, 'h'},
      {"output", required_argument, NULL, 'o'},
      {NULL, 0, NULL, 0}};
  const char *command = argv[0];
  struct ferry_arguments found = {0};
  opterr = 0;
  for (int option; (option = getopt_long(argc, argv, ":ho:", options, NULL)) >= 0;)
    if (option == 'h')
      found.help = true;
    else if (option == 'o')
      found.output = optarg;
    else if (option == ':')
      ferry_fatal("%s needs a value; see ferry %s --help", argv[optind - 1], command);
    else
      ferry_fatal("'%s' is not understood; see ferry %s --help", argv[optind - 1], command);
  if (!found.help && argc - optind != 1)
    ferry_fatal("give one %s; see ferry %s --help", input, command);
  found.input = argv[optind];
  return found;
}
