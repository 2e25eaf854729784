//===- map.c - a picture of where the data was ----------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every row is a name, as text, and a picture whose units are columns of time, which
// is stretched over the width that there is.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "report.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, SHADES = 10, MOST_OBJECTS = 20, LEAST_BYTES = 4 * PAGE, TICKS = 8 };

static uint64_t value(const struct ferry_row *row, size_t column) {
  return column < row->count ? row->at[column] : 0;
}

static uint64_t largest(const struct ferry_row *row) {
  uint64_t most = 0;
  for (size_t i = 0; i < row->count; ++i)
    most = row->at[i] > most ? row->at[i] : most;
  return most;
}

static void put_bytes(FILE *out, uint64_t bytes) {
  static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
  int unit = 0;
  double number = (double)bytes;
  for (; number >= 1024 && unit < 4; ++unit)
    number /= 1024;
  fprintf(out, number < 10 && unit ? "%.1f\u00A0%s" : "%.0f\u00A0%s", number, units[unit]);
}

//===- time ---------------------------------------------------------------===//

// 1, 2 or 5 times a power of ten.
static uint64_t tick(const struct ferry_map *map) {
  const uint64_t most = map->column * map->columns / TICKS;
  uint64_t ns = 1;
  for (int i = 0; ns < most; ++i)
    ns = i % 3 == 1 ? ns / 2 * 5 : ns * 2;
  return ns;
}

static void put_time(FILE *out, uint64_t ns) {
  if (ns == 0)
    fputs("0", out);
  else if (ns >= 1000000000)
    fprintf(out, "%g\u00A0s", (double)ns / 1e9);
  else if (ns >= 1000000)
    fprintf(out, "%g\u00A0ms", (double)ns / 1e6);
  else
    fprintf(out, "%g\u00A0µs", (double)ns / 1e3);
}

// Of a length: to some digits.
static void put_length(FILE *out, uint64_t ns) {
  uint64_t digits = 1;
  while (ns / digits >= 100)
    digits *= 10;
  put_time(out, ns / digits * digits);
}

static void put_axis(FILE *out, const struct ferry_map *map) {
  const uint64_t all = map->column * map->columns, step = tick(map);
  fputs("<div class=\"key sentence\">since the device was made</div><div class=axis>", out);
  for (uint64_t at = 0; at <= all - all / 20; at += step) {
    fprintf(out, "<span style=\"left:%.3f%%\">", 100.0 * (double)at / (double)all);
    put_time(out, at);
    fputs("</span>", out);
  }
  fputs("</div>\n", out);
}

//===- pictures -----------------------------------------------------------===//

static void begin_picture(FILE *out, const struct ferry_map *map, const char *kind,
                          int height) {
  const uint64_t all = map->column * map->columns, step = tick(map);
  fprintf(out, "<svg class=%s viewBox=\"0 0 %zu %d\" preserveAspectRatio=none role=img>"
               "<path class=rule d=\"", kind, map->columns, height);
  for (uint64_t at = step; at < all; at += step)
    fprintf(out, "M%.2f 0V%d", (double)at / (double)map->column, height);
  fputs("\"/>", out);
}

static void put_span(FILE *out, const struct ferry_map *map, size_t from, size_t to) {
  fputs("<title>", out);
  put_time(out, from * map->column / 1000 * 1000);
  fputs(" – ", out);
  put_time(out, to * map->column / 1000 * 1000);
}

// Runs of columns of about the same share of `whole`.
static void put_shades(FILE *out, const struct ferry_map *map, const struct ferry_row *row,
                       uint64_t whole, const char *what) {
  for (size_t from = 0, to; from < map->columns; from = to) {
    const uint64_t now = value(row, from);
    const uint64_t shade = (now * SHADES + whole - 1) / whole;
    for (to = from + 1; to < map->columns &&
                        (value(row, to) * SHADES + whole - 1) / whole == shade;)
      ++to;
    if (!shade)
      continue;
    fprintf(out, "<rect x=%zu width=%zu height=1 fill-opacity=%.2f>", from, to - from,
            shade < SHADES ? 0.12 + 0.88 * (double)shade / SHADES : 1.0);
    put_span(out, map, from, to);
    fprintf(out, ": %.0f\u00A0%% %s</title></rect>",
            now < whole ? 100.0 * (double)now / (double)whole : 100.0, what);
  }
}

// From the line `base`, `sign` tells which way; `most` is one unit.
static void put_area(FILE *out, const struct ferry_map *map, const struct ferry_row *row,
                     const char *kind, double base, double sign, uint64_t most) {
  fprintf(out, "<path class=%s d=\"M0 %g", kind, base);
  for (size_t i = 0; i < map->columns; ++i) {
    if (i == 0 || value(row, i) != value(row, i - 1))
      fprintf(out, "H%zuV%.3f", i, base - sign * (double)value(row, i) / (double)most);
  }
  fprintf(out, "H%zuV%gZ\"/>", map->columns, base);
}

//===- rows ---------------------------------------------------------------===//

static void put_site(FILE *out, const struct ferry_track *t) {
  const char *slash = t->file ? strrchr(t->file, '/') : NULL;
  ferry_put_html(out, slash ? slash + 1 : t->file ? t->file : "");
  if (t->line)
    fprintf(out, ":%llu", (unsigned long long)t->line);
  fputc(' ', out);
  ferry_put_html(out, t->function ? t->function : "");
}

