//===- loops.c - one loop for all remarks about it ------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <stdlib.h>
#include <string.h>

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int by_place(const void *first, const void *second) {
  const struct ferry_remark *a = first, *b = second;
  int order = strcmp(a->path, b->path);
  if (order == 0)
    order = COMPARE(a->line, b->line);
  if (order == 0)
    order = COMPARE(a->column, b->column);
  if (order == 0)
    order = COMPARE(a->outcome, b->outcome);
  return order ? order : COMPARE(a->order, b->order);
}

static int by_loops(const void *first, const void *second) {
  const struct ferry_cause *a = first, *b = second;
  const int order = COMPARE(b->loops, a->loops);
  return order ? order : strcmp(a->id, b->id);
}

// Loops without a line cannot be told apart, so they are never the same.
static bool same_place(const struct ferry_remark *a,
                       const struct ferry_remark *b) {
  return a->line && a->line == b->line && a->column == b->column &&
         !strcmp(a->path, b->path);
}

bool ferry_same_outcome(const struct ferry_remark *a,
                        const struct ferry_remark *b) {
  return a->outcome == b->outcome &&
         (!a->reason || !strcmp(a->reason, b->reason));
}

bool ferry_is_offloaded(const struct ferry_loop *loop) {
  return loop->remarks->outcome <= FERRY_LOOP_CHECKED;
}

static struct ferry_loop loop_at(const struct ferry_remark *remarks,
                                 size_t left) {
  struct ferry_loop loop = {.remarks = remarks, .remark_count = 1};
  while (loop.remark_count < left &&
         same_place(remarks, &remarks[loop.remark_count]))
    loop.differs |= !ferry_same_outcome(remarks, &remarks[loop.remark_count++]);
  return loop;
}

static void count(struct ferry_coverage *c, const struct ferry_loop *loop) {
  const struct ferry_remark *best = loop->remarks;
  ++c->outcomes[best->outcome];
  c->differing += loop->differs;
  for (size_t i = 0; best->reason && i < c->cause_count; ++i)
    c->causes[i].loops += !strcmp(c->causes[i].id, best->reason);
}

void ferry_select(struct ferry_records *records, const char *folder) {
  char *path = ferry_find_source("", folder);
  size_t kept = 0;
  for (size_t i = 0; i < records->remark_count; ++i)
    if (ferry_is_below(records->remarks[i].path, path))
      records->remarks[kept++] = records->remarks[i];
  records->remark_count = kept;
  free(path);
}

struct ferry_coverage ferry_merge(struct ferry_records *records) {
  struct ferry_coverage c = {.causes = records->causes,
                             .cause_count = records->cause_count};
  struct ferry_remark *remarks = records->remarks;
  if (records->remark_count == 0)
    return c;
  qsort(remarks, records->remark_count, sizeof *remarks, by_place);
  for (size_t i = 0; i < records->remark_count;) {
    c.loops = ferry_room(c.loops, c.loop_count, sizeof *c.loops);
    struct ferry_loop *loop = &c.loops[c.loop_count++];
    *loop = loop_at(&remarks[i], records->remark_count - i);
    c.sources += i == 0 || strcmp(remarks[i].path, remarks[i - 1].path) != 0;
    count(&c, loop);
    i += loop->remark_count;
  }
  if (c.cause_count > 0)
    qsort(c.causes, c.cause_count, sizeof *c.causes, by_loops);
  return c;
}
