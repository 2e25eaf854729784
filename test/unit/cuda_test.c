//===- cuda_test.c - the cuda device, on a driver without a GPU -----------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Sites and kernels made by hand (Inputs/cuda_kernels.c), launched as compiled code
// does, with test/cuda/Inputs/libcuda.c in the place of NVIDIA's driver. Every test
// is a process of its own. Each looks at the results, the counters, and where it
// matters at what the driver was asked for.
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "../../runtime/ferry.h"
#include "../../runtime/image.h"
#include "../../runtime/maps.h"
#include "Inputs/cuda_kernels.h"
#include "check.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fenv.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// Where faults are handled, nothing goes to the GPU.
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
  return "handle_segv=0:handle_sigbus=0:detect_leaks=0";
}
const char *__tsan_default_options(void);
const char *__tsan_default_options(void) {
  return "die_after_fork=0:handle_segv=0:handle_sigbus=0";
}

// libomp is not built for ThreadSanitizer: what it calls looks like races.
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void) {
  return "called_from_lib:libomp.so\n";
}

// Sanitizers map terabytes.
extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

#define ADDRESS(pointer) ((int64_t)(intptr_t)(pointer))
enum { BIG = 100 * 1000 * 1000, PAGE = 4096 };

static char folder[4096], log_file[64], cache[64];

//===- what the driver heard ----------------------------------------------===//

// How many lines of its log begin so.
static int heard(const char *beginning) {
  char line[256];
  int count = 0;
  FILE *log = fopen(log_file, "r");
  while (log && fgets(line, sizeof line, log))
    count += !strncmp(line, beginning, strlen(beginning));
  if (log)
    fclose(log);
  return count;
}

static int cached_files(const char *pattern) {
  char path[128];
  glob_t found;
  snprintf(path, sizeof path, "%s/ferry/%s", cache, pattern);
  const int count = glob(path, 0, NULL, &found) ? 0 : (int)found.gl_pathc;
  globfree(&found);
  return count;
}

//===- sites --------------------------------------------------------------===//

enum { SAXPY, FILL, TOTAL, SHIFT, ROOT, MISSING, KERNELS };
static struct ferry_image *image;

static struct ferry_image *make_image(void) {
  static const char *const names[] = {"saxpy", "fill", "total", "shift", "root",
                                      "missing"};
  static const uint32_t flags[] = {0 | 1 << 2 | 2 << 4, 2 | 1 << 2 | 0 << 4,
                                   0 | 1 << 2 | 2 << 4, 0 | 1 << 2 | 2 << 4,
                                   0 | 1 << 2 | 2 << 4, 0 | 1 << 2 | 2 << 4};
  enum { NAMES = sizeof *image + KERNELS * sizeof *image->table, CODE = NAMES + 256 };
  char path[4200];
  struct stat status;
  snprintf(path, sizeof path, "%s/cuda_kernels.o", folder);
  const int fd = open(path, O_RDONLY);
  if (fd < 0 || fstat(fd, &status) != 0)
    return NULL;
  const size_t size = CODE + ((size_t)status.st_size + 7) / 8 * 8;
  struct ferry_image *made = calloc(1, size);
  char *text = (char *)made + NAMES;
  memcpy(made->magic, FERRY_IMAGE_MAGIC, sizeof made->magic);
  made->version = FERRY_IMAGE_VERSION;
  made->target = FERRY_IMAGE_X86_64;
  made->size = size;
  made->kernels = KERNELS;
  made->code_offset = CODE;
  made->code_size = (uint64_t)status.st_size;
  strcpy(text, "hand.c");
  for (int i = 0; i < KERNELS; ++i) {
    text += strlen(text) + 1;
    strcpy(text, names[i]);
    made->table[i] = (struct ferry_kernel){(uint32_t)(text - (char *)made), NAMES,
                                           10 * (uint32_t)i + 10, flags[i]};
  }
  if (read(fd, (char *)made + CODE, (size_t)status.st_size) != status.st_size)
    return NULL;
  close(fd);
  return made;
}

static void on_host(const void *context, const int64_t *lo, const int64_t *hi,
                    void *partial) {
  (void)context, (void)lo, (void)hi, (void)partial;
  fprintf(stderr, "a worker was called\n");
  ++failures;
}

