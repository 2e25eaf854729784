//===- cubins.c - what the driver made of images, on disk -----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// To translate an image takes the driver a tenth of a second. A file holds one that
// was translated, in XDG_CACHE_HOME/ferry or ~/.cache/ferry; its name says for which
// image, driver and GPU, and it says so inside as well. A file that is damaged, of
// another user or writable for others is as good as none. Files appear whole, by
// renaming, and nobody minds if one goes.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "cuda.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1 << 30 }; // bytes

struct header {
  char magic[8];
  uint64_t size; // of the code that follows, without the bytes that fill it up to 8
  struct ferry_hash key, code;
};
#define MAGIC "FERRYJIT" // 8 bytes, without the NUL

struct ferry_hash ferry_hash(const void *data, size_t size) {
  struct ferry_hash h = {0x9e3779b97f4a7c15, size};
  for (size_t i = 0; i < size; i += sizeof(uint64_t)) {
    uint64_t word;
    memcpy(&word, (const char *)data + i, sizeof word);
    h.a = (h.a ^ word) * 0xff51afd7ed558ccd;
    h.a ^= h.a >> 32;
    h.b = (h.b + word) * 0xc4ceb9fe1a85ec53;
    h.b ^= h.b >> 29;
  }
  return h;
}

static bool same(struct ferry_hash x, struct ferry_hash y) {
  return x.a == y.a && x.b == y.b;
}

static struct ferry_hash key_of(const struct ferry_gpu *gpu, struct ferry_hash image) {
  struct {
    struct ferry_hash image;
    int32_t driver, major, minor, unused;
    char name[sizeof gpu->name];
  } all = {image, gpu->driver, gpu->major, gpu->minor, 0, ""};
  strcpy(all.name, gpu->name);
  return ferry_hash(&all, sizeof all);
}

static size_t whole_words(size_t size) {
  return (size + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
}

//===- where --------------------------------------------------------------===//

// A program with more rights than its user does not read what the user may write.
static bool find_folder(char *path, size_t size, bool make) {
  const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
  const bool given = cache && *cache == '/';
  if (getauxval(AT_SECURE) || (!given && (!home || *home != '/')))
    return false;
  int length = snprintf(path, size, "%s%s", given ? cache : home, given ? "" : "/.cache");
  if (length < 0 || (size_t)length + sizeof "/ferry" > size)
    return false;
  if (make)
    mkdir(path, 0700);
  strcat(path, "/ferry");
  return !make || mkdir(path, 0700) == 0 || errno == EEXIST;
}

static bool find_file(char *path, size_t size, struct ferry_hash key, bool make) {
  if (!find_folder(path, size, make))
    return false;
  const size_t used = strlen(path);
  const int length = snprintf(path + used, size - used, "/%016llx%016llx.cubin",
                              (unsigned long long)key.a, (unsigned long long)key.b);
  return length > 0 && (size_t)length < size - used;
}

//===- reading ------------------------------------------------------------===//

static bool read_all(int file, void *to, size_t size) {
  for (char *at = to; size > 0;) {
    const ssize_t got = read(file, at, size);
    if (got <= 0)
      return false;
    at += got;
    size -= (size_t)got;
  }
  return true;
}

static bool is_trusted(int file) {
  struct stat status;
  return fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
         status.st_uid == geteuid() && !(status.st_mode & (S_IWGRP | S_IWOTH));
}

static void *read_code(int file, struct ferry_hash key, size_t *size) {
  struct header h;
  if (!is_trusted(file) || !read_all(file, &h, sizeof h) ||
      memcmp(h.magic, MAGIC, sizeof h.magic) || !same(h.key, key) || h.size == 0 ||
      h.size > MOST)
    return NULL;
  const size_t whole = whole_words(h.size);
  void *code = ferry_map(whole);
  *size = h.size;
  if (!code)
    return NULL;
  if (read_all(file, code, whole) && same(h.code, ferry_hash(code, whole)))
    return code;
  munmap(code, whole);
  return NULL;
}

void *ferry_recall_cubin(const struct ferry_gpu *gpu, struct ferry_hash image,
                         size_t *size) {
  const struct ferry_hash key = key_of(gpu, image);
  char path[PATH_MAX];
  if (!find_file(path, sizeof path, key, false))
    return NULL;
  const int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0)
    return NULL;
  void *code = read_code(file, key, size);
  close(file);
  return code;
}

//===- writing ------------------------------------------------------------===//

static bool write_all(int file, const void *from, size_t size) {
  for (const char *at = from; size > 0;) {
    const ssize_t put = write(file, at, size);
    if (put <= 0)
      return false;
    at += put;
    size -= (size_t)put;
  }
  return true;
}

static bool write_code(int file, struct ferry_hash key, const void *code, size_t size) {
  struct header h = {.size = size, .key = key};
  const size_t whole = whole_words(size);
  char *padded = ferry_map(whole);
  if (!padded)
    return false;
  memcpy(h.magic, MAGIC, sizeof h.magic);
  memcpy(padded, code, size);
  h.code = ferry_hash(padded, whole);
  const bool written = write_all(file, &h, sizeof h) && write_all(file, padded, whole);
  munmap(padded, whole);
  return written;
}

void ferry_keep_cubin(const struct ferry_gpu *gpu, struct ferry_hash image,
                      const void *code, size_t size) {
  const struct ferry_hash key = key_of(gpu, image);
  char path[PATH_MAX], draft[PATH_MAX];
  if (size == 0 || size > MOST || !find_file(path, sizeof path - 32, key, true))
    return;
  snprintf(draft, sizeof draft, "%.*s.%d", (int)sizeof draft - 16, path, (int)getpid());
  const int file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0)
    return;
  const bool written = write_code(file, key, code, size);
  if (close(file) != 0 || !written || rename(draft, path) != 0)
    unlink(draft);
}
