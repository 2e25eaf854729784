//===- page.c - the page of `ferry report` --------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What it looks like is in page.css, and that a click sorts it in page.js; it
// can be read without either.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "report.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char style[] = {
#include "page_css.inc"
    0};
static const unsigned char script[] = {
#include "page_js.inc"
    0};

//===- reasons ------------------------------------------------------------===//

#define FERRY_REASON(id, name, sentence) {name, sentence},
static const struct {
  const char *name, *sentence;
} reasons[] = {FERRY_REASONS(FERRY_REASON)};
#undef FERRY_REASON

static const char measured[] =
    "a worker ran it on the calling thread, to learn what it takes or because "
    "that is faster";

// Another version of the runtime may have other ones.
static const char *sentence_of(const char *reason) {
  for (size_t i = 0; i < sizeof reasons / sizeof *reasons; ++i)
    if (!strcmp(reasons[i].name, reason))
      return reasons[i].sentence;
  return "";
}

static void put_reason(FILE *out, const char *reason, uint64_t count,
                       const char *sentence) {
  fputs("<li><b>", out);
  ferry_put_html(out, reason);
  fputs("</b> <span class=count>", out);
  ferry_put_count(out, count);
  fputs("×</span> <span class=sentence>", out);
  ferry_put_html(out, sentence);
  fputs("</span></li>", out);
}

static void put_reasons(FILE *out, const struct ferry_run *run) {
  if (!run->declined_count && !run->measured) {
    fputs("–", out);
    return;
  }
  fputs("<ul>", out);
  for (size_t i = 0; i < run->declined_count; ++i)
    put_reason(out, run->declined[i].reason, run->declined[i].count,
               sentence_of(run->declined[i].reason));
  if (run->measured)
    put_reason(out, "measured in place", run->measured, measured);
  fputs("</ul>", out);
}

//===- totals -------------------------------------------------------------===//

static uint64_t declined(const struct ferry_run *run) {
  uint64_t count = 0;
  for (size_t i = 0; i < run->declined_count; ++i)
    count += run->declined[i].count;
  return count;
}

static void put_seconds(FILE *out, uint64_t ns) {
  fprintf(out, "%llu.%06llu", (unsigned long long)(ns / 1000000000),
          (unsigned long long)(ns % 1000000000 / 1000));
}

static void put_total(FILE *out, const char *what, uint64_t count,
                      bool is_time) {
  fprintf(out, "<div><dt>%s</dt><dd>", what);
  if (is_time) {
    put_seconds(out, count);
    fputs("\u00A0s", out);
  } else
    ferry_put_count(out, count);
  fputs("</dd></div>\n", out);
}

static struct ferry_executed sum_up(const struct ferry_report *report) {
  struct ferry_executed sum = {0};
  for (size_t i = 0; i < report->count; ++i) {
    const struct ferry_executed *loop = &report->loops[i];
    sum.iterations += loop->iterations;
    sum.nanoseconds += loop->nanoseconds;
    ferry_add_to_run(&sum.run, &loop->run);
  }
  return sum;
}

static void put_totals(FILE *out, const struct ferry_report *report) {
  const struct ferry_executed sum = sum_up(report);
  size_t launched = 0;
  for (size_t i = 0; i < report->count; ++i)
    launched += report->loops[i].run.launches > 0;
  fputs("<dl>\n", out);
  put_total(out, "loops asked about", report->count, false);
  put_total(out, "loops launched", launched, false);
  put_total(out, "launches", sum.run.launches, false);
  put_total(out, "time in launches", sum.nanoseconds, true);
  put_total(out, "iterations launched", sum.iterations, false);
  put_total(out, "calls left in place", declined(&sum.run), false);
  put_total(out, "calls measured in place", sum.run.measured, false);
  fputs("</dl>\n", out);
}

//===- loops --------------------------------------------------------------===//

// What took most time comes first, then what was asked for most often.
static int by_weight(const void *first, const void *second) {
  const struct ferry_executed *a = first, *b = second;
  const uint64_t left = declined(&a->run) + a->run.measured;
  const uint64_t right = declined(&b->run) + b->run.measured;
  if (a->nanoseconds != b->nanoseconds)
    return a->nanoseconds < b->nanoseconds ? 1 : -1;
  return (left < right) - (left > right);
}

