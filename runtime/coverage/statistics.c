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

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
  const char *name, *at; // of the file; the text, with a zero at its end
  void (*visit)(const struct ferry_executed *, void *);
  void *context;
  bool has_schema, has_sites;
};

//===- JSON ---------------------------------------------------------------===//

static _Noreturn void fail(const struct reader *r) {
  ferry_fatal("%s holds no statistics that FERRY_STATS=json:FILE wrote",
              r->name);
}

static bool accept(struct reader *r, char c) {
  r->at += strspn(r->at, " \t\r\n");
  if (*r->at != c)
    return false;
  ++r->at;
  return true;
}

static void expect(struct reader *r, char c) {
  if (!accept(r, c))
    fail(r);
}

static unsigned read_code(struct reader *r) {
  unsigned code = 0;
  for (int i = 0; i < 4; ++i, ++r->at) {
    if (!isxdigit((unsigned char)*r->at))
      fail(r);
    const int digit = tolower((unsigned char)*r->at);
    code =
        code * 16 + (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return code;
}

// What lies beyond \uFFFF is written as two. A half without its other one, and
// the character that would end the string, are none.
static unsigned read_character(struct reader *r) {
  const unsigned code = read_code(r);
  if (code == 0 || (code >= 0xDC00 && code < 0xE000))
    return 0xFFFD;
  if (code < 0xD800 || code >= 0xE000)
    return code;
  if (strncmp(r->at, "\\u", 2))
    return 0xFFFD;
  r->at += 2;
  const unsigned low = read_code(r);
  return low >= 0xDC00 && low < 0xE000
             ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
             : 0xFFFD;
}

// As UTF-8, which is never longer than what stood there.
static char *put_character(char *to, unsigned code) {
  static const unsigned limits[] = {0x80, 0x800, 0x10000},
                        first[] = {0, 0xC0, 0xE0, 0xF0};
  int more = 0;
  while (more < 3 && code >= limits[more])
    ++more;
  *to++ = (char)(first[more] | code >> 6 * more);
  while (more-- > 0)
    *to++ = (char)(0x80 | (code >> 6 * more & 0x3F));
  return to;
}

static char *put_escaped(struct reader *r, char *to) {
  static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
  const char letter = *r->at;
  const char *known = letter ? strchr(letters, letter) : NULL;
  if (!letter)
    fail(r);
  ++r->at;
  if (letter == 'u')
    return put_character(to, read_character(r));
  *to++ = known ? values[known - letters] : letter;
  return to;
}

static size_t written_length(const char *text) {
  size_t length = 0;
  while (text[length] && text[length] != '"')
    length += text[length] == '\\' && text[length + 1] ? 2 : 1;
  return length;
}

static const char *read_string(struct reader *r) {
  expect(r, '"');
  char *text = ferry_room(NULL, 0, written_length(r->at) + 1), *to = text;
  while (*r->at && *r->at != '"')
    if (*r->at != '\\')
      *to++ = *r->at++;
    else {
      ++r->at;
      to = put_escaped(r, to);
    }
  expect(r, '"');
  *to = 0;
  return text;
}

static uint64_t read_number(struct reader *r) {
  char *end;
  r->at += strspn(r->at, " \t\r\n");
  const uint64_t number = strtoull(r->at, &end, 10);
  if (end == r->at)
    fail(r);
  r->at = end;
  return number;
}

// Of seconds, which another tool may have written with an exponent.
static uint64_t read_nanoseconds(struct reader *r) {
  char *end;
  const double seconds = strtod(r->at, &end);
  if (end == r->at || !(seconds >= 0 && seconds < 1e9))
    fail(r);
  r->at = end;
  return (uint64_t)(seconds * 1e9 + 0.5);
}

static void skip_value(struct reader *r) {
  for (int depth = 0; *r->at; ++r->at) {
    if (*r->at == '"') {
      read_string(r);
      --r->at; // at its end
    }
    if (depth == 0 && strchr(",]}", *r->at))
      return;
    depth += *r->at == '{' || *r->at == '[';
    depth -= *r->at == '}' || *r->at == ']';
  }
}

static void read_object(struct reader *r,
                        void (*member)(struct reader *, const char *, void *),
                        void *context) {
  expect(r, '{');
  if (accept(r, '}'))
    return;
  do {
    const char *key = read_string(r);
    expect(r, ':');
    member(r, key, context);
  } while (accept(r, ','));
  expect(r, '}');
}

//===- sites --------------------------------------------------------------===//

static void declined_member(struct reader *r, const char *key, void *run) {
  ferry_add_declined(run, key, read_number(r));
}

static void site_member(struct reader *r, const char *key, void *context) {
  struct ferry_executed *site = context;
  if (!strcmp(key, "file"))
    site->file = read_string(r);
  else if (!strcmp(key, "function"))
    site->function = read_string(r);
  else if (!strcmp(key, "line"))
    site->line = read_number(r);
  else if (!strcmp(key, "column"))
    site->column = read_number(r);
  else if (!strcmp(key, "device"))
    site->device = read_string(r);
  else if (!strcmp(key, "iterations"))
    site->iterations = read_number(r);
  else if (!strcmp(key, "seconds"))
    site->nanoseconds = read_nanoseconds(r);
  else if (!strcmp(key, "launches"))
    site->run.launches = read_number(r);
  else if (!strcmp(key, "measured"))
    site->run.measured = read_number(r);
  else if (!strcmp(key, "declined"))
    read_object(r, declined_member, &site->run);
  else
    skip_value(r);
}

static void read_sites(struct reader *r) {
  expect(r, '[');
  if (accept(r, ']'))
    return;
  do {
    struct ferry_executed site = {.file = "", .function = "", .device = ""};
    read_object(r, site_member, &site);
    r->visit(&site, r->context);
  } while (accept(r, ','));
  expect(r, ']');
}

static void top_member(struct reader *r, const char *key, void *context) {
  (void)context;
  if (!strcmp(key, "sites")) {
    r->has_sites = true;
    read_sites(r);
  } else if (!strcmp(key, "schema"))
    r->has_schema = read_number(r) == 1;
  else
    skip_value(r);
}

void ferry_read_statistics(const char *file,
                           void (*visit)(const struct ferry_executed *, void *),
                           void *context) {
  struct reader r = {.name = file, .visit = visit, .context = context};
  char *text = NULL;
  size_t size = 0;
  FILE *stream = fopen(file, "re");
  if (!stream || (getdelim(&text, &size, 0, stream) < 0 && ferror(stream)))
    ferry_fatal("cannot read %s: %s", file, strerror(errno));
  fclose(stream);
  r.at = text ? text : "";
  read_object(&r, top_member, NULL);
  if (!r.has_schema || !r.has_sites)
    fail(&r);
}
