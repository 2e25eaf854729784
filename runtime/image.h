//===- image.h - device code in objects, programs and libraries -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module whose loops have device code carries one *image* for each target in
// the section FERRY_IMAGE_SECTION: a blob without relocations that says of itself
// what it is, so that it can be read in an object, a program and a running
// process alike. Numbers are little endian. The pass writes images, the runtime
// and `ferry images` read them.
//
// A *kernel* runs iterations of the parallel dims of a site, like the site's
// worker. It is called by many threads at once; between them they run all. Its
// only parameter, by value, is a block of memory:
//
//     struct ferry_kernel_args
//     context_size bytes, at a multiple of 16: the context of the site
//     kernel_globals addresses, at a multiple of 8: site->globals
//
// Any grid of threads is right. The fastest is one whose x runs over the dim that
// ferry_kernel_dim(flags, 0) names: neighbouring threads touch neighbouring bytes.
//
// A kernel of a site that reduces starts a record from the site's identity for
// each thread, and writes it to slot `t` of `partials`, t = x + nx * (y + ny * z) with
// the thread's place and the size of the whole grid. All threads write theirs, also
// those without iterations. Then there is a second kernel, NAME_combine, whose block
// is struct ferry_combine_args: its thread t folds the slots from t * chunk up
// to (t + 1) * chunk, or `count` if that is less, into slot t * chunk.
//
// FERRY_IMAGE_X86_64, for tests: a relocatable object that needs position-independent
// code only, in which a kernel is `void NAME(const void *block)` and asks for its
// place with two functions that whoever links it defines:
//
//     int64_t __ferry_device_id(int32_t axis);    // 0: x, 1: y, 2: z; from 0
//     int64_t __ferry_device_count(int32_t axis); // of threads along it
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_IMAGE_H
#define FERRY_IMAGE_H

#include <stdint.h>

#define FERRY_IMAGE_SECTION "ferry_images"
#define FERRY_IMAGE_MAGIC "FERRYIMG" // 8 bytes, without the NUL
enum { FERRY_IMAGE_VERSION = 1 };

enum ferry_image_target {
  FERRY_IMAGE_PTX = 1,   // text, with its NUL
  FERRY_IMAGE_X86_64 = 2 // for tests
};

// Offsets count from the start of the image and lead to strings with a NUL.
struct ferry_kernel {
  uint32_t name; // of the kernel in the code
  uint32_t file; // of the loop in the source
  uint32_t line; // of the loop; 0: not known
  uint32_t flags;
};

// In `flags`: the parallel dim that runs along x, y, z, two bits for each.
enum { FERRY_KERNEL_DIM_BITS = 2 };
static inline uint32_t ferry_kernel_dim(uint32_t flags, uint32_t axis) {
  return flags >> (FERRY_KERNEL_DIM_BITS * axis) & 3;
}

struct ferry_image {
  char magic[8];        // FERRY_IMAGE_MAGIC
  uint32_t version;     // FERRY_IMAGE_VERSION
  uint32_t target;      // enum ferry_image_target
  uint64_t size;        // of the image in bytes, a multiple of 8
  uint32_t kernels;     // of `table`
  uint32_t code_offset; // from the start of the image
  uint64_t code_size;   // bytes
  struct ferry_kernel table[];
};

struct ferry_kernel_args {
  int64_t first[3], trips[3]; // of the parallel dims; of others, 0 and 1
  // Added to every address of the program that the kernel dereferences. 0 where the
  // device sees the addresses of the process.
  uint64_t delta;
  void *partials; // an address of the device; null: nothing is reduced
  // Of the device, for sites with FERRY_SITE_ERRNO: 0 at first. Receives the value
  // that iterations set errno to, which is the same for all; null: it is not wanted.
  int32_t *error;
};
enum { FERRY_KERNEL_CONTEXT = 80 }; // where the context begins

struct ferry_combine_args {
  void *partials; // an address of the device
  uint64_t count, chunk; // slots
};

#endif
