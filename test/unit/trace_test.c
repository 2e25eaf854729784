//===- trace_test.c - events of many threads, and more than there is room -===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Each test is a process of its own, for there is one trace in a process. That
// what is written is JSON is tested in test/driver, by a program that reads it.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/trace.h"
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

// Children are forked with threads running, as programs do.
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) { return "die_after_fork=0"; }

enum { ROOM = 1 << 17, THREADS = 4 };

static const struct ferry_state state = {
    .file = "a.c", .function = "f", .line = 1, .column = 2};

static void trace(enum ferry_event_kind kind, int count) {
  for (int i = 0; i < count; ++i)
    ferry_trace((struct ferry_event){.kind = kind,
                                     .device = &ferry_device_host,
                                     .state = &state,
                                     .start = ferry_now(),
                                     .work = i,
                                     .iterations = 1});
}

// What a trace holds, by the lines of its file.
struct found {
  int launches, stays, threads, lines;
  long long dropped;
  bool is_whole;
};

static struct found read_trace(const char *name) {
  struct found found = {0};
  char line[1024];
  FILE *file = fopen(name, "r");
  if (!file)
    return found;
  while (fgets(line, sizeof line, file)) {
    sscanf(line, "{\"otherData\":{\"dropped\":%lld}", &found.dropped);
    found.launches += strstr(line, "\"cat\":\"launch\"") != NULL;
    found.stays += strstr(line, "\"cat\":\"stay\"") != NULL;
    found.threads += strstr(line, "\"thread_name\"") != NULL;
    found.lines += !strncmp(line, "{\"ph\":", 6) && strstr(line, "}");
    found.is_whole = !strcmp(line, "]}\n");
  }
  fclose(file);
  return found;
}

static struct found write_and_read(void) {
  ferry_write_trace();
  return read_trace(ferry_options.trace_file);
}

static void test_nothing(void) {
  const struct found found = write_and_read();
  CHECK(found.is_whole);
  CHECK(found.lines == 1 && found.dropped == 0);
}

// An event for each thread, too.
static void test_too_many(void) {
  errno = 77;
  trace(FERRY_EVENT_LAUNCH, ROOM + 1000);
  CHECK(errno == 77);
  const struct found found = write_and_read();
  CHECK(found.is_whole);
  CHECK(found.threads == 1);
  CHECK(found.launches == ROOM - 1);
  CHECK(found.dropped == 1001);
}

// They leave room for what takes time.
static void test_too_many_stays(void) {
  trace(FERRY_EVENT_STAY, ROOM + 1000);
  trace(FERRY_EVENT_LAUNCH, 1000);
  const struct found found = write_and_read();
  CHECK(found.launches == 1000);
  CHECK(found.stays == ROOM / 2 - 1);
  CHECK(found.dropped == ROOM + 1000 - found.stays);
}

static void *trace_many(void *unused) {
  trace(FERRY_EVENT_LAUNCH, 20000);
  return unused;
}

// Who writes the file does not wait for threads that go on.
static void test_threads(void) {
  pthread_t threads[THREADS];
  for (int i = 0; i < THREADS; ++i)
    pthread_create(&threads[i], NULL, trace_many, NULL);
  struct found found = write_and_read();
  CHECK(found.is_whole);
  CHECK(found.lines == 1 + found.threads + found.launches);
  for (int i = 0; i < THREADS; ++i)
    pthread_join(threads[i], NULL);
  found = write_and_read();
  CHECK(found.is_whole);
  CHECK(found.threads == THREADS);
  CHECK(found.launches == THREADS * 20000 && found.dropped == 0);
}

static void wait_for(pid_t child) {
  int status;
  CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void test_fork(void) {
  char name[64];
  trace(FERRY_EVENT_LAUNCH, 3);
  pid_t child = fork();
  if (child == 0) {
    ferry_trace_forked();
    trace(FERRY_EVENT_LAUNCH, 5);
    ferry_write_trace();
    _exit(0);
  }
  wait_for(child);
  snprintf(name, sizeof name, "%s.%d", ferry_options.trace_file, (int)child);
  CHECK(read_trace(name).launches == 5);
  CHECK(unlink(name) == 0);
  child = fork();
  if (child == 0) {
    ferry_trace_forked();
    ferry_write_trace();
    _exit(0);
  }
  wait_for(child);
  snprintf(name, sizeof name, "%s.%d", ferry_options.trace_file, (int)child);
  CHECK(access(name, F_OK) != 0);
  CHECK(write_and_read().launches == 3);
}

// Programs with the same FERRY_TRACE write one after the other.
static void test_same_file(void) {
  const int file =
      open(ferry_options.trace_file, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  CHECK(write(file, "another's\n", 10) == 10 && flock(file, LOCK_EX) == 0);
  trace(FERRY_EVENT_LAUNCH, 100);
  const pid_t child = fork();
  if (child == 0) {
    close(file);
    ferry_write_trace();
    _exit(0);
  }
  usleep(100 * 1000);
  CHECK(waitpid(child, NULL, WNOHANG) == 0);
  CHECK(read_trace(ferry_options.trace_file).lines == 0);
  close(file);
  wait_for(child);
  const struct found found = read_trace(ferry_options.trace_file);
  CHECK(found.is_whole && found.launches == 100);
}

static int fails(const char *name, void (*test)(void)) {
  int status;
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    snprintf(ferry_options.trace_file, sizeof ferry_options.trace_file,
             "/tmp/ferry-trace-test.%d", (int)getpid());
    ferry_start_trace();
    alarm(120);
    test();
    unlink(ferry_options.trace_file);
    _exit(failures != 0);
  }
  waitpid(child, &status, 0);
  printf("%-16s %s\n", name, status ? "FAILED" : "ok");
  return status != 0;
}

int main(void) {
  CHECK(!ferry_tracing);
  ferry_start_trace();
  CHECK(!ferry_tracing);
  return failures + fails("nothing", test_nothing) +
         fails("too many", test_too_many) +
         fails("too many stays", test_too_many_stays) +
         fails("threads", test_threads) + fails("fork", test_fork) +
         fails("same file", test_same_file);
}
