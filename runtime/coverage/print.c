//===- print.c - the loops of a project, for people -----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLES = 3, DETAILS = 6 }; // of each reason, at most

const char *ferry_outcome_name(enum ferry_outcome outcome) {
  static const char *const names[] = {"independent", "checked", "inside",
                                      "refused"};
  return names[outcome];
}

//===- one loop -----------------------------------------------------------===//

static void put_place(const struct ferry_remark *remark) {
  fputs(ferry_short_path(remark->path), stdout);
  if (remark->line)
    printf(":%u:%u", remark->line, remark->column);
  printf(" %s", remark->function);
}

static void put_outcome(const struct ferry_remark *remark) {
  fputs(remark->reason ? remark->reason : ferry_outcome_name(remark->outcome),
        stdout);
  if (remark->detail)
    printf(": %s", remark->detail);
}

// Whether an earlier remark of the loop says the same of the same function.
static bool is_repeated(const struct ferry_loop *loop, size_t number) {
  for (size_t i = 0; i < number; ++i)
    if (ferry_same_outcome(&loop->remarks[i], &loop->remarks[number]) &&
        !strcmp(loop->remarks[i].function, loop->remarks[number].function))
      return true;
  return false;
}

static void put_loop(const struct ferry_loop *loop) {
  put_place(loop->remarks);
  fputs(": ", stdout);
  put_outcome(loop->remarks);
  for (size_t i = 1; i < loop->remark_count; ++i)
    if (!ferry_same_outcome(loop->remarks, &loop->remarks[i]) &&
        !is_repeated(loop, i)) {
      printf("; in %s: ", loop->remarks[i].function);
      put_outcome(&loop->remarks[i]);
    }
  puts("");
}

//===- kinds of loops -----------------------------------------------------===//

static bool was_launched(const struct ferry_loop *loop) {
  return ferry_is_offloaded(loop) && loop->run && loop->run->launches > 0;
}

static bool ran_in_place(const struct ferry_loop *loop) {
  return ferry_is_offloaded(loop) && loop->run && loop->run->launches == 0;
}

static bool did_not_run(const struct ferry_loop *loop) {
  return ferry_is_offloaded(loop) && !loop->run;
}

static bool differs(const struct ferry_loop *loop) { return loop->differs; }

// Kinds that are neither an outcome nor a reason.
static const struct kind {
  const char *name;
  bool (*holds)(const struct ferry_loop *);
  bool of_run;
} kinds[] = {{"differing", differs, false},
             {"launched", was_launched, true},
             {"in-place", ran_in_place, true},
             {"not-run", did_not_run, true}};

enum { KINDS = sizeof kinds / sizeof *kinds };

static bool is_kind(const struct ferry_loop *loop, const char *name) {
  for (size_t i = 0; i < KINDS; ++i)
    if (!strcmp(kinds[i].name, name))
      return kinds[i].holds(loop);
  return !strcmp(ferry_outcome_name(loop->remarks->outcome), name) ||
         (loop->remarks->reason && !strcmp(loop->remarks->reason, name));
}

static size_t count_kind(const struct ferry_coverage *c, const char *name) {
  size_t count = 0;
  for (size_t i = 0; i < c->loop_count; ++i)
    count += is_kind(&c->loops[i], name);
  return count;
}

static bool is_known(const struct ferry_coverage *c, const char *name) {
  for (size_t i = 0; i < KINDS; ++i)
    if (!strcmp(kinds[i].name, name)) {
      if (kinds[i].of_run && !c->has_runs)
        ferry_fatal("--list %s needs --stats", name);
      return true;
    }
  for (int i = 0; i < FERRY_LOOP_OUTCOMES; ++i)
    if (!strcmp(ferry_outcome_name((enum ferry_outcome)i), name))
      return true;
  return count_kind(c, name) > 0;
}

void ferry_list_loops(const struct ferry_coverage *c, const char *name) {
  if (!is_known(c, name))
    ferry_fatal("no loop here has the reason '%s'; see ferry coverage --help",
                name);
  for (size_t i = 0; i < c->loop_count; ++i)
    if (is_kind(&c->loops[i], name))
      put_loop(&c->loops[i]);
}

static void put_examples(const struct ferry_coverage *c, const char *name) {
  const size_t count = count_kind(c, name);
  size_t shown = 0;
  for (size_t i = 0; i < c->loop_count && shown < EXAMPLES; ++i)
    if (is_kind(&c->loops[i], name)) {
      fputs("          ", stdout);
      put_place(c->loops[i].remarks);
      puts("");
      ++shown;
    }
  if (count > shown)
    printf("          and %zu more: --list %s\n", count - shown, name);
}

