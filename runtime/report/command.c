//===- command.c - `ferry report` -----------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All is read before anything is written, so that wrong input leaves no page.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../arguments.h"
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int help(void) {
  puts("usage: ferry report STATS [-o PAGE]\n"
       "\n"
       "Makes one HTML page of the file STATS, which a program wrote that ran\n"
       "with FERRY_STATS=json:STATS: for each loop where it ran and for how\n"
       "long, and where it was left alone, why; with FERRY_DEVICE=mirror, also\n"
       "a picture of which memory was on the device when. The page needs no\n"
       "network and no other file.\n"
       "\n"
       "  -o, --output PAGE   write it to PAGE, instead of standard output");
  return EXIT_SUCCESS;
}

static void add(const struct ferry_executed *loop, void *context) {
  struct ferry_report *report = context;
  report->loops =
      ferry_room(report->loops, report->count, sizeof *report->loops);
  report->loops[report->count++] = *loop;
}

int ferry_report(int argc, char **argv) {
  const struct ferry_arguments request =
      ferry_read_arguments(argc, argv, "file that FERRY_STATS=json:FILE wrote");
  if (request.help)
    return help();
  struct ferry_report report = {.name = request.input};
  const struct ferry_reader reader = ferry_open_reader(request.input);
  ferry_read_statistics(reader, add, &report);
  report.map = ferry_read_map(reader);
  FILE *out = request.output ? fopen(request.output, "we") : stdout;
  const char *name = request.output ? request.output : "standard output";
  int failed = !out;
  if (out) {
    ferry_print_page(out, &report);
    failed = ferror(out);
    failed |= fclose(out);
  }
  if (failed)
    ferry_fatal("cannot write %s: %s", name, strerror(errno));
  return EXIT_SUCCESS;
}