static struct ferry_site site_of(int kernel, uint32_t dims, uint32_t accesses,
                                 const uint8_t *kinds, uint32_t context_size) {
  return (struct ferry_site){.abi = FERRY_ABI_VERSION,
                             .line = 10 * (uint32_t)kernel + 10,
                             .file = "hand.c",
                             .function = "main",
                             .dims = dims,
                             .parallel = dims,
                             .accesses = accesses,
                             .context_size = context_size,
                             .kinds = kinds,
                             .worker = on_host,
                             .unit = 10,
                             .min_units = -1,
                             .image = image,
                             .kernel = (uint32_t)kernel};
}

static uint64_t ended(const struct ferry_site *site, enum ferry_reason why) {
  return site->state ? ferry_ended(site->state, why) : 0;
}

static const char *device_of(const struct ferry_site *site) {
  const struct ferry_state *state = site->state;
  const struct ferry_device *device = state ? atomic_load(&state->device) : NULL;
  return device ? device->name : "-";
}

static const uint8_t saxpy_kinds[] = {FERRY_READ, FERRY_WRITE};
static struct ferry_site saxpy_site;

static int launch_saxpy(float a, const float *x, float *y, int64_t n) {
  const struct saxpy context = {a, x, y};
  const int64_t numbers[] = {n, 0, 0, ADDRESS(x), 4, 4, ADDRESS(y), 4, 4};
  if (!saxpy_site.abi)
    saxpy_site = site_of(SAXPY, 1, 2, saxpy_kinds, sizeof context);
  return ferry_launch_v1(&saxpy_site, &context, numbers, NULL, BIG);
}

static void fill_floats(float *x, float *y, int n) {
  for (int i = 0; i < n; ++i) {
    x[i] = (float)i;
    y[i] = 1;
  }
}

static int count_wrong(const float *y, int n, float a) {
  int wrong = 0;
  for (int i = 0; i < n; ++i)
    wrong += y[i] != a * (float)i + 1;
  return wrong;
}

//===- kernels ------------------------------------------------------------===//

static void test_saxpy(void) {
  enum { N = 3000 };
  static float x[N], y[N];
  int launches = 0;
  for (int n = 2; n <= N; n += 37, ++launches) {
    fill_floats(x, y, N);
    CHECK(launch_saxpy(2, x, y, n) == 0);
    CHECK(count_wrong(y, n, 2) == 0);
    CHECK(n == N || y[n] == 1);
  }
  CHECK(ended(&saxpy_site, FERRY_DONE) == (uint64_t)launches);
  CHECK(!strcmp(device_of(&saxpy_site), "cuda"));
  CHECK(heard("launch ") == launches && heard("link ") == 1 && heard("load") == 1);
}

static int launch_fill(long *to, int64_t planes, int64_t rows, int64_t columns) {
  static const uint8_t kinds[] = {FERRY_WRITE};
  static struct ferry_site site;
  const struct fill context = {to, rows, columns};
  const int64_t numbers[] = {planes, 0, 0, 0, 0, rows, 0, 0, 0, 0, columns, 0, 0, 0, 0,
                             ADDRESS(to), 8, 8 * rows * columns, 8 * columns, 8};
  if (!site.abi)
    site = site_of(FILL, 3, 1, kinds, sizeof context);
  return ferry_launch_v1(&site, &context, numbers, NULL, BIG);
}

// Each element once, whatever the shape.
static void test_dims(void) {
  static const int64_t shapes[][3] = {{2, 3, 5},    {1, 1, 1000}, {1, 900, 1},
                                      {300, 1, 1},  {7, 17, 33},  {100, 5, 3},
                                      {2, 300, 40}, {130, 2, 64}};
  static long to[40000];
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; ++s) {
    const int64_t *n = shapes[s];
    int wrong = 0;
    memset(to, 0, sizeof to);
    CHECK(launch_fill(to, n[0], n[1], n[2]) == 0);
    for (int64_t at = 0; at < n[0] * n[1] * n[2]; ++at)
      wrong += to[at] != 10000 * (at / n[2] / n[1]) + 100 * (at / n[2] % n[1]) + at % n[2];
    CHECK(wrong == 0);
  }
  CHECK(heard("launch ") == 8);
}

static void combine(void *into, const void *from) {
  struct total_record *to = into;
  const struct total_record *one = from;
  to->sum += one->sum;
  to->most = one->most > to->most ? one->most : to->most;
}

