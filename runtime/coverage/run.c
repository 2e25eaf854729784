//===- run.c - what happened to the loops when the program ran ------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <string.h>

void ferry_add_declined(struct ferry_run *run, const char *reason,
                        uint64_t count) {
  for (size_t i = 0; i < run->declined_count; ++i)
    if (!strcmp(run->declined[i].reason, reason)) {
      run->declined[i].count += count;
      return;
    }
  run->declined =
      ferry_room(run->declined, run->declined_count, sizeof *run->declined);
  run->declined[run->declined_count++] = (struct ferry_declined){reason, count};
}

void ferry_add_to_run(struct ferry_run *sum, const struct ferry_run *run) {
  sum->launches += run->launches;
  sum->measured += run->measured;
  for (size_t i = 0; i < run->declined_count; ++i)
    ferry_add_declined(sum, run->declined[i].reason, run->declined[i].count);
}

// The loop that was compiled with this name of the file. Two files of different
// folders may have the same one; then the function decides.
static struct ferry_loop *find_loop(const struct ferry_coverage *c,
                                    const struct ferry_executed *site) {
  struct ferry_loop *found = NULL;
  for (size_t i = 0; i < c->loop_count; ++i)
    for (size_t j = 0; j < c->loops[i].remark_count; ++j) {
      const struct ferry_remark *remark = &c->loops[i].remarks[j];
      if (!remark->line || remark->line != site->line ||
          remark->column != site->column || strcmp(remark->file, site->file))
        continue;
      if (!strcmp(remark->function, site->function))
        return &c->loops[i];
      found = &c->loops[i];
    }
  return found;
}

static void add_site(const struct ferry_executed *site, void *coverage) {
  struct ferry_coverage *c = coverage;
  struct ferry_loop *loop = find_loop(c, site);
  if (!loop) {
    ++c->foreign;
    return;
  }
  if (!loop->run) {
    loop->run = ferry_room(NULL, 0, sizeof *loop->run);
    *loop->run = (struct ferry_run){0};
  }
  ferry_add_to_run(loop->run, &site->run);
}

void ferry_add_run(struct ferry_coverage *coverage, const char *file) {
  ferry_read_statistics(ferry_open_reader(file), add_site, coverage);
  coverage->has_runs = true;
}
