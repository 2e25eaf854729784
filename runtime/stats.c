//===- stats.c - what was done with each loop -----------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// At exit only, and from counters alone: a program that still runs loops in
// other threads may do so.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "trace.h"
#include "residency.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct numbers {
  uint64_t ended[FERRY_REASON_COUNT];
  uint64_t in_place, in_step, iterations;
  int64_t ns;
  struct ferry_traffic traffic;
};

const char *ferry_reason_name(enum ferry_reason why) {
#define FERRY_REASON(id, name, sentence) name,
  static const char *const names[] = {FERRY_REASONS(FERRY_REASON)};
#undef FERRY_REASON
  return names[why];
}

const char *ferry_transfer_words(enum ferry_transfer kind) {
#define FERRY_TRANSFER(id, name, words) words,
  static const char *const all[] = {FERRY_TRANSFERS(FERRY_TRANSFER)};
#undef FERRY_TRANSFER
  return all[kind];
}

// Loops that were run in place to measure them count as launches of nobody.
static struct numbers read_numbers(const struct ferry_state *state) {
  struct numbers n = {0};
  for (int i = 0; i < FERRY_REASON_COUNT; ++i)
    n.ended[i] = ferry_ended(state, (enum ferry_reason)i);
  n.in_place = atomic_load(&state->in_place);
  n.in_step = atomic_load(&state->in_step_launches);
  n.iterations = atomic_load(&state->iterations);
  n.ns = atomic_load(&state->nanoseconds);
  for (int i = 0; i < FERRY_TRAFFIC_FIELDS; ++i)
    ((uint64_t *)&n.traffic)[i] = atomic_load(&state->traffic[i]);
  const uint64_t done = n.ended[FERRY_DONE];
  n.ended[FERRY_DONE] = done > n.in_place ? done - n.in_place : 0;
  return n;
}

static bool is_empty(const struct numbers *n) {
  uint64_t sum = n->in_place;
  for (int i = 0; i < FERRY_REASON_COUNT; ++i)
    sum += n->ended[i];
  return sum == 0;
}

static void add(struct numbers *total, const struct numbers *n) {
  for (int i = 0; i < FERRY_REASON_COUNT; ++i)
    total->ended[i] += n->ended[i];
  total->in_place += n->in_place;
  total->in_step += n->in_step;
  total->iterations += n->iterations;
  total->ns += n->ns;
}

// Oldest first. `visit` gets each site that was asked about.
static struct numbers for_each(void (*visit)(const struct ferry_state *,
                                             const struct numbers *, void *),
                               void *context) {
  struct numbers total = {0};
  const struct ferry_state *done = NULL;
  while (done != ferry_first_state()) {
    const struct ferry_state *state = ferry_first_state();
    while (state->next != done)
      state = state->next;
    const struct numbers n = read_numbers(state);
    if (!is_empty(&n)) {
      visit(state, &n, context);
      add(&total, &n);
    }
    done = state;
  }
  return total;
}

//===- a table ------------------------------------------------------------===//

// "too-little-work 3, dependent 1"; in place of launches elsewhere as well.
static const char *list_declined(const struct numbers *n, char *text,
                                 size_t size) {
  size_t used = 0;
  text[0] = 0;
  for (int i = FERRY_DONE + 1; i < FERRY_REASON_COUNT; ++i)
    if (n->ended[i] && used < size)
      used += (size_t)snprintf(text + used, size - used, "%s%s %llu",
                               used ? ", " : "",
                               ferry_reason_name((enum ferry_reason)i),
                               (unsigned long long)n->ended[i]);
  if (n->in_place && used < size)
    snprintf(text + used, size - used, "%smeasured in place %llu",
             used ? ", " : "", (unsigned long long)n->in_place);
  return text[0] ? text : "-";
}

static void put_row(const char *where, const char *function, const char *device,
                    const struct numbers *n) {
  char declined[512];
  ferry_log("%-28s %-16s %-6s %9llu %13llu %5lld.%06lld  %s", where, function,
            device, (unsigned long long)n->ended[FERRY_DONE],
            (unsigned long long)n->iterations, (long long)(n->ns / 1000000000),
            (long long)(n->ns % 1000000000 / 1000),
            list_declined(n, declined, sizeof declined));
}