static void test_reduction(void) {
  enum { N = 100000 };
  static const struct total_record identity = {0, -2147483647 - 1};
  static const uint8_t kinds[] = {FERRY_READ};
  static int x[N];
  struct ferry_site site = site_of(TOTAL, 1, 1, kinds, sizeof(struct total));
  site.identity = &identity;
  site.combine = combine;
  site.reduction_size = sizeof identity;
  const struct total context = {x};
  int64_t sum = 1000;
  int most = 5;
  for (int n = 0; n < N; ++n)
    x[n] = n % 4321 * (n % 3 - 1);
  for (int n = 2, at = 0; n < N; n = n * 3 + 1) {
    struct total_record result = {1000, 5};
    const int64_t numbers[] = {n, 0, 0, ADDRESS(x), 4, 4};
    for (; at < n; ++at) {
      sum += x[at];
      most = x[at] > most ? x[at] : most;
    }
    CHECK(ferry_launch_v1(&site, &context, numbers, &result, BIG) == 0);
    CHECK(result.sum == sum && result.most == most);
  }
  CHECK(ended(&site, FERRY_DONE) == 10 && !strcmp(device_of(&site), "cuda"));
  CHECK(heard("copy back ") == 10);
  CHECK(heard("launch 8 1 1 of 256") == 4); // four blocks for each of two processors
}

static void test_globals(void) {
  static const uint8_t kinds[] = {FERRY_WRITE, FERRY_READ, FERRY_READ};
  static int x[1000], step = 100, scale[4] = {0, 1, 2, 3};
  static const void *const globals[] = {&step, scale};
  struct ferry_site site = site_of(SHIFT, 1, 3, kinds, sizeof(struct shift));
  site.kernel_globals = 2;
  site.globals = globals;
  const struct shift context = {x};
  const int64_t numbers[] = {1000, 0, 0, ADDRESS(x), 4, 4,
                             ADDRESS(&step), 4, 0, ADDRESS(scale), 16, 0};
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 0);
  step = 1000;
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 0);
  for (int i = 0; i < 1000; ++i)
    CHECK(x[i] == 1100 + 2 * (i % 4));
}

static void test_errno(void) {
  static const uint8_t kinds[] = {FERRY_WRITE};
  static double x[1000];
  struct ferry_site site = site_of(ROOT, 1, 1, kinds, sizeof(struct root));
  site.flags = FERRY_SITE_ERRNO;
  const struct root context = {x};
  const int64_t numbers[] = {1000, 0, 0, ADDRESS(x), 8, 8};
  for (int negative = 0; negative < 2; ++negative) {
    for (int i = 0; i < 1000; ++i)
      x[i] = negative && i == 777 ? -1 : i * i;
    errno = 5;
    CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 0);
    CHECK(errno == (negative ? EDOM : 5) && x[776] == 776);
  }
  CHECK(ended(&site, FERRY_DONE) == 2 && !strcmp(device_of(&site), "cuda"));
}

static void test_few_threads(void) {
  static float x[1000], y[1000];
  fill_floats(x, y, 1000);
  CHECK(launch_saxpy(2, x, y, 1000) == 0);
  CHECK(count_wrong(y, 1000, 2) == 0);
  CHECK(heard("launch 32 1 1 of 32 1 1") == 1); // of 48 that a block may have
}

// A program that carries the same image twice has one module.
static void test_same_image(void) {
  static float x[100], y[100];
  fill_floats(x, y, 100);
  CHECK(launch_saxpy(2, x, y, 100) == 0);
  image = make_image();
  saxpy_site.image = image;
  CHECK(launch_saxpy(2, x, y, 100) == 0);
  CHECK(ended(&saxpy_site, FERRY_DONE) == 2 && heard("link ") == 1 && heard("load") == 1);
}

//===- no kernel: the host does it ----------------------------------------===//

static void add_one(const void *context, const int64_t *lo, const int64_t *hi,
                    void *partial) {
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    ++((const struct saxpy *)context)->y[i];
}

// Where only the driver can say so, the first call stays in place.
static void expect_host(int kernel, bool at_once) {
  static float y[1000];
  struct ferry_site site = site_of(kernel, 1, 2, saxpy_kinds, sizeof(struct saxpy));
  const struct saxpy context = {1, y, y};
  const int64_t numbers[] = {1000, 0, 0, ADDRESS(y), 4, 4, ADDRESS(y), 4, 4};
  site.worker = add_one;
  memset(y, 0, sizeof y);
  if (kernel < 0)
    site.image = NULL;
  if (!at_once)
    CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 1);
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 0);
  CHECK(ended(&site, FERRY_NO_KERNEL) == !at_once);
  CHECK(!strcmp(device_of(&site), "host") && y[0] == 1 && y[999] == 1);
}

