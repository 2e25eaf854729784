//===- options.c - the environment variables ------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One table. Everything else, reading, warnings, help, is made from it.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "team.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

// name, how it is set, its values, the one when it is not set, what it does
#define FERRY_OPTIONS(O)                                                       \
  O("FERRY", set_mode, "auto|off|force", "auto",                               \
    "off: loops stay where they are; force: do not ask whether it pays, and "  \
    "end the program if the device cannot be used")                            \
  O("FERRY_DEVICE", set_device, "host|mirror|hmm|cuda|cuda:N", "host",             \
    "where loops run: host: the CPUs; mirror: a process with a memory of its "  \
    "own, to and from which pages move as with HMM; hmm: the same by the "      \
    "kernel's HMM, where its driver is; cuda: a GPU of NVIDIA "                \
    "(N: which, from 0), as far as their data and code can be there")          \
  O("FERRY_MIRROR_MEMORY", set_mirror_memory, "SIZE", "",                      \
    "memory of the mirror device, as in 64M; at least 4M; else a quarter of "   \
    "the machine's, 1G at most")                                               \
  O("FERRY_MIRROR_GRANULE", set_mirror_granule, "SIZE", "",                    \
    "what moves with a page fault of the mirror device, a power of two from "   \
    "4K to 2M; else 16K, and more with faults that follow each other; of the "  \
    "hmm device, up to 256K; else 16K")                             \
  O("FERRY_STATS", set_stats, "0|1|json:FILE", "0",                            \
    "at exit, what was done with each loop: a table on stderr, or JSON")       \
  O("FERRY_TRACE", set_trace, "0|FILE", "0",                                   \
    "at exit, when each loop ran or stayed, for ui.perfetto.dev or "           \
    "chrome://tracing")                                                        \
  O("FERRY_VERBOSE", set_verbose, "0|1|2", "0",                                \
    "1: about the device; 2: about every call")                                \
  O("FERRY_THRESHOLD", set_threshold, "N", "20000",                            \
    "leave loops alone that execute N machine instructions or fewer")          \
  O("FERRY_THREADS", set_threads, "N", "",                                     \
    "threads of the host device, up to 1024; else all CPUs, or fewer if "      \
    "OMP_NUM_THREADS says so")                                                 \
  O("FERRY_IMAGES", set_images, "ptx|none", "none",                            \
    "for the compiler: the device code that programs carry")                   \
  O("FERRY_RUNTIME", set_nothing, "FILE", "",                                  \
    "the runtime library to load, instead of the installed one")

struct ferry_options ferry_options = {.threshold = FERRY_DEFAULT_THRESHOLD};

//===- values -------------------------------------------------------------===//

static bool parse_number(const char *text, int64_t most, int64_t *number) {
  *number = 0;
  if (!*text)
    return false;
  for (; *text; ++text) {
    if (*text < '0' || *text > '9' || *number > (most - (*text - '0')) / 10)
      return false;
    *number = *number * 10 + (*text - '0');
  }
  return true;
}

// Bytes: a number, and K, M or G behind it.
static bool parse_size(const char *text, int64_t *bytes) {
  static const char units[] = "KMG";
  char digits[20];
  const size_t length = strspn(text, "0123456789");
  const char *unit = text[length] ? strchr(units, text[length]) : NULL;
  if (length >= sizeof digits || (text[length] && (!unit || text[length + 1])))
    return false;
  memcpy(digits, text, length);
  digits[length] = 0;
  if (!parse_number(digits, INT64_MAX >> 31, bytes))
    return false;
  if (unit)
    *bytes <<= 10 * (unit - units + 1);
  return true;
}

static bool set_mode(const char *value) {
  if (!strcmp(value, "auto"))
    ferry_options.mode = FERRY_MODE_AUTO;
  else if (!strcmp(value, "off"))
    ferry_options.mode = FERRY_MODE_OFF;
  else if (!strcmp(value, "force"))
    ferry_options.mode = FERRY_MODE_FORCE;
  else
    return false;
  return true;
}

