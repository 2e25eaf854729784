//===- references.c - what is loaded, and does it use a function? ---------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The latter from the relocations of all objects but this one: what an object does
// not define itself, it has to refer to.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"

#include <link.h>
#include <string.h>

// Of one object in memory; null where it has none.
struct dynamic {
  const ElfW(Sym) * symbols;
  const char *names;
  const ElfW(Rela) * tables[2]; // of relocations
  size_t sizes[2];              // in bytes
};

// Some systems relocate the pointers of the dynamic section, others do not.
static const void *address_in(const struct dl_phdr_info *object,
                              const ElfW(Dyn) * entry) {
  const ElfW(Addr) value = entry->d_un.d_ptr;
  return (const void *)(value < object->dlpi_addr ? value + object->dlpi_addr
                                                  : value);
}

static struct dynamic read_dynamic(const struct dl_phdr_info *object) {
  struct dynamic found = {0};
  const ElfW(Dyn) *entry = NULL;
  for (int i = 0; i < object->dlpi_phnum; ++i)
    if (object->dlpi_phdr[i].p_type == PT_DYNAMIC)
      entry = (const void *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
  for (; entry && entry->d_tag != DT_NULL; ++entry)
    switch (entry->d_tag) {
    case DT_SYMTAB:
      found.symbols = address_in(object, entry);
      break;
    case DT_STRTAB:
      found.names = address_in(object, entry);
      break;
    case DT_JMPREL:
      found.tables[0] = address_in(object, entry);
      break;
    case DT_PLTRELSZ:
      found.sizes[0] = entry->d_un.d_val;
      break;
    case DT_RELA:
      found.tables[1] = address_in(object, entry);
      break;
    case DT_RELASZ:
      found.sizes[1] = entry->d_un.d_val;
      break;
    }
  return found;
}

static bool is_among(const char *name, const char *const *names) {
  for (; *names; ++names)
    if (!strcmp(name, *names))
      return true;
  return false;
}

static bool is_this_one(const struct dl_phdr_info *object) {
  const uintptr_t here = (uintptr_t)&ferry_program_uses;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const uintptr_t lo = object->dlpi_addr + object->dlpi_phdr[i].p_vaddr;
    if (object->dlpi_phdr[i].p_type == PT_LOAD && here >= lo &&
        here - lo < object->dlpi_phdr[i].p_memsz)
      return true;
  }
  return false;
}

// 1 ends the search.
static int refers(struct dl_phdr_info *object, size_t size, void *names) {
  (void)size;
  const struct dynamic found = read_dynamic(object);
  if (is_this_one(object))
    return 0;
  for (int t = 0; found.symbols && found.names && t < 2; ++t)
    for (size_t i = 0;
         found.tables[t] && i < found.sizes[t] / sizeof(ElfW(Rela)); ++i) {
      const size_t symbol = ELF64_R_SYM(found.tables[t][i].r_info);
      if (symbol && found.symbols[symbol].st_shndx == SHN_UNDEF &&
          is_among(found.names + found.symbols[symbol].st_name, names))
        return 1;
    }
  return 0;
}

bool ferry_program_uses(const char *const *names) {
  return dl_iterate_phdr(refers, (void *)names);
}

//===- how often ----------------------------------------------------------===//

static int count_loads(struct dl_phdr_info *object, size_t size, void *out) {
  (void)size;
  *(struct ferry_loads *)out =
      (struct ferry_loads){object->dlpi_adds, object->dlpi_subs};
  return 1; // all objects say the same
}

struct ferry_loads ferry_count_loads(void) {
  struct ferry_loads loads = {0, 0};
  dl_iterate_phdr(count_loads, &loads);
  return loads;
}