static void test_no_kernel(void) {
  expect_host(-1, true);
  expect_host(MISSING, false);
}

static void test_wrong_image(void) {
  image->version = 99;
  expect_host(SAXPY, false);
}

static void test_large_context(void) {
  static char context[5000];
  static float x[100];
  struct ferry_site site = site_of(SAXPY, 1, 2, saxpy_kinds, sizeof context);
  const int64_t numbers[] = {100, 0, 0, ADDRESS(x), 4, 4, ADDRESS(x), 4, 4};
  CHECK(ferry_launch_v1(&site, context, numbers, NULL, BIG) == 1);
  CHECK(ended(&site, FERRY_NO_KERNEL) == 1);
}

static void test_refused(void) { expect_host(SAXPY, false); }

//===- memory -------------------------------------------------------------===//

static float *map_floats(int n, int flags) {
  return mmap(NULL, (size_t)n * sizeof(float), PROT_READ | PROT_WRITE,
              MAP_ANONYMOUS | flags, -1, 0);
}

// What is reached over the bus is no reason with FERRY=force.
static void test_far_memory(void) {
  enum { N = 1 << 20 };
  float *x = map_floats(N, MAP_SHARED), *y = map_floats(N, MAP_PRIVATE);
  ferry_read_options();
  fill_floats(x, y, N);
  CHECK(launch_saxpy(2, x, y, N) == 0);
  CHECK(count_wrong(y, N, 2) == 0);
  ferry_options.mode = FERRY_MODE_AUTO;
  struct ferry_rates *rates = &ferry_learned(saxpy_site.state, BIG)->rates;
  for (int i = 0; i < 2; ++i) // whatever the machine is busy with
    ferry_learn_serial(rates, BIG, BIG);
  CHECK(launch_saxpy(2, x, y, N) == 1);
  CHECK(ended(&saxpy_site, FERRY_FAR_MEMORY) == 1);
  CHECK(launch_saxpy(2, x, y, 1000) == 0); // little of it
  CHECK(ended(&saxpy_site, FERRY_DONE) == 2);
}

// A page of the kernel's own, for want of huge pages.
static void test_out_of_reach(void) {
  static float y[16];
  uintptr_t vdso = 0;
  char line[256];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps))
    if (strstr(line, "[vdso]"))
      vdso = strtoul(line, NULL, 16);
  fclose(maps);
  CHECK(vdso != 0);
  CHECK(launch_saxpy(2, (const float *)vdso, y, 16) == 1);
  CHECK(ended(&saxpy_site, FERRY_OUT_OF_REACH) == 1);
  float *huge = map_floats(1 << 19, MAP_PRIVATE | MAP_HUGETLB);
  if (huge == MAP_FAILED) {
    printf("(no huge pages to try) ");
    return;
  }
  CHECK(launch_saxpy(2, huge, y, 16) == 1);
  CHECK(ended(&saxpy_site, FERRY_OUT_OF_REACH) == 2);
}

// What the kernel says of a part is what it says of all.
static struct ferry_mapping found;
static bool find_first(const struct ferry_mapping *m, void *count) {
  found = *m;
  ++*(int *)count;
  return true;
}
static bool compare_mapping(const struct ferry_mapping *m, void *count) {
  int visited = 0;
  const uintptr_t middle = m->lo + (m->hi - m->lo) / 2;
  if (strcmp(m->name, "[vsyscall]") == 0)
    return false;
  CHECK(ferry_for_mappings_in(middle, middle + 1, find_first, &visited) && visited == 1);
  CHECK(found.lo == m->lo && found.hi == m->hi && found.read == m->read &&
        found.write == m->write && found.shared == m->shared && found.file == m->file);
  CHECK(!found.name[0] || !strcmp(found.name, m->name));
  ++*(int *)count;
  return true;
}

static void test_mappings(void) {
  int all = 0, none = 0;
  char *gap = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(gap + PAGE, PAGE);
  CHECK(ferry_for_mappings(compare_mapping, &all) && all > 10);
  CHECK(ferry_for_mappings_in((uintptr_t)gap + PAGE, (uintptr_t)gap + 2 * PAGE, find_first,
                              &none) &&
        none == 0);
}

