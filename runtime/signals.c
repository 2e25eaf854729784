//===- signals.c - handlers that do not come back -------------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A handler that leaves a launched loop by longjmp or pthread_exit would leave
// its workers behind, storing into memory that the program goes on to use. Few
// programs can: one of their objects must refer to a function of that family.
// In these, handled signals wait until the launch has ended; and where faults
// are handled, which cannot wait, loops stay.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "ferry.h"
#include "handler.h"

#include <link.h>
#include <pthread.h>
#include <string.h>

//===- can the program jump? ----------------------------------------------===//

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

static bool is_jump(const char *name) {
  static const char *const jumps[] = {
      "longjmp",    "_longjmp",    "siglongjmp",  "__longjmp_chk",
      "setcontext", "swapcontext", "pthread_exit"};
  for (size_t i = 0; i < sizeof jumps / sizeof *jumps; ++i)
    if (!strcmp(name, jumps[i]))
      return true;
  return false;
}

// 1 ends the search.
static int refers_to_jump(struct dl_phdr_info *object, size_t size,
                          void *unused) {
  (void)size, (void)unused;
  const struct dynamic found = read_dynamic(object);
  for (int t = 0; found.symbols && found.names && t < 2; ++t)
    for (size_t i = 0;
         found.tables[t] && i < found.sizes[t] / sizeof(ElfW(Rela)); ++i) {
      const size_t symbol = ELF64_R_SYM(found.tables[t][i].r_info);
      if (symbol && found.symbols[symbol].st_shndx == SHN_UNDEF &&
          is_jump(found.names + found.symbols[symbol].st_name))
        return 1;
    }
  return 0;
}

static bool may_jump;

void ferry_look_for_jumps(void) {
  may_jump = dl_iterate_phdr(refers_to_jump, NULL);
}

//===- around a launch ----------------------------------------------------===//

bool ferry_hold_signals(struct ferry_held *held) {
  sigset_t handled;
  held->any = false;
  if (!may_jump)
    return true;
  sigemptyset(&handled);
  for (int number = 1; number < NSIG; ++number)
    if (ferry_has_handler(number)) {
      if (ferry_is_fault(number))
        return false;
      held->any = true;
      sigaddset(&handled, number);
    }
  if (held->any)
    pthread_sigmask(SIG_BLOCK, &handled, &held->before);
  return true;
}

void ferry_release_signals(const struct ferry_held *held) {
  if (held->any)
    pthread_sigmask(SIG_SETMASK, &held->before, NULL);
}

bool ferry_survives_faults(void) {
  for (int number = 1; number < NSIG; ++number)
    if ((may_jump || ferry_is_fault(number)) && ferry_has_handler(number))
      return true;
  return false;
}
