//===- tool.c - the command `ferry` ---------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Nothing needs it: it only answers questions about an installation. It finds
// the libraries relative to itself, in ../lib.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "cuda/cuda.h"
#include "images/images.h"
#include "mirror/hmm.h"
#include "mirror/uffd.h"
#include "report/report.h"

#include <dlfcn.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char library_folder[PATH_MAX];

static bool find_library_folder(void) {
  char self[PATH_MAX];
  const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0)
    return false;
  self[length] = 0;
  for (int up = 0; up < 2; ++up) { // bin/ferry -> the folder above bin
    char *slash = strrchr(self, '/');
    if (!slash)
      return false;
    *slash = 0;
  }
  const int size =
      snprintf(library_folder, sizeof library_folder, "%s/lib", self);
  return size > 0 && (size_t)size < sizeof library_folder;
}

static bool library_path(const char *name, char *path, size_t size) {
  const int length = snprintf(path, size, "%s/%s", library_folder, name);
  return length > 0 && (size_t)length < size;
}

//===- doctor -------------------------------------------------------------===//

// Each check writes what it found, or what is wrong and what to do about it.
typedef bool check(char *text, size_t size);

static bool is_clang_22(const char *command, char *text, size_t size) {
  char line[512];
  snprintf(line, sizeof line, "%s --version 2>/dev/null", command);
  FILE *pipe = popen(line, "r");
  if (!pipe)
    return false;
  const bool found = fgets(line, sizeof line, pipe) && // its first line
                     strstr(line, "clang version 22.");
  while (fgetc(pipe) != EOF) // it would die of SIGPIPE
    ;
  pclose(pipe);
  if (found)
    snprintf(text, size, "%s: %.*s", command, (int)strcspn(line, "\n"), line);
  return found;
}

static bool check_clang(char *text, size_t size) {
  static const char *const commands[] = {"clang-22", "clang",
                                         "/usr/lib/llvm-22/bin/clang"};
  for (size_t i = 0; i < sizeof commands / sizeof *commands; ++i)
    if (is_clang_22(commands[i], text, size))
      return true;
  snprintf(text, size,
           "clang 22 is not in PATH; install the package clang-22 "
           "(https://apt.llvm.org)");
  return false;
}

static bool check_plugin(char *text, size_t size) {
  if (!library_path("ferry.so", text, size))
    return false;
  if (access(text, R_OK) == 0)
    return true;
  strncat(text, " is missing; build or install Ferry again",
          size - strlen(text) - 1);
  return false;
}

static bool check_runtime(char *text, size_t size) {
  if (!library_path("libferry.so", text, size))
    return false;
  void *library = dlopen(text, RTLD_NOW | RTLD_LOCAL);
  if (library && dlsym(library, "ferry_launch_v1"))
    return true;
  const char *why = dlerror();
  snprintf(text, size, "%s; build or install Ferry again", why ? why : "?");
  return false;
}