// The GPU has 64 MiB, an eighth of which is for others.
static void test_capacity(void) {
  enum { M = 1 << 18 }; // floats of 1 MiB
  float *all = map_floats(70 * M, MAP_PRIVATE);
  CHECK(launch_saxpy(0, all, all + 35 * M, 35 * M) == 1); // 70 MiB
  CHECK(launch_saxpy(0, all, all + 29 * M, 29 * M) == 1); // 58 MiB
  CHECK(ended(&saxpy_site, FERRY_DEVICE_MEMORY) == 2);
  CHECK(launch_saxpy(0, all, all + 20 * M, 20 * M) == 0);
  CHECK(launch_saxpy(0, all, all + 20 * M, 20 * M) == 0); // they are there already
  CHECK(heard("prefetch host") == 0);
  CHECK(launch_saxpy(0, all + 40 * M, all + 55 * M, 15 * M) == 0); // not beside them
  CHECK(heard("prefetch host 73400320") == 1 && heard("prefetch host") == 1);
  CHECK(ended(&saxpy_site, FERRY_DONE) == 3);
}

// Both ways are tried in turn.
static void test_prefetch(void) {
  enum { N = 1 << 18 };
  float *x = map_floats(N, MAP_PRIVATE), *y = map_floats(N, MAP_PRIVATE);
  for (int i = 0; i < 4; ++i)
    CHECK(launch_saxpy(0, x, y, N) == 0);
  const int each = x + N == y || y + N == x ? 1 : 2; // ranges
  CHECK(heard("prefetch device") == 2 * each);
  for (int i = 0; i < 4; ++i)
    CHECK(launch_saxpy(0, x, y, 1000) == 0); // too little
  CHECK(heard("prefetch device") == 2 * each);
}

// Rows of a table may be anywhere: as long as all there is fits.
static void test_linked(void) {
  static const uint8_t kinds[] = {FERRY_POINTER, FERRY_WRITE};
  static const uint8_t links[] = {FERRY_NO_LINK, FERRY_NO_LINK, 0};
  static float x[2][100];
  static float *table[] = {x[0], x[1]};
  struct ferry_site site = site_of(SAXPY, 1, 2, kinds, sizeof(struct saxpy));
  site.links = links;
  const struct saxpy context = {1, x[0], x[0]};
  if (__asan_init || __tsan_init)
    return;
  const int64_t numbers[] = {2, 0, 0, ADDRESS(table), 8, 8, 0, 4, 0};
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 0);
  CHECK(map_floats(1 << 28, MAP_PRIVATE) != MAP_FAILED); // 1 GiB
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 1);
  CHECK(ended(&site, FERRY_DONE) == 1 && ended(&site, FERRY_DEVICE_MEMORY) == 1);
  CHECK(heard("prefetch device") == 0);
}

// What a loop leaves alone may be written by other threads meanwhile.
static long grid[100][8];
static void *write_gaps(void *unused) {
  while (!heard("launch "))
    usleep(1000);
  usleep(300 * 1000); // the launch takes a second
  for (int i = 0; i < 100; ++i)
    grid[i][5] = i;
  return unused;
}

static void test_gaps(void) {
  static const uint8_t kinds[] = {FERRY_WRITE};
  struct ferry_site site = site_of(FILL, 3, 1, kinds, sizeof(struct fill));
  const struct fill context = {grid[0], 1, 8};
  const int64_t numbers[] = {100, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4, 0, 0, 0, 0,
                             ADDRESS(grid), 8, 64, 64, 8};
  pthread_t thread;
  memset(grid, 0, sizeof grid);
  pthread_create(&thread, NULL, write_gaps, NULL);
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 0);
  pthread_join(thread, NULL);
  for (int i = 0; i < 100; ++i)
    CHECK(grid[i][3] == 10000 * i + 3 && grid[i][5] == i && grid[i][6] == 0);
}

