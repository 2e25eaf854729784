//===- trace.c - what happened when ---------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Events are kept in memory until the program exits, and are then written in
// Chrome's Trace Event Format. Who writes one takes the next slot and says in
// the end that it is written, so nobody waits: events come from all threads,
// from signal handlers, and from threads that run on while the file is made.
// What an event points to are states, which outlive the program's image.
//
// There is room for so many. Loops that stay may be asked about millions of
// times, and leave half of it to what takes time.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "trace.h"
#include "team.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SLOTS = 1 << 17, STAYS_UNTIL = SLOTS / 2 };

struct slot {
  struct ferry_event event;
  pid_t thread;
  atomic_bool written; // release: the rest
};

bool ferry_tracing;

static struct slot *slots;
static _Atomic uint64_t taken, dropped; // `taken` may exceed what there is
static bool in_child;

// 0: it has not been seen yet.
static _Thread_local pid_t this_thread
    __attribute__((tls_model("initial-exec")));

void ferry_start_trace(void) {
  if (!ferry_options.trace_file[0])
    return;
  slots = ferry_map(SLOTS * sizeof *slots);
  ferry_tracing = slots != NULL;
  if (!slots)
    ferry_log("no memory for the trace");
}

// The time goes on from the parent's: both files can be shown together.
void ferry_trace_forked(void) {
  if (!ferry_tracing)
    return;
  in_child = true;
  this_thread = 0;
  madvise(slots, SLOTS * sizeof *slots, MADV_DONTNEED); // zeros them
  atomic_store(&taken, 0);
  atomic_store(&dropped, 0);
}

//===- recording ----------------------------------------------------------===//

static void put(const struct ferry_event *event) {
  const bool has_room =
      event->kind != FERRY_EVENT_STAY ||
      atomic_load_explicit(&taken, memory_order_relaxed) < STAYS_UNTIL;
  const uint64_t at =
      has_room ? atomic_fetch_add_explicit(&taken, 1, memory_order_relaxed)
               : SLOTS;
  if (at >= SLOTS) {
    atomic_fetch_add_explicit(&dropped, 1, memory_order_relaxed);
    return;
  }
  slots[at].event = *event;
  slots[at].thread = this_thread;
  atomic_store_explicit(&slots[at].written, true, memory_order_release);
}

static void put_thread(void) {
  struct ferry_event event = {.kind = FERRY_EVENT_THREAD};
  prctl(PR_GET_NAME, event.name);
  put(&event);
}

void ferry_trace(struct ferry_event event) {
  if (!this_thread) {
    this_thread = (pid_t)syscall(SYS_gettid);
    put_thread();
  }
  put(&event);
}

//===- writing ------------------------------------------------------------===//

static const char *category(enum ferry_event_kind kind) {
  static const char *const names[] = {"launch", "in-place", "stay",
                                      "test",   "device",   "device"};
  return names[kind];
}

static const char *verdict(const struct ferry_event *e) {
  if (e->kind == FERRY_EVENT_IN_PLACE)
    return "measured in place";
  if (e->kind == FERRY_EVENT_TEST && e->verdict == FERRY_DONE)
    return "independent";
  return ferry_reason_name(e->verdict);
}

static void put_name(FILE *out, const struct ferry_event *e) {
  static const char *const before[] = {"", "measure ", "", "test "};
  const struct ferry_state *s = e->state;
  char name[512];
  if (!s) {
    fputs(e->kind == FERRY_EVENT_LOAD ? "\"load libomp\""
          : e->device->kernels        ? "\"start GPU\""
                                      : "\"start threads\"",
          out);
    return;
  }
  const char *slash = strrchr(s->file, '/'),
             *file = slash ? slash + 1 : s->file;
  snprintf(name, sizeof name, "%s%s:%u:%u %s%s%s", before[e->kind], file,
           s->line, s->column, s->function,
           e->kind == FERRY_EVENT_STAY ? ": " : "",
           e->kind == FERRY_EVENT_STAY ? verdict(e) : "");
  ferry_put_json_string(out, name);
}

