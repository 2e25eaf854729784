//===- driver.h - what we use of NVIDIA's driver --------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Our own declarations of the CUDA driver interface, so that nothing of NVIDIA's is
// needed to build. Each function is asked for by name and by the version that gave
// it the meaning it has here. test/cuda/header.c compares all of this
// with NVIDIA's header where there is one.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CUDA_DRIVER_H
#define FERRY_CUDA_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ferry_cu_result {
  FERRY_CU_SUCCESS = 0,
  FERRY_CU_INVALID_VALUE = 1,
  FERRY_CU_OUT_OF_MEMORY = 2,
  FERRY_CU_NOT_INITIALIZED = 3,
  FERRY_CU_STUB_LIBRARY = 34,
  FERRY_CU_NO_DEVICE = 100,
  FERRY_CU_INVALID_DEVICE = 101,
  FERRY_CU_INVALID_IMAGE = 200,
  FERRY_CU_INVALID_PTX = 218,
  FERRY_CU_NOT_FOUND = 500,
  FERRY_CU_ILLEGAL_ADDRESS = 700,
  FERRY_CU_OUT_OF_RESOURCES = 701,
  FERRY_CU_LAUNCH_FAILED = 719,
  FERRY_CU_DRIVER_MISMATCH = 803,
  FERRY_CU_UNKNOWN = 999
};

enum ferry_cu_attribute {
  FERRY_CU_MULTIPROCESSORS = 16,
  FERRY_CU_MAJOR = 75,
  FERRY_CU_MINOR = 76,
  FERRY_CU_PAGEABLE = 88,    // pageable memory access
  FERRY_CU_WINDOWS = 102,    // virtual memory management
  FERRY_CU_HOST_TABLES = 100 // and that through the host's page tables
};

enum { FERRY_CU_FUNCTION_MAX_THREADS = 0 }; // per block
enum { FERRY_CU_STREAM_NON_BLOCKING = 1 };
enum { FERRY_CU_INPUT_PTX = 1, FERRY_CU_INPUT_OBJECT = 3 };
enum { FERRY_CU_MEMORY_HOST = 1, FERRY_CU_MEMORY_DEVICE = 2 };
enum { FERRY_CU_LOCATION_DEVICE = 1, FERRY_CU_LOCATION_HOST = 2 };
enum { FERRY_CU_ERROR_LOG = 5, FERRY_CU_ERROR_LOG_SIZE = 6 }; // of the JIT

enum { FERRY_CU_PINNED = 1, FERRY_CU_READ_WRITE = 3 };

typedef int ferry_cu_device;
typedef uint64_t ferry_cu_address;
struct ferry_cu_location {
  int type, id;
};
struct ferry_cu_allocation {
  int type, handle_types;
  struct ferry_cu_location where;
  void *windows; // the system
  unsigned char flags[8];
};
struct ferry_cu_access {
  struct ferry_cu_location where;
  int flags;
};
struct ferry_cu_copy_2d {
  size_t from_x, from_y;
  int from_type;
  const void *from_host;
  ferry_cu_address from_device;
  void *from_array;
  size_t from_pitch;
  size_t to_x, to_y;
  int to_type;
  void *to_host;
  ferry_cu_address to_device;
  void *to_array;
  size_t to_pitch;
  size_t width, height;
};

