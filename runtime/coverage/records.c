//===- records.c - the remarks in optimisation records --------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// This reads what LLVM writes, not YAML: a document for each remark, its keys
// at the start of a line and in a fixed order, "Pass" first.
//
//   --- !Missed
//   Pass:            ferry
//   Name:            call
//   DebugLoc:        { File: 'src/a.c', Line: 46, Column: 3 }
//   Function:        refused
//   Args:
//     - String:          'loop not offloaded: '
//     - String:          the loop calls a function that may have effects
//     ...
//   ...
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { PASSED, MISSED, ANALYSIS, OTHER };

struct document {
  bool open, is_ours, in_arguments, is_checked;
  enum kind kind;
  const char *name, *file, *function, *detail, *reason;
  const char *text; // the sentence or the hint
  unsigned line, column;
};

struct reader {
  struct ferry_records *records;
  const char *name; // of the record
  FILE *stream;
  char *line;
  size_t size, number;
  struct document document;
  const char *file, *path; // the last source that was looked for
};

static bool starts_with(const char *text, const char *start) {
  return !strncmp(text, start, strlen(start));
}

// Without the spaces around it.
static char *trim(char *text) {
  text += strspn(text, " ");
  size_t length = strlen(text);
  while (length > 0 && strchr(" \r\n", text[length - 1]))
    --length;
  text[length] = 0;
  return text;
}

//===- scalars ------------------------------------------------------------===//

// The character for what follows a backslash, and where it ends.
static char unescape(const char **from) {
  static const char names[] = "abtnvfr0e", values[] = "\a\b\t\n\v\f\r\0\033";
  const char letter = *(*from)++;
  const char *name = letter ? strchr(names, letter) : NULL;
  unsigned code;
  if (name)
    return values[name - names];
  if (letter == 'x' && sscanf(*from, "%2x", &code) == 1) {
    *from += 2;
    return (char)code;
  }
  return letter;
}

static const char *quoted(const char *text) {
  char *copy = ferry_copy(text), *to = copy;
  const char quote = *text++;
  while (*text && (*text != quote || (quote == '\'' && text[1] == '\''))) {
    const char c = *text++;
    if (c == '\\' && quote == '"' && *text)
      *to++ = unescape(&text);
    else
      *to++ = c;
    text += c == '\'' && quote == '\''; // it stands twice
  }
  *to = 0;
  return copy;
}

static const char *scalar(const char *text) {
  return *text == '\'' || *text == '"' ? quoted(text) : ferry_copy(text);
}

//===- documents ----------------------------------------------------------===//

static bool next_line(struct reader *r) {
  if (getline(&r->line, &r->size, r->stream) < 0)
    return false;
  ++r->number;
  r->line[strcspn(r->line, "\r\n")] = 0;
  return true;
}

static bool begin(struct reader *r) {
  static const char *const kinds[] = {"Passed", "Missed", "Analysis"};
  int kind = 0;
  if (r->document.open)
    return false;
  while (kind < OTHER && strcmp(r->line + strlen("--- !"), kinds[kind]))
    ++kind;
  r->document = (struct document){.open = true, .kind = (enum kind)kind};
  return true;
}

// LLVM folds long ones, between the name of the file and the rest, and leaves
// a name with a comma bare.
static bool read_place(struct reader *r, const char *value) {
  struct document *d = &r->document;
  char text[2 * FILENAME_MAX] = "";
  const char *const start = "{ File: ", *rest = NULL;
  strncat(text, value, sizeof text - 1);
  while (*text && text[strlen(text) - 1] != '}') {
    if (!next_line(r))
      return false;
    strncat(text, " ", sizeof text - strlen(text) - 1);
    strncat(text, trim(r->line), sizeof text - strlen(text) - 1);
  }
  for (const char *at = text; (at = strstr(at, ", Line: ")); ++at)
    rest = at;
  if (!starts_with(text, start) || !rest ||
      sscanf(rest, ", Line: %u, Column: %u }", &d->line, &d->column) != 2)
    return false;
  text[rest - text] = 0;
  d->file = scalar(text + strlen(start));
  return true;
}

static void read_argument(struct document *d, const char *key,
                          const char *value) {
  if (!strcmp(key, "Detail"))
    d->detail = scalar(value);
  else if (!strcmp(key, "Reason"))
    d->reason = scalar(value);
  else if (!strcmp(key, "Sentence") || !strcmp(key, "Hint"))
    d->text = scalar(value);
  else if (!strcmp(key, "String"))
    d->is_checked |= strstr(scalar(value), "if its iterations") != NULL;
}

