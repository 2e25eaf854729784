//===- libomp_test.c - how libomp is loaded -------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// libomp registers itself in a file that a killed process leaves behind, and
// process numbers come again. Only a registration that is true of our own
// memory may keep Ferry from loading libomp. And once it is there, it must not move
// the calling thread from CPU to CPU, unless the user wants threads bound to them.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/ferry.h"
#include "team.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long stands_here = 0xcafe1234;

static char registration[64];

static void register_as(const void *address, unsigned long value) {
  FILE *file = fopen(registration, "w");
  fprintf(file, "%p-%lx-libomp.so.5", address, value);
  fclose(file);
}

static int loads(char *why, size_t size) {
  return ferry_load_libomp(why, size) && ferry_omp.get_max_threads() > 0;
}

static int with_nothing(char *why, size_t size) { return loads(why, size); }

static int with_unmapped(char *why, size_t size) {
  register_as((void *)8, 0xcafe1234);
  return loads(why, size);
}

static int with_empty(char *why, size_t size) {
  fclose(fopen(registration, "w"));
  return loads(why, size);
}

static int with_other_value(char *why, size_t size) {
  register_as(&stands_here, stands_here + 1);
  return loads(why, size);
}

static int with_live(char *why, size_t size) {
  register_as(&stands_here, stands_here);
  return !ferry_load_libomp(why, size) && strstr(why, "another OpenMP");
}

// Is the CPUs' topology something that libomp does not look for?
static bool is_flat(void) {
  void *library = dlopen("libomp.so.5", RTLD_NOW | RTLD_NOLOAD);
  void *address = library ? dlsym(library, "omp_display_env") : NULL;
  void (*display)(int) = NULL;
  char line[256];
  bool flat = false;
  FILE *log = tmpfile();
  const int error = dup(STDERR_FILENO);
  memcpy(&display, &address, sizeof display);
  dup2(fileno(log), STDERR_FILENO);
  display(1);
  dup2(error, STDERR_FILENO);
  rewind(log);
  while (fgets(line, sizeof line, log))
    flat |= strstr(line, "KMP_TOPOLOGY_METHOD='flat'") != NULL;
  return flat;
}

static int unbound(char *why, size_t size) {
  return loads(why, size) && is_flat();
}

static int bound(char *why, size_t size) {
  setenv("OMP_PROC_BIND", "true", 1);
  return loads(why, size) && !is_flat();
}

// In a process of its own, for libomp is loaded only once.
static int fails(const char *name, int (*test)(char *, size_t)) {
  int status;
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    char why[256] = "";
    snprintf(registration, sizeof registration,
             "/dev/shm/__KMP_REGISTERED_LIB_%d_%d", (int)getpid(),
             (int)getuid());
    const int fine = test(why, sizeof why);
    if (!fine)
      fprintf(stderr, "%s: %s\n", name, why);
    unlink(registration);
    _exit(!fine);
  }
  waitpid(child, &status, 0);
  printf("%-12s %s\n", name, status ? "FAILED" : "ok");
  return status != 0;
}

int main(void) {
  return fails("nothing", with_nothing) + fails("empty", with_empty) +
         fails("unmapped", with_unmapped) +
         fails("other value", with_other_value) + fails("live", with_live) +
         fails("unbound", unbound) + fails("bound", bound);
}
