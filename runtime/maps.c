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

#include <errno.h>
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

bool ferry_for_mappings(ferry_visit_mapping *visit, void *context) {
  struct reader r = {.fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC)};
  struct ferry_mapping mapping = {.page_size = 0};
  if (r.fd < 0)
    return false;
  while (read_line(&r, &mapping) && visit(&mapping, context))
    ;
  close(r.fd);
  return true;
}

//===- a part of them -----------------------------------------------------===//

struct query {
  uint64_t size, flags, address, start, end, vma_flags, page_size, offset, inode;
  uint32_t major, minor, name_size, build_id_size;
  uint64_t name, build_id;
};
#define QUERY _IOWR('f', 17, struct query)
enum { READ = 1, WRITE = 2, EXECUTE = 4, SHARED = 8, OR_NEXT = 16 };

// The one that holds `at`, or the next. 0, or an error number.
static int ask(int fd, uintptr_t at, struct ferry_mapping *out) {
  struct query q = {.size = sizeof q,
                    .flags = OR_NEXT,
                    .address = at,
                    .name_size = sizeof out->name,
                    .name = (uintptr_t)out->name};
  out->name[0] = 0;
  if (ioctl(fd, QUERY, &q) != 0) {
    if (errno != ENAMETOOLONG)
      return errno;
    q = (struct query){.size = sizeof q, .flags = OR_NEXT, .address = at};
    if (ioctl(fd, QUERY, &q) != 0)
      return errno;
  }
  out->lo = q.start;
  out->hi = q.end;
  out->read = q.vma_flags & READ;
  out->write = q.vma_flags & WRITE;
  out->execute = q.vma_flags & EXECUTE;
  out->shared = q.vma_flags & SHARED;
  out->file = q.inode != 0;
  out->page_size = q.page_size;
  return 0;
}

struct part {
  uintptr_t lo, hi;
  ferry_visit_mapping *visit;
  void *context;
};

static bool visit_part(const struct ferry_mapping *m, void *context) {
  const struct part *part = context;
  return m->hi <= part->lo || (m->lo < part->hi && part->visit(m, part->context));
}

bool ferry_for_mappings_in(uintptr_t lo, uintptr_t hi, ferry_visit_mapping *visit,
                           void *context) {
  struct part part = {lo, hi, visit, context};
  struct ferry_mapping mapping;
  int error = 0;
  const int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  for (uintptr_t at = lo; at < hi && !(error = ask(fd, at, &mapping)); at = mapping.hi)
    if (mapping.lo >= hi || !visit(&mapping, context))
      break;
  close(fd);
  return error == 0 || error == ENOENT ||
         (error == ENOTTY && ferry_for_mappings(visit_part, &part));
}
