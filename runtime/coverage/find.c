//===- find.c - where records and their sources lie -----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "coverage.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

//===- records ------------------------------------------------------------===//

static void add(struct ferry_names *names, const char *name) {
  names->at = ferry_room(names->at, names->count, sizeof *names->at);
  names->at[names->count++] = ferry_copy(name);
}

static bool is_record(const char *name) {
  static const char suffix[] = ".opt.yaml";
  const size_t length = strlen(name), tail = sizeof suffix - 1;
  return length > tail && !strcmp(name + length - tail, suffix);
}

// nftw hands nothing through.
static struct ferry_names *found;
static bool all_read;

static int visit(const char *path, const struct stat *status, int type,
                 struct FTW *where) {
  (void)status, (void)where;
  if (type == FTW_F && is_record(path))
    add(found, path);
  if (type == FTW_DNR || type == FTW_NS) {
    ferry_log("cannot read %s", path);
    all_read = false;
  }
  return 0;
}

bool ferry_find_records(struct ferry_names *names, const char *path) {
  struct stat status;
  found = names;
  all_read = true;
  if (stat(path, &status) != 0) {
    ferry_log("cannot read %s: %s", path, strerror(errno));
    return false;
  }
  if (!S_ISDIR(status.st_mode))
    add(names, path);
  else if (nftw(path, visit, 64, 0) != 0) {
    ferry_log("cannot read %s: %s", path, strerror(errno));
    return false;
  }
  return all_read;
}

static int by_name(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

void ferry_sort_names(struct ferry_names *names) {
  if (names->count == 0)
    return;
  qsort(names->at, names->count, sizeof *names->at, by_name);
  size_t kept = 1;
  for (size_t i = 1; i < names->count; ++i)
    if (strcmp(names->at[i], names->at[kept - 1]))
      names->at[kept++] = names->at[i];
  names->count = kept;
}

//===- sources ------------------------------------------------------------===//

// A relative name starts at the folder where the compiler ran, which the record
// does not tell. Objects, and records with them, mostly lie there or below.
char *ferry_find_source(const char *record, const char *file) {
  char folder[PATH_MAX], path[PATH_MAX], real[PATH_MAX];
  if (*file != '/' && realpath(record, folder))
    for (char *slash; (slash = strrchr(folder, '/'));) {
      *slash = 0;
      const int length = snprintf(path, sizeof path, "%s/%s", folder, file);
      if (length > 0 && (size_t)length < sizeof path && realpath(path, real))
        return ferry_copy(real);
    }
  return ferry_copy(realpath(file, real) ? real : file);
}

bool ferry_is_below(const char *path, const char *folder) {
  const size_t length = strlen(folder);
  return !strncmp(path, folder, length) &&
         (!path[length] || path[length] == '/' || !strcmp(folder, "/"));
}

const char *ferry_short_path(const char *path) {
  char here[PATH_MAX];
  if (getcwd(here, sizeof here) && strcmp(here, "/") != 0 &&
      ferry_is_below(path, here) && path[strlen(here)])
    return path + strlen(here) + 1;
  return path;
}