static const char *device_name(const struct ferry_state *state,
                               const struct numbers *n) {
  const struct ferry_device *device = atomic_load(&state->device);
  return n->ended[FERRY_DONE] && device ? device->name : "-";
}

// Two loops on one line, as in macros, are told apart by their columns.
static bool shares_line(const struct ferry_state *state) {
  for (const struct ferry_state *s = ferry_first_state(); s; s = s->next)
    if (s != state && s->line == state->line && s->column != state->column &&
        strcmp(s->file, state->file) == 0)
      return true;
  return false;
}

static void name_site(const struct ferry_state *state, char *where, size_t size) {
  if (state->line && shares_line(state))
    snprintf(where, size, "%s:%u:%u", state->file, state->line, state->column);
  else if (state->line)
    snprintf(where, size, "%s:%u", state->file, state->line);
  else
    snprintf(where, size, "%s: %s", state->file, state->function);
}

static void put_site(const struct ferry_state *state, const struct numbers *n,
                     void *context) {
  char where[256];
  (void)context;
  name_site(state, where, sizeof where);
  put_row(where, state->function, device_name(state, n), n);
}

// Of pages, where the device has a memory of its own. What moved between launches,
// by the CPUs' faults, is in the last row alone.
static void put_traffic(const char *where, const struct ferry_traffic *t) {
  uint64_t ns = 0;
  for (int i = 0; i < FERRY_TRANSFER_KINDS; ++i)
    ns += t->ns[i];
  ferry_log("%-28s %9llu %9llu %9llu %9llu %9llu %9llu %9llu %5llu.%06llu", where,
            (unsigned long long)t->to_device, (unsigned long long)t->to_system,
            (unsigned long long)t->device_faults,
            (unsigned long long)t->cpu_faults, (unsigned long long)t->zeroed,
            (unsigned long long)t->evicted, (unsigned long long)t->borrowed,
            (unsigned long long)(ns / 1000000000),
            (unsigned long long)(ns % 1000000000 / 1000));
}

static void put_site_traffic(const struct ferry_state *state,
                             const struct numbers *n, void *context) {
  char where[256];
  (void)context;
  if (n->ended[FERRY_DONE]) {
    name_site(state, where, sizeof where);
    put_traffic(where, &n->traffic);
  }
}

// "moving took: prefetch 0.000123 s, CPU fault 0.000456 s"
static void put_times(const struct ferry_traffic *t) {
  char text[512];
  size_t used = 0;
  for (int i = 0; i < FERRY_TRANSFER_KINDS; ++i)
    if (t->ns[i] && used < sizeof text)
      used += (size_t)snprintf(text + used, sizeof text - used,
                               "%s%s %llu.%06llu s", used ? ", " : "",
                               ferry_transfer_words((enum ferry_transfer)i),
                               (unsigned long long)(t->ns[i] / 1000000000),
                               (unsigned long long)(t->ns[i] % 1000000000 / 1000));
  if (used)
    ferry_log("moving took: %s", text);
  if (t->thrashed)
    ferry_log("the device has too little memory: %llu launches brought more than "
              "there is room for", (unsigned long long)t->thrashed);
}

static void put_traffic_table(const struct ferry_device *device) {
  struct ferry_traffic total;
  ferry_log("%-28s %9s %9s %9s %9s %9s %9s %9s %12s", "pages of 4K", "to device",
            "to system", "its fault", "CPU fault", "zeroed", "evicted",
            "borrowed", "seconds");
  for_each(put_site_traffic, NULL);
  device->traffic(&total);
  put_traffic("total", &total);
  put_times(&total);
}

static void put_table(void) {
  if (!ferry_first_state()) {
    ferry_log("no loop was asked about");
    return;
  }
  ferry_log("%-28s %-16s %-6s %9s %13s %12s  %s", "site", "function", "device",
            "launches", "iterations", "seconds", "declined");
  const struct numbers total = for_each(put_site, NULL);
  put_row("total", "", "", &total);
  if (ferry_chosen_device()->traffic)
    put_traffic_table(ferry_chosen_device());
}

//===- JSON ---------------------------------------------------------------===//

