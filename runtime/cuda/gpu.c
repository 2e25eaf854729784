//===- gpu.c - the GPU that loops run on ----------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Its context is the primary one, which CUDA code of the program uses as well:
// one context, one set of page tables.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "cuda.h"

#include <stdio.h>

static const char *remedy(int error) {
  switch (error) {
  case FERRY_CU_NO_DEVICE:
    return "; there is no GPU of NVIDIA, or CUDA_VISIBLE_DEVICES hides it";
  case FERRY_CU_NOT_INITIALIZED:
    return "; the kernel may have had no addresses left for the GPU's memory (see "
           "dmesg for request_free_mem_region): boot with nokaslr, or load nvidia_uvm "
           "with uvm_disable_hmm=1";
  case FERRY_CU_STUB_LIBRARY:
    return "; that is the toolkit's stub, take it out of LD_LIBRARY_PATH";
  case FERRY_CU_DRIVER_MISMATCH:
    return "; library and kernel module are of two versions: restart the machine";
  case FERRY_CU_OUT_OF_MEMORY:
    return "; programs under a sanitizer leave it no addresses, nor does ulimit -v";
  case FERRY_CU_UNKNOWN:
    return "; is the kernel module nvidia_uvm loaded? nvidia-smi may say more";
  default:
    return "";
  }
}

static bool succeeds(int error, const char *function, char *why, size_t size) {
  char what[128];
  if (error == FERRY_CU_SUCCESS)
    return true;
  ferry_describe_cu(what, sizeof what, function, error);
  snprintf(why, size, "%s%s", what, remedy(error));
  return false;
}

static int attribute(const struct ferry_gpu *gpu, int which) {
  int value = 0;
  return ferry_cu.device_attribute(&value, which, gpu->device) ? 0 : value;
}

static bool is_there(int number, char *why, size_t size) {
  int count = 0;
  if (!succeeds(ferry_cu.device_count(&count), "cuDeviceGetCount", why, size))
    return false;
  if (count == 0)
    snprintf(why, size, "there is no GPU of NVIDIA, or CUDA_VISIBLE_DEVICES hides it");
  else if (number >= count)
    snprintf(why, size, "there is no GPU %d, the last one is cuda:%d", number, count - 1);
  return number < count;
}

static bool can_have_window(const struct ferry_gpu *gpu) {
  return attribute(gpu, FERRY_CU_WINDOWS) && ferry_cu.address_reserve &&
         ferry_cu.address_free && ferry_cu.memory_create && ferry_cu.memory_release &&
         ferry_cu.memory_map && ferry_cu.memory_unmap && ferry_cu.memory_access;
}

// Does the GPU see the program's memory, or can it be given a copy of that?
static bool reaches_memory(struct ferry_gpu *gpu, char *why, size_t size) {
  gpu->host_tables = attribute(gpu, FERRY_CU_HOST_TABLES);
  gpu->apart = !attribute(gpu, FERRY_CU_PAGEABLE);
  if (!gpu->apart || can_have_window(gpu))
    return true;
  snprintf(why, size,
           "%s does not see the memory of programs (no pageableMemoryAccess), and its "
           "driver cannot manage addresses; to see it "
           "takes a GPU since Turing, NVIDIA's open kernel modules since 535, Linux "
           "6.1.24 with CONFIG_DEVICE_PRIVATE, and no uvm_disable_hmm=1; nvidia-smi -q "
           "calls it Addressing Mode HMM or ATS",
           gpu->name);
  return false;
}

bool ferry_find_gpu(struct ferry_gpu *gpu, int number, char *why, size_t size) {
  gpu->number = number;
  if (!ferry_load_cu(why, size) ||
      !succeeds(ferry_cu.init(0), "cuInit", why, size) || !is_there(number, why, size) ||
      !succeeds(ferry_cu.device_get(&gpu->device, number), "cuDeviceGet", why, size) ||
      !succeeds(ferry_cu.device_name(gpu->name, sizeof gpu->name, gpu->device),
                "cuDeviceGetName", why, size) ||
      !succeeds(ferry_cu.driver_version(&gpu->driver), "cuDriverGetVersion", why, size))
    return false;
  gpu->major = attribute(gpu, FERRY_CU_MAJOR);
  gpu->minor = attribute(gpu, FERRY_CU_MINOR);
  gpu->processors = attribute(gpu, FERRY_CU_MULTIPROCESSORS);
  if (gpu->processors < 1)
    gpu->processors = 1;
  return reaches_memory(gpu, why, size);
}

const char *ferry_gpu_memory(const struct ferry_gpu *gpu) {
  return gpu->host_tables ? "ATS" : gpu->apart ? "memory of its own" : "HMM";
}

bool ferry_open_gpu(struct ferry_gpu *gpu, char *why, size_t size) {
  size_t free;
  void *unused;
  if (!succeeds(ferry_cu.context_retain(&gpu->context, gpu->device),
                "cuDevicePrimaryCtxRetain", why, size) ||
      !succeeds(ferry_cu.context_push(gpu->context), "cuCtxPushCurrent", why, size))
    return false;
  const bool opened =
      succeeds(ferry_cu.stream_create(&gpu->stream, FERRY_CU_STREAM_NON_BLOCKING),
               "cuStreamCreate", why, size) &&
      succeeds(ferry_cu.memory_info(&free, &gpu->memory), "cuMemGetInfo", why, size);
  ferry_cu.context_pop(&unused);
  return opened;
}