// A GPU that does not see the program's memory has room for some, and no window for
// what may be anywhere.
static void test_apart(void) {
  enum { M = 1 << 16 }; // floats of 256 KiB
  float *all = map_floats(70 * M, MAP_PRIVATE), *shared = map_floats(1000, MAP_SHARED);
  fill_floats(all, shared, 1000);
  CHECK(launch_saxpy(2, all, shared, 1000) == 0);
  CHECK(count_wrong(shared, 1000, 2) == 0);
  CHECK(launch_saxpy(0, all, all + 29 * M, 29 * M) == 1); // 14.5 MiB of 16
  CHECK(ended(&saxpy_site, FERRY_DEVICE_MEMORY) == 1);
  CHECK(launch_saxpy(0, all, all + 20 * M, 20 * M) == 0);
  CHECK(launch_saxpy(0, all + 30 * M, all + 50 * M, 20 * M) == 0); // nothing has stayed
  CHECK(heard("prefetch") == 0 && heard("reserve") >= 1);
}

static void test_apart_linked(void) {
  static const uint8_t kinds[] = {FERRY_POINTER, FERRY_WRITE};
  static const uint8_t links[] = {FERRY_NO_LINK, FERRY_NO_LINK, 0};
  static float x[2][100];
  static float *table[] = {x[0], x[1]};
  struct ferry_site site = site_of(SAXPY, 1, 2, kinds, sizeof(struct saxpy));
  site.links = links;
  const struct saxpy context = {1, x[0], x[0]};
  const int64_t numbers[] = {2, 0, 0, ADDRESS(table), 8, 8, 0, 4, 0};
  CHECK(ferry_launch_v1(&site, &context, numbers, NULL, BIG) == 1);
  CHECK(ended(&site, FERRY_OUT_OF_REACH) == 1);
}

static void test_no_addresses(void) {
  static float x[100], y[100];
  CHECK(launch_saxpy(2, x, y, 100) == 1);
  CHECK(ended(&saxpy_site, FERRY_DEVICE_MEMORY) == 1);
}

//===- the state of the caller --------------------------------------------===//

static void test_floats(void) {
  static float x[100], y[100];
  fesetround(FE_UPWARD);
  CHECK(launch_saxpy(0, x, y, 100) == 1);
  fesetround(FE_TONEAREST);
  CHECK(ended(&saxpy_site, FERRY_FP_SETTINGS) == 1);
#if defined __x86_64__
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8000); // flush to zero
  CHECK(launch_saxpy(0, x, y, 100) == 1);
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() & ~0x8000u);
  CHECK(ended(&saxpy_site, FERRY_FP_SETTINGS) == 2);
#endif
  feenableexcept(FE_OVERFLOW);
  CHECK(launch_saxpy(0, x, y, 100) == 1);
  fedisableexcept(FE_OVERFLOW);
  CHECK(ended(&saxpy_site, FERRY_FP_TRAPS) == 1);
  feraiseexcept(FE_INEXACT); // is no setting
  CHECK(launch_saxpy(0, x, y, 100) == 0);
  CHECK(fetestexcept(FE_INEXACT));
}

static void on_signal(int number) { (void)number; }
static float handled[100];
static void launch_in_handler(int number) {
  (void)number;
  CHECK(launch_saxpy(0, handled, handled + 50, 50) == 1);
}

static void test_handlers(void) {
  static float x[100], y[100];
  CHECK(launch_saxpy(0, x, y, 100) == 0);
  signal(SIGUSR1, launch_in_handler);
  raise(SIGUSR1);
  CHECK(ended(&saxpy_site, FERRY_IN_HANDLER) == 1);
  signal(SIGSEGV, on_signal); // it may want to hear of faults
  CHECK(launch_saxpy(0, x, y, 100) == 1);
  CHECK(ended(&saxpy_site, FERRY_FAULT_JUMP) == 1);
}

static void *launch_in_thread(void *unused) {
  static float x[100], y[100];
  (void)unused;
  CHECK(launch_saxpy(0, x, y, 100) == 1);
  return NULL;
}

static void test_small_stack(void) {
  static float x[100], y[100];
  pthread_attr_t small;
  pthread_t thread;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, 256 << 10);
  CHECK(pthread_create(&thread, &small, launch_in_thread, NULL) == 0);
  pthread_join(thread, NULL);
  CHECK(ended(&saxpy_site, FERRY_SMALL_STACK) == 1 && heard("init") == 0);
  CHECK(launch_saxpy(0, x, y, 100) == 0);
}