// Not %f: a locale may put a comma.
static void put_numbers(FILE *out, const struct numbers *n) {
  const char *separator = "";
  fprintf(out, "\"launches\":%llu,\"declined\":{",
          (unsigned long long)n->ended[FERRY_DONE]);
  for (int i = FERRY_DONE + 1; i < FERRY_REASON_COUNT; ++i)
    if (n->ended[i]) {
      fprintf(out, "%s\"%s\":%llu", separator,
              ferry_reason_name((enum ferry_reason)i),
              (unsigned long long)n->ended[i]);
      separator = ",";
    }
  fprintf(out, "},\"measured\":%llu,\"in_step\":%llu,\"iterations\":%llu,\"seconds\":%lld.%09lld",
          (unsigned long long)n->in_place, (unsigned long long)n->in_step,
          (unsigned long long)n->iterations,
          (long long)(n->ns / 1000000000), (long long)(n->ns % 1000000000));
}

static void put_json_traffic(FILE *out, const struct ferry_traffic *t) {
  static const char *const names[] = {
#define FERRY_NAME(name) #name,
      FERRY_TRAFFIC(FERRY_NAME)
#undef FERRY_NAME
  };
  static const char *const moves[] = {
#define FERRY_TRANSFER(id, name, words) #name,
      FERRY_TRANSFERS(FERRY_TRANSFER)
#undef FERRY_TRANSFER
  };
  if (!ferry_chosen_device()->traffic)
    return;
  for (int i = 0; i < FERRY_TRAFFIC_COUNTS; ++i)
    fprintf(out, "%s\"%s\":%llu", i ? "," : ",\"pages\":{", names[i],
            (unsigned long long)((const uint64_t *)t)[i]);
  for (int i = 0; i < FERRY_TRANSFER_KINDS; ++i)
    fprintf(out, "%s\"%s\":%llu.%09llu", i ? "," : "},\"moving\":{", moves[i],
            (unsigned long long)(t->ns[i] / 1000000000),
            (unsigned long long)(t->ns[i] % 1000000000));
  fputc('}', out);
}

struct json {
  FILE *out;
  const char *separator;
};

static void put_object(const struct ferry_state *state, const struct numbers *n,
                       void *context) {
  struct json *json = context;
  fprintf(json->out, "%s\n{", json->separator);
  ferry_put_json_site(json->out, state);
  fputs(",\"device\":", json->out);
  ferry_put_json_string(json->out, device_name(state, n));
  fputc(',', json->out);
  put_numbers(json->out, n);
  put_json_traffic(json->out, &n->traffic);
  fputc('}', json->out);
  json->separator = ",";
}

static void put_residency(FILE *out) {
  const struct ferry_device *device = ferry_chosen_device();
  struct ferry_residency *r = device->residency ? device->residency() : NULL;
  if (r)
    ferry_put_residency(out, r);
}

static void put_json(const char *file) {
  struct json json = {fopen(file, "we"), ""};
  int failed = !json.out;
  if (json.out) {
    fputs("{\"schema\":1,\"sites\":[", json.out);
    struct numbers total = for_each(put_object, &json);
    if (ferry_chosen_device()->traffic)
      ferry_chosen_device()->traffic(&total.traffic);
    fputs("],\n\"totals\":{", json.out);
    put_numbers(json.out, &total);
    put_json_traffic(json.out, &total.traffic);
    fputc('}', json.out);
    put_residency(json.out);
    fputs("}\n", json.out);
    failed = ferror(json.out);
    failed |= fclose(json.out);
  }
  if (failed)
    ferry_log("cannot write the statistics to %s: %s", file, strerror(errno));
}

//===----------------------------------------------------------------------===//

static bool in_child;

void ferry_stats_forked(void) { in_child = true; }

static void skip(const struct ferry_state *state, const struct numbers *n,
                 void *context) {
  (void)state, (void)n, (void)context;
}

// A child of fork() that asked nothing must not overwrite its parent's file.
void ferry_write_stats(void) {
  const struct numbers total = for_each(skip, NULL);
  if (in_child && is_empty(&total))
    return;
  if (ferry_options.stats == FERRY_STATS_TABLE)
    put_table();
  else if (ferry_options.stats == FERRY_STATS_JSON)
    put_json(ferry_options.stats_file);
}

__attribute__((destructor)) static void at_exit(void) {
  atomic_store(&ferry_exiting, true);
  if (ferry_chosen_device()->end_counting) // so that both say the same
    ferry_chosen_device()->end_counting();
  ferry_write_stats();
  ferry_write_trace();
}