static bool set_cuda(const char *number) {
  enum { MOST = 255 };
  int64_t which = 0;
  if (*number && (*number != ':' || !parse_number(number + 1, MOST, &which)))
    return false;
  ferry_options.device = FERRY_ON_CUDA;
  ferry_options.cuda_number = (int)which;
  return true;
}

static bool set_device(const char *value) {
  if (!strncmp(value, "cuda", 4))
    return set_cuda(value + 4);
  if (!strcmp(value, "host"))
    ferry_options.device = FERRY_ON_HOST;
  else if (!strcmp(value, "mirror"))
    ferry_options.device = FERRY_ON_MIRROR;
  else if (!strcmp(value, "hmm"))
    ferry_options.device = FERRY_ON_HMM;
  else
    return false;
  return true;
}

static bool set_mirror_memory(const char *value) {
  const int64_t least = 4 << 20, most = (int64_t)1 << 40;
  int64_t bytes;
  if (!parse_size(value, &bytes) || bytes < least || bytes > most)
    return false;
  ferry_options.mirror_memory = bytes;
  return true;
}

static bool set_mirror_granule(const char *value) {
  int64_t bytes;
  if (!parse_size(value, &bytes) || bytes < 4096 || bytes > 2 << 20 ||
      bytes & (bytes - 1))
    return false;
  ferry_options.mirror_granule = bytes;
  return true;
}

// A program with more rights than its user (set-user-ID and the like) must not
// use them to write a file that the user names.
static bool keep_file(char *to, const char *name, const char *option) {
  if (getauxval(AT_SECURE))
    ferry_log("%s writes no file for a program with more rights than its user",
              option);
  else
    strcpy(to, name);
  return *to;
}

static bool set_stats(const char *value) {
  const char *file = value + strlen("json:");
  if (!strcmp(value, "0"))
    return true;
  if (!strcmp(value, "1")) {
    ferry_options.stats = FERRY_STATS_TABLE;
    return true;
  }
  if (strncmp(value, "json:", strlen("json:")) || !*file ||
      strlen(file) >= sizeof ferry_options.stats_file)
    return false;
  if (keep_file(ferry_options.stats_file, file, "FERRY_STATS"))
    ferry_options.stats = FERRY_STATS_JSON;
  return true;
}

static bool set_trace(const char *value) {
  if (strlen(value) >= sizeof ferry_options.trace_file)
    return false;
  if (strcmp(value, "0"))
    keep_file(ferry_options.trace_file, value, "FERRY_TRACE");
  return true;
}

static bool set_verbose(const char *value) {
  int64_t level;
  if (!parse_number(value, 2, &level))
    return false;
  ferry_options.verbose = (int)level;
  return true;
}

static bool set_threshold(const char *value) {
  int64_t threshold;
  if (!parse_number(value, INT64_MAX, &threshold))
    return false;
  ferry_options.threshold = threshold;
  return true;
}

static bool set_threads(const char *value) {
  int64_t count;
  if (!parse_number(value, FERRY_MAX_THREADS, &count) || count == 0)
    return false;
  ferry_options.threads = (int)count;
  return true;
}

// Read by the compiler.
static bool set_images(const char *value) {
  return !strcmp(value, "ptx") || !strcmp(value, "none") || !strcmp(value, "x86_64");
}

// Read by the loader stub in the program, before there is a runtime.
static bool set_nothing(const char *value) {
  (void)value;
  return true;
}

//===- the table ----------------------------------------------------------===//

struct option {
  const char *name;
  bool (*set)(const char *value);
  const char *values, *standard, *help;
};

#define FERRY_OPTION(name, set, values, standard, help)                        \
  {name, set, values, standard, help},
static const struct option table[] = {FERRY_OPTIONS(FERRY_OPTION)};
#undef FERRY_OPTION

enum { OPTIONS = sizeof table / sizeof *table, LONGEST = 32 };

