//===- cuda_kernels.c - kernels made by hand ------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As the pass makes them for FERRY_IMAGE_X86_64 (runtime/image.h).
//
//===----------------------------------------------------------------------===//
#include "cuda_kernels.h"
#include "../../../runtime/image.h"

#include <stddef.h>

extern int64_t __ferry_device_id(int32_t axis);
extern int64_t __ferry_device_count(int32_t axis);

static const struct ferry_kernel_args *args_of(const void *block) { return block; }

static const void *context_of(const void *block) {
  return (const char *)block + FERRY_KERNEL_CONTEXT;
}

// Where the device has what the program has at that address.
static void *there(const void *block, const void *here) {
  return (char *)here + args_of(block)->delta;
}

static uint64_t this_thread(void) {
  return __ferry_device_id(0) +
         __ferry_device_count(0) *
             (__ferry_device_id(1) + __ferry_device_count(1) * __ferry_device_id(2));
}

void saxpy(const void *block);
void saxpy(const void *block) {
  const struct ferry_kernel_args *a = args_of(block);
  const struct saxpy *c = context_of(block);
  const float *x = there(block, c->x);
  float *y = there(block, c->y);
  for (int64_t i = __ferry_device_id(0); i < a->trips[0]; i += __ferry_device_count(0)) {
    const int64_t at = a->first[0] + i;
    y[at] = c->a * x[at] + y[at];
  }
}

// x runs over k, y over j, z over i.
void fill(const void *block);
void fill(const void *block) {
  const struct ferry_kernel_args *a = args_of(block);
  const struct fill *c = context_of(block);
  long *to = there(block, c->to);
  for (int64_t i = __ferry_device_id(2); i < a->trips[0]; i += __ferry_device_count(2))
    for (int64_t j = __ferry_device_id(1); j < a->trips[1]; j += __ferry_device_count(1))
      for (int64_t k = __ferry_device_id(0); k < a->trips[2]; k += __ferry_device_count(0))
        to[((a->first[0] + i) * c->rows + a->first[1] + j) * c->columns + a->first[2] +
              k] += 10000 * (a->first[0] + i) + 100 * (a->first[1] + j) + a->first[2] + k;
}

void total(const void *block);
void total(const void *block) {
  const struct ferry_kernel_args *a = args_of(block);
  const struct total *c = context_of(block);
  const int *all = there(block, c->x);
  struct total_record own = {0, -2147483647 - 1};
  for (int64_t i = __ferry_device_id(0); i < a->trips[0]; i += __ferry_device_count(0)) {
    const int x = all[a->first[0] + i];
    own.sum += x;
    own.most = x > own.most ? x : own.most;
  }
  ((struct total_record *)a->partials)[this_thread()] = own;
}

void total_combine(const void *block);
void total_combine(const void *block) {
  const struct ferry_combine_args *a = block;
  struct total_record *records = a->partials;
  const uint64_t first = this_thread() * a->chunk;
  for (uint64_t i = first + 1; i < first + a->chunk && i < a->count; ++i) {
    records[first].sum += records[i].sum;
    if (records[i].most > records[first].most)
      records[first].most = records[i].most;
  }
}

void shift(const void *block);
void shift(const void *block) {
  const struct ferry_kernel_args *a = args_of(block);
  const struct shift *c = context_of(block);
  int *const *globals = (int *const *)((const char *)context_of(block) + sizeof *c);
  const int *step = there(block, globals[0]), *scale = there(block, globals[1]);
  int *x = there(block, c->x);
  for (int64_t i = __ferry_device_id(0); i < a->trips[0]; i += __ferry_device_count(0))
    x[a->first[0] + i] += *step + scale[(a->first[0] + i) % 4];
}

// Negative numbers: errno as sqrt sets it.
void root(const void *block);
void root(const void *block) {
  const struct ferry_kernel_args *a = args_of(block);
  const struct root *c = context_of(block);
  double *all = there(block, c->x);
  for (int64_t i = __ferry_device_id(0); i < a->trips[0]; i += __ferry_device_count(0)) {
    const double x = all[a->first[0] + i];
    if (x < 0)
      *a->error = 33;
    all[a->first[0] + i] = x < 0 ? 0 : __builtin_sqrt(x);
  }
}