static void put_launches(FILE *out, const struct ferry_map *map) {
  for (size_t i = 0; i < map->launch_count; ++i) {
    const struct ferry_track *t = &map->launches[i];
    fputs("<div class=key><span class=place>", out);
    if (t->file)
      put_site(out, t);
    else
      fputs("other loops", out);
    fputs("</span></div>", out);
    begin_picture(out, map, "launches", 1);
    put_shades(out, map, &t->row, 1000, "of it in launches");
    fputs("</svg>\n", out);
  }
}

// "grid 8.0 MiB" or "8.0 MiB allocated", and the loop that was the first to use it.
static void put_object_name(FILE *out, const struct ferry_track *t) {
  fputs("<div class=key><b>", out);
  if (t->name[0]) {
    ferry_put_html(out, t->name);
    fputs("</b> ", out);
    put_bytes(out, t->bytes);
  } else {
    put_bytes(out, t->bytes);
    fputs("</b> ", out);
    ferry_put_html(out, !strcmp(t->kind, "stack") ? "on a stack" : t->kind);
  }
  if (t->file) {
    fputs(" <span class=sentence>for ", out);
    put_site(out, t);
    fputs("</span>", out);
  }
  fputs("</div>", out);
}

static int by_size(const void *first, const void *second) {
  const struct ferry_track *a = first, *b = second;
  return (a->bytes < b->bytes) - (a->bytes > b->bytes);
}

static void put_object(FILE *out, const struct ferry_map *map, const struct ferry_track *t) {
  put_object_name(out, t);
  begin_picture(out, map, "object", 1);
  put_shades(out, map, &t->row, (t->bytes + PAGE - 1) / PAGE, "on the device");
  fputs("</svg>\n", out);
}

// What no row is about: rows behind pointers, stacks, neighbours that came along.
static void put_others(FILE *out, const struct ferry_map *map, size_t shown) {
  struct ferry_row rest = {calloc(map->columns, sizeof *rest.at), map->columns};
  for (size_t i = 0; rest.at && i < map->columns; ++i) {
    uint64_t known = 0;
    for (size_t k = 0; k < shown; ++k)
      known += value(&map->objects[k].row, i);
    const uint64_t all = value(&map->pages, i);
    rest.at[i] = all > known ? all - known : 0;
  }
  const uint64_t most = rest.at ? largest(&rest) : 0;
  if (!most || most * 50 < largest(&map->pages))
    return;
  fputs("<div class=key>other memory, at most ", out);
  put_bytes(out, most * PAGE);
  fputs("</div>", out);
  begin_picture(out, map, "object", 1);
  put_shades(out, map, &rest, most, "of that on the device");
  fputs("</svg>\n", out);
}

static void put_objects(FILE *out, const struct ferry_map *map) {
  size_t shown = 0;
  if (map->object_count)
    qsort(map->objects, map->object_count, sizeof *map->objects, by_size);
  while (shown < map->object_count && shown < MOST_OBJECTS &&
         map->objects[shown].bytes >= LEAST_BYTES)
    put_object(out, map, &map->objects[shown++]);
  put_others(out, map, shown);
}

static void put_sums(FILE *out, const struct ferry_map *map) {
  const uint64_t most = largest(&map->pages), in = largest(&map->to_device),
                 back = largest(&map->to_system), moved = in > back ? in : back;
  fputs("<div class=key>on the device, at most ", out);
  put_bytes(out, most * PAGE);
  fputs(" of ", out);
  put_bytes(out, map->capacity * PAGE);
  fputs("</div>", out);
  begin_picture(out, map, "sums", 1);
  put_area(out, map, &map->pages, "owned", 1, 1, most ? most : 1);
  fputs("</svg>\n<div class=key><span class=in>to the device</span> and "
        "<span class=back>back</span>, at most ", out);
  put_bytes(out, moved * PAGE);
  fputs(" in ", out);
  put_length(out, map->column);
  fputs("</div>", out);
  begin_picture(out, map, "sums", 2);
  put_area(out, map, &map->to_device, "in", 1, 1, moved ? moved : 1);
  put_area(out, map, &map->to_system, "back", 1, -1, moved ? moved : 1);
  fputs("</svg>\n", out);
}

static const char intro[] =
    "<section class=map><h2>Where the data was</h2>\n"
    "<p class=sentence>When loops ran on the device, how much of each piece of memory that\n"
    "they span was there, and what moved. A piece has the name of its variable, or the\n"
    "loop that was the first to use it. <span class=legend>system"
    "<i></i><i></i><i></i><i></i><i></i>device</span></p>\n<div class=tracks>\n";

// Another version of the runtime may have other ones.
static const char *words(const char *why) {
#define FERRY_TRANSFER(id, name, words) {#name, words},
  static const char *const known[][2] = {FERRY_TRANSFERS(FERRY_TRANSFER)};
#undef FERRY_TRANSFER
  for (size_t i = 0; i < sizeof known / sizeof *known; ++i)
    if (!strcmp(known[i][0], why))
      return known[i][1];
  return why;
}

// Of all that took any.
static void put_times(FILE *out, const struct ferry_map *map) {
  fputs("<dl>\n", out);
  for (size_t i = 0; i < map->cost_count; ++i)
    if (map->costs[i].ns) {
      fputs("<div><dt>time in ", out);
      ferry_put_html(out, words(map->costs[i].why));
      fprintf(out, "</dt><dd>%.6f\u00A0s</dd></div>\n", (double)map->costs[i].ns / 1e9);
    }
  fputs("</dl>\n", out);
}

void ferry_put_map(FILE *out, const struct ferry_map *map) {
  fputs(intro, out);
  put_launches(out, map);
  put_objects(out, map);
  put_sums(out, map);
  put_axis(out, map);
  fputs("</div>\n", out);
  put_times(out, map);
  fputs("</section>\n", out);
}
