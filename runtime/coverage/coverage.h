//===- coverage.h - the loops of a project, by what became of them --------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command `ferry coverage`. Nothing is freed: it prints and ends.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_COVERAGE_H
#define FERRY_COVERAGE_H

#include "ferry.h"

//===- command.c ----------------------------------------------------------===//

// The exit status. `argv` begins with the command's name.
int ferry_coverage(int argc, char **argv);

//===- memory.c -----------------------------------------------------------===//

// The array with room for one more element, if only this function made it.
void *ferry_room(void *array, size_t count, size_t size);

char *ferry_copy(const char *text);

//===- find.c -------------------------------------------------------------===//

struct ferry_names {
  char **at;
  size_t count;
};

// The records below a folder, or the file itself. False if something could not
// be read, which has been said.
bool ferry_find_records(struct ferry_names *names, const char *path);

// In alphabetical order, each once.
void ferry_sort_names(struct ferry_names *names);

// The path of a source file that a record calls `file`: the same for all its
// names if it can be found, else `file`.
char *ferry_find_source(const char *record, const char *file);

// Whether the path is that file or folder or lies below it.
bool ferry_is_below(const char *path, const char *folder);

// The path as seen from the current folder, if it lies below that.
const char *ferry_short_path(const char *path);

//===- records.c ----------------------------------------------------------===//

// From best to worst.
enum ferry_outcome {
  FERRY_LOOP_INDEPENDENT,
  FERRY_LOOP_CHECKED,
  FERRY_LOOP_INSIDE,
  FERRY_LOOP_REFUSED,
  FERRY_LOOP_OUTCOMES
};

// What was said about a loop in one place; several may be about the same one.
struct ferry_remark {
  enum ferry_outcome outcome;
  const char *path;      // where the source is, or the record if it has none
  const char *file;      // the source as the compiler calls it, or null
  unsigned line, column; // 0: not known
  const char *function;
  const char *reason, *detail; // null if it was not refused; without a detail
  size_t order;                // in which it was read
};

struct ferry_cause {
  const char *id, *sentence, *hint;
  size_t loops;
};

struct ferry_records {
  struct ferry_remark *remarks;
  struct ferry_cause *causes;
  size_t remark_count, cause_count;
};

// Adds those of one record. False if it could not be read, which has been said.
bool ferry_read_record(struct ferry_records *records, const char *name);

//===- loops.c ------------------------------------------------------------===//

struct ferry_declined {
  const char *reason;
  uint64_t count;
};

// What happened to a loop when the program ran.
struct ferry_run {
  uint64_t launches, measured;
  struct ferry_declined *declined;
  size_t declined_count;
};

struct ferry_loop {
  const struct ferry_remark *remarks; // the best is the first
  size_t remark_count;
  bool differs;          // not all remarks say the same
  struct ferry_run *run; // null: it did not run, or nothing is known
};

struct ferry_coverage {
  struct ferry_loop *loops;   // by place
  struct ferry_cause *causes; // the most frequent first
  size_t loop_count, cause_count, records, sources, differing;
  size_t outcomes[FERRY_LOOP_OUTCOMES];
  bool has_runs;
  size_t foreign; // loops that ran, of which there is no record
};

// Makes one loop of all remarks about the same place.
struct ferry_coverage ferry_merge(struct ferry_records *records);

// Leaves the remarks on sources that are `folder` or lie below it.
void ferry_select(struct ferry_records *records, const char *folder);

// Whether two remarks say the same of their loop.
bool ferry_same_outcome(const struct ferry_remark *a,
                        const struct ferry_remark *b);

bool ferry_is_offloaded(const struct ferry_loop *loop);

//===- reader.c -----------------------------------------------------------===//

// A file that FERRY_STATS=json:FILE wrote. All these end the command where it is none.
struct ferry_reader {
  const char *name, *at; // of the file; the text, with a zero at its end
};

struct ferry_reader ferry_open_reader(const char *file);
_Noreturn void ferry_fail_to_read(const struct ferry_reader *r);

// Whether the next character, spaces aside, is that one, which is then behind.
bool ferry_accept(struct ferry_reader *r, char c);
void ferry_expect(struct ferry_reader *r, char c);

const char *ferry_read_string(struct ferry_reader *r);
uint64_t ferry_read_number(struct ferry_reader *r);
uint64_t ferry_read_nanoseconds(struct ferry_reader *r); // of a number of seconds
void ferry_skip_value(struct ferry_reader *r);

// `member` and `element` read the value.
void ferry_read_object(struct ferry_reader *r,
                       void (*member)(struct ferry_reader *, const char *key, void *),
                       void *context);
void ferry_read_array(struct ferry_reader *r,
                      void (*element)(struct ferry_reader *, void *), void *context);

//===- statistics.c -------------------------------------------------------===//

// A site of a run, as the statistics have it.
struct ferry_executed {
  const char *file, *function, *device;
  uint64_t line, column, iterations, nanoseconds;
  struct ferry_run run;
};

// Each site; ends the command if it is no file that FERRY_STATS=json:FILE wrote.
void ferry_read_statistics(struct ferry_reader reader,
                           void (*visit)(const struct ferry_executed *, void *),
                           void *context);

//===- run.c --------------------------------------------------------------===//

void ferry_add_declined(struct ferry_run *run, const char *reason,
                        uint64_t count);
void ferry_add_to_run(struct ferry_run *sum, const struct ferry_run *run);

// Adds what FERRY_STATS=json:FILE wrote; ends the command if it cannot.
void ferry_add_run(struct ferry_coverage *coverage, const char *file);

//===- print.c, print_json.c ----------------------------------------------===//

// "independent" and so on.
const char *ferry_outcome_name(enum ferry_outcome outcome);

void ferry_print_coverage(const struct ferry_coverage *coverage);
void ferry_print_coverage_json(const struct ferry_coverage *coverage);

// The loops with that outcome or reason; ends the command if it knows none.
void ferry_list_loops(const struct ferry_coverage *coverage, const char *name);

#endif
