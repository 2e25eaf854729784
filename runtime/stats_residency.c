//===- stats_residency.c - where the program's data was, in JSON ----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "residency.h"

static void put_columns(FILE *out, const char *separator, const char *key,
                        const uint32_t *row, uint32_t count) {
  fprintf(out, "%s\"%s\":[", separator, key);
  for (uint32_t i = 0; i < count; ++i)
    fprintf(out, "%s%u", i ? "," : "", row[i]);
  fputc(']', out);
}

// In thousandths of a column.
static void put_launches(FILE *out, const struct ferry_residency *r, int number,
                         uint32_t count) {
  const struct ferry_state *site = r->launchers[number];
  uint32_t row[FERRY_COLUMNS];
  for (uint32_t i = 0; i < count; ++i) {
    const uint64_t share = r->busy[number][i] * 1000 / (uint64_t)r->launching.step;
    row[i] = (uint32_t)(share ? share : r->busy[number][i] > 0);
  }
  fprintf(out, "%s\n  {", number ? "," : "");
  if (number < FERRY_LAUNCHERS - 1) {
    ferry_put_json_site(out, site);
    fputc(',', out);
  }
  put_columns(out, "", "busy", row, count);
  fputc('}', out);
}

static void put_object(FILE *out, const struct ferry_object *o, const uint32_t *pages,
                       uint32_t count) {
  char name[128];
  const uintptr_t lo = atomic_load(&o->lo), hi = atomic_load(&o->hi);
  const bool is_variable = ferry_find_variable(lo, name, sizeof name);
  fputs("\n  {\"name\":", out);
  ferry_put_json_string(out, name);
  fprintf(out, ",\"kind\":\"%s\",\"bytes\":%llu,",
          is_variable ? "variable" : o->on_stack ? "stack" : "allocated",
          (unsigned long long)(hi - lo));
  if (o->first) {
    ferry_put_json_site(out, o->first);
    fputc(',', out);
  }
  put_columns(out, "", "pages", pages, count);
  fputc('}', out);
}

// What is on the device and in no object is that of pointers in memory, of stacks, and
// what came along.
void ferry_put_residency(FILE *out, struct ferry_residency *r) {
  ferry_align_columns(r);
  const uint32_t objects = atomic_load(&r->object_count);
  const uint32_t a = r->moving.columns, b = r->launching.columns;
  const uint32_t count = a > b ? a : b;
  fprintf(out, ",\n\"residency\":{\"column\":%lld.%09lld,\"capacity\":%llu,",
          (long long)(r->moving.step / 1000000000),
          (long long)(r->moving.step % 1000000000), (unsigned long long)r->capacity);
  put_columns(out, "", "pages", r->owned, count);
  put_columns(out, ",", "to_device", r->to_device, count);
  put_columns(out, ",", "to_system", r->to_system, count);
  fputs(",\"launches\":[", out);
  for (int i = 0; i < FERRY_LAUNCHERS && r->launchers[i]; ++i)
    put_launches(out, r, i, count);
  fputs("],\"objects\":[", out);
  for (uint32_t i = 0; i < objects; ++i) {
    fputs(i ? "," : "", out);
    put_object(out, &r->objects[i], r->pages[i], count);
  }
  fputs("]}", out);
}