static void put_place(FILE *out, const struct ferry_executed *loop) {
  fputs("<td class=place data-label=Loop>", out);
  ferry_put_html(out, loop->file);
  if (loop->line)
    fprintf(out, ":%llu:%llu", (unsigned long long)loop->line,
            (unsigned long long)loop->column);
  fputs("</td><td class=place data-label=Function>", out);
  ferry_put_html(out, loop->function);
  fputs("</td>", out);
}

static void put_device(FILE *out, const struct ferry_executed *loop) {
  const bool stayed = loop->run.declined_count || loop->run.measured;
  fputs("<td data-label=\"Ran on\">", out);
  if (loop->run.launches)
    ferry_put_html(out, loop->device);
  fputs(loop->run.launches && stayed ? ", in place"
        : stayed                     ? "in place"
                                     : "",
        out);
  fputs("</td>", out);
}

static void put_number(FILE *out, const char *label, uint64_t count) {
  fprintf(out, "<td class=number data-label=%s data-value=%llu>", label,
          (unsigned long long)count);
  ferry_put_count(out, count);
  fputs("</td>", out);
}

// With a bar for its part of the longest.
static void put_time(FILE *out, uint64_t ns, uint64_t longest) {
  const double part = longest ? 100.0 * (double)ns / (double)longest : 0;
  fprintf(out, "<td class=number data-label=Seconds data-value=%llu>",
          (unsigned long long)ns);
  put_seconds(out, ns);
  if (ns)
    fprintf(out, "<div class=bar style=\"width:%.1f%%\"></div>", part);
  fputs("</td>", out);
}

static void put_loop(FILE *out, const struct ferry_executed *loop,
                     uint64_t longest) {
  fputs("<tr>", out);
  put_place(out, loop);
  put_device(out, loop);
  put_number(out, "Launches", loop->run.launches);
  put_time(out, loop->nanoseconds, longest);
  put_number(out, "Iterations", loop->iterations);
  fprintf(out, "<td class=why data-label=\"Ran in place\" data-value=%llu>",
          (unsigned long long)(declined(&loop->run) + loop->run.measured));
  put_reasons(out, &loop->run);
  fputs("</td></tr>\n", out);
}

// Sorted by seconds, see by_weight.
static const char titles[] =
    "<thead><tr>"
    "<th scope=col><button type=button>Loop</button></th>"
    "<th scope=col><button type=button>Function</button></th>"
    "<th scope=col><button type=button>Ran on</button></th>"
    "<th scope=col class=number><button type=button>Launches</button></th>"
    "<th scope=col class=number aria-sort=descending>"
    "<button type=button>Seconds</button></th>"
    "<th scope=col class=number><button type=button>Iterations</button></th>"
    "<th scope=col><button type=button>Ran in place</button></th>"
    "</tr></thead>\n";

static void put_loops(FILE *out, const struct ferry_report *report) {
  fprintf(out, "<table>\n%s<tbody>\n", titles);
  for (size_t i = 0; i < report->count; ++i)
    put_loop(out, &report->loops[i], report->loops[0].nanoseconds);
  fputs("</tbody>\n</table>\n", out);
}

static const char none[] =
    "<p>No loop was asked about. Was the program compiled with Ferry\n"
    "(<code>-Rpass=ferry</code> says for which loops it has sites), and did it "
    "run\n"
    "one of them? <code>-Rpass-missed=ferry</code> and <code>ferry "
    "coverage</code>\n"
    "say why the compiler left loops alone.</p>\n";

static const char notes[] =
    "<footer><p>Seconds are those that the calling thread waited for "
    "launches;\n"
    "what ran in place is not counted. The reasons are explained in\n"
    "docs/remarks.md of Ferry.</p></footer>\n";

//===- the page -----------------------------------------------------------===//

// It loads nothing, and may not even if a name in it found a way to try.
static const char head[] =
    "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
    "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n<title>Ferry: ";

void ferry_print_page(FILE *out, const struct ferry_report *report) {
  fputs(head, out);
  ferry_put_html(out, report->name);
  fprintf(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n",
          (const char *)style);
  fputs("<header><h1>What became of each loop</h1><p class=place>", out);
  ferry_put_html(out, report->name);
  fputs("</p></header>\n", out);
  put_totals(out, report);
  if (report->count) {
    qsort(report->loops, report->count, sizeof *report->loops, by_weight);
    put_loops(out, report);
  } else
    fputs(none, out);
  if (report->map.columns)
    ferry_put_map(out, &report->map);
  fprintf(out, "%s<script>\n%s</script>\n</body>\n</html>\n", notes,
          (const char *)script);
}
