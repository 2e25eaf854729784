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

//===- page.c -------------------------------------------------------------===//

struct ferry_report {
  const char *name; // of the file with the statistics
  struct ferry_executed *loops;
  size_t count;
};

// One HTML document that needs nothing else.
void ferry_print_page(FILE *out, const struct ferry_report *report);

//===- html.c -------------------------------------------------------------===//

// As text in HTML, also between quotes. What is not a character becomes U+FFFD.
void ferry_put_html(FILE *out, const char *text);

// With a narrow space between thousands.
void ferry_put_count(FILE *out, uint64_t count);

#endif
