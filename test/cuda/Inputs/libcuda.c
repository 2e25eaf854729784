//===- libcuda.c - a driver without a GPU ---------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Becomes libcuda.so.1 in a folder of its own, for LD_LIBRARY_PATH. What Ferry uses of
// the driver, over the memory of the process: images for x86-64 (FERRY_IMAGES=x86_64)
// are linked and their kernels run thread by thread, last one first, for no order is
// promised. PTX it refuses, as it would take a GPU.
//
// FAKE_CUDA is a list, separated by commas, of what is to be different:
//
//   without=NAME      the driver has no such function
//   init=ERROR        from cuInit
//   devices=N         so many GPUs
//   pageable=0        they do not see the program's memory, and a kernel that changes
//                     it ends the process
//   windows=0         nor do they manage addresses
//   reserve=ERROR     from cuMemAddressReserve
//   ats               they see it through the CPUs' page tables
//   memory=BYTES      of a GPU
//   allocate=ERROR    from cuMemAlloc
//   jit=ERROR         from cuLinkAddData
//   function=ERROR    from cuModuleGetFunction
//   launch=ERROR      from cuLaunchKernel
//   wait=ERROR        from cuStreamSynchronize, after half of the threads have run
//   slow=US           what a launch takes
//   threads=N         of a block, at most
//
// FAKE_CUDA_LOG is a file that gets a line for each call that says something.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../../runtime/cuda/driver.h"
#include "../../../runtime/image.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

#define EXPORTED __attribute__((visibility("default")))

enum { VERSION = 12040 };
static pid_t owner; // of the driver, once it was started
static bool half;   // only half of the threads are to run

//===- settings -----------------------------------------------------------===//

// What FAKE_CUDA says of `name`: null, "" or a value that ends with the string or
// with a comma.
static const char *setting(const char *name) {
  const char *at = getenv("FAKE_CUDA");
  const size_t length = strlen(name);
  while (at && *at) {
    if (!strncmp(at, name, length) && strchr("=,", at[length]))
      return at[length] == '=' ? at + length + 1 : "";
    at = strchr(at, ',');
    at = at ? at + 1 : NULL;
  }
  return NULL;
}

static long number(const char *name, long otherwise) {
  const char *value = setting(name);
  return value ? strtol(value, NULL, 10) : otherwise;
}

static void note(const char *format, ...) {
  const char *file = getenv("FAKE_CUDA_LOG");
  char line[256];
  va_list arguments;
  if (!file)
    return;
  va_start(arguments, format);
  const int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  line[length] = '\n';
  const int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd >= 0 && write(fd, line, (size_t)length + 1) > 0)
    close(fd);
}

// A driver that was started by the parent of this process says no to everything.
static bool is_usable(void) {
  if (owner == getpid())
    return true;
  note("called in a child of fork()");
  return false;
}

#define USABLE                                                                 \
  if (!is_usable())                                                            \
  return FERRY_CU_NOT_INITIALIZED

//===- the driver and its devices -----------------------------------------===//

// Kernels find __ferry_device_id in the global scope.
static int init(unsigned flags) {
  Dl_info self;
  const int error = (int)number("init", 0);
  note("init %u", flags);
  if (error)
    return error;
  if (number("devices", 1) == 0)
    return FERRY_CU_NO_DEVICE;
  if (!dladdr((void *)init, &self) ||
      !dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_GLOBAL))
    return FERRY_CU_UNKNOWN;
  owner = getpid();
  return 0;
}

static int driver_version(int *version) {
  *version = VERSION;
  return 0;
}

