//===- residency.c - where the data was, from the statistics --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "report.h"

#include <string.h>

static void read_column(struct ferry_reader *r, void *context) {
  struct ferry_row *row = context;
  row->at = ferry_room(row->at, row->count, sizeof *row->at);
  row->at[row->count++] = ferry_read_number(r);
}

static void track_member(struct ferry_reader *r, const char *key, void *context) {
  struct ferry_track *t = context;
  if (!strcmp(key, "name"))
    t->name = ferry_read_string(r);
  else if (!strcmp(key, "kind"))
    t->kind = ferry_read_string(r);
  else if (!strcmp(key, "file"))
    t->file = ferry_read_string(r);
  else if (!strcmp(key, "function"))
    t->function = ferry_read_string(r);
  else if (!strcmp(key, "line"))
    t->line = ferry_read_number(r);
  else if (!strcmp(key, "bytes"))
    t->bytes = ferry_read_number(r);
  else if (!strcmp(key, "pages") || !strcmp(key, "busy"))
    ferry_read_array(r, read_column, &t->row);
  else
    ferry_skip_value(r);
}

struct tracks {
  struct ferry_track **at;
  size_t *count;
};

static void read_track(struct ferry_reader *r, void *context) {
  struct tracks *tracks = context;
  struct ferry_track *t;
  *tracks->at = ferry_room(*tracks->at, *tracks->count, sizeof **tracks->at);
  t = &(*tracks->at)[(*tracks->count)++];
  *t = (struct ferry_track){.name = "", .kind = ""};
  ferry_read_object(r, track_member, t);
}

static void map_member(struct ferry_reader *r, const char *key, void *context) {
  struct ferry_map *map = context;
  if (!strcmp(key, "column"))
    map->column = ferry_read_nanoseconds(r);
  else if (!strcmp(key, "capacity"))
    map->capacity = ferry_read_number(r);
  else if (!strcmp(key, "pages"))
    ferry_read_array(r, read_column, &map->pages);
  else if (!strcmp(key, "to_device"))
    ferry_read_array(r, read_column, &map->to_device);
  else if (!strcmp(key, "to_system"))
    ferry_read_array(r, read_column, &map->to_system);
  else if (!strcmp(key, "launches"))
    ferry_read_array(r, read_track,
                     &(struct tracks){&map->launches, &map->launch_count});
  else if (!strcmp(key, "objects"))
    ferry_read_array(r, read_track,
                     &(struct tracks){&map->objects, &map->object_count});
  else
    ferry_skip_value(r);
}

static void moving_member(struct ferry_reader *r, const char *key, void *context) {
  struct ferry_map *map = context;
  map->costs = ferry_room(map->costs, map->cost_count, sizeof *map->costs);
  map->costs[map->cost_count++] = (struct ferry_cost){key, ferry_read_nanoseconds(r)};
}

static void totals_member(struct ferry_reader *r, const char *key, void *map) {
  if (!strcmp(key, "moving"))
    ferry_read_object(r, moving_member, map);
  else
    ferry_skip_value(r);
}

static void top_member(struct ferry_reader *r, const char *key, void *map) {
  if (!strcmp(key, "residency"))
    ferry_read_object(r, map_member, map);
  else if (!strcmp(key, "totals"))
    ferry_read_object(r, totals_member, map);
  else
    ferry_skip_value(r);
}

struct ferry_map ferry_read_map(struct ferry_reader r) {
  struct ferry_map map = {0};
  ferry_read_object(&r, top_member, &map);
  map.columns = map.column ? map.pages.count : 0;
  return map;
}
