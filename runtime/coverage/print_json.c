//===- print_json.c - the loops of a project, for programs ----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <stdio.h>

static void put_text(const char *key, const char *text) {
  printf(",\"%s\":", key);
  ferry_put_json_string(stdout, text);
}

static void put_remark(const struct ferry_remark *remark) {
  fputs("\"function\":", stdout);
  ferry_put_json_string(stdout, remark->function);
  put_text("outcome", ferry_outcome_name(remark->outcome));
  if (remark->reason)
    put_text("reason", remark->reason);
  if (remark->detail)
    put_text("detail", remark->detail);
}

static void put_run(const struct ferry_run *run) {
  printf(",\"launches\":%llu,\"declined\":{",
         (unsigned long long)run->launches);
  for (size_t i = 0; i < run->declined_count; ++i) {
    fputs(i ? "," : "", stdout);
    ferry_put_json_string(stdout, run->declined[i].reason);
    printf(":%llu", (unsigned long long)run->declined[i].count);
  }
  printf("},\"measured\":%llu", (unsigned long long)run->measured);
}

static void put_loop(const struct ferry_loop *loop) {
  const char *separator = "";
  fputs("{\"file\":", stdout);
  ferry_put_json_string(stdout, ferry_short_path(loop->remarks->path));
  printf(",\"line\":%u,\"column\":%u,", loop->remarks->line,
         loop->remarks->column);
  put_remark(loop->remarks);
  if (loop->differs) {
    fputs(",\"elsewhere\":[", stdout);
    for (size_t i = 1; i < loop->remark_count; ++i)
      if (!ferry_same_outcome(loop->remarks, &loop->remarks[i])) {
        printf("%s{", separator);
        put_remark(&loop->remarks[i]);
        fputs("}", stdout);
        separator = ",";
      }
    fputs("]", stdout);
  }
  if (loop->run)
    put_run(loop->run);
  fputs("}", stdout);
}

static void put_totals(const struct ferry_coverage *c) {
  printf("\"totals\":{\"records\":%zu,\"sources\":%zu,\"loops\":%zu",
         c->records, c->sources, c->loop_count);
  for (int i = 0; i < FERRY_LOOP_OUTCOMES; ++i)
    printf(",\"%s\":%zu", ferry_outcome_name((enum ferry_outcome)i),
           c->outcomes[i]);
  printf(",\"differing\":%zu},\n", c->differing);
}

static void put_reasons(const struct ferry_coverage *c) {
  fputs("\"reasons\":[", stdout);
  for (size_t i = 0; i < c->cause_count && c->causes[i].loops > 0; ++i) {
    printf("%s\n{\"loops\":%zu", i ? "," : "", c->causes[i].loops);
    put_text("id", c->causes[i].id);
    put_text("sentence", c->causes[i].sentence);
    put_text("hint", c->causes[i].hint);
    fputs("}", stdout);
  }
  fputs("],\n", stdout);
}

void ferry_print_coverage_json(const struct ferry_coverage *coverage) {
  fputs("{\"schema\":1,", stdout);
  put_totals(coverage);
  put_reasons(coverage);
  fputs("\"loops\":[", stdout);
  for (size_t i = 0; i < coverage->loop_count; ++i) {
    puts(i ? "," : "");
    put_loop(&coverage->loops[i]);
  }
  puts("]}");
}
