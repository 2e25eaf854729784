//===- mirror_races_test.c - mappings and races of threads ----------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "mirror.h"

#include <time.h>

//===- one page -----------------------------------------------------------===//

static atomic_bool finished;
static void *count_too(void *at) {
  _Atomic long *a = at;
  long count = 0;
  while (!atomic_load(&finished))
    atomic_fetch_add(&a[count++ % 8], 1);
  return (void *)count;
}
static void test_atomics(void) {
  enum { EACH = 2000, FAULTS = 300 };
  // The kernel may leave the page where it is, for both.
  const long most = on_hmm() ? 1000 : 100000;
  const uint64_t least = on_hmm() ? 1 : FAULTS;
  start(64 << 20, 4 << 10);
  long *a = map(PAGE), total = 0, rounds = 0;
  void *counted;
  pthread_t thread;
  struct ferry_job job = {.worker = count_up,
                          .context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {EACH}};
  pthread_create(&thread, NULL, count_too, a);
  for (; rounds < most && now().cpu_faults < FAULTS; ++rounds)
    CHECK(run(&job) == FERRY_DONE);
  atomic_store(&finished, true);
  pthread_join(thread, &counted);
  for (int i = 0; i < 8; ++i)
    total += a[i];
  CHECK(total == (long)counted + rounds * EACH);
  CHECK(now().cpu_faults >= least && now().device_faults >= least);
}

//===- mappings that change -----------------------------------------------===//

// Each thread has a mapping of its own and, beside it, what must be in it.
struct actor {
  uint64_t seed;
  long *a, *model;
  int64_t pages;
  int steps, pipe[2];
  bool forks;
};
static bool is_right(const struct actor *s, int64_t first, int64_t end) {
  for (int64_t i = first * PAGE_LONGS; i < end * PAGE_LONGS; ++i)
    if (s->a[i] != s->model[i]) {
      fprintf(stderr, "page %ld of %ld: %ld, not %ld\n", (long)(i / PAGE_LONGS),
              (long)s->pages, s->a[i], s->model[i]);
      return false;
    }
  return true;
}

static void grow_model(struct actor *s, int64_t pages) {
  s->model = realloc(s->model, (size_t)pages * PAGE);
  if (pages > s->pages)
    memset(s->model + s->pages * PAGE_LONGS, 0,
           (size_t)(pages - s->pages) * PAGE);
  s->pages = pages;
}