static unsigned least(unsigned a, unsigned b) { return a < b ? a : b; }

// How many letters have to be inserted, removed or changed.
static unsigned distance(const char *from, size_t from_length, const char *to,
                         size_t to_length) {
  unsigned row[LONGEST + 1];
  if (from_length > LONGEST || to_length > LONGEST)
    return LONGEST;
  for (size_t j = 0; j <= to_length; ++j)
    row[j] = (unsigned)j;
  for (size_t i = 1; i <= from_length; ++i) {
    unsigned diagonal = row[0];
    row[0] = (unsigned)i;
    for (size_t j = 1; j <= to_length; ++j) {
      const unsigned changed = diagonal + (from[i - 1] != to[j - 1]);
      diagonal = row[j];
      row[j] = least(changed, least(row[j], row[j - 1]) + 1);
    }
  }
  return row[to_length];
}

// Of "a|b|c", the part nearest to `text`.
static const char *nearest_part(const char *parts, const char *text,
                                size_t *length) {
  const char *best = parts;
  unsigned best_distance = LONGEST + 1;
  for (const char *part = parts; part;) {
    const size_t size = strcspn(part, "|");
    const unsigned far = distance(text, strlen(text), part, size);
    if (far < best_distance) {
      best_distance = far;
      best = part;
      *length = size;
    }
    part = part[size] ? part + size + 1 : NULL;
  }
  return best;
}

static void warn_value(const struct option *option, const char *value) {
  size_t length = 0;
  const char *near = nearest_part(option->values, value, &length);
  const bool typo = distance(value, strlen(value), near, length) <= length / 2;
  if (!strcmp(option->values, "N"))
    ferry_log("%s=%s is not a number that can be used; ignored", option->name,
              value);
  else if (!strcmp(option->values, "SIZE"))
    ferry_log("%s=%s is not a size that can be used, such as 64M; ignored",
              option->name, value);
  else if (!strchr(option->values, '|'))
    ferry_log("%s=%s is not known, use %s=%s; ignored", option->name, value,
              option->name, option->values);
  else if (!typo)
    ferry_log("%s=%s is not known, use one of %s; ignored", option->name, value,
              option->values);
  else
    ferry_log("%s=%s is not known, did you mean %s=%.*s? (%s); ignored",
              option->name, value, option->name, (int)length, near,
              option->values);
}

static void warn_name(const char *name, size_t length) {
  const struct option *best = table;
  unsigned best_distance = LONGEST + 1;
  for (int i = 0; i < OPTIONS; ++i) {
    const unsigned far =
        distance(name, length, table[i].name, strlen(table[i].name));
    if (far < best_distance) {
      best_distance = far;
      best = &table[i];
    }
  }
  ferry_log("%.*s is not an option, did you mean %s?", (int)length, name,
            best->name);
}

static void read_one(const char *name, size_t length, const char *value) {
  for (int i = 0; i < OPTIONS; ++i)
    if (strlen(table[i].name) == length &&
        !strncmp(table[i].name, name, length)) {
      if (*value && !table[i].set(value))
        warn_value(&table[i], value);
      return;
    }
  warn_name(name, length);
}

void ferry_read_options(void) {
  for (char **entry = environ; entry && *entry; ++entry) {
    const char *equals = strchr(*entry, '=');
    const size_t length = equals ? (size_t)(equals - *entry) : 0;
    if (length >= 5 && !strncmp(*entry, "FERRY", 5) &&
        (length == 5 || (*entry)[5] == '_'))
      read_one(*entry, length, equals + 1);
  }
}

void ferry_print_options(int fd) {
  for (int i = 0; i < OPTIONS; ++i) {
    const struct option *o = &table[i];
    dprintf(fd, "%s=%s%s%s%s\n    %s\n", o->name, o->values,
            *o->standard ? " (" : "", o->standard, *o->standard ? ")" : "",
            o->help);
  }
}
