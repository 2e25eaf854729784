//===- symbols.c - the names of variables ---------------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From the symbol tables of the files that the program was loaded from, which
// dladdr() does not read: static variables are in no other.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct search {
  uintptr_t at;
  char *name;
  size_t size;
  bool in_object; // some object was loaded there
};

struct file {
  const char *text;
  size_t size;
};

// A part of the file, or null.
static const void *part(const struct file *f, uint64_t offset, uint64_t size) {
  return offset <= f->size && size <= f->size - offset ? f->text + offset : NULL;
}

static bool is_variable(const ElfW(Sym) *s, uintptr_t at) {
  return (s->st_info & 0xF) == STT_OBJECT && s->st_shndx != SHN_UNDEF &&
         at - s->st_value < s->st_size;
}

// `at` is an address as in the file.
static void read_table(const struct file *f, const ElfW(Shdr) *sections,
                       const ElfW(Shdr) *table, uintptr_t at,
                       const struct search *search) {
  const ElfW(Shdr) *strings = &sections[table->sh_link];
  const ElfW(Sym) *symbols = part(f, table->sh_offset, table->sh_size);
  const char *names = part(f, strings->sh_offset, strings->sh_size);
  if (!symbols || !names || !strings->sh_size || names[strings->sh_size - 1])
    return;
  for (size_t i = 0; i < table->sh_size / sizeof *symbols; ++i)
    if (is_variable(&symbols[i], at) && symbols[i].st_name < strings->sh_size)
      snprintf(search->name, search->size, "%s", names + symbols[i].st_name);
}

static void read_file(const struct file *f, uintptr_t at,
                      const struct search *search) {
  const ElfW(Ehdr) *head = part(f, 0, sizeof *head);
  if (!head || memcmp(head->e_ident, ELFMAG, SELFMAG) ||
      head->e_shentsize != sizeof(ElfW(Shdr)))
    return;
  const ElfW(Shdr) *sections =
      part(f, head->e_shoff, head->e_shnum * sizeof *sections);
  for (int i = 0; sections && i < head->e_shnum; ++i)
    if ((sections[i].sh_type == SHT_SYMTAB || sections[i].sh_type == SHT_DYNSYM) &&
        sections[i].sh_link < head->e_shnum)
      read_table(f, sections, &sections[i], at, search);
}

static void open_file(const char *path, uintptr_t at, const struct search *search) {
  struct stat about;
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  if (fstat(fd, &about) == 0 && about.st_size > 0) {
    const struct file f = {
        mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0),
        (size_t)about.st_size};
    if (f.text != MAP_FAILED) {
      read_file(&f, at, search);
      munmap((void *)f.text, f.size);
    }
  }
  close(fd);
}

static int look_into(struct dl_phdr_info *object, size_t size, void *context) {
  struct search *search = context;
  const uintptr_t at = search->at - object->dlpi_addr;
  (void)size;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr) *p = &object->dlpi_phdr[i];
    if (p->p_type != PT_LOAD || at - p->p_vaddr >= p->p_memsz)
      continue;
    search->in_object = true;
    open_file(object->dlpi_name[0] ? object->dlpi_name : "/proc/self/exe", at, search);
    return 1;
  }
  return 0;
}

bool ferry_find_variable(uintptr_t at, char *name, size_t size) {
  struct search search = {at, name, size, false};
  name[0] = 0;
  dl_iterate_phdr(look_into, &search);
  return search.in_object;
}
