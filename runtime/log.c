//===- log.c - messages ---------------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No allocation and no stdio: a message may come from inside the program's
// malloc, a signal handler or a forked child.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char prefix[] = "ferry: ";

static void write_all(const char *text, size_t size) {
  while (size > 0) {
    ssize_t written = write(STDERR_FILENO, text, size);
    if (written <= 0)
      return;
    text += written;
    size -= (size_t)written;
  }
}

// One write for the line, so that those of several threads do not mix.
static void put_line(const char *format, va_list arguments) {
  char line[1024];
  const size_t start = sizeof prefix - 1, room = sizeof line - start - 1;
  memcpy(line, prefix, start);
  int length = vsnprintf(line + start, room, format, arguments);
  size_t end = start;
  if (length > 0)
    end += (size_t)length < room ? (size_t)length : room - 1;
  line[end++] = '\n';
  write_all(line, end);
}

void ferry_log(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  put_line(format, arguments);
  va_end(arguments);
}

void ferry_fatal(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  put_line(format, arguments);
  va_end(arguments);
  exit(1);
}