static void map_anew(struct actor *s) {
  if (s->a) {
    CHECK(is_right(s, 0, s->pages));
    munmap(s->a, (size_t)s->pages * PAGE);
    free(s->model);
  }
  s->pages = any(1, 200);
  s->a = mmap(NULL, (size_t)s->pages * PAGE, PROT_READ | PROT_WRITE,
              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  s->model = calloc((size_t)s->pages, PAGE);
  if (any(0, 3) == 0)
    madvise(s->a, (size_t)s->pages * PAGE, MADV_HUGEPAGE);
}

static void remap(struct actor *s) {
  const int64_t pages = any(1, 200);
  long *to = mremap(s->a, (size_t)s->pages * PAGE, (size_t)pages * PAGE,
                    MREMAP_MAYMOVE);
  if (to == MAP_FAILED)
    return;
  s->a = to;
  grow_model(s, pages);
  if (any(0, 1))
    return;
  long *place = mmap(NULL, (size_t)pages * PAGE, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  to = mremap(s->a, (size_t)pages * PAGE, (size_t)pages * PAGE,
              MREMAP_MAYMOVE | MREMAP_FIXED, place);
  CHECK(to != MAP_FAILED);
  s->a = to;
}

static void through_pipe(struct actor *s) {
  char *at = (char *)(s->a + any(0, s->pages - 1) * PAGE_LONGS), text[PAGE];
  char *model = (char *)s->model + (at - (char *)s->a);
  CHECK(write(s->pipe[1], at, PAGE) == PAGE &&
        read(s->pipe[0], text, PAGE) == PAGE);
  CHECK(memcmp(text, model, PAGE) == 0);
  memset(text, (int)any(0, 255), PAGE);
  CHECK(write(s->pipe[1], text, PAGE) == PAGE &&
        read(s->pipe[0], at, PAGE) == PAGE);
  memcpy(model, text, PAGE);
}

static void see_child(struct actor *s) {
  int status;
  const pid_t child = fork();
  if (child == 0)
    _exit(!is_right(s, 0, s->pages));
  CHECK(waitpid(child, &status, 0) == child && status == 0);
}

static void act(struct actor *s) {
  const int64_t first = any(0, s->pages - 1), end = any(first + 1, s->pages);
  const int64_t lo = first * PAGE_LONGS, hi = end * PAGE_LONGS;
  const int what = (int)any(0, 19);
  if (what < 7) {
    launch_add(s->a + lo, hi - lo, 1, what + 1);
    for (int64_t i = lo; i < hi; ++i)
      s->model[i] += what + 1;
  } else if (what < 11) {
    for (int64_t i = lo; i < hi; i += 17) {
      s->a[i] += 3;
      s->model[i] += 3;
    }
  } else if (what < 13)
    CHECK(is_right(s, first, end));
  else if (what < 14) {
    madvise(s->a + lo, (size_t)(end - first) * PAGE, MADV_DONTNEED);
    memset(s->model + lo, 0, (size_t)(end - first) * PAGE);
  } else if (what < 16) {
    remap(s);
  } else if (what < 17)
    through_pipe(s);
  else if (what < 18) {
    mprotect(s->a + lo, (size_t)(end - first) * PAGE, PROT_READ);
    CHECK(is_right(s, first, end));
    mprotect(s->a, (size_t)s->pages * PAGE, PROT_READ | PROT_WRITE);
  } else if (what < 19)
    map_anew(s);
  else if (s->forks && any(0, 7) == 0)
    see_child(s);
}

static void *play(void *actor) {
  struct actor *s = actor;
  seed = s->seed;
  CHECK(pipe(s->pipe) == 0);
  map_anew(s);
  for (int i = 0; i < s->steps && !failures && !atomic_load(&finished); ++i)
    act(s);
  CHECK(is_right(s, 0, s->pages));
  return NULL;
}

static void play_together(size_t memory, size_t granule, int count,
                          bool forks) {
  struct actor actors[8] = {{0}};
  pthread_t threads[8];
  start(memory, granule);
  for (int i = 0; i < count; ++i) {
    actors[i] = (struct actor){.seed = (uint64_t)i +
                                       (uint64_t)count_option("MIRROR_TEST_SEED", 1),
                               .steps = count_option("MIRROR_TEST_STEPS", 600),
                               .forks = forks};
    if (count > 1)
      pthread_create(&threads[i], NULL, play, &actors[i]);
    else
      play(&actors[i]);
  }
  for (int i = 0; count > 1 && i < count; ++i)
    pthread_join(threads[i], NULL);
  CHECK(now().device_faults > 100);
  CHECK(count > 1 || (now().cpu_faults > 100 && now().dropped > 0));
}

static void test_mappings(void) { play_together(64 << 20, 0, 1, true); }
static void test_mappings_of_three(void) {
  play_together(64 << 20, 0, 3, true);
}
static void test_mappings_in_4M(void) {
  play_together(4 << 20, 64 << 10, 3, false);
}

// All at once, for MIRROR_TEST_SECONDS: loops and CPUs count up in the same pages,
// others map, unmap, move, protect, empty and fork, and one checks that no page
// is on both sides.
enum { SHARED = 16 };

static void count_in_pages(const void *context, const int64_t *lo,
                           const int64_t *hi, void *partial) {
  _Atomic long *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    atomic_fetch_add(&(*c)[i % SHARED * PAGE_LONGS + i % 7], 1);
}

static void *count_in_pages_too(void *at) {
  _Atomic long *a = at;
  long count = 0;
  for (; !atomic_load(&finished); ++count)
    atomic_fetch_add(&a[count % SHARED * PAGE_LONGS + count % 5], 1);
  return (void *)count;
}

static void *check_often(void *unused) {
  long count = 0;
  (void)unused;
  for (; !atomic_load(&finished); ++count) {
    const char *wrong = ferry_check_mirror();
    if (wrong)
      fprintf(stderr, "%s\n", wrong);
    CHECK(!wrong);
    usleep(500);
  }
  return (void *)count;
}

static void test_races(void) {
  enum { EACH = 1000, ACTORS = 2 };
  struct actor actors[ACTORS] = {{0}};
  pthread_t counters[2], players[ACTORS], checker;
  long sum = 0, counted = 0, rounds = 0;
  void *result;
  start(64 << 20, 4 << 10);
  long *a = map(SHARED * PAGE);
  struct ferry_job job = {.worker = count_in_pages,
                          .context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {EACH}};
  for (int i = 0; i < 2; ++i)
    pthread_create(&counters[i], NULL, count_in_pages_too, a);
  for (int i = 0; i < ACTORS; ++i) {
    actors[i] = (struct actor){.seed = (uint64_t)(i + 7), .steps = INT32_MAX, .forks = true};
    pthread_create(&players[i], NULL, play, &actors[i]);
  }
  pthread_create(&checker, NULL, check_often, NULL);
  for (const time_t end = time(NULL) + count_option("MIRROR_TEST_SECONDS", 2); time(NULL) < end; ++rounds)
    CHECK(run(&job) == FERRY_DONE);
  atomic_store(&finished, true);
  for (int i = 0; i < 2; ++i) {
    pthread_join(counters[i], &result);
    counted += (long)result;
  }
  for (int i = 0; i < ACTORS; ++i)
    pthread_join(players[i], NULL);
  pthread_join(checker, &result);
  for (int64_t i = 0; i < SHARED * PAGE_LONGS; ++i)
    sum += a[i];
  if (sum != counted + rounds * EACH)
    fprintf(stderr, "%ld, not %ld + %ld; %lu pages were borrowed\n", sum, counted,
            rounds * EACH, (unsigned long)now().borrowed);
  CHECK(sum == counted + rounds * EACH);
  CHECK(on_hmm() || !now().borrowed); // counts of both sides would be lost there
  CHECK(now().device_faults > 20 && now().cpu_faults > 20 && (long)result > 5);
  printf("races: %ld launches, %lu device faults, %lu CPU faults, %ld checks\n", rounds,
         (unsigned long)now().device_faults, (unsigned long)now().cpu_faults, (long)result);
}

int main(int argc, char **argv) {
  const struct test tests[] = {
      {"atomics", test_atomics},
      {"mappings", test_mappings},
      {"mappings-of-three", test_mappings_of_three},
      {"mappings-in-4M", test_mappings_in_4M},
      {"races", test_races}};
  return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
