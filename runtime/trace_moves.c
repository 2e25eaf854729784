//===- trace_moves.c - what moved when ------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The part of the trace about the memory of a device, which the device keeps
// (mirror/history.h). Each kind of move has a row of its own, below those of the
// threads, for several moves that became one overlap with other kinds.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "trace.h"

#include <string.h>
#include <unistd.h>

// No thread has such a number (PID_MAX_LIMIT).
enum { FIRST_ROW = 1 + (1 << 22), PAGE = 4096 };

struct moves {
  struct ferry_output *output;
  bool seen[FERRY_TRANSFER_KINDS];
  uint64_t several, on_device; // moves that stand for others; pages
};

static pid_t row(enum ferry_transfer kind) { return FIRST_ROW + (pid_t)kind; }

static void name_row(struct moves *m, enum ferry_transfer kind) {
  char name[32];
  if (m->seen[kind])
    return;
  m->seen[kind] = true;
  snprintf(name, sizeof name, "pages: %s", ferry_transfer_words(kind));
  ferry_put_metadata(m->output, "thread_name", row(kind), name);
}

static void put_on_device(struct moves *m, const struct ferry_transferred *e) {
  struct ferry_output *o = m->output;
  if (e->on_device == m->on_device)
    return;
  m->on_device = e->on_device;
  ferry_put_event(o, "C", getpid());
  ferry_put_time(o->file, "ts", e->start + e->ns);
  fprintf(o->file, ",\"name\":\"pages on the device\",\"args\":{\"pages\":%llu}}",
          (unsigned long long)e->on_device);
}

static void put_move(void *context, const struct ferry_transferred *e) {
  struct moves *m = context;
  struct ferry_output *o = m->output;
  name_row(m, e->kind);
  ferry_put_event(o, "X", row(e->kind));
  ferry_put_time(o->file, "ts", e->start);
  ferry_put_time(o->file, "dur", e->ns);
  fprintf(o->file,
          ",\"cat\":\"pages\",\"name\":\"%s\",\"args\":{\"address\":\"0x%llx\","
          "\"end\":\"0x%llx\",\"pages\":%llu,\"bytes\":%llu,\"count\":%llu",
          ferry_transfer_words(e->kind), (unsigned long long)e->lo,
          (unsigned long long)e->hi,
          (unsigned long long)e->pages, (unsigned long long)e->pages * PAGE,
          (unsigned long long)e->count);
  ferry_put_time(o->file, "busy", e->busy);
  if (e->state) {
    fputc(',', o->file);
    ferry_put_json_site(o->file, e->state);
  }
  fputs("}}", o->file);
  m->several += e->count > 1;
  if (o->last < e->start + e->ns)
    o->last = e->start + e->ns;
  put_on_device(m, e);
}

void ferry_put_moves(struct ferry_output *o) {
  const struct ferry_device *device = ferry_chosen_device();
  struct moves m = {.output = o};
  if (!device->moves)
    return;
  device->moves(put_move, &m);
  if (m.several)
    ferry_put_remark(o, "moves of pages that are close in time are shown as one: "
                        "see their count");
}
