//===- images.h - the device code in a file -------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The command `ferry images`. Nothing is freed: it prints and ends.
//
//===----------------------------------------------------------------------===//
#ifndef FERRY_IMAGES_H
#define FERRY_IMAGES_H

#include "image.h"

#include <stddef.h>

//===- command.c ----------------------------------------------------------===//

// The exit status. `argv` begins with the command's name.
int ferry_images(int argc, char **argv);

//===- elf.c --------------------------------------------------------------===//

// Calls `see` for each image in an object, a program or a shared library, in order.
// All that the image leads to has been checked to lie in it. Returns how many there
// were; ends the command with a message where the file cannot be read, is none of
// these, or is damaged.
size_t ferry_find_images(const char *file,
                         void (*see)(const struct ferry_image *image, void *context),
                         void *context);

#endif
