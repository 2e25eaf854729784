//===- libomp.c - LLVM's OpenMP runtime, loaded when it is needed
//----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program that has libomp already shares its pool with us. A second copy of
// it in one process ends the process, so look well for a first one.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "team.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ferry_omp ferry_omp;

static bool find(void *library, const char *name, void *function, char *why,
                 size_t size) {
  void *address = dlsym(library, name);
  if (!address) {
    snprintf(why, size, "libomp has no %s", name);
    return false;
  }
  memcpy(function, &address, sizeof address);
  return true;
}

static bool find_all(void *library, char *why, size_t size) {
  struct ferry_omp *omp = &ferry_omp;
  const struct {
    const char *name;
    void *function;
  } wanted[] = {{"__kmpc_fork_call", &omp->fork_call},
                {"__kmpc_push_num_threads", &omp->push_num_threads},
                {"__kmpc_global_thread_num", &omp->global_thread_num},
                {"omp_get_max_threads", &omp->get_max_threads},
                {"omp_get_num_threads", &omp->get_num_threads},
                {"omp_in_parallel", &omp->in_parallel},
                {"kmp_get_stacksize_s", &omp->get_stacksize},
                {"kmp_set_blocktime", &omp->set_blocktime},
                {"kmp_set_defaults", &omp->set_defaults}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; ++i)
    if (!find(library, wanted[i].name, wanted[i].function, why, size))
      return false;
  return true;
}

//===- a copy that our search does not see --------------------------------===//

// Every libomp names itself in a file of its process: "ADDRESS-VALUE-LIBRARY",
// where VALUE (hexadecimal) stands at ADDRESS in its memory. A process that
// was killed leaves the file to the next one of its number; if it is empty yet,
// libomp dies of reading it.
static bool read_registration(char *text, size_t size) {
  char name[64];
  snprintf(name, sizeof name, "/dev/shm/__KMP_REGISTERED_LIB_%d_%d",
           (int)getpid(), (int)getuid());
  const int file = open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return false;
  const ssize_t length = read(file, text, size - 1);
  close(file);
  text[length < 0 ? 0 : length] = 0;
  if (length == 0)
    unlink(name);
  return length > 0;
}

// Where our own memory cannot be read through /proc, assume the worst.
static bool memory_holds(unsigned long address, unsigned long value) {
  uint32_t found = ~(uint32_t)value; // all of it that is ever set
  const int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  if (memory < 0)
    return true;
  const ssize_t length = pread(memory, &found, sizeof found, (off_t)address);
  close(memory);
  return length == (ssize_t)sizeof found && found == (uint32_t)value;
}

static bool hidden_libomp(void) {
  char text[1024];
  unsigned long address, value;
  return read_registration(text, sizeof text) &&
         sscanf(text, "%lx-%lx-", &address, &value) == 2 &&
         memory_holds(address, value);
}

//===- its settings -------------------------------------------------------===//

static bool is_any_set(const char *const *names) {
  for (; *names; ++names)
    if (getenv(*names))
      return true;
  return false;
}

// To learn which CPUs share what, libomp moves the thread that starts it to each of
// them in turn, which waits for those that are busy: some milliseconds, on a crowded
// machine a second. It does so even where nobody asks it to bind threads to CPUs, and
// needs none of it then. (KMP_AFFINITY=disabled would do as well, but leaks.)
static void stay_on_this_cpu(void) {
  static const char *const asked[] = {"KMP_AFFINITY",  "OMP_PROC_BIND",
                                      "OMP_PLACES",    "KMP_HW_SUBSET",
                                      "KMP_TOPOLOGY_METHOD", "GOMP_CPU_AFFINITY",
                                      "OMP_DISPLAY_ENV", "KMP_SETTINGS", // it would print twice
                                      NULL};
  if (!ferry_omp.shared && !is_any_set(asked))
    ferry_omp.set_defaults("KMP_TOPOLOGY_METHOD=flat");
}

static bool says_how_long_to_spin(void) {
  static const char *const names[] = {"KMP_BLOCKTIME", "OMP_WAIT_POLICY", NULL};
  return is_any_set(names);
}

//===- loading ------------------------------------------------------------===//

static void *open_library(int flags) {
  static const char *const names[] = {"libomp.so.5",
                                      "/usr/lib/llvm-22/lib/libomp.so.5"};
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; ++i)
    library = dlopen(names[i], RTLD_NOW | flags);
  return library;
}

// RTLD_DEFAULT, where the program itself was linked with it, is null.
static bool open_libomp(void **library, char *why, size_t size) {
  ferry_omp.shared = true;
  *library = RTLD_DEFAULT;
  if (dlsym(RTLD_DEFAULT, "__kmpc_fork_call") ||
      (*library = open_library(RTLD_NOLOAD)))
    return true;
  if (hidden_libomp()) {
    snprintf(why, size, "the process has another OpenMP runtime already");
    return false;
  }
  ferry_omp.shared = false;
  if ((*library = open_library(RTLD_LOCAL)))
    return true;
  const char *message = dlerror();
  snprintf(why, size, "%s", message ? message : "libomp.so.5 is missing");
  return false;
}

bool ferry_load_libomp(char *why, size_t size) {
  void *library;
  if (!open_libomp(&library, why, size) || !find_all(library, why, size))
    return false;
  void *theirs = dlsym(RTLD_DEFAULT, "omp_in_parallel");
  memcpy(&ferry_omp.program_in_parallel, &theirs, sizeof theirs);
  if (ferry_omp.program_in_parallel == ferry_omp.in_parallel)
    ferry_omp.program_in_parallel = NULL;
  ferry_omp.own_blocktime = !ferry_omp.shared && !says_how_long_to_spin();
  stay_on_this_cpu();
  return true;
}
