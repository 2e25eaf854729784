//===- command.c - `ferry images` -----------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "arguments.h"
#include "ferry.h"
#include "images/images.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int help(void) {
  puts("usage: ferry images FILE [-o FOLDER]\n"
       "\n"
       "Lists the device code in an object, a program or a shared library: each\n"
       "image with its target and size, and each kernel with the line of its loop\n"
       "in the source. Programs have it if they were compiled with\n"
       "FERRY_IMAGES=ptx in the environment.\n"
       "\n"
       "  -o, --output FOLDER   write the code of image 1 to FOLDER/FILE.1.ptx,\n"
       "                        and so on");
  return EXIT_SUCCESS;
}

static const struct target {
  const char *name, *ending;
} targets[] = {
    [FERRY_IMAGE_PTX] = {"ptx", "ptx"},
    [FERRY_IMAGE_X86_64] = {"x86_64", "o"},
};

static struct target target_of(const struct ferry_image *image) {
  const bool known = image->target < sizeof targets / sizeof *targets &&
                     targets[image->target].name;
  return known ? targets[image->target] : (struct target){"unknown target", "bin"};
}

struct listing {
  const struct ferry_arguments *request;
  unsigned count;
};

static void extract(const struct ferry_image *image, const struct listing *listing) {
  const struct ferry_arguments *request = listing->request;
  const char *slash = strrchr(request->input, '/');
  char path[PATH_MAX];
  const int length =
      snprintf(path, sizeof path, "%s/%s.%u.%s", request->output,
               slash ? slash + 1 : request->input, listing->count, target_of(image).ending);
  if (length < 0 || (size_t)length >= sizeof path)
    ferry_fatal("the name of the folder is too long");
  // The code ends with a NUL where it is text.
  const size_t size =
      image->code_size - (image->target == FERRY_IMAGE_PTX && image->code_size);
  FILE *out = fopen(path, "we");
  int failed = !out;
  if (out) {
    failed = fwrite((const char *)image + image->code_offset, 1, size, out) != size;
    failed |= fclose(out);
  }
  if (failed)
    ferry_fatal("cannot write %s: %s", path, strerror(errno));
}

static void list(const struct ferry_image *image, void *context) {
  struct listing *listing = context;
  ++listing->count;
  printf("image %u: %s, %llu bytes, %u kernel%s\n", listing->count, target_of(image).name,
         (unsigned long long)image->code_size, image->kernels, image->kernels == 1 ? "" : "s");
  for (uint32_t k = 0; k < image->kernels; ++k) {
    const struct ferry_kernel *kernel = &image->table[k];
    const char *start = (const char *)image;
    printf("  %-30s %s", start + kernel->name, start + kernel->file);
    if (kernel->line)
      printf(":%u", kernel->line);
    putchar('\n');
  }
  if (listing->request->output)
    extract(image, listing);
}

int ferry_images(int argc, char **argv) {
  const struct ferry_arguments request =
      ferry_read_arguments(argc, argv, "object, program or shared library");
  if (request.help)
    return help();
  if (request.output && mkdir(request.output, 0777) < 0 && errno != EEXIST)
    ferry_fatal("cannot make the folder %s: %s", request.output, strerror(errno));
  struct listing listing = {.request = &request};
  if (!ferry_find_images(request.input, list, &listing))
    ferry_fatal("%s has no device code; compile it with FERRY_IMAGES=ptx in the environment",
                request.input);
  return EXIT_SUCCESS;
}
