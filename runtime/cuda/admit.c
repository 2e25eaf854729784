//===- admit.c - the memory of a loop, and the GPU's ----------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// With HMM, private memory without a file moves to the GPU where it is touched there,
// and back where the program touches it. Files, initialised variables of the program
// among them, and shared memory stay where they are, and the GPU reaches them over
// the bus. Huge pages of hugetlbfs and memory of devices it cannot reach, and to
// try ends its context, and with it the program.
//
// A GPU with more data than memory may hang the machine. What is on the GPU nobody
// tells, so what launches have touched counts as being there until it has been sent
// back. With the CPUs' page tables (ATS) nothing of this matters.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../maps.h"
#include "cuda.h"

#include <string.h>
#include <sys/vfs.h>

enum {
  PAGE = 4096,
  SMALL = 1 << 20, // bytes that may be anywhere
  MARGIN = 8,      // that part of the GPU's memory is not for us
  SEND_LEAST = 64 << 10
};

//===- what a loop touches ------------------------------------------------===//

static void find_all(const struct ferry_job *job, struct ferry_gpu_footprint *f) {
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  f->all = (struct ferry_ranges){f->room[0], 0, FERRY_MAX_ACCESSES * 2};
  f->moving = (struct ferry_ranges){f->room[1], 0, FERRY_MAX_ACCESSES * 2};
  f->written = (struct ferry_ranges){f->room[2], 0, FERRY_MAX_ACCESSES * 2};
  f->bytes = 0;
  f->known = job->shape && !job->shape->links &&
             ferry_hulls(job->shape, job->numbers, trips, lo, hi);
  for (uint32_t i = 0; f->known && i < job->shape->accesses; ++i)
    if (ferry_touches_memory(job->shape->kinds[i]) && lo[i] < hi[i]) {
      const uintptr_t first = (uintptr_t)lo[i] & ~(uintptr_t)(PAGE - 1);
      const uintptr_t end = ((uintptr_t)hi[i] + PAGE - 1) & ~(uintptr_t)(PAGE - 1);
      ferry_add_range(&f->all, first, end);
      if (ferry_writes_memory(job->shape->kinds[i]))
        ferry_add_range(&f->written, first, end);
    }
}

//===- what it is ---------------------------------------------------------===//

enum reach { NO_MEMORY, MOVES, STAYS, OUT_OF_REACH };

static bool begins(const char *text, const char *with) {
  return !strncmp(text, with, strlen(with));
}

static bool has_huge_pages(const struct ferry_mapping *m) {
  const long hugetlbfs = 0x958458f6;
  struct statfs system;
  if (m->page_size)
    return m->page_size > PAGE;
  if (begins(m->name, "/dev/zero "))
    return false;
  return statfs(m->name, &system) != 0 || system.f_type == hugetlbfs;
}

static enum reach reach_of(const struct ferry_mapping *m) {
  if (!m->read)
    return NO_MEMORY;
  if (!m->file) // [vvar] and [vdso] are the kernel's
    return begins(m->name, "[v") ? OUT_OF_REACH : MOVES;
  if (begins(m->name, "/dev/nvidia"))
    return STAYS;
  if (begins(m->name, "anon_inode:") ||
      (begins(m->name, "/dev/") && !begins(m->name, "/dev/zero ") &&
       !begins(m->name, "/dev/shm/")) ||
      has_huge_pages(m))
    return OUT_OF_REACH;
  return STAYS;
}

struct sums {
  struct ferry_gpu_footprint *footprint;
  struct ferry_range part; // that is looked at
  size_t moving, staying;  // bytes
  bool copies;             // what stays where it is is copied: it moves, too
  bool out_of_reach, cut;  // cut: `footprint->moving` has no room for all
};

// A loop that looks up its addresses may touch all there is, but not what is the
// kernel's own.
static bool look(const struct ferry_mapping *m, void *context) {
  struct sums *sums = context;
  struct ferry_gpu_footprint *f = sums->footprint;
  const enum reach kind = reach_of(m);
  const enum reach reach = kind == STAYS && sums->copies ? MOVES : kind;
  const uintptr_t lo = m->lo > sums->part.lo ? m->lo : sums->part.lo;
  const uintptr_t hi = m->hi < sums->part.hi ? m->hi : sums->part.hi;
  sums->out_of_reach |= reach == OUT_OF_REACH && (f->known || !begins(m->name, "[v"));
  if (reach == STAYS)
    sums->staying += hi - lo;
  if (reach == MOVES)
    sums->moving += hi - lo;
  if (reach == MOVES && f->known && !ferry_add_range(&f->moving, lo, hi))
    sums->cut = true;
  return true;
}

//===- is there room? -----------------------------------------------------===//

enum { MOST_SEEN = 1024 };
static struct ferry_range seen_room[MOST_SEEN];
static struct ferry_ranges seen = {seen_room, 0, MOST_SEEN};
static size_t budget; // what all of `seen` may come to; 0: not known yet

static size_t total(const struct ferry_ranges *set) {
  size_t bytes = 0;
  for (size_t i = 0; i < set->count; ++i)
    bytes += set->all[i].hi - set->all[i].lo;
  return bytes;
}

