//===- launch.h - what the runtimes of the fuzzer have in common -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// May the iterations of this call run in any order? The same questions as the real
// runtime's, without the one whether it pays.
//
//===----------------------------------------------------------------------===//
#include "../../runtime/ferry.h"
#include "../../runtime/links.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const double max_iterations = 1e7;

void *ferry_map(size_t size) {
  void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return pages == MAP_FAILED ? NULL : pages;
}

// All of them, made in one order and combined in the other.
static char *fresh_partials(const struct ferry_site *site, size_t count) {
  const size_t size = site->reduction_size;
  char *partials = size ? aligned_alloc(64, (count * size + 63) / 64 * 64) : NULL;
  for (size_t k = 0; partials && k < count; ++k)
    memcpy(partials + k * size, site->identity, size);
  return partials;
}

static int touches_errno(const struct ferry_shape *shape,
                         const int64_t *numbers) {
  int64_t trips[FERRY_MAX_DIMS], lo[FERRY_MAX_ACCESSES], hi[FERRY_MAX_ACCESSES];
  const int64_t at = (int64_t)(intptr_t)&errno;
  if (!ferry_hulls(shape, numbers, trips, lo, hi))
    return 1;
  for (uint32_t k = 0; k < shape->accesses; ++k)
    if (ferry_touches_memory(shape->kinds[k]) &&
        lo[k] < at + (int64_t)sizeof errno && at < hi[k])
      return 1;
  return 0;
}

// In parts, the last one first.
static bool run_part_by_part(struct ferry_job *job, int64_t ns) {
  (void)ns;
  for (int64_t hi = job->trips[0], lo; hi > 0; hi = lo) {
    lo = hi > 7 ? hi - hi / 2 : 0;
    job->worker(job->context, &lo, &hi, job->reduction);
  }
  return true;
}

static int independent(const struct ferry_shape *shape, int64_t *numbers) {
  const struct ferry_look how = {true, run_part_by_part};
  return (!shape->links || ferry_resolve(shape, numbers, &errno, &how)) &&
         ferry_overlap(shape, numbers, NULL) == FERRY_INDEPENDENT &&
         !touches_errno(shape, numbers);
}

static int has_wraps(const struct ferry_site *site) {
  for (uint32_t k = 0; k < site->accesses; ++k)
    if (site->kinds[k] == FERRY_WRAP_SIGNED || site->kinds[k] == FERRY_WRAP_UNSIGNED)
      return 1;
  return 0;
}

// As in launch.c, a single iteration is not divided.
static int has_many(const struct ferry_site *site, const int64_t *trips) {
  int many = 0;
  for (uint32_t k = 0; k < FERRY_MAX_PARALLEL; ++k) {
    if (trips[k] < 1)
      return 0;
    many |= trips[k] > 1;
  }
  return many && (double)trips[0] * (double)trips[1] * (double)trips[2] <= max_iterations &&
         (!site->reduction_size || site->parallel == 1);
}

static int may_run(const struct ferry_site *site, const int64_t *numbers,
                   const int64_t *trips) {
  const struct ferry_shape shape = {site->dims, site->parallel, site->accesses,
                                    site->kinds, site->links, 0};
  const size_t size = (site->dims + site->accesses) * (2 + site->dims) * sizeof *numbers;
  if (!has_many(site, trips))
    return 0;
  if (site->flags & FERRY_SITE_INDEPENDENT && !has_wraps(site))
    return 1;
  int64_t *copy = malloc(size);
  if (!copy)
    return 0;
  const int answer = independent(&shape, memcpy(copy, numbers, size));
  free(copy);
  return answer;
}
