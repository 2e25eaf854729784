//===- report.h - the statistics of a run, as a page ----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command `ferry report`. Nothing is freed: it prints and ends.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_REPORT_H
#define FERRY_REPORT_H

#include "coverage/coverage.h"

//===- command.c ----------------------------------------------------------===//

// The exit status. `argv` begins with the command's name.
int ferry_report(int argc, char **argv);

//===- residency.c --------------------------------------------------------===//

// One number for each column of time.
struct ferry_row {
  uint64_t *at;
  size_t count; // those behind are 0
};

// Of an object: pages on the device. Of a site: thousandths of a column that it ran.
struct ferry_track {
  const char *name, *kind;      // of an object, "" for none
  const char *file, *function; // of a site, null for none
  uint64_t line, bytes;
  struct ferry_row row;
};

// Why pages moved, and how long that took.
struct ferry_cost {
  const char *why; // as in JSON
  uint64_t ns;
};

// Where the program's data was, as the statistics of a device with a memory of its own
// have it.
struct ferry_map {
  uint64_t column, capacity; // nanoseconds; pages
  size_t columns;            // 0: nothing is known
  struct ferry_row pages, to_device, to_system;
  struct ferry_track *launches, *objects;
  struct ferry_cost *costs;
  size_t launch_count, object_count, cost_count;
};

struct ferry_map ferry_read_map(struct ferry_reader reader);

//===- map.c --------------------------------------------------------------===//

// A picture of it, as a part of a page.
void ferry_put_map(FILE *out, const struct ferry_map *map);

//===- page.c -------------------------------------------------------------===//

struct ferry_report {
  const char *name; // of the file with the statistics
  struct ferry_executed *loops;
  size_t count;
  struct ferry_map map;
};

// One HTML document that needs nothing else.
void ferry_print_page(FILE *out, const struct ferry_report *report);

//===- html.c -------------------------------------------------------------===//

// As text in HTML, also between quotes. What is not a character becomes U+FFFD.
void ferry_put_html(FILE *out, const char *text);

// With a narrow space between thousands.
void ferry_put_count(FILE *out, uint64_t count);

#endif
