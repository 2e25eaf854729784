//===- stub.c - how a compiled program finds the runtime ------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The loader stub. Compiled to bitcode, carried by the plugin and linked into
// every module that has sites, once in each program or shared library. It
// needs no library and no flag of the linker: everything outside is a weak
// reference, and what is missing means "run serially".
//
// Most programs never need the runtime, so the stub asks the environment for
// the threshold by itself, and looks for libferry.so only when a loop is large
// enough, or when the user wants to hear what became of each. Both happen once
// and lock nothing: threads that come first at the same time find the same.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "abi.h"
#include "handler.h"

// Every module compiles the stub again, and functions cost more than what is in
// them: three that are called, the rest is part of those. None is static, for a
// module's unused copy would stay in it. The pass leaves them unoptimised: what is
// short here is soon compiled.
// no_builtin: a loop over characters must not become a call of strlen.
#define FERRY_STUB __attribute__((weak, visibility("hidden")))
#define FERRY_COLD FERRY_STUB __attribute__((noinline, cold, no_builtin))
#define FERRY_HELPER static __attribute__((always_inline, no_builtin)) inline
#define FERRY_WEAK extern __attribute__((weak))

typedef int ferry_launch(struct ferry_site *, const void *, const int64_t *,
                         void *, int64_t);

FERRY_WEAK void *dlopen(const char *, int);
FERRY_WEAK void *dlsym(void *, const char *);
FERRY_WEAK char *getenv(const char *);
FERRY_WEAK unsigned long getauxval(unsigned long);
FERRY_WEAK int *__errno_location(void);
FERRY_WEAK long write(int, const void *, unsigned long);
extern __typeof(sigaction) sigaction __attribute__((weak));
extern __typeof(sigprocmask) sigprocmask __attribute__((weak));
extern __typeof(sigismember) sigismember __attribute__((weak));

// The installed path, or empty: defined by the pass.
extern const char __ferry_runtime_path[] __attribute__((visibility("hidden")));

enum { AUX_BASE = 7, AUX_SECURE = 23, LAZY_LOCAL = 1 };

// -1: not read yet.
FERRY_STUB int64_t __ferry_limit = -1;

// Does the user want to hear of loops that stay? Valid with __ferry_limit.
FERRY_STUB int __ferry_asked;

// Null: not looked for yet. FERRY_NONE: not found.
FERRY_STUB ferry_launch *__ferry_found;
#define FERRY_NONE ((ferry_launch *)1)

// Empty if it is not set.
FERRY_HELPER const char *__ferry_look_up(const char *name) {
  const char *value = getenv ? getenv(name) : 0;
  return value ? value : "";
}

FERRY_HELPER int __ferry_is_set(const char *name) {
  const char *value = __ferry_look_up(name);
  return value[0] && !(value[0] == '0' && !value[1]);
}

// As strict as options.c, which also says what is wrong.
FERRY_HELPER int64_t __ferry_read_threshold(void) {
  const char *mode = __ferry_look_up("FERRY"),
             *text = __ferry_look_up("FERRY_THRESHOLD");
  int64_t number = 0;
  if (mode[0] == 'o' && mode[1] == 'f' && mode[2] == 'f' && !mode[3])
    return INT64_MAX;
  if (!*text)
    return FERRY_DEFAULT_THRESHOLD;
  for (; *text; ++text) {
    const int64_t digit = *text - '0';
    if (digit < 0 || digit > 9 || number > (INT64_MAX - digit) / 10)
      return FERRY_DEFAULT_THRESHOLD;
    number = number * 10 + digit;
  }
  return number;
}

// A loop over names is less code than three calls.
FERRY_HELPER int __ferry_is_asked(void) {
  static const char names[][14] = {"FERRY_STATS", "FERRY_TRACE", "FERRY_VERBOSE"};
  for (int k = 0; k < 3; ++k)
    if (__ferry_is_set(names[k]))
      return 1;
  return 0;
}