// name here, name there, since which version, parameters
#define FERRY_CU_FUNCTIONS(F)                                                  \
  F(init, "cuInit", 2000, (unsigned flags))                                    \
  F(driver_version, "cuDriverGetVersion", 2020, (int *version))                \
  F(error_name, "cuGetErrorName", 6000, (int error, const char **name))        \
  F(device_count, "cuDeviceGetCount", 2000, (int *count))                      \
  F(device_get, "cuDeviceGet", 2000, (ferry_cu_device * device, int number))   \
  F(device_name, "cuDeviceGetName", 2000,                                      \
    (char *name, int size, ferry_cu_device device))                            \
  F(device_attribute, "cuDeviceGetAttribute", 2000,                            \
    (int *value, int attribute, ferry_cu_device device))                       \
  F(context_retain, "cuDevicePrimaryCtxRetain", 7000,                          \
    (void **context, ferry_cu_device device))                                  \
  F(context_push, "cuCtxPushCurrent", 4000, (void *context))                   \
  F(context_pop, "cuCtxPopCurrent", 4000, (void **context))                    \
  F(memory_info, "cuMemGetInfo", 3020, (size_t *free, size_t *total))          \
  F(allocate, "cuMemAlloc", 3020, (ferry_cu_address * address, size_t size))   \
  F(free, "cuMemFree", 3020, (ferry_cu_address address))                       \
  F(copy_there, "cuMemcpyHtoD", 3020,                                          \
    (ferry_cu_address to, const void *from, size_t size))                      \
  F(copy_back, "cuMemcpyDtoH", 3020,                                           \
    (void *to, ferry_cu_address from, size_t size))                            \
  F(copy_2d, "cuMemcpy2D", 3020, (const struct ferry_cu_copy_2d *copy))        \
  F(stream_create, "cuStreamCreate", 2000, (void **stream, unsigned flags))    \
  F(stream_wait, "cuStreamSynchronize", 2000, (void *stream))                  \
  F(link_create, "cuLinkCreate", 6050,                                         \
    (unsigned count, int *options, void **values, void **link))                \
  F(link_add, "cuLinkAddData", 6050,                                           \
    (void *link, int type, void *data, size_t size, const char *name,          \
     unsigned count, int *options, void **values))                             \
  F(link_complete, "cuLinkComplete", 5050,                                     \
    (void *link, void **code, size_t *size))                                   \
  F(link_destroy, "cuLinkDestroy", 5050, (void *link))                         \
  F(module_load, "cuModuleLoadDataEx", 2010,                                   \
    (void **module, const void *code, unsigned count, int *options,            \
     void **values))                                                           \
  F(module_function, "cuModuleGetFunction", 2000,                              \
    (void **function, void *module, const char *name))                         \
  F(function_attribute, "cuFuncGetAttribute", 2020,                            \
    (int *value, int attribute, void *function))                               \
  F(launch, "cuLaunchKernel", 4000,                                            \
    (void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z,        \
     unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared,    \
     void *stream, void **parameters, void **extra))

// Those that a driver may lack; then they are null.
#define FERRY_CU_HINTS(F)                                                      \
  F(address_reserve, "cuMemAddressReserve", 10020,                             \
    (ferry_cu_address * address, size_t size, size_t alignment,                \
     ferry_cu_address wish, unsigned long long flags))                         \
  F(address_free, "cuMemAddressFree", 10020,                                   \
    (ferry_cu_address address, size_t size))                                   \
  F(memory_create, "cuMemCreate", 10020,                                       \
    (uint64_t * handle, size_t size, const struct ferry_cu_allocation *kind,   \
     unsigned long long flags))                                                \
  F(memory_release, "cuMemRelease", 10020, (uint64_t handle))                  \
  F(memory_map, "cuMemMap", 10020,                                             \
    (ferry_cu_address address, size_t size, size_t offset, uint64_t handle,    \
     unsigned long long flags))                                                \
  F(memory_unmap, "cuMemUnmap", 10020, (ferry_cu_address address, size_t size)) \
  F(memory_access, "cuMemSetAccess", 10020,                                    \
    (ferry_cu_address address, size_t size,                                    \
     const struct ferry_cu_access *access, size_t count))                      \
  F(prefetch, "cuMemPrefetchAsync", 12020,                                     \
    (ferry_cu_address address, size_t size, struct ferry_cu_location location, \
     unsigned flags, void *stream))

#define FERRY_MEMBER(name, symbol, version, parameters)                        \
  int(*name) parameters; /* enum ferry_cu_result, or another number */
struct ferry_cu {
  FERRY_CU_FUNCTIONS(FERRY_MEMBER) FERRY_CU_HINTS(FERRY_MEMBER)
};
#undef FERRY_MEMBER

//===- library.c ----------------------------------------------------------===//

// Valid after ferry_load_cu, and constant from then on. Functions may be called from
// any thread, but not in the child of a fork().
extern struct ferry_cu ferry_cu;

// Once, by one thread. Where it fails, `why` receives half a sentence.
bool ferry_load_cu(char *why, size_t size);

// "cuInit failed with CUDA_ERROR_NO_DEVICE (100)"
void ferry_describe_cu(char *text, size_t size, const char *function, int error);

#endif
