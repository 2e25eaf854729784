//===- library.c - libcuda.so.1, loaded when it is needed -----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// It comes with the driver of the system's kernel, never with a program. It is not
// closed again: it has threads by then.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "driver.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

struct ferry_cu ferry_cu;

// What looks up all others, since CUDA 12 and since CUDA 11.3.
static struct {
  int (*with_status)(const char *, void **, int, uint64_t, int *);
  int (*plain)(const char *, void **, int, uint64_t);
} look_up;

static void find(void *library, const char *name, void *function) {
  void *address = dlsym(library, name);
  memcpy(function, &address, sizeof address);
}

// A driver that is older than the version asked for may answer with an older meaning.
static void *function(const char *name, int version) {
  void *address = NULL;
  int status, driver = version;
  if (ferry_cu.driver_version)
    ferry_cu.driver_version(&driver);
  if (driver < version)
    return NULL;
  const int error = look_up.with_status
                        ? look_up.with_status(name, &address, version, 0, &status)
                        : look_up.plain(name, &address, version, 0);
  return error == FERRY_CU_SUCCESS ? address : NULL;
}

static const char *find_all(void) {
  const struct {
    const char *name;
    int version;
    void *function;
    bool needed;
  } wanted[] = {
#define FERRY_NEEDED(name, symbol, version, parameters)                        \
  {symbol, version, &ferry_cu.name, true},
#define FERRY_HINT(name, symbol, version, parameters)                          \
  {symbol, version, &ferry_cu.name, false},
      FERRY_CU_FUNCTIONS(FERRY_NEEDED) FERRY_CU_HINTS(FERRY_HINT)};
#undef FERRY_NEEDED
#undef FERRY_HINT
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; ++i) {
    void *address = function(wanted[i].name, wanted[i].version);
    if (!address && wanted[i].needed)
      return wanted[i].name;
    memcpy(wanted[i].function, &address, sizeof address);
  }
  return NULL;
}

bool ferry_load_cu(char *why, size_t size) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    const char *message = dlerror();
    snprintf(why, size, "%s; it comes with NVIDIA's driver",
             message ? message : "there is no libcuda.so.1");
    return false;
  }
  find(library, "cuGetProcAddress_v2", &look_up.with_status);
  find(library, "cuGetProcAddress", &look_up.plain);
  if (!look_up.with_status && !look_up.plain) {
    snprintf(why, size, "NVIDIA's driver is older than CUDA 11.3; update it");
    return false;
  }
  const char *missing = find_all();
  if (missing)
    snprintf(why, size, "libcuda.so.1 has no %s; update NVIDIA's driver", missing);
  return !missing;
}

void ferry_describe_cu(char *text, size_t size, const char *function, int error) {
  const char *name = NULL;
  if (!ferry_cu.error_name || ferry_cu.error_name(error, &name) || !name)
    name = "error";
  snprintf(text, size, "%s failed with %s (%d)", function, name, error);
}