static void put_arguments(FILE *out, const struct ferry_event *e) {
  const bool runs = e->kind == FERRY_EVENT_LAUNCH;
  if (!e->state) {
    fprintf(out, "\"device\":\"%s\",\"threads\":%d", e->device->name,
            ferry_threads());
    return;
  }
  ferry_put_json_site(out, e->state);
  fprintf(out, ",\"verdict\":\"%s\"", verdict(e));
  if (e->kind != FERRY_EVENT_TEST)
    fprintf(out, ",\"work\":%lld", (long long)e->work);
  if (e->iterations)
    fprintf(out, ",\"device\":\"%s\",\"threads\":%d,\"iterations\":%lld",
            runs ? e->device->name : "-", runs ? ferry_threads() : 1,
            (long long)e->iterations);
}

// Not %f: a locale may put a comma.
void ferry_put_time(FILE *out, const char *key, int64_t ns) {
  fprintf(out, ",\"%s\":%lld.%03d", key, (long long)(ns / 1000),
          (int)(ns % 1000));
}

void ferry_put_event(struct ferry_output *o, const char *phase, pid_t thread) {
  fprintf(o->file, "%s\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%d", o->separator,
          phase, (int)getpid(), (int)thread);
  o->separator = ",";
}

void ferry_put_metadata(struct ferry_output *o, const char *key, pid_t thread,
                        const char *name) {
  ferry_put_event(o, "M", thread);
  fprintf(o->file, ",\"name\":\"%s\",\"args\":{\"name\":", key);
  ferry_put_json_string(o->file, name);
  fputs("}}", o->file);
}

static void put_event(struct ferry_output *o, const struct slot *slot) {
  const struct ferry_event *e = &slot->event;
  if (e->kind == FERRY_EVENT_THREAD) {
    ferry_put_metadata(o, "thread_name", slot->thread, e->name);
    return;
  }
  const bool marks = e->kind == FERRY_EVENT_STAY;
  ferry_put_event(o, marks ? "i" : "X", slot->thread);
  ferry_put_time(o->file, "ts", e->start);
  if (!marks)
    ferry_put_time(o->file, "dur", e->ns);
  fprintf(o->file, "%s,\"cat\":\"%s\",\"name\":", marks ? ",\"s\":\"t\"" : "",
          category(e->kind));
  put_name(o->file, e);
  fputs(",\"args\":{", o->file);
  put_arguments(o->file, e);
  fputs("}}", o->file);
  if (o->last < e->start + e->ns)
    o->last = e->start + e->ns;
}

void ferry_put_remark(struct ferry_output *o, const char *text) {
  ferry_put_event(o, "i", getpid());
  ferry_put_time(o->file, "ts", o->last);
  fprintf(o->file, ",\"s\":\"g\",\"cat\":\"trace\",\"name\":\"%s\"}", text);
}

// As an event, too, for programs that show the file do not show the rest.
static void put_dropped(struct ferry_output *o, uint64_t count) {
  char text[64];
  snprintf(text, sizeof text, "%llu events dropped", (unsigned long long)count);
  if (count)
    ferry_put_remark(o, text);
}

static void put_all(FILE *file) {
  struct ferry_output o = {.file = file, .separator = ""};
  const uint64_t count = atomic_load(&taken), lost = atomic_load(&dropped);
  fprintf(file, "{\"otherData\":{\"dropped\":%llu},\"traceEvents\":[",
          (unsigned long long)lost);
  ferry_put_metadata(&o, "process_name", getpid(), program_invocation_short_name);
  for (uint64_t i = 0; i < count && i < SLOTS; ++i)
    if (atomic_load_explicit(&slots[i].written, memory_order_acquire))
      put_event(&o, &slots[i]);
  ferry_put_moves(&o);
  put_dropped(&o, lost);
  fputs("\n]}\n", file);
}

// Programs that were started with the same FILE may end at the same time: the
// last one wins, and no two mix.
static FILE *open_alone(const char *name) {
  const int file = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0)
    return NULL;
  if (flock(file, LOCK_EX) == 0)
    (void)!ftruncate(file, 0); // there is nothing to cut off in a pipe
  return fdopen(file, "w");
}

// A child of fork() that asked nothing has nothing to tell.
void ferry_write_trace(void) {
  char name[sizeof ferry_options.trace_file + 16];
  if (!ferry_tracing || (in_child && atomic_load(&taken) == 0))
    return;
  snprintf(name, sizeof name, in_child ? "%s.%d" : "%s",
           ferry_options.trace_file, (int)getpid());
  FILE *file = open_alone(name);
  int failed = !file;
  if (file) {
    put_all(file);
    failed = ferror(file);
    failed |= fclose(file);
  }
  if (failed)
    ferry_log("cannot write the trace to %s: %s", name, strerror(errno));
}