// Two loops at once: one has the device, the other one's program goes on.
static atomic_int launched;
static void *launch_often(void *number) {
  static float x[2][2000], y[2][2000];
  const int t = *(int *)number;
  for (int i = 0; i < 200; ++i) {
    if (launch_saxpy(1, x[t], y[t], 2000) == 0)
      atomic_fetch_add(&launched, 1);
  }
  return NULL;
}

static void test_threads(void) {
  static float x[100], y[100];
  static int numbers[] = {0, 1};
  pthread_t threads[2];
  CHECK(launch_saxpy(0, x, y, 100) == 0);
  for (int t = 0; t < 2; ++t)
    pthread_create(&threads[t], NULL, launch_often, &numbers[t]);
  for (int t = 0; t < 2; ++t)
    pthread_join(threads[t], NULL);
  CHECK(launched > 0 && ended(&saxpy_site, FERRY_DONE) == 1 + (uint64_t)launched);
  CHECK(ended(&saxpy_site, FERRY_DONE) + ended(&saxpy_site, FERRY_BUSY) == 401);
}

// Only the first to ask it has the GPU, and none of its children.
static void test_fork(void) {
  for (int used = 0; used < 2; ++used) {
    int status;
    const pid_t child = fork();
    if (child == 0) {
      if (used)
        saxpy_site = (struct ferry_site){0};
      expect_host(used ? SAXPY : -1, true);
      exit(failures != 0);
    }
    waitpid(child, &status, 0);
    CHECK(status == 0);
    static float x[100], y[100];
    CHECK(launch_saxpy(0, x, y, 100) == 0);
  }
  CHECK(heard("init") == 1 && heard("called in a child") == 0);
}

//===- the cache ----------------------------------------------------------===//

static int in_child(void (*test)(void)) {
  int status;
  fflush(NULL);
  const pid_t child = fork();
  if (child == 0) {
    test();
    exit(failures != 0);
  }
  waitpid(child, &status, 0);
  return status;
}

static void launch_once(void) {
  static float x[100], y[100];
  fill_floats(x, y, 100);
  CHECK(launch_saxpy(2, x, y, 100) == 0);
  CHECK(count_wrong(y, 100, 2) == 0);
}

static void change_file(int64_t at, const char *byte) {
  char path[128];
  glob_t found;
  snprintf(path, sizeof path, "%s/ferry/*.cubin", cache);
  CHECK(glob(path, 0, NULL, &found) == 0);
  if (byte) {
    const int fd = open(found.gl_pathv[0], O_RDWR);
    CHECK(pwrite(fd, byte, 1, at) == 1);
    close(fd);
  } else
    CHECK(truncate(found.gl_pathv[0], at) == 0);
  globfree(&found);
}

static void make_writable(void) {
  char path[128];
  glob_t found;
  snprintf(path, sizeof path, "%s/ferry/*.cubin", cache);
  CHECK(glob(path, 0, NULL, &found) == 0 && chmod(found.gl_pathv[0], 0666) == 0);
  globfree(&found);
}

// What is not as it was written is made anew.
static void test_cache(void) {
  CHECK(in_child(launch_once) == 0 && heard("link ") == 1 && cached_files("*") == 1);
  CHECK(in_child(launch_once) == 0 && heard("link ") == 1 && heard("load") == 2);
  change_file(5000, "\x5a");
  CHECK(in_child(launch_once) == 0 && heard("link ") == 2);
  CHECK(in_child(launch_once) == 0 && heard("link ") == 2);
  change_file(5000, NULL);
  CHECK(in_child(launch_once) == 0 && heard("link ") == 3);
  change_file(20, "\xff"); // its key
  CHECK(in_child(launch_once) == 0 && heard("link ") == 4);
  make_writable();
  CHECK(in_child(launch_once) == 0 && heard("link ") == 5);
  CHECK(in_child(launch_once) == 0 && heard("link ") == 5 && cached_files("*") == 1);
}

static void test_no_cache(void) {
  setenv("XDG_CACHE_HOME", "/proc/nowhere", 1);
  CHECK(in_child(launch_once) == 0 && heard("link ") == 1);
  setenv("XDG_CACHE_HOME", "relative", 1); // is none
  unsetenv("HOME");
  CHECK(in_child(launch_once) == 0 && heard("link ") == 2);
}

