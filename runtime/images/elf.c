//===- elf.c - images in ELF files ----------------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "images/images.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct bytes {
  const char *data;
  size_t size;
};

static struct bytes map_file(const char *name) {
  const int fd = open(name, O_RDONLY | O_CLOEXEC);
  struct stat about;
  if (fd < 0 || fstat(fd, &about) < 0)
    ferry_fatal("cannot read %s: %s", name, strerror(errno));
  struct bytes all = {"", (size_t)about.st_size};
  if (!S_ISREG(about.st_mode))
    ferry_fatal("%s is not a file", name);
  if (all.size)
    all.data = mmap(NULL, all.size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (all.data == MAP_FAILED)
    ferry_fatal("cannot read %s: %s", name, strerror(errno));
  close(fd);
  return all;
}

// The part from `at` on; without data if it is not there as a whole.
static struct bytes part(struct bytes whole, uint64_t at, uint64_t size) {
  const bool inside = at <= whole.size && size <= whole.size - at;
  return inside ? (struct bytes){whole.data + at, size} : (struct bytes){NULL, 0};
}

static bool is_text(struct bytes whole, uint64_t at) {
  return at < whole.size && memchr(whole.data + at, 0, whole.size - at);
}

static bool is_whole(struct bytes image) {
  struct ferry_image head;
  memcpy(&head, image.data, sizeof head);
  const struct bytes table =
      part(image, sizeof head, (uint64_t)head.kernels * sizeof(struct ferry_kernel));
  if (!table.data || !part(image, head.code_offset, head.code_size).data)
    return false;
  for (uint32_t k = 0; k < head.kernels; ++k) {
    struct ferry_kernel kernel;
    memcpy(&kernel, table.data + k * sizeof kernel, sizeof kernel);
    if (!is_text(image, kernel.name) || !is_text(image, kernel.file))
      return false;
  }
  return true;
}

// Images follow each other; a linker may put zeros between them.
static size_t find_in_section(const char *name, struct bytes section,
                              void (*see)(const struct ferry_image *, void *), void *context) {
  size_t count = 0;
  for (size_t at = 0; at + sizeof(uint64_t) <= section.size;) {
    const struct bytes rest = part(section, at, section.size - at);
    struct ferry_image head;
    if (!*rest.data) {
      at += sizeof(uint64_t);
      continue;
    }
    if (rest.size < sizeof head ||
        memcmp(rest.data, FERRY_IMAGE_MAGIC, sizeof head.magic) != 0)
      ferry_fatal("the device code in %s is damaged", name);
    memcpy(&head, rest.data, sizeof head);
    if (head.version != FERRY_IMAGE_VERSION)
      ferry_fatal("the device code in %s is of version %u, this command knows %d", name,
                  head.version, FERRY_IMAGE_VERSION);
    const struct bytes image = part(rest, 0, head.size);
    if (head.size < sizeof head || head.size % sizeof(uint64_t) || !image.data ||
        !is_whole(image))
      ferry_fatal("the device code in %s is damaged", name);
    see((const struct ferry_image *)(const void *)image.data, context);
    ++count;
    at += head.size;
  }
  return count;
}

static Elf64_Shdr section_header(const char *name, struct bytes file, const Elf64_Ehdr *head,
                                 size_t number) {
  Elf64_Shdr section;
  const struct bytes there = part(file, head->e_shoff + number * sizeof section, sizeof section);
  if (!there.data || (head->e_shoff > file.size))
    ferry_fatal("%s is damaged: it ends before its table of sections", name);
  memcpy(&section, there.data, sizeof section);
  return section;
}

size_t ferry_find_images(const char *name, void (*see)(const struct ferry_image *, void *),
                         void *context) {
  const struct bytes file = map_file(name);
  Elf64_Ehdr head;
  if (file.size < sizeof head || memcmp(file.data, ELFMAG, SELFMAG) != 0 ||
      file.data[EI_CLASS] != ELFCLASS64 || file.data[EI_DATA] != ELFDATA2LSB)
    ferry_fatal("%s is not a 64-bit object, program or shared library", name);
  memcpy(&head, file.data, sizeof head);
  size_t count = 0, found = 0;
  if (head.e_shoff) { // where there are very many, the first one says how many
    const Elf64_Shdr first = section_header(name, file, &head, 0);
    count = head.e_shnum ? head.e_shnum : first.sh_size;
    const Elf64_Shdr names = section_header(
        name, file, &head, head.e_shstrndx == SHN_XINDEX ? first.sh_link : head.e_shstrndx);
    const struct bytes text = part(file, names.sh_offset, names.sh_size);
    for (size_t k = 1; k < count; ++k) {
      const Elf64_Shdr section = section_header(name, file, &head, k);
      if (!is_text(text, section.sh_name) ||
          strcmp(text.data + section.sh_name, FERRY_IMAGE_SECTION) != 0 ||
          section.sh_type == SHT_NOBITS)
        continue;
      const struct bytes images = part(file, section.sh_offset, section.sh_size);
      if (!images.data)
        ferry_fatal("the device code in %s is damaged", name);
      found += find_in_section(name, images, see, context);
    }
  }
  return found;
}
