//===- kernels.c - a runtime that runs the device code ---------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// For FERRY_RUNTIME, and programs that were compiled with FERRY_IMAGES=x86_64: each loop
// with a kernel whose iterations are independent runs as a device would run it, thread
// by thread, the last one first, in grids of odd shapes. Other loops stay. What was
// run is counted in the file that KERNELS_COUNT names, one letter each.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/image.h"
#include "launch.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

struct place {
  int64_t at[3], of[3];
};
static _Thread_local struct place place;

int64_t __ferry_device_id(int32_t axis) { return place.at[axis]; }
int64_t __ferry_device_count(int32_t axis) { return place.of[axis]; }

//===- code ---------------------------------------------------------------===//

typedef void kernel(const void *block);

struct library {
  const struct ferry_image *image;
  void *code; // null: it cannot be linked
  struct library *next;
};

// So that kernels find the functions above.
static void be_global(void) {
  Dl_info self;
  if (dladdr((void *)be_global, &self))
    dlopen(self.dli_fname, RTLD_NOW | RTLD_GLOBAL | RTLD_NOLOAD);
}

static void *link_code(const struct ferry_image *image) {
  char folder[] = "/tmp/ferry-kernels-XXXXXX", object[64], shared[64], command[512];
  const char *cc = getenv("KERNELS_CC");
  if (image->target != FERRY_IMAGE_X86_64 || !mkdtemp(folder))
    return NULL;
  snprintf(object, sizeof object, "%s/k.o", folder);
  snprintf(shared, sizeof shared, "%s/k.so", folder);
  snprintf(command, sizeof command, "%s -shared -o %s %s -lm", cc ? cc : "cc", shared, object);
  FILE *out = fopen(object, "we");
  void *code = NULL;
  if (out && fwrite((const char *)image + image->code_offset, image->code_size, 1, out) == 1 &&
      fclose(out) == 0 && system(command) == 0)
    code = dlopen(shared, RTLD_NOW | RTLD_LOCAL);
  unlink(object);
  unlink(shared);
  rmdir(folder);
  return code;
}

static kernel *find(const struct ferry_image *image, const char *name, const char *suffix) {
  static struct library *all;
  struct library *l = all;
  while (l && l->image != image)
    l = l->next;
  if (!l) {
    be_global();
    l = malloc(sizeof *l);
    *l = (struct library){image, link_code(image), all};
    all = l;
  }
  char symbol[512];
  snprintf(symbol, sizeof symbol, "%s%s", name, suffix);
  if (!l->code || !dlsym(l->code, symbol)) {
    fprintf(stderr, "kernels: cannot get %s: %s\n", symbol, l->code ? dlerror() : "not linked");
    abort(); // the loop has device code that is none
  }
  return (kernel *)dlsym(l->code, symbol);
}

static void count_one(void) {
  const char *name = getenv("KERNELS_COUNT");
  const int fd = name ? open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
  if (fd >= 0) {
    (void)!write(fd, "k", 1);
    close(fd);
  }
}

//===- a launch -----------------------------------------------------------===//

// The last thread first.
static void run_grid(kernel *k, const void *block, const int64_t *of) {
  memcpy(place.of, of, sizeof place.of);
  for (int64_t z = of[2]; z-- > 0;)
    for (int64_t y = of[1]; y-- > 0;)
      for (int64_t x = of[0]; x-- > 0;) {
        place.at[0] = x, place.at[1] = y, place.at[2] = z;
        k(block);
      }
}

static void *make_block(const struct ferry_site *site, const void *context,
                        const int64_t *trips, void *partials, int32_t *error) {
  const size_t table = (FERRY_KERNEL_CONTEXT + site->context_size + 7) / 8 * 8,
               size = table + 8 * (size_t)site->kernel_globals;
  char *block = aligned_alloc(16, (size + 15) / 16 * 16);
  struct ferry_kernel_args *args = (void *)block;
  memset(args, 0, sizeof *args);
  memcpy(args->trips, trips, sizeof args->trips);
  args->partials = partials;
  args->error = error;
  memcpy(block + FERRY_KERNEL_CONTEXT, context, site->context_size);
  if (site->kernel_globals)
    memcpy(block + table, site->globals, 8 * (size_t)site->kernel_globals);
  return block;
}

// Four by four, until few are left.
static void combine_all(const struct ferry_site *site, char *partials, uint64_t count,
                        void *reduction, const char *name) {
  kernel *fold = find(site->image, name, "_combine");
  const size_t size = site->reduction_size;
  while (count > 4) {
    const struct ferry_combine_args args = {partials, count, 4};
    const uint64_t left = (count + 3) / 4;
    run_grid(fold, &args, (int64_t[]){(int64_t)left, 1, 1});
    for (uint64_t k = 0; k < left; ++k)
      memmove(partials + k * size, partials + 4 * k * size, size);
    count = left;
  }
  for (uint64_t k = 0; k < count; ++k)
    site->combine(reduction, partials + k * size);
}

// Returns what errno was set to.
static int run_kernel(const struct ferry_site *site, const void *context,
                      const int64_t *trips, void *reduction) {
  const struct ferry_kernel *entry = &site->image->table[site->kernel];
  const char *name = (const char *)site->image + entry->name;
  int64_t of[3];
  for (unsigned axis = 0; axis < 3; ++axis) { // fewer threads than iterations, or more
    const int64_t trip = trips[ferry_kernel_dim(entry->flags, axis)];
    of[axis] = trip == 1 ? 1 : trip < 5 ? trip + 1 : axis ? 3 : 7;
  }
  const size_t threads = (size_t)(of[0] * of[1] * of[2]);
  char *partials = site->reduction_size
                       ? aligned_alloc(64, (threads * site->reduction_size + 63) / 64 * 64)
                       : NULL;
  int32_t error = 0;
  void *block = make_block(site, context, trips, partials, &error);
  run_grid(find(site->image, name, ""), block, of);
  if (partials)
    combine_all(site, partials, threads, reduction, name);
  free(block);
  free(partials);
  count_one();
  return error;
}

int ferry_launch_v1(struct ferry_site *site, const void *context, const int64_t *numbers,
                    void *reduction, int64_t work) {
  int64_t trips[FERRY_MAX_PARALLEL] = {1, 1, 1};
  const int before = errno;
  (void)work;
  for (uint32_t k = 0; k < site->parallel; ++k)
    trips[k] = numbers[k * (2 + site->dims)];
  if (!site->image || !may_run(site, numbers, trips))
    return 1;
  const int error = run_kernel(site, context, trips, reduction);
  errno = error ? error : before;
  return 0;
}
