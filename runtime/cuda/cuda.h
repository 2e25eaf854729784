//===- cuda.h - what the files of the cuda device share -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A launch of the cuda device (../device_cuda.c), in this order:
//
//   images.c     the kernel of the site, from the image that the program carries;
//                cubins.c keeps on disk what the driver made of it
//   admit.c      may the GPU have the memory of the loop? Is it to be sent ahead?
//   apart.c      for a GPU that does not see the program's memory: copies of it
//   grid.c       how many threads, what they get, and the reductions
//
// All of it needs one GPU (gpu.c) and the driver (driver.h). One launch at a time
// calls them, with the context of the GPU current, and nothing here locks.
//
// Until a kernel has been launched, whatever fails is a reason to run the loop
// elsewhere. Afterwards memory has changed, and there is no way back.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_CUDA_H
#define FERRY_CUDA_H

#include "../ferry.h"
#include "../image.h"
#include "../mirror/ranges.h"
#include "driver.h"

//===- gpu.c --------------------------------------------------------------===//

struct ferry_gpu {
  ferry_cu_device device;
  int number; // as in FERRY_DEVICE=cuda:NUMBER
  char name[96];
  int driver;         // version of the driver, as 12040
  int major, minor;   // of the architecture
  int processors;     // streaming multiprocessors
  bool host_tables;   // it uses the CPUs' page tables (ATS), else its own (HMM)
  bool apart;         // it does not see the program's memory at all: apart.c
  void *context, *stream;
  size_t memory; // bytes
};

// Starts the driver in this process and looks at a GPU, and changes nothing of it.
// False: `why` receives half a sentence.
bool ferry_find_gpu(struct ferry_gpu *gpu, int number, char *why, size_t size);

// How it reaches the program's memory, for people.
const char *ferry_gpu_memory(const struct ferry_gpu *gpu);

// Makes it ready for launches.
bool ferry_open_gpu(struct ferry_gpu *gpu, char *why, size_t size);

//===- cubins.c -----------------------------------------------------------===//

struct ferry_hash {
  uint64_t a, b;
};

// `size` is a multiple of 8.
struct ferry_hash ferry_hash(const void *data, size_t size);

// What the driver of this GPU makes of an image with that hash, from the cache on
// disk: pages that the caller unmaps, or null.
void *ferry_recall_cubin(const struct ferry_gpu *gpu, struct ferry_hash image,
                         size_t *size);

// Where it cannot be kept, that is all.
void ferry_keep_cubin(const struct ferry_gpu *gpu, struct ferry_hash image,
                      const void *code, size_t size);

//===- images.c -----------------------------------------------------------===//

struct ferry_gpu_kernel {
  void *run, *combine; // combine: null where nothing is reduced
  int run_threads;     // in a block at most
  uint32_t flags;      // of struct ferry_kernel
  bool searched;
  unsigned launches;
  int64_t ps[2]; // for each KiB of its footprint, without prefetch and with
};

// That of the site. Null: there is none that the driver would take, and why was said
// if the user wants to hear of it.
struct ferry_gpu_kernel *ferry_gpu_kernel(const struct ferry_gpu *gpu,
                                          const struct ferry_site *site);

//===- admit.c ------------------------------------------------------------===//

// What of the program's memory a job may touch, as far as its rows say.
struct ferry_gpu_footprint {
  bool known; // else the rest of this says nothing
  // Whole pages: all; those that may be written; those that can move to the GPU.
  struct ferry_ranges all, written, moving;
  struct ferry_range room[3][FERRY_MAX_ACCESSES * 2];
  size_t bytes; // of `moving`
};

// FERRY_DONE, or why the loop must not run there with its memory as it is.
enum ferry_reason ferry_admit(const struct ferry_gpu *gpu, const struct ferry_job *job,
                              struct ferry_gpu_footprint *out);

// Sends for what a launch of the kernel needs, if that has been faster than to wait for
// faults; and what the launch took then.
bool ferry_send_for(const struct ferry_gpu *gpu, struct ferry_gpu_kernel *kernel,
                    const struct ferry_gpu_footprint *footprint);
void ferry_learn_sending(struct ferry_gpu_kernel *kernel, bool sent,
                         const struct ferry_gpu_footprint *footprint, int64_t ns);

//===- apart.c ------------------------------------------------------------===//

// For a GPU that is apart: gives it a copy of what a launch needs. False: it has no
// room or no addresses for that.
bool ferry_send_copies(const struct ferry_gpu *gpu,
                           const struct ferry_gpu_footprint *footprint);

// What is to be added to the program's addresses.
uint64_t ferry_copies_delta(void);

// After the launch: what it has changed is the program's. An error of the driver.
int ferry_fetch_copies(const struct ferry_gpu_footprint *footprint);

void ferry_end_copies(void);

//===- grid.c -------------------------------------------------------------===//

// How it ended: FERRY_DONE; the reason why nothing has begun, with `error` where it
// was one of the driver; or FERRY_GPU_LOST: some of it may have run.
enum { FERRY_GPU_LOST = -1 };
int ferry_launch_kernel(const struct ferry_gpu *gpu,
                        const struct ferry_gpu_kernel *kernel, struct ferry_job *job,
                        uint64_t delta, char *error, size_t size);

#endif