static bool check_libomp(char *text, size_t size) {
  static const char *const names[] = {"libomp.so.5",
                                      "/usr/lib/llvm-22/lib/libomp.so.5"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (dlopen(names[i], RTLD_NOW | RTLD_LOCAL)) {
      snprintf(text, size, "%s", names[i]);
      return true;
    }
  snprintf(text, size,
           "libomp.so.5 cannot be loaded, so loops stay serial; install the "
           "package libomp5-22");
  return false;
}

static bool check_cpus(char *text, size_t size) {
  cpu_set_t cpus;
  const int count =
      sched_getaffinity(0, sizeof cpus, &cpus) == 0 ? CPU_COUNT(&cpus) : 1;
  if (count > 1)
    snprintf(text, size, "%d", count);
  else
    snprintf(text, size,
             "1, so there is nothing to gain; see `taskset -p $$` and the "
             "limits of the container");
  return count > 1;
}

// Nothing else needs these two.
static bool check_cuda(char *text, size_t size) {
  struct ferry_gpu gpu;
  char why[512];
  const bool found = ferry_find_gpu(&gpu, 0, why, sizeof why);
  if (found)
    snprintf(text, size, "%s (sm_%d%d), %s, driver %d.%d", gpu.name, gpu.major, gpu.minor,
             ferry_gpu_memory(&gpu), gpu.driver / 1000, gpu.driver % 1000 / 10);
  else
    snprintf(text, size, "%s", why);
  return found;
}

static bool check_mirror(char *text, size_t size) {
  const char *why = "FERRY_DEVICE=mirror can be used";
  const long fd = ferry_open_system_uffd(&why);
  snprintf(text, size, "%s", why);
  if (fd >= 0)
    close((int)fd);
  return fd >= 0;
}

static bool check_hmm(char *text, size_t size) {
  const int file = ferry_open_hmm(text, size);
  if (file < 0)
    return false;
  close(file);
  snprintf(text, size, "FERRY_DEVICE=hmm can be used");
  return true;
}

static int doctor(void) {
  static const struct {
    const char *name;
    check *run;
  } checks[] = {{"compiler", check_clang},
                {"plugin", check_plugin},
                {"runtime", check_runtime},
                {"OpenMP", check_libomp},
                {"CPUs", check_cpus}},
    devices[] = {
        {"mirror", check_mirror}, {"hmm", check_hmm}, {"cuda", check_cuda}};
  bool all = true;
  for (size_t i = 0; i < sizeof checks / sizeof *checks; ++i) {
    char text[PATH_MAX + 256] = "";
    const bool fine = checks[i].run(text, sizeof text);
    printf("%-6s  %-8s  %s\n", fine ? "ok" : "not ok", checks[i].name, text);
    all = all && fine;
  }
  for (size_t i = 0; i < sizeof devices / sizeof *devices; ++i) {
    char text[640];
    const bool fine = devices[i].run(text, sizeof text);
    printf("%-6s  %-8s  %s\n", fine ? "ok" : "-", devices[i].name, text);
  }
  return all ? EXIT_SUCCESS : EXIT_FAILURE;
}

//===- the other commands -------------------------------------------------===//

static int help(void) {
  puts("usage: ferry COMMAND\n"
       "\n"
       "  cflags     print the option that makes clang-22 use Ferry:\n"
       "             clang-22 -O2 $(ferry cflags) prog.c -o prog\n"
       "  coverage   count the loops of a project by what became of them, and\n"
       "             why; see ferry coverage --help\n"
       "  doctor     check that everything is there that Ferry needs\n"
       "  images     list the device code in a program, and extract it; see\n"
       "             ferry images --help\n"
       "  options    list the environment variables of programs built with it\n"
       "  report     make an HTML page of the statistics of a run; see\n"
       "             ferry report --help\n"
       "  --help     print this\n"
       "  --version  print the version");
  return EXIT_SUCCESS;
}

static int version(void) {
  puts("ferry " FERRY_VERSION " for LLVM 22");
  return EXIT_SUCCESS;
}

static int cflags(void) {
  printf("-fpass-plugin=%s/ferry.so\n", library_folder);
  return EXIT_SUCCESS;
}

static int options(void) {
  ferry_print_options(STDOUT_FILENO);
  return EXIT_SUCCESS;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    int (*run)(void);
  } commands[] = {{"--help", help},       {"-h", help},
                  {"help", help},         {"--version", version},
                  {"cflags", cflags},     {"doctor", doctor},
                  {"options", options}};
  if (!find_library_folder())
    ferry_fatal("cannot find out where this program lies");
  if (argc > 1 && !strcmp(argv[1], "coverage"))
    return ferry_coverage(argc - 1, argv + 1);
  if (argc > 1 && !strcmp(argv[1], "images"))
    return ferry_images(argc - 1, argv + 1);
  if (argc > 1 && !strcmp(argv[1], "report"))
    return ferry_report(argc - 1, argv + 1);
  const bool asks = argc == 3 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"));
  for (size_t i = 0; (argc == 2 || asks) && i < sizeof commands / sizeof *commands; ++i)
    if (!strcmp(argv[1], commands[i].name))
      return asks ? help() : commands[i].run();
  if (argc == 2)
    ferry_fatal("'%s' is not a command; see ferry --help", argv[1]);
  ferry_fatal("give one command; see ferry --help");
}
