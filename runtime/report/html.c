//===- html.c - text and numbers in HTML ----------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "report.h"

#include <string.h>

static const char *entity(char c) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return NULL;
  }
}

// Names of files and functions are bytes.
void ferry_put_html(FILE *out, const char *text) {
  while (*text) {
    const char *known = entity(*text);
    const int length = ferry_utf8_length(text);
    if (known)
      fputs(known, out);
    else if (length == 0 || (unsigned char)*text < 0x20 || *text == 0x7F)
      fputs("\uFFFD", out);
    else
      fwrite(text, 1, (size_t)length, out);
    text += length ? length : 1;
  }
}

void ferry_put_count(FILE *out, uint64_t count) {
  char digits[32];
  const int length =
      snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
  for (int i = 0; i < length; ++i)
    fprintf(out, "%s%c", i && (length - i) % 3 == 0 ? "\u202F" : "", digits[i]);
}
