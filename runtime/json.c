//===- json.c - strings in JSON -------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

// Overlong forms, surrogates and values beyond U+10FFFF are none.
int ferry_utf8_length(const char *text) {
  const unsigned char *s = (const unsigned char *)text;
  const int length = s[0] < 0x80                    ? 1
                     : s[0] >= 0xC2 && s[0] <= 0xDF ? 2
                     : s[0] >= 0xE0 && s[0] <= 0xEF ? 3
                     : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                                    : 0;
  for (int i = 1; i < length; ++i)
    if ((s[i] & 0xC0) != 0x80)
      return 0;
  if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
      (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
    return 0;
  return length;
}

// File names are bytes.
void ferry_put_json_string(FILE *out, const char *text) {
  const unsigned char *s = (const unsigned char *)text;
  fputc('"', out);
  while (*s) {
    const int length = ferry_utf8_length((const char *)s);
    if (length == 0)
      fputs("\\ufffd", out);
    else if (*s == '"' || *s == '\\')
      fprintf(out, "\\%c", *s);
    else if (*s < 0x20)
      fprintf(out, "\\u%04x", *s);
    else
      fwrite(s, 1, (size_t)length, out);
    s += length ? length : 1;
  }
  fputc('"', out);
}

void ferry_put_json_site(FILE *out, const struct ferry_state *state) {
  fputs("\"file\":", out);
  ferry_put_json_string(out, state->file);
  fprintf(out, ",\"line\":%u,\"column\":%u,\"function\":", state->line,
          state->column);
  ferry_put_json_string(out, state->function);
}
