//===- images.c - the kernels of sites ------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An image is handed to the driver when the first of its kernels is wanted, and
// found again by its address; after libraries were unloaded, there may be another
// one at that address, so that contents count then.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "cuda.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct module {
  struct module *next;
  const struct ferry_image *image;
  unsigned long long unloaded; // objects, when it was found there
  struct ferry_hash hash;
  void *module; // null: the driver did not take it
  bool searched;
  struct ferry_gpu_kernel kernels[];
};
static struct module *modules;

static const char *text_of(const struct ferry_image *image, uint32_t offset) {
  return (const char *)image + offset;
}

static bool is_known(const struct ferry_image *image) {
  return image && !memcmp(image->magic, FERRY_IMAGE_MAGIC, sizeof image->magic) &&
         image->version == FERRY_IMAGE_VERSION &&
         (image->target == FERRY_IMAGE_PTX || image->target == FERRY_IMAGE_X86_64);
}

//===- to the driver ------------------------------------------------------===//

// The first line that says what is wrong.
static void tell(const struct ferry_image *image, const char *what, const char *log) {
  while (*log == '\n')
    ++log;
  if (ferry_options.verbose)
    ferry_log("device cuda cannot use the kernels of %s: %s%s%.*s",
              text_of(image, image->table[0].file), what, *log ? ": " : "",
              (int)strcspn(log, "\n"), log);
}

static bool fails(int error, const char *function, char *what, size_t size) {
  if (error)
    ferry_describe_cu(what, size, function, error);
  return error;
}

static void *load(const void *code, char *what, size_t size) {
  void *module = NULL;
  return fails(ferry_cu.module_load(&module, code, 0, NULL, NULL), "cuModuleLoadDataEx",
               what, size)
             ? NULL
             : module;
}

// What the linker makes belongs to it.
static void *link_and_load(const struct ferry_gpu *gpu, const struct ferry_image *image,
                           struct ferry_hash hash, void *link, char *what, size_t size) {
  void *code, *module;
  size_t code_size;
  const int type = image->target == FERRY_IMAGE_PTX ? FERRY_CU_INPUT_PTX
                                                    : FERRY_CU_INPUT_OBJECT;
  void *data = (char *)image + image->code_offset;
  if (fails(ferry_cu.link_add(link, type, data, image->code_size,
                              text_of(image, image->table[0].file), 0, NULL, NULL),
            "cuLinkAddData", what, size) ||
      fails(ferry_cu.link_complete(link, &code, &code_size), "cuLinkComplete", what, size) ||
      !(module = load(code, what, size)))
    return NULL;
  ferry_keep_cubin(gpu, hash, code, code_size);
  return module;
}

static void *translate(const struct ferry_gpu *gpu, const struct ferry_image *image,
                       struct ferry_hash hash) {
  char log[1024] = "", what[128] = "";
  int options[] = {FERRY_CU_ERROR_LOG, FERRY_CU_ERROR_LOG_SIZE};
  void *values[] = {log, (void *)(uintptr_t)(sizeof log - 1)}, *link, *module = NULL;
  if (!fails(ferry_cu.link_create(2, options, values, &link), "cuLinkCreate", what,
             sizeof what)) {
    module = link_and_load(gpu, image, hash, link, what, sizeof what);
    ferry_cu.link_destroy(link);
  }
  if (!module)
    tell(image, what, log);
  return module;
}

static void *module_of(const struct ferry_gpu *gpu, const struct ferry_image *image,
                       struct ferry_hash hash) {
  char unused[128];
  size_t size;
  void *code = ferry_recall_cubin(gpu, hash, &size);
  void *module = code ? load(code, unused, sizeof unused) : NULL;
  if (code)
    munmap(code, size);
  return module ? module : translate(gpu, image, hash);
}

//===- finding ------------------------------------------------------------===//

static struct module *find(const struct ferry_image *image, unsigned long long unloaded) {
  struct module *m = modules;
  while (m && (m->image != image || m->unloaded != unloaded))
    m = m->next;
  return m;
}

static struct module *find_alike(struct ferry_hash hash) {
  struct module *m = modules;
  while (m && (m->hash.a != hash.a || m->hash.b != hash.b))
    m = m->next;
  return m;
}

static struct module *adopt(const struct ferry_gpu *gpu, const struct ferry_image *image,
                            unsigned long long unloaded) {
  const struct ferry_hash hash = ferry_hash(image, image->size);
  struct module *m = find_alike(hash);
  if (!m) {
    m = ferry_map(sizeof *m + image->kernels * sizeof *m->kernels);
    if (!m)
      return NULL;
    m->hash = hash;
    m->module = module_of(gpu, image, hash);
    m->next = modules;
    modules = m;
  }
  m->image = image;
  m->unloaded = unloaded;
  return m;
}

// Both functions, or none.
static void look_up(struct ferry_gpu_kernel *k, void *module, const char *name,
                    bool reduces) {
  char combine[1024];
  void *run = NULL;
  const int length = snprintf(combine, sizeof combine, "%s_combine", name);
  if (length < 0 || (size_t)length >= sizeof combine ||
      ferry_cu.module_function(&run, module, name) ||
      ferry_cu.function_attribute(&k->run_threads, FERRY_CU_FUNCTION_MAX_THREADS, run) ||
      k->run_threads < 1 ||
      (reduces && ferry_cu.module_function(&k->combine, module, combine)))
    return;
  k->run = run;
}

struct ferry_gpu_kernel *ferry_gpu_kernel(const struct ferry_gpu *gpu,
                                          const struct ferry_site *site) {
  const struct ferry_image *image = site->image;
  if (!is_known(image) || site->kernel >= image->kernels)
    return NULL;
  const unsigned long long unloaded = ferry_count_loads().removed;
  struct module *m = find(image, unloaded);
  if (!m && !(m = adopt(gpu, image, unloaded)))
    return NULL;
  struct ferry_gpu_kernel *k = &m->kernels[site->kernel];
  if (m->module && !k->searched) {
    k->searched = true;
    k->flags = image->table[site->kernel].flags;
    look_up(k, m->module, text_of(image, image->table[site->kernel].name),
            site->reduction_size);
  }
  return k->run ? k : NULL;
}