//===- the summary --------------------------------------------------------===//

static const char *plural(size_t count) { return count == 1 ? "" : "s"; }

static void put_totals(const struct ferry_coverage *c) {
  static const char *const texts[] = {"offloaded, known to be independent",
                                      "offloaded, if independent at run time",
                                      "inside an offloaded loop",
                                      "not offloaded"};
  printf("%zu loop%s in %zu source file%s, from %zu record%s\n\n",
         c->loop_count, plural(c->loop_count), c->sources, plural(c->sources),
         c->records, plural(c->records));
  for (int i = 0; i < FERRY_LOOP_OUTCOMES; ++i)
    printf("%7zu %3zu %%  %s\n", c->outcomes[i],
           (100 * c->outcomes[i] + c->loop_count / 2) / c->loop_count,
           texts[i]);
  if (c->differing > 0)
    printf("\n%zu of them differ%s from place to place (the best counts): "
           "--list differing\n",
           c->differing, c->differing == 1 ? "s" : "");
}

struct detail {
  const char *text;
  size_t count;
};

static int by_count(const void *first, const void *second) {
  const struct detail *a = first, *b = second;
  if (a->count != b->count)
    return a->count < b->count ? 1 : -1;
  return strcmp(a->text, b->text);
}

// What stood in the way most often: which functions are called, say.
static void put_details(const struct ferry_coverage *c, const char *reason) {
  struct detail *details = NULL;
  size_t count = 0;
  for (size_t i = 0; i < c->loop_count; ++i) {
    const char *text = c->loops[i].remarks->detail;
    size_t at = 0;
    if (!text || !is_kind(&c->loops[i], reason))
      continue;
    while (at < count && strcmp(details[at].text, text))
      ++at;
    if (at == count) {
      details = ferry_room(details, count, sizeof *details);
      details[count++] = (struct detail){text, 0};
    }
    ++details[at].count;
  }
  if (count == 0)
    return;
  qsort(details, count, sizeof *details, by_count);
  for (size_t i = 0; i < count && i < DETAILS; ++i)
    printf("%s%s %zu", i ? ", " : "        ", details[i].text,
           details[i].count);
  puts(count > DETAILS ? ", ..." : "");
  free(details);
}

static void put_reasons(const struct ferry_coverage *c) {
  for (size_t i = 0; i < c->cause_count && c->causes[i].loops > 0; ++i) {
    const struct ferry_cause *cause = &c->causes[i];
    printf("%s%7zu %s: %s\n        hint: %s\n", i ? "" : "\n", cause->loops,
           cause->id, cause->sentence, cause->hint);
    put_details(c, cause->id);
    put_examples(c, cause->id);
  }
}

//===- at run time --------------------------------------------------------===//

static void put_run(const struct ferry_loop *loop) {
  const struct ferry_run *run = loop->run;
  const char *separator = "";
  printf("%9llu  ", (unsigned long long)run->launches);
  put_place(loop->remarks);
  fputs(": ", stdout);
  for (size_t i = 0; i < run->declined_count; ++i, separator = ", ")
    printf("%s%s %llu", separator, run->declined[i].reason,
           (unsigned long long)run->declined[i].count);
  if (run->measured > 0)
    printf("%smeasured in place %llu", separator,
           (unsigned long long)run->measured);
  puts(run->measured || run->declined_count ? "" : "-");
}

static void put_runs(const struct ferry_coverage *c) {
  printf("\nat run time, of the offloaded ones:\n\n"
         "%7zu  launched\n"
         "%7zu  only ran in place\n"
         "%7zu  did not run\n",
         count_kind(c, "launched"), count_kind(c, "in-place"),
         count_kind(c, "not-run"));
  put_examples(c, "not-run");
  if (c->foreign > 0)
    printf("%7zu  ran, but are none of these loops\n", c->foreign);
  printf("\n launches  loop: declined\n");
  for (size_t i = 0; i < c->loop_count; ++i)
    if (c->loops[i].run)
      put_run(&c->loops[i]);
}

void ferry_print_coverage(const struct ferry_coverage *coverage) {
  put_totals(coverage);
  put_reasons(coverage);
  if (coverage->has_runs)
    put_runs(coverage);
}
