//===- maps.c - the mappings of the process -------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A line of /proc/self/maps is "lo-hi rwxp offset major:minor inode     name".
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "maps.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

// Through a buffer that fits on small stacks.
struct reader {
  int fd;
  ssize_t size, at;
  char buffer[256];
};

static int next(struct reader *r) {
  if (r->at == r->size) {
    r->size = read(r->fd, r->buffer, sizeof r->buffer);
    r->at = 0;
  }
  return r->size > 0 ? r->buffer[r->at++] : (r->size = r->at = 0, -1);
}

// What ended it.
static int read_number(struct reader *r, unsigned base, uintptr_t *out) {
  int c;
  for (*out = 0; (c = next(r)) >= 0;
       *out = *out * base + (uintptr_t)(c <= '9' ? c - '0' : c - 'a' + 10))
    if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
      break;
  return c;
}

static void read_name(struct reader *r, int c, struct ferry_mapping *out) {
  size_t length = 0;
  while (c == ' ')
    c = next(r);
  for (; c >= 0 && c != '\n'; c = next(r))
    if (length < sizeof out->name - 1)
      out->name[length++] = (char)c;
  out->name[length] = 0;
}

static bool read_line(struct reader *r, struct ferry_mapping *out) {
  uintptr_t inode, unused;
  if (read_number(r, 16, &out->lo) != '-' || read_number(r, 16, &out->hi) != ' ')
    return false;
  out->read = next(r) == 'r';
  out->write = next(r) == 'w';
  out->execute = next(r) == 'x';
  out->shared = next(r) == 's';
  next(r);
  for (int i = 0; i < 3; ++i) // offset, major, minor
    read_number(r, 16, &unused);
  const int c = read_number(r, 10, &inode);
  out->file = inode != 0;
  read_name(r, c, out);
  return true;
}

bool ferry_for_mappings(bool (*visit)(const struct ferry_mapping *, void *context),
                        void *context) {
  struct reader r = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
  struct ferry_mapping mapping;
  if (r.fd < 0)
    return false;
  while (read_line(&r, &mapping) && visit(&mapping, context))
    ;
  close(r.fd);
  return true;
}

struct query {
  uint64_t size, flags, address, start, end, vma_flags, page_size, offset, inode;
  uint32_t major, minor, name_size, build_id_size;
  uint64_t name, build_id;
};
#define QUERY _IOWR('f', 17, struct query)

size_t ferry_page_size_at(uintptr_t at) {
  struct query q = {.size = sizeof q, .address = at};
  const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return 0;
  if (ioctl(fd, QUERY, &q) != 0)
    q.page_size = 0;
  close(fd);
  return q.page_size;
}