// A cache that others use as well may hold what this driver cannot read.
static void test_other_driver(void) {
  CHECK(in_child(launch_once) == 0 && cached_files("*") == 1);
  setenv("FERRY_DEVICE", "cuda:1", 1); // of another name
  setenv("FAKE_CUDA", "devices=2", 1);
  CHECK(in_child(launch_once) == 0 && cached_files("*") == 2 && heard("link ") == 2);
}

//===----------------------------------------------------------------------===//

struct test {
  const char *name;
  void (*run)(void);
  const char *fake; // FAKE_CUDA
};
static const struct test tests[] = {{"saxpy", test_saxpy, ""},
                                    {"dims", test_dims, ""},
                                    {"reduction", test_reduction, ""},
                                    {"globals", test_globals, ""},
                                    {"errno", test_errno, ""},
                                    {"few threads", test_few_threads, "threads=48"},
                                    {"same image", test_same_image, ""},
                                    {"no kernel", test_no_kernel, ""},
                                    {"wrong image", test_wrong_image, ""},
                                    {"large context", test_large_context, ""},
                                    {"jit error", test_refused, "jit=218"},
                                    {"few registers", test_refused, "launch=701"},
                                    {"far memory", test_far_memory, ""},
                                    {"out of reach", test_out_of_reach, ""},
                                    {"capacity", test_capacity, "memory=67108864"},
                                    {"prefetch", test_prefetch, ""},
                                    {"no prefetch", test_saxpy, "without=cuMemPrefetchAsync"},
                                    {"ats", test_saxpy, "ats"},
                                    {"linked", test_linked, ""},
                                    {"mappings", test_mappings, ""},
                                    {"apart", test_apart, "pageable=0,memory=16777216"},
                                    {"apart: saxpy", test_saxpy, "pageable=0"},
                                    {"apart: dims", test_dims, "pageable=0"},
                                    {"apart: reduction", test_reduction, "pageable=0"},
                                    {"apart: globals", test_globals, "pageable=0"},
                                    {"apart: errno", test_errno, "pageable=0"},
                                    {"apart: gaps", test_gaps, "pageable=0,slow=1000000"},
                                    {"apart: linked", test_apart_linked, "pageable=0"},
                                    {"apart: no addresses", test_no_addresses,
                                     "pageable=0,reserve=2"},
                                    {"floats", test_floats, ""},
                                    {"handlers", test_handlers, ""},
                                    {"small stack", test_small_stack, ""},
                                    {"threads", test_threads, ""},
                                    {"fork", test_fork, ""},
                                    {"cache", test_cache, ""},
                                    {"no cache", test_no_cache, ""},
                                    {"other driver", test_other_driver, ""}};

static bool find_folder(void) {
  const ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
  char *slash = length > 0 ? strrchr(folder, '/') : NULL;
  if (slash)
    *slash = 0;
  return slash;
}

// The library has the name that the device asks for.
static void prepare(const struct test *test) {
  char path[4200];
  snprintf(path, sizeof path, "%s/../cuda/fake/libcuda.so.1", folder);
  CHECK(dlopen(path, RTLD_NOW | RTLD_LOCAL));
  setenv("FAKE_CUDA", test->fake, 1);
  setenv("FAKE_CUDA_LOG", log_file, 1);
  setenv("XDG_CACHE_HOME", cache, 1);
  setenv("FERRY", "force", 1);
  setenv("FERRY_DEVICE", "cuda", 1);
  setenv("FERRY_THREADS", "2", 1);
  image = make_image();
  CHECK(image);
}

static int run_test(const struct test *test) {
  int status;
  char command[160];
  fflush(NULL);
  strcpy(log_file, "/tmp/ferry-cuda-XXXXXX");
  strcpy(cache, "/tmp/ferry-cache-XXXXXX");
  close(mkstemp(log_file));
  CHECK(mkdtemp(cache));
  const pid_t child = fork();
  if (child == 0) {
    alarm(60);
    prepare(test);
    test->run();
    exit(failures != 0);
  }
  waitpid(child, &status, 0);
  snprintf(command, sizeof command, "rm -rf %s %s", log_file, cache);
  CHECK(system(command) == 0);
  printf("%-16s %s\n", test->name, status ? "FAILED" : "ok");
  return status != 0;
}

int main(int argc, char **argv) {
  int failed = !find_folder();
  for (size_t i = 0; i < sizeof tests / sizeof *tests; ++i)
    if (argc < 2 || !strcmp(argv[1], tests[i].name))
      failed += run_test(&tests[i]);
  return failed || failures;
}