FERRY_COLD int64_t __ferry_threshold(void) {
  int64_t number = __atomic_load_n(&__ferry_limit, __ATOMIC_RELAXED);
  if (number < 0) {
    number = __ferry_read_threshold();
    __atomic_store_n(&__ferry_asked, __ferry_is_asked(), __ATOMIC_RELAXED);
    __atomic_store_n(&__ferry_limit, number, __ATOMIC_RELAXED);
  }
  return number;
}

FERRY_HELPER ferry_launch *__ferry_find_in(const char *file) {
  void *library = dlopen(file, LAZY_LOCAL);
  return library ? (ferry_launch *)dlsym(library, "ferry_launch_v1") : 0;
}

// FERRY_RUNTIME replaces the search; but a program with more rights than its
// user loads no file that the user names.
FERRY_HELPER ferry_launch *__ferry_search(void) {
  const char *file = __ferry_look_up("FERRY_RUNTIME"), *other = "";
  ferry_launch *found = 0;
  if (!dlopen || !dlsym || !getauxval || !getauxval(AUX_BASE))
    return 0; // statically linked
  if ((found = (ferry_launch *)dlsym(0, "ferry_launch_v1")))
    return found;
  if (!*file || getauxval(AUX_SECURE)) {
    file = "libferry.so";
    other = __ferry_runtime_path;
  }
  for (; *file && !(found = __ferry_find_in(file)); other = "")
    file = other;
  return found;
}

FERRY_HELPER void __ferry_say_missing(void) {
  static const char missing[] =
      "ferry: no libferry.so found, loops run serially (see FERRY_RUNTIME)\n";
  static const char fixed[] =
      "ferry: the program is linked statically, loops run serially\n";
  const int is_static = !dlopen || !getauxval || !getauxval(AUX_BASE);
  if (__atomic_load_n(&__ferry_asked, __ATOMIC_RELAXED) && write)
    (void)!write(2, is_static ? fixed : missing,
                 (is_static ? sizeof fixed : sizeof missing) - 1);
}

// Only the thread whose answer is kept speaks.
FERRY_HELPER ferry_launch *__ferry_find_runtime(void) {
  ferry_launch *none = 0, *found = __ferry_search();
  ferry_launch *answer = found ? found : FERRY_NONE;
  if (!__atomic_compare_exchange_n(&__ferry_found, &none, answer, 0,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return none;
  if (!found)
    __ferry_say_missing();
  return answer;
}

// To search takes malloc, which a handler may have interrupted: null then.
FERRY_COLD ferry_launch *__ferry_find(void) {
  int *error = __errno_location ? __errno_location() : 0;
  const int before = error ? *error : 0;
  const int can_ask = sigaction && sigprocmask && sigismember;
  ferry_launch *found =
      can_ask && ferry_in_handler() ? 0 : __ferry_find_runtime();
  if (error)
    *error = before;
  return found;
}

// At a site's first call the guard is still open (min_units is -1).
FERRY_STUB int __ferry_launch_v1(struct ferry_site *site, const void *context,
                                 const int64_t *numbers, void *reduction,
                                 int64_t work) {
  if (__atomic_load_n(&site->min_units, __ATOMIC_RELAXED) < 0) {
    const int64_t limit = __ferry_threshold();
    __atomic_store_n(&site->min_units, limit / site->unit, __ATOMIC_RELAXED);
    if (work <= limit && !__atomic_load_n(&__ferry_asked, __ATOMIC_RELAXED))
      return 1;
  }
  ferry_launch *runtime = __atomic_load_n(&__ferry_found, __ATOMIC_ACQUIRE);
  if (!runtime)
    runtime = __ferry_find();
  if (runtime && runtime != FERRY_NONE)
    return runtime(site, context, numbers, reduction, work);
  if (runtime)
    __atomic_store_n(&site->min_units, INT64_MAX, __ATOMIC_RELAXED);
  return 1;
}
