//===- command.c - `ferry coverage` ---------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The steps: find the records, read their remarks, make loops of them, add what
// happened at run time, print.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#define FLAGS "-fsave-optimization-record -foptimization-record-passes=ferry"

static int help(void) {
  puts(
      "usage: ferry coverage [OPTION...] [PATH...]\n"
      "\n"
      "Counts the loops of a project by what became of them, from the records\n"
      "(*.opt.yaml) in the folders PATH, or the current one, and below. The\n"
      "compiler writes them with\n"
      "  $(ferry cflags) " FLAGS "\n"
      "\n"
      "  --only PATH   only loops whose source is PATH or lies below it\n"
      "  --list NAME   all loops of one kind: the reason NAME, or "
      "independent,\n"
      "                checked (independent if the runtime finds so), inside,\n"
      "                refused, differing; with --stats also launched,\n"
      "                in-place, not-run\n"
      "  --json        everything, for programs\n"
      "  --stats FILE  add what FERRY_STATS=json:FILE wrote when the program\n"
      "                ran; may be repeated");
  return EXIT_SUCCESS;
}

struct request {
  struct ferry_names paths, stats;
  const char *only, *list;
  bool json, help;
};

static void add_name(struct ferry_names *names, char *name) {
  names->at = ferry_room(names->at, names->count, sizeof *names->at);
  names->at[names->count++] = name;
}

static struct request read_arguments(int argc, char **argv) {
  static const struct option options[] = {
      {"help", no_argument, NULL, 'h'},
      {"json", no_argument, NULL, 'j'},
      {"only", required_argument, NULL, 'o'},
      {"list", required_argument, NULL, 'l'},
      {"stats", required_argument, NULL, 's'},
      {NULL, 0, NULL, 0}};
  struct request request = {0};
  opterr = 0;
  for (int option;
       (option = getopt_long(argc, argv, ":h", options, NULL)) >= 0;)
    if (option == 'h')
      request.help = true;
    else if (option == 'j')
      request.json = true;
    else if (option == 'o')
      request.only = optarg;
    else if (option == 'l')
      request.list = optarg;
    else if (option == 's')
      add_name(&request.stats, optarg);
    else if (option == ':')
      ferry_fatal("%s needs a value; see ferry coverage --help",
                  argv[optind - 1]);
    else
      ferry_fatal("'%s' is not understood; see ferry coverage --help",
                  argv[optind - 1]);
  while (optind < argc)
    add_name(&request.paths, argv[optind++]);
  if (request.paths.count == 0)
    add_name(&request.paths, ".");
  if (request.json && request.list)
    ferry_fatal("--json has all loops; give it or --list");
  return request;
}

static struct ferry_coverage read_coverage(const struct request *request,
                                           bool *all_read) {
  struct ferry_names names = {0};
  struct ferry_records records = {0};
  for (size_t i = 0; i < request->paths.count; ++i)
    *all_read &= ferry_find_records(&names, request->paths.at[i]);
  ferry_sort_names(&names);
  if (names.count == 0 && *all_read)
    ferry_fatal("no optimisation records (*.opt.yaml) in %s; compile with "
                "$(ferry cflags) " FLAGS,
                request->paths.at[0]);
  for (size_t i = 0; i < names.count; ++i)
    *all_read &= ferry_read_record(&records, names.at[i]);
  if (records.remark_count == 0 && *all_read)
    ferry_fatal(
        "no optimisation record in %s has a loop of Ferry; compile with "
        "$(ferry cflags) and at -O1 or more",
        request->paths.at[0]);
  if (request->only)
    ferry_select(&records, request->only);
  struct ferry_coverage coverage = ferry_merge(&records);
  coverage.records = names.count;
  if (coverage.loop_count == 0 && request->only)
    ferry_fatal("no loop is in %s", request->only);
  return coverage;
}

int ferry_coverage(int argc, char **argv) {
  const struct request request = read_arguments(argc, argv);
  bool all_read = true;
  if (request.help)
    return help();
  struct ferry_coverage coverage = read_coverage(&request, &all_read);
  if (coverage.loop_count == 0)
    return EXIT_FAILURE;
  for (size_t i = 0; i < request.stats.count; ++i)
    ferry_add_run(&coverage, request.stats.at[i]);
  if (request.list)
    ferry_list_loops(&coverage, request.list);
  else if (request.json)
    ferry_print_coverage_json(&coverage);
  else
    ferry_print_coverage(&coverage);
  return all_read ? EXIT_SUCCESS : EXIT_FAILURE;
}
