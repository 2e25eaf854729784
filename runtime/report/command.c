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
#include "report.h"

#include <errno.h>
#include <getopt.h>
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

struct request {
  const char *statistics, *page; // null: standard output
  bool help;
};

static struct request read_arguments(int argc, char **argv) {
  static const struct option options[] = {
      {"help", no_argument, NULL, 'h'},
      {"output", required_argument, NULL, 'o'},
      {NULL, 0, NULL, 0}};
  struct request request = {0};
  opterr = 0;
  for (int option;
       (option = getopt_long(argc, argv, ":ho:", options, NULL)) >= 0;)
    if (option == 'h')
      request.help = true;
    else if (option == 'o')
      request.page = optarg;
    else if (option == ':')
      ferry_fatal("%s needs a value; see ferry report --help",
                  argv[optind - 1]);
    else
      ferry_fatal("'%s' is not understood; see ferry report --help",
                  argv[optind - 1]);
  if (!request.help && argc - optind != 1)
    ferry_fatal(
        "give one file that FERRY_STATS=json:FILE wrote; see ferry report "
        "--help");
  request.statistics = argv[optind];
  return request;
}

static void add(const struct ferry_executed *loop, void *context) {
  struct ferry_report *report = context;
  report->loops =
      ferry_room(report->loops, report->count, sizeof *report->loops);
  report->loops[report->count++] = *loop;
}

int ferry_report(int argc, char **argv) {
  const struct request request = read_arguments(argc, argv);
  if (request.help)
    return help();
  struct ferry_report report = {.name = request.statistics};
  const struct ferry_reader reader = ferry_open_reader(request.statistics);
  ferry_read_statistics(reader, add, &report);
  report.map = ferry_read_map(reader);
  FILE *out = request.page ? fopen(request.page, "we") : stdout;
  const char *name = request.page ? request.page : "standard output";
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