static bool see(const struct ferry_ranges *more) {
  for (size_t i = 0; i < more->count; ++i)
    if (!ferry_add_range(&seen, more->all[i].lo, more->all[i].hi))
      return false;
  return true;
}

// What can still be taken, less what others may want.
static size_t room(const struct ferry_gpu *gpu) {
  size_t free = 0, all, margin = gpu->memory / MARGIN;
  ferry_cu.memory_info(&free, &all);
  return free > margin ? free - margin : 0;
}

// Ranges that are gone meanwhile are an error that does not matter.
static void send_back(const struct ferry_gpu *gpu) {
  const struct ferry_cu_location host = {FERRY_CU_LOCATION_HOST, 0};
  for (size_t i = 0; ferry_cu.prefetch && i < seen.count; ++i)
    ferry_cu.prefetch(seen.all[i].lo, seen.all[i].hi - seen.all[i].lo, host, 0,
                      gpu->stream);
  ferry_cu.stream_wait(gpu->stream);
  seen.count = 0;
}

static bool fits(const struct ferry_gpu *gpu, const struct ferry_gpu_footprint *f) {
  if (!budget)
    budget = room(gpu);
  const size_t before = total(&seen);
  const bool noted = see(&f->moving);
  const size_t after = total(&seen);
  if (noted && after <= budget && (after == before || after - before <= room(gpu)))
    return true;
  send_back(gpu);
  budget = room(gpu);
  return f->bytes <= budget && see(&f->moving);
}

// All that the program has may come to the GPU.
static bool all_fits(const struct ferry_gpu *gpu, size_t bytes) {
  send_back(gpu);
  budget = 0;
  return bytes <= room(gpu);
}

static bool look_at(struct sums *sums, struct ferry_range part) {
  sums->part = part;
  return ferry_for_mappings_in(part.lo, part.hi, look, sums);
}

static bool look_at_all(struct sums *sums) {
  const struct ferry_gpu_footprint *f = sums->footprint;
  bool seen = f->known;
  for (size_t i = 0; seen && i < f->all.count; ++i)
    seen = look_at(sums, f->all.all[i]);
  if (seen && !sums->cut)
    return true;
  sums->footprint->known = false;
  *sums = (struct sums){.footprint = sums->footprint, .copies = sums->copies};
  return look_at(sums, (struct ferry_range){0, UINTPTR_MAX});
}

enum ferry_reason ferry_admit(const struct ferry_gpu *gpu, const struct ferry_job *job,
                              struct ferry_gpu_footprint *f) {
  struct sums sums = {.footprint = f, .copies = gpu->apart};
  find_all(job, f);
  if (gpu->host_tables)
    return FERRY_DONE;
  if (!look_at_all(&sums) || sums.out_of_reach || (gpu->apart && !f->known))
    return FERRY_OUT_OF_REACH;
  f->bytes = sums.moving;
  if (gpu->apart)
    return f->bytes <= room(gpu) ? FERRY_DONE : FERRY_DEVICE_MEMORY;
  if (f->bytes > gpu->memory - gpu->memory / MARGIN ||
      !(f->known ? fits(gpu, f) : all_fits(gpu, f->bytes)))
    return FERRY_DEVICE_MEMORY;
  if (ferry_options.mode != FERRY_MODE_FORCE && f->known && sums.staying > SMALL &&
      sums.staying > f->bytes / 4)
    return FERRY_FAR_MEMORY;
  return FERRY_DONE;
}

//===- sending ahead ------------------------------------------------------===//

// Whether that is faster depends on where the data are, and how many of them are
// touched. So both ways are tried, and now and then the slower one again.
static bool wants_sending(struct ferry_gpu_kernel *kernel) {
  enum { TRIALS = 4, AGAIN = 32 };
  const unsigned n = kernel->launches++;
  const bool better = kernel->ps[true] <= kernel->ps[false];
  return n < TRIALS ? n % 2 == 0 : n % AGAIN == 0 ? !better : better;
}

bool ferry_send_for(const struct ferry_gpu *gpu, struct ferry_gpu_kernel *kernel,
                    const struct ferry_gpu_footprint *f) {
  const struct ferry_cu_location there = {FERRY_CU_LOCATION_DEVICE, gpu->device};
  if (gpu->host_tables || gpu->apart || !ferry_cu.prefetch || !f->known || f->bytes < SEND_LEAST ||
      !wants_sending(kernel))
    return false;
  for (size_t i = 0; i < f->moving.count; ++i)
    ferry_cu.prefetch(f->moving.all[i].lo, f->moving.all[i].hi - f->moving.all[i].lo,
                      there, 0, gpu->stream);
  return true;
}

// Quick to hope, and slow to despair.
void ferry_learn_sending(struct ferry_gpu_kernel *kernel, bool sent,
                         const struct ferry_gpu_footprint *f, int64_t ns) {
  int64_t *ps = &kernel->ps[sent];
  const int64_t sample = f->bytes >= SEND_LEAST ? ns * 1000 / (int64_t)(f->bytes >> 10) : 0;
  *ps = *ps == 0 || sample < *ps ? sample : *ps + (sample - *ps) / 4;
}
