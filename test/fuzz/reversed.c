//===- reversed.c - a runtime that needs no race to be wrong --------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For FERRY_RUNTIME: one thread runs the iterations of every loop that the
// overlap test calls independent, one at a time and the last one first. A wrong
// verdict is a wrong result then, at every run.
//
//===----------------------------------------------------------------------===//
#include "launch.h"

// Set by the errno of this loop's last failing iteration.
static int run_backwards(const struct ferry_site *site, const void *context,
                         const int64_t *trips, char *partials) {
  int error = 0;
  int64_t i[FERRY_MAX_PARALLEL];
  for (i[0] = trips[0]; i[0]-- > 0;)
    for (i[1] = trips[1]; i[1]-- > 0;)
      for (i[2] = trips[2]; i[2]-- > 0;) {
        const int64_t end[] = {i[0] + 1, i[1] + 1, i[2] + 1};
        errno = 0;
        site->worker(context, i, end,
                     partials ? partials + (size_t)i[0] * site->reduction_size
                              : NULL);
        error = error ? error : errno;
      }
  return error;
}

int ferry_launch_v1(struct ferry_site *site, const void *context,
                    const int64_t *numbers, void *reduction, int64_t work) {
  int64_t trips[FERRY_MAX_PARALLEL] = {1, 1, 1};
  const int before = errno;
  (void)work;
  for (uint32_t k = 0; k < site->parallel; ++k)
    trips[k] = numbers[k * (2 + site->dims)];
  if (!may_run(site, numbers, trips))
    return 1;
  const size_t count = (size_t)trips[0];
  char *partials = fresh_partials(site, count);
  if (site->reduction_size && !partials)
    return 1;
  const int error = run_backwards(site, context, trips, partials);
  for (size_t k = 0; partials && k < count; ++k)
    site->combine(reduction, partials + k * site->reduction_size);
  free(partials);
  errno = error ? error : before;
  return 0;
}