static bool read_line(struct reader *r) {
  struct document *d = &r->document;
  char *key = r->line, *colon = strchr(key, ':');
  if (!d->open || !(isalpha((unsigned char)*key) || *key == ' ' || !*key))
    return false;
  if (*key != ' ')
    d->in_arguments = false;
  if (!colon)
    return *key == ' ' || !*key; // more of a long text
  *colon = 0;
  char *value = trim(colon + 1);
  if (!strcmp(key, "Pass"))
    d->is_ours = !strcmp(value, "ferry");
  else if (!d->is_ours)
    return true;
  else if (!strcmp(key, "Name"))
    d->name = scalar(value);
  else if (!strcmp(key, "DebugLoc"))
    return read_place(r, value);
  else if (!strcmp(key, "Function"))
    d->function = scalar(value);
  else if (!strcmp(key, "Args"))
    d->in_arguments = true;
  else if (d->in_arguments && starts_with(key, "  - "))
    read_argument(d, key + strlen("  - "), value);
  return true;
}

//===- remarks ------------------------------------------------------------===//

static struct ferry_cause *cause(struct ferry_records *records,
                                 const char *id) {
  for (size_t i = 0; i < records->cause_count; ++i)
    if (!strcmp(records->causes[i].id, id))
      return &records->causes[i];
  records->causes = ferry_room(records->causes, records->cause_count,
                               sizeof *records->causes);
  struct ferry_cause *new = &records->causes[records->cause_count++];
  *new = (struct ferry_cause){.id = id, .sentence = "", .hint = ""};
  return new;
}

static void add_remark(struct reader *r, enum ferry_outcome outcome) {
  const struct document *d = &r->document;
  struct ferry_records *records = r->records;
  if (d->file && (!r->file || strcmp(d->file, r->file))) {
    r->file = d->file;
    r->path = ferry_find_source(r->name, d->file);
  }
  records->remarks = ferry_room(records->remarks, records->remark_count,
                                sizeof *records->remarks);
  records->remarks[records->remark_count] = (struct ferry_remark){
      .outcome = outcome,
      .path = d->file ? r->path : r->name,
      .file = d->file,
      .line = d->line,
      .column = d->column,
      .function = d->function,
      .reason = outcome == FERRY_LOOP_REFUSED ? d->name : NULL,
      .detail = d->detail,
      .order = records->remark_count};
  ++records->remark_count;
}

// Some loops get a hint of their own; the first one stands for the reason.
static void add_hint(struct ferry_cause *cause, const char *hint) {
  if (!*cause->hint)
    cause->hint = hint;
}

// False if something is missing that Ferry always says.
static bool end(struct reader *r) {
  struct document *d = &r->document;
  const bool open = d->open;
  d->open = false;
  if (!open || !d->is_ours)
    return open;
  if (!d->name || !d->function)
    return false;
  if (d->kind == PASSED)
    add_remark(r, d->is_checked ? FERRY_LOOP_CHECKED : FERRY_LOOP_INDEPENDENT);
  else if (d->kind == ANALYSIS && !strcmp(d->name, "Inside"))
    add_remark(r, FERRY_LOOP_INSIDE);
  else if (d->kind == ANALYSIS && d->reason && d->text)
    add_hint(cause(r->records, d->reason), d->text);
  else if (d->kind == MISSED) {
    add_remark(r, FERRY_LOOP_REFUSED);
    if (d->text)
      cause(r->records, d->name)->sentence = d->text;
  }
  return true;
}

static bool read_documents(struct reader *r) {
  while (next_line(r))
    if (!(starts_with(r->line, "--- !") ? begin(r)
          : !strcmp(r->line, "...")     ? end(r)
                                        : read_line(r)))
      return false;
  return !r->document.open && !ferror(r->stream);
}

bool ferry_read_record(struct ferry_records *records, const char *name) {
  struct reader r = {.records = records, .name = name};
  r.stream = fopen(name, "re");
  if (!r.stream) {
    ferry_log("cannot read %s: %s", name, strerror(errno));
    return false;
  }
  const bool fine = read_documents(&r);
  if (!fine)
    ferry_log("%s:%zu: not an optimisation record as clang writes it; the rest "
              "of the file is left out",
              name, r.number);
  fclose(r.stream);
  free(r.line);
  return fine;
}