static int error_name(int error, const char **name) {
  static const struct {
    int error;
    const char *name;
  } names[] = {{0, "CUDA_SUCCESS"},
               {FERRY_CU_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE"},
               {FERRY_CU_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY"},
               {FERRY_CU_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED"},
               {FERRY_CU_STUB_LIBRARY, "CUDA_ERROR_STUB_LIBRARY"},
               {FERRY_CU_NO_DEVICE, "CUDA_ERROR_NO_DEVICE"},
               {FERRY_CU_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE"},
               {FERRY_CU_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE"},
               {FERRY_CU_INVALID_PTX, "CUDA_ERROR_INVALID_PTX"},
               {FERRY_CU_NOT_FOUND, "CUDA_ERROR_NOT_FOUND"},
               {FERRY_CU_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS"},
               {FERRY_CU_OUT_OF_RESOURCES, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"},
               {FERRY_CU_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED"},
               {FERRY_CU_DRIVER_MISMATCH, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"},
               {FERRY_CU_UNKNOWN, "CUDA_ERROR_UNKNOWN"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i)
    if (names[i].error == error)
      return *name = names[i].name, 0;
  return FERRY_CU_INVALID_VALUE;
}

static int device_count(int *count) {
  USABLE;
  *count = (int)number("devices", 1);
  return 0;
}

static int device_get(ferry_cu_device *device, int which) {
  USABLE;
  *device = which;
  return which < number("devices", 1) ? 0 : FERRY_CU_INVALID_DEVICE;
}

static int device_name(char *name, int size, ferry_cu_device device) {
  USABLE;
  snprintf(name, (size_t)size, "Fake GPU %d", device);
  return 0;
}

static int device_attribute(int *value, int attribute, ferry_cu_device device) {
  USABLE;
  (void)device;
  switch (attribute) {
  case FERRY_CU_MULTIPROCESSORS:
    *value = 2;
    return 0;
  case FERRY_CU_MAJOR:
    *value = 9;
    return 0;
  case FERRY_CU_MINOR:
    *value = 0;
    return 0;
  case FERRY_CU_PAGEABLE:
    *value = setting("ats") || number("pageable", 1);
    return 0;
  case FERRY_CU_WINDOWS:
    *value = (int)number("windows", 1);
    return 0;
  case FERRY_CU_HOST_TABLES:
    *value = setting("ats") != NULL;
    return 0;
  default:
    return FERRY_CU_INVALID_VALUE;
  }
}

static int some;
static _Thread_local int depth; // of contexts

static int context_retain(void **context, ferry_cu_device device) {
  USABLE;
  (void)device;
  *context = &some;
  return 0;
}

static int context_push(void *context) {
  USABLE;
  ++depth;
  return context == &some ? 0 : FERRY_CU_INVALID_VALUE;
}

static int context_pop(void **context) {
  USABLE;
  *context = &some;
  return --depth < 0 ? FERRY_CU_INVALID_VALUE : 0;
}

#define CURRENT                                                                \
  USABLE;                                                                      \
  if (!depth)                                                                  \
  return FERRY_CU_INVALID_VALUE

//===- memory -------------------------------------------------------------===//

static size_t allocated;

static int memory_info(size_t *free, size_t *total) {
  CURRENT;
  *total = (size_t)number("memory", 1L << 30);
  *free = *total - allocated;
  return 0;
}

// What is there at first is nothing to rely on.
static int allocate(ferry_cu_address *address, size_t size) {
  CURRENT;
  const int error = (int)number("allocate", 0);
  size_t *memory = error ? NULL : malloc(size + 16);
  note("allocate %zu", size);
  if (!memory)
    return error ? error : FERRY_CU_OUT_OF_MEMORY;
  *memory = size;
  memset(memory + 2, 0xa5, size);
  allocated += size;
  *address = (uintptr_t)(memory + 2);
  return 0;
}

static int release(ferry_cu_address address) {
  CURRENT;
  size_t *memory = (size_t *)(uintptr_t)address - 2;
  allocated -= *memory;
  free(memory);
  return 0;
}

static int copy_2d(const struct ferry_cu_copy_2d *c) {
  CURRENT;
  const bool back = c->from_type == FERRY_CU_MEMORY_DEVICE;
  char *to = back ? c->to_host : (void *)(uintptr_t)c->to_device;
  const char *from = back ? (const void *)(uintptr_t)c->from_device : c->from_host;
  if (c->to_type != (back ? FERRY_CU_MEMORY_HOST : FERRY_CU_MEMORY_DEVICE) || c->from_x ||
      c->from_y || c->to_x || c->to_y || c->from_pitch < c->width || c->to_pitch < c->width)
    return FERRY_CU_INVALID_VALUE;
  note("copy %s %zu of %zu bytes", back ? "back" : "there", c->height, c->width);
  for (size_t i = 0; i < c->height; ++i)
    memcpy(to + i * c->to_pitch, from + i * c->from_pitch, c->width);
  return 0;
}

static int copy_back(void *to, ferry_cu_address from, size_t size) {
  CURRENT;
  note("copy back %zu", size);
  memcpy(to, (const void *)(uintptr_t)from, size);
  return 0;
}

static int prefetch(ferry_cu_address address, size_t size,
                    struct ferry_cu_location location, unsigned flags, void *stream) {
  CURRENT;
  (void)flags, (void)stream;
  note("prefetch %s %zu", location.type == FERRY_CU_LOCATION_HOST ? "host" : "device",
       size);
  return msync((void *)(uintptr_t)address, size, MS_ASYNC) == 0 ? 0
                                                                : FERRY_CU_INVALID_VALUE;
}

//===- windows ------------------------------------------------------------===//

static int address_reserve(ferry_cu_address *address, size_t size, size_t alignment,
                           ferry_cu_address wish, unsigned long long flags) {
  CURRENT;
  if (setting("reserve") || wish || flags)
    return (int)number("reserve", FERRY_CU_INVALID_VALUE);
  char *all = mmap(NULL, size + alignment, PROT_NONE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (all == MAP_FAILED)
    return FERRY_CU_OUT_OF_MEMORY;
  const uintptr_t at = ((uintptr_t)all + alignment - 1) / alignment * alignment;
  munmap(all, at - (uintptr_t)all);
  munmap((char *)at + size, (uintptr_t)all + alignment - at);
  note("reserve");
  *address = at;
  return 0;
}

static int address_free(ferry_cu_address address, size_t size) {
  CURRENT;
  return munmap((void *)(uintptr_t)address, size) ? FERRY_CU_INVALID_VALUE : 0;
}

// A handle is the size of the memory.
static int memory_create(uint64_t *handle, size_t size,
                         const struct ferry_cu_allocation *kind, unsigned long long flags) {
  CURRENT;
  if (size == 0 || size % (2 << 20) || kind->type != FERRY_CU_PINNED ||
      kind->where.type != FERRY_CU_LOCATION_DEVICE || flags)
    return FERRY_CU_INVALID_VALUE;
  if (allocated + size > (size_t)number("memory", 1L << 30))
    return FERRY_CU_OUT_OF_MEMORY;
  allocated += size;
  *handle = size;
  return 0;
}

static int memory_release(uint64_t handle) {
  CURRENT;
  allocated -= handle;
  return 0;
}

// What was copied to windows, by the addresses there; from where is what a kernel must
// leave alone.
static struct {
  uintptr_t lo, hi;
} sent[4096];
static int sent_count;

// Parts of windows that have memory behind them.
static struct {
  uintptr_t lo, hi;
} parts[256];
static int part_count;

static int remap(ferry_cu_address address, size_t size, int protection) {
  return mmap((void *)(uintptr_t)address, size, protection,
              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1,
              0) == MAP_FAILED;
}

static int memory_map(ferry_cu_address address, size_t size, size_t offset,
                      uint64_t handle, unsigned long long flags) {
  CURRENT;
  if (offset || handle != size || flags || part_count == 256 ||
      remap(address, size, PROT_NONE))
    return FERRY_CU_INVALID_VALUE;
  parts[part_count].lo = address;
  parts[part_count++].hi = address + size;
  return 0;
}

static int memory_access(ferry_cu_address address, size_t size,
                         const struct ferry_cu_access *access, size_t number) {
  CURRENT;
  if (number != 1 || access->flags != FERRY_CU_READ_WRITE ||
      remap(address, size, PROT_READ | PROT_WRITE))
    return FERRY_CU_INVALID_VALUE;
  memset((void *)(uintptr_t)address, 0xa5, size);
  return 0;
}

static int memory_unmap(ferry_cu_address address, size_t size) {
  CURRENT;
  for (int i = 0; i < part_count; ++i)
    if (parts[i].lo == address && parts[i].hi == address + size) {
      parts[i] = parts[--part_count];
      sent_count = 0;
      return remap(address, size, PROT_NONE);
    }
  return FERRY_CU_INVALID_VALUE;
}

// Of the program, around a kernel; not malloc's memory, which may be among it.
static char *before, *after;
static size_t sent_size;

static void note_sent(uintptr_t at, size_t size) {
  if (sent_count == 4096)
    abort();
  sent[sent_count].lo = at;
  sent[sent_count++].hi = at + size;
}

static void read_program(char *to, uint64_t delta) {
  for (int i = 0; i < sent_count; ++i) {
    const size_t size = sent[i].hi - sent[i].lo;
    const struct iovec here = {to, size}, there = {(void *)(sent[i].lo - delta), size};
    if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != (ssize_t)size)
      abort();
    to += size;
  }
}

static char *map_pages(size_t size) {
  return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void remember_program(uint64_t delta) {
  sent_size = 0;
  for (int i = 0; i < sent_count; ++i)
    sent_size += sent[i].hi - sent[i].lo;
  if (sent_size) {
    before = map_pages(sent_size);
    after = map_pages(sent_size);
    read_program(before, delta);
  }
}

// The stack changes anyhow.
static void check_program(uint64_t delta) {
  const uintptr_t stack = (uintptr_t)__builtin_frame_address(0) + delta;
  const char *x = before, *y = after;
  if (!sent_size)
    return;
  read_program(after, delta);
  for (int i = 0; i < sent_count; ++i) {
    const size_t size = sent[i].hi - sent[i].lo;
    if (memcmp(x, y, size) && (stack < sent[i].lo || stack >= sent[i].hi)) {
      fprintf(stderr, "fake libcuda: a kernel has changed the program's memory\n");
      abort();
    }
    x += size;
    y += size;
  }
  munmap(before, sent_size);
  munmap(after, sent_size);
}

static int copy_there(ferry_cu_address to, const void *from, size_t size) {
  CURRENT;
  note("copy there %zu", size);
  note_sent(to, size);
  memcpy((void *)(uintptr_t)to, from, size);
  return 0;
}

//===- streams ------------------------------------------------------------===//

static int stream_create(void **stream, unsigned flags) {
  CURRENT;
  (void)flags;
  *stream = &some;
  return 0;
}

static int stream_wait(void *stream) {
  CURRENT;
  const bool failed = half;
  half = false;
  return stream != &some ? FERRY_CU_INVALID_VALUE : failed ? (int)number("wait", 0) : 0;
}

//===- code ---------------------------------------------------------------===//

struct link {
  char *log;
  size_t log_size;
  char object[32], library[32]; // names of files
  void *code;
};

static int link_create(unsigned count, int *options, void **values, void **link) {
  CURRENT;
  struct link *l = calloc(1, sizeof *l);
  for (unsigned i = 0; i < count; ++i)
    if (options[i] == FERRY_CU_ERROR_LOG)
      l->log = values[i];
    else if (options[i] == FERRY_CU_ERROR_LOG_SIZE)
      l->log_size = (size_t)values[i];
  *link = l;
  return 0;
}

static int complain(struct link *l, int error, const char *text) {
  if (l->log)
    snprintf(l->log, l->log_size, "%s", text);
  return error;
}

static bool write_file(char *name, const char *pattern, const void *data, size_t size) {
  strcpy(name, pattern);
  const int fd = mkostemp(name, O_CLOEXEC);
  const bool written = fd >= 0 && write(fd, data, size) == (ssize_t)size;
  if (fd >= 0)
    close(fd);
  return written;
}

static int link_add(void *link, int type, void *data, size_t size, const char *name,
                    unsigned count, int *options, void **values) {
  CURRENT;
  struct link *l = link;
  (void)count, (void)options, (void)values;
  note("link %s", name);
  if (setting("jit"))
    return complain(l, (int)number("jit", 0), "ptxas fatal: FAKE_CUDA says so\nsecond");
  if (type == FERRY_CU_INPUT_PTX)
    return complain(l, FERRY_CU_INVALID_PTX, "PTX takes a GPU; set FERRY_IMAGES=x86_64");
  return write_file(l->object, "/tmp/fakecuda-XXXXXX", data, size) ? 0
                                                                  : FERRY_CU_UNKNOWN;
}

static bool run_linker(struct link *l) {
  char *arguments[] = {"ld", "-shared", "-o", l->library, l->object, NULL};
  pid_t child;
  int status;
  return write_file(l->library, "/tmp/fakecuda-XXXXXX", "", 0) &&
         posix_spawnp(&child, "ld", NULL, NULL, arguments, environ) == 0 &&
         waitpid(child, &status, 0) == child && status == 0;
}

static int link_complete(void *link, void **code, size_t *size) {
  CURRENT;
  struct link *l = link;
  FILE *file = run_linker(l) ? fopen(l->library, "re") : NULL;
  if (!file)
    return complain(l, FERRY_CU_INVALID_IMAGE, "ld cannot link the image");
  fseek(file, 0, SEEK_END);
  *size = (size_t)ftell(file);
  rewind(file);
  *code = l->code = malloc(*size);
  const bool whole = fread(*code, 1, *size, file) == *size;
  fclose(file);
  return whole ? 0 : FERRY_CU_UNKNOWN;
}

static int link_destroy(void *link) {
  CURRENT;
  struct link *l = link;
  unlink(l->object);
  unlink(l->library);
  free(l->code);
  free(l);
  return 0;
}

// Sections stand at the end of what ld makes.
static size_t size_of(const Elf64_Ehdr *elf) {
  return memcmp(elf->e_ident, ELFMAG, SELFMAG)
             ? 0
             : elf->e_shoff + (size_t)elf->e_shnum * elf->e_shentsize;
}

static int module_load(void **module, const void *code, unsigned count, int *options,
                       void **values) {
  CURRENT;
  (void)count, (void)options, (void)values;
  const size_t size = size_of(code);
  char name[64];
  note("load");
  if (!size)
    return FERRY_CU_INVALID_IMAGE;
  const int fd = memfd_create("kernels", MFD_CLOEXEC);
  snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
  if (fd < 0 || write(fd, code, size) != (ssize_t)size)
    return FERRY_CU_UNKNOWN;
  *module = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (!*module)
    note("dlopen: %s", dlerror());
  return *module ? 0 : FERRY_CU_INVALID_IMAGE; // the file stays: its name is the module's
}

// Those that combine partial results have no delta.
static void *combining[256];
static int combining_count;

static bool combines(const void *function) {
  for (int i = 0; i < combining_count; ++i)
    if (combining[i] == function)
      return true;
  return false;
}

static void note_combining(void *function, const char *name) {
  const char *end = strrchr(name, '_');
  if (end && !strcmp(end, "_combine") && combining_count < 256)
    combining[combining_count++] = function;
}

static int module_function(void **function, void *module, const char *name) {
  CURRENT;
  if (setting("function"))
    return (int)number("function", 0);
  *function = dlsym(module, name);
  note_combining(*function, name);
  return *function ? 0 : FERRY_CU_NOT_FOUND;
}

static int function_attribute(int *value, int attribute, void *function) {
  CURRENT;
  (void)function;
  *value = (int)number("threads", 1024);
  return attribute == FERRY_CU_FUNCTION_MAX_THREADS ? 0 : FERRY_CU_INVALID_VALUE;
}

//===- kernels ------------------------------------------------------------===//

static _Thread_local int64_t place[3], count[3];

EXPORTED int64_t __ferry_device_id(int32_t axis);
EXPORTED int64_t __ferry_device_id(int32_t axis) { return place[axis]; }

EXPORTED int64_t __ferry_device_count(int32_t axis);
EXPORTED int64_t __ferry_device_count(int32_t axis) { return count[axis]; }

static void run_thread(void *function, int64_t number, const void *block) {
  void (*kernel)(const void *);
  memcpy(&kernel, &function, sizeof kernel);
  place[0] = number % count[0];
  place[1] = number / count[0] % count[1];
  place[2] = number / count[0] / count[1];
  kernel(block);
}

static int launch(void *function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                  unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared,
                  void *stream, void **parameters, void **extra) {
  CURRENT;
  const long us = number("slow", 0);
  const struct timespec pause = {us / 1000000, us % 1000000 * 1000};
  if (setting("launch"))
    return (int)number("launch", 0);
  if (block_x * block_y * block_z > (unsigned)number("threads", 1024) || shared || extra ||
      stream != &some || grid_y > 65535 || grid_z > 65535 || block_z > 64)
    return FERRY_CU_INVALID_VALUE;
  note("launch %u %u %u of %u %u %u", grid_x, grid_y, grid_z, block_x, block_y, block_z);
  count[0] = (int64_t)grid_x * block_x;
  count[1] = (int64_t)grid_y * block_y;
  count[2] = (int64_t)grid_z * block_z;
  half = setting("wait");
  const bool watched = part_count && !combines(function);
  const uint64_t delta =
      watched ? ((const struct ferry_kernel_args *)parameters[0])->delta : 0;
  if (watched)
    remember_program(delta);
  const int64_t all = count[0] * count[1] * count[2];
  for (int64_t i = all; i-- > (half ? all / 2 : 0);)
    run_thread(function, i, parameters[0]);
  if (watched)
    check_program(delta);
  nanosleep(&pause, NULL);
  return 0;
}

//===- looking up ---------------------------------------------------------===//

static bool is_missing(const char *name) {
  const char *missing = setting("without");
  const size_t length = strlen(name);
  return missing && !strncmp(missing, name, length) && strchr(",", missing[length]);
}

static void *find(const char *name, int version) {
#define free release
#define FERRY_ENTRY(name, symbol, since, parameters) {symbol, since, (void *)name},
  static const struct {
    const char *name;
    int since;
    void *function;
  } all[] = {FERRY_CU_FUNCTIONS(FERRY_ENTRY) FERRY_CU_HINTS(FERRY_ENTRY)};
#undef FERRY_ENTRY
#undef free
  for (size_t i = 0; !is_missing(name) && i < sizeof all / sizeof *all; ++i)
    if (!strcmp(all[i].name, name) && version >= all[i].since)
      return all[i].function;
  return NULL;
}

EXPORTED int cuGetProcAddress(const char *name, void **function, int version,
                              uint64_t flags);
EXPORTED int cuGetProcAddress(const char *name, void **function, int version,
                              uint64_t flags) {
  (void)flags;
  *function = find(name, version);
  return *function ? 0 : FERRY_CU_NOT_FOUND;
}

// Says what is missing by its status alone.
EXPORTED int cuGetProcAddress_v2(const char *name, void **function, int version,
                                 uint64_t flags, int *status);
EXPORTED int cuGetProcAddress_v2(const char *name, void **function, int version,
                                 uint64_t flags, int *status) {
  (void)flags;
  *function = find(name, version);
  *status = !*function;
  return 0;
}
