//===- grid.c - a kernel runs ---------------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any grid is right (image.h); a good one has warps of threads along x, and no more
// threads than iterations. Where something is reduced, there are as many as keep the
// GPU busy, and no more: each has a record, which costs time to combine. A second
// kernel folds the records to about the root of their number, the host the rest, in
// the order of the threads.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "cuda.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

enum {
  BLOCK = 256,            // threads
  COMBINE_BLOCK = 128,    // threads
  REDUCING_BLOCKS = 4,    // for each multiprocessor
  MOST_PARAMETERS = 4096, // bytes, of any kernel
  MOST_BLOCKS_Z = 64,     // threads of a block along z
  MOST_RECORDS = 64 << 20 // bytes
};

struct grid {
  unsigned blocks[3], threads[3];
};

static uint64_t threads_of(const struct grid *g) {
  uint64_t count = 1;
  for (int axis = 0; axis < 3; ++axis)
    count *= (uint64_t)g->blocks[axis] * g->threads[axis];
  return count;
}

static unsigned power_of_two(int64_t least, unsigned most) {
  unsigned power = 1;
  while (power < least && power * 2 <= most)
    power *= 2;
  return power;
}

// `most`: blocks, in all.
static struct grid choose_grid(const struct ferry_gpu_kernel *kernel,
                               const struct ferry_job *job, int64_t most) {
  static const unsigned limits[] = {INT32_MAX, 65535, 65535};
  struct grid g;
  unsigned room = kernel->run_threads < BLOCK ? (unsigned)kernel->run_threads : BLOCK;
  for (uint32_t axis = 0; axis < 3; ++axis) {
    const uint32_t dim = ferry_kernel_dim(kernel->flags, axis);
    const int64_t trips = dim < job->parallel ? job->trips[dim] : 1;
    const unsigned threads =
        power_of_two(trips, axis == 2 && room > MOST_BLOCKS_Z ? MOST_BLOCKS_Z : room);
    int64_t blocks = (trips - 1) / threads + 1;
    blocks = blocks < limits[axis] ? blocks : limits[axis];
    blocks = blocks < most ? blocks : most;
    g.threads[axis] = threads;
    g.blocks[axis] = (unsigned)blocks;
    room /= threads;
    most /= blocks;
  }
  return g;
}

//===- what a kernel gets -------------------------------------------------===//

// The size, or 0 if a kernel cannot have so much.
static size_t fill_block(char *block, const struct ferry_job *job, uint64_t delta,
                         ferry_cu_address partials, ferry_cu_address error) {
  const struct ferry_site *site = job->site;
  struct ferry_kernel_args args = {.delta = delta,
                                   .partials = (void *)(uintptr_t)partials,
                                   .error = (void *)(uintptr_t)error};
  const size_t globals = (FERRY_KERNEL_CONTEXT + (size_t)job->context_size + 7) / 8 * 8;
  const size_t size = globals + (size_t)site->kernel_globals * sizeof(void *);
  if (size > MOST_PARAMETERS)
    return 0;
  for (uint32_t k = 0; k < 3; ++k) {
    args.first[k] = k < job->parallel ? job->first[k] : 0;
    args.trips[k] = k < job->parallel ? job->trips[k] : 1;
  }
  memset(block, 0, size);
  memcpy(block, &args, sizeof args);
  if (job->context_size)
    memcpy(block + FERRY_KERNEL_CONTEXT, job->context, job->context_size);
  if (site->kernel_globals)
    memcpy(block + globals, site->globals, size - globals);
  return size;
}

static int launch(const struct ferry_gpu *gpu, void *function, const struct grid *g,
                  void *block) {
  void *parameters[] = {block};
  return ferry_cu.launch(function, g->blocks[0], g->blocks[1], g->blocks[2],
                         g->threads[0], g->threads[1], g->threads[2], 0, gpu->stream,
                         parameters, NULL);
}

//===- what comes back ----------------------------------------------------===//

// Memory for records and, before them, for errno. It grows and stays.
static struct {
  ferry_cu_address device;
  char *host;
  size_t device_size, host_size;
} memory;
enum { ERROR_ROOM = 256 }; // bytes

static bool make_device_room(size_t size) {
  if (size <= memory.device_size)
    return true;
  if (memory.device_size)
    ferry_cu.free(memory.device);
  memory.device_size = ferry_cu.allocate(&memory.device, size) ? 0 : size;
  return memory.device_size;
}

static bool make_host_room(size_t size) {
  if (size <= memory.host_size)
    return true;
  if (memory.host_size)
    munmap(memory.host, memory.host_size);
  memory.host = ferry_map(size);
  memory.host_size = memory.host ? size : 0;
  return memory.host_size;
}

static ferry_cu_address records(void) { return memory.device + ERROR_ROOM; }

static bool wants_errno(const struct ferry_job *job) {
  return job->flags & FERRY_SITE_ERRNO;
}

static int clear_errno(void) {
  const int32_t none = 0;
  const struct ferry_cu_copy_2d copy = {.from_type = FERRY_CU_MEMORY_HOST,
                                        .from_host = &none,
                                        .from_pitch = sizeof none,
                                        .to_type = FERRY_CU_MEMORY_DEVICE,
                                        .to_device = memory.device,
                                        .to_pitch = sizeof none,
                                        .width = sizeof none,
                                        .height = 1};
  return ferry_cu.copy_2d(&copy);
}

