//===- reader.c - JSON ----------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void ferry_fail_to_read(const struct ferry_reader *r) {
  ferry_fatal("%s holds no statistics that FERRY_STATS=json:FILE wrote",
              r->name);
}

bool ferry_accept(struct ferry_reader *r, char c) {
  r->at += strspn(r->at, " \t\r\n");
  if (*r->at != c)
    return false;
  ++r->at;
  return true;
}

void ferry_expect(struct ferry_reader *r, char c) {
  if (!ferry_accept(r, c))
    ferry_fail_to_read(r);
}

static unsigned read_code(struct ferry_reader *r) {
  unsigned code = 0;
  for (int i = 0; i < 4; ++i, ++r->at) {
    if (!isxdigit((unsigned char)*r->at))
      ferry_fail_to_read(r);
    const int digit = tolower((unsigned char)*r->at);
    code =
        code * 16 + (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  }
  return code;
}

// What lies beyond \uFFFF is written as two. A half without its other one, and
// the character that would end the string, are none.
static unsigned read_character(struct ferry_reader *r) {
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

static char *put_escaped(struct ferry_reader *r, char *to) {
  static const char letters[] = "bfnrt", values[] = "\b\f\n\r\t";
  const char letter = *r->at;
  const char *known = letter ? strchr(letters, letter) : NULL;
  if (!letter)
    ferry_fail_to_read(r);
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

const char *ferry_read_string(struct ferry_reader *r) {
  ferry_expect(r, '"');
  char *text = ferry_room(NULL, 0, written_length(r->at) + 1), *to = text;
  while (*r->at && *r->at != '"')
    if (*r->at != '\\')
      *to++ = *r->at++;
    else {
      ++r->at;
      to = put_escaped(r, to);
    }
  ferry_expect(r, '"');
  *to = 0;
  return text;
}

uint64_t ferry_read_number(struct ferry_reader *r) {
  char *end;
  r->at += strspn(r->at, " \t\r\n");
  const uint64_t number = strtoull(r->at, &end, 10);
  if (end == r->at)
    ferry_fail_to_read(r);
  r->at = end;
  return number;
}

// Of seconds, which another tool may have written with an exponent.
uint64_t ferry_read_nanoseconds(struct ferry_reader *r) {
  char *end;
  const double seconds = strtod(r->at, &end);
  if (end == r->at || !(seconds >= 0 && seconds < 1e9))
    ferry_fail_to_read(r);
  r->at = end;
  return (uint64_t)(seconds * 1e9 + 0.5);
}

void ferry_skip_value(struct ferry_reader *r) {
  for (int depth = 0; *r->at; ++r->at) {
    if (*r->at == '"') {
      ferry_read_string(r);
      --r->at; // at its end
    }
    if (depth == 0 && strchr(",]}", *r->at))
      return;
    depth += *r->at == '{' || *r->at == '[';
    depth -= *r->at == '}' || *r->at == ']';
  }
}

void ferry_read_object(struct ferry_reader *r,
                       void (*member)(struct ferry_reader *, const char *, void *),
                       void *context) {
  ferry_expect(r, '{');
  if (ferry_accept(r, '}'))
    return;
  do {
    const char *key = ferry_read_string(r);
    ferry_expect(r, ':');
    member(r, key, context);
  } while (ferry_accept(r, ','));
  ferry_expect(r, '}');
}

void ferry_read_array(struct ferry_reader *r,
                      void (*element)(struct ferry_reader *, void *),
                      void *context) {
  ferry_expect(r, '[');
  if (ferry_accept(r, ']'))
    return;
  do
    element(r, context);
  while (ferry_accept(r, ','));
  ferry_expect(r, ']');
}

struct ferry_reader ferry_open_reader(const char *file) {
  struct ferry_reader r = {.name = file};
  char *text = NULL;
  size_t size = 0;
  FILE *stream = fopen(file, "re");
  if (!stream || (getdelim(&text, &size, 0, stream) < 0 && ferror(stream)))
    ferry_fatal("cannot read %s: %s", file, strerror(errno));
  fclose(stream);
  r.at = text ? text : "";
  return r;
}
