//===- statistics.c - what FERRY_STATS=json:FILE wrote --------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Read as any JSON, for it may have been through other tools.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <string.h>

struct statistics {
  void (*visit)(const struct ferry_executed *, void *);
  void *context;
  bool has_schema, has_sites;
};

//===- sites --------------------------------------------------------------===//

static void declined_member(struct ferry_reader *r, const char *key, void *run) {
  ferry_add_declined(run, key, ferry_read_number(r));
}

static void site_member(struct ferry_reader *r, const char *key, void *context) {
  struct ferry_executed *site = context;
  if (!strcmp(key, "file"))
    site->file = ferry_read_string(r);
  else if (!strcmp(key, "function"))
    site->function = ferry_read_string(r);
  else if (!strcmp(key, "line"))
    site->line = ferry_read_number(r);
  else if (!strcmp(key, "column"))
    site->column = ferry_read_number(r);
  else if (!strcmp(key, "device"))
    site->device = ferry_read_string(r);
  else if (!strcmp(key, "iterations"))
    site->iterations = ferry_read_number(r);
  else if (!strcmp(key, "seconds"))
    site->nanoseconds = ferry_read_nanoseconds(r);
  else if (!strcmp(key, "launches"))
    site->run.launches = ferry_read_number(r);
  else if (!strcmp(key, "measured"))
    site->run.measured = ferry_read_number(r);
  else if (!strcmp(key, "declined"))
    ferry_read_object(r, declined_member, &site->run);
  else
    ferry_skip_value(r);
}

static void read_site(struct ferry_reader *r, void *context) {
  const struct statistics *s = context;
  struct ferry_executed site = {.file = "", .function = "", .device = ""};
  ferry_read_object(r, site_member, &site);
  s->visit(&site, s->context);
}

static void top_member(struct ferry_reader *r, const char *key, void *context) {
  struct statistics *s = context;
  if (!strcmp(key, "sites")) {
    s->has_sites = true;
    ferry_read_array(r, read_site, s);
  } else if (!strcmp(key, "schema"))
    s->has_schema = ferry_read_number(r) == 1;
  else
    ferry_skip_value(r);
}

void ferry_read_statistics(struct ferry_reader r,
                           void (*visit)(const struct ferry_executed *, void *),
                           void *context) {
  struct statistics s = {.visit = visit, .context = context};
  ferry_read_object(&r, top_member, &s);
  if (!s.has_schema || !s.has_sites)
    ferry_fail_to_read(&r);
}