// `count` pieces of `size` bytes, `pitch` apart, one behind the other.
static int fetch(void *to, ferry_cu_address from, size_t size, size_t pitch,
                 size_t count) {
  const struct ferry_cu_copy_2d copy = {.from_type = FERRY_CU_MEMORY_DEVICE,
                                        .from_device = from,
                                        .from_pitch = pitch,
                                        .to_type = FERRY_CU_MEMORY_HOST,
                                        .to_host = to,
                                        .to_pitch = size,
                                        .width = size,
                                        .height = count};
  return ferry_cu.copy_2d(&copy);
}

//===- reductions ---------------------------------------------------------===//

// How many slots one thread of the combining kernel folds.
static uint64_t chunk_of(uint64_t count) {
  uint64_t chunk = 1;
  while (chunk * chunk < count)
    chunk *= 2;
  return chunk;
}

static int64_t most_blocks(const struct ferry_gpu *gpu, const struct ferry_job *job) {
  if (!job->reduction_size)
    return INT64_MAX;
  const uint64_t fit = MOST_RECORDS / job->reduction_size / BLOCK;
  const int64_t busy = (int64_t)gpu->processors * REDUCING_BLOCKS;
  return fit < (uint64_t)busy ? (int64_t)fit : busy;
}

static int combine_on_gpu(const struct ferry_gpu *gpu,
                          const struct ferry_gpu_kernel *kernel, uint64_t count,
                          uint64_t chunk) {
  const uint64_t threads = (count - 1) / chunk + 1;
  const struct grid g = {{(unsigned)((threads - 1) / COMBINE_BLOCK + 1), 1, 1},
                         {COMBINE_BLOCK, 1, 1}};
  struct ferry_combine_args args = {(void *)(uintptr_t)records(), count, chunk};
  return launch(gpu, kernel->combine, &g, &args);
}

//===- a launch -----------------------------------------------------------===//

static int collect_records(struct ferry_job *job, uint64_t count, uint64_t chunk) {
  const size_t size = job->reduction_size;
  const uint64_t left = (count - 1) / chunk + 1;
  const int error = fetch(memory.host, records(), size, size * chunk, left);
  for (uint64_t i = 0; !error && i < left; ++i)
    job->combine(job->reduction, memory.host + i * size);
  return error;
}

// What the kernel of a launch that was begun comes to.
static int finish(const struct ferry_gpu *gpu, const struct ferry_gpu_kernel *kernel,
                  struct ferry_job *job, uint64_t count, uint64_t chunk,
                  const char **function) {
  int error = 0;
  *function = "cuLaunchKernel";
  if (job->reduction_size && chunk > 1)
    error = combine_on_gpu(gpu, kernel, count, chunk);
  if (error)
    return error;
  *function = "cuStreamSynchronize";
  if ((error = ferry_cu.stream_wait(gpu->stream)))
    return error;
  *function = "cuMemcpy2D";
  if (job->reduction_size)
    error = collect_records(job, count, chunk);
  if (wants_errno(job) && !error) {
    int32_t value;
    error = fetch(&value, memory.device, sizeof value, sizeof value, 1);
    job->error = value;
  }
  return error;
}

// Memory for what comes back. False: there is none.
static bool make_room(const struct ferry_job *job, uint64_t count, uint64_t chunk) {
  const size_t size = job->reduction_size;
  if (!size && !wants_errno(job))
    return true;
  return make_device_room(ERROR_ROOM + count * size) &&
         (!size || make_host_room((count / chunk + 1) * size));
}

static int reason_of(int error) {
  return error == FERRY_CU_OUT_OF_MEMORY     ? FERRY_DEVICE_MEMORY
         : error == FERRY_CU_OUT_OF_RESOURCES ? FERRY_NO_KERNEL
                                              : FERRY_NO_DEVICE;
}

int ferry_launch_kernel(const struct ferry_gpu *gpu,
                        const struct ferry_gpu_kernel *kernel, struct ferry_job *job,
                        uint64_t delta, char *text, size_t size) {
  _Alignas(16) char block[MOST_PARAMETERS];
  const int64_t most = most_blocks(gpu, job);
  const char *function = "cuMemcpy2D";
  if (most < 1)
    return FERRY_DEVICE_MEMORY;
  const struct grid g = choose_grid(kernel, job, most);
  const uint64_t count = threads_of(&g), chunk = chunk_of(count);
  if (!make_room(job, count, chunk))
    return FERRY_DEVICE_MEMORY;
  if (!fill_block(block, job, delta, job->reduction_size ? records() : 0,
                  wants_errno(job) ? memory.device : 0))
    return FERRY_NO_KERNEL;
  bool begun = false;
  int error = wants_errno(job) ? clear_errno() : 0;
  if (!error) {
    function = "cuLaunchKernel";
    error = launch(gpu, kernel->run, &g, block);
    begun = !error;
  }
  if (begun)
    error = finish(gpu, kernel, job, count, chunk, &function);
  if (!error)
    return FERRY_DONE;
  ferry_describe_cu(text, size, function, error);
  return begun ? FERRY_GPU_LOST : reason_of(error);
}
