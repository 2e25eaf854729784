//===- mirror_moves_test.c - memory that is moved about -------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "mirror.h"

// Threads move, shrink, grow and unmap small mappings whose pages were on the
// device, as fast as they can, so that one moves where another one's was just
// before. Nothing is launched in between; then each looks at what it has.
enum { PIECES = 16, MOST_PAGES = 8, MOVES = 60 };
struct piece {
  long *at;
  int64_t pages;
  long expected[MOST_PAGES]; // the first number of each page
};
static void *wait_for_end(void *unused) {
  for (;;)
    pause();
  return unused;
}

struct mover {
  uint64_t seed;
  int rounds;
  struct piece *pieces;
};

static void map_piece(struct piece *p) {
  p->pages = any(1, MOST_PAGES);
  p->at = mmap(NULL, (size_t)p->pages * PAGE, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(p->expected, 0, sizeof p->expected);
}

static void unmap_piece(struct piece *p) {
  munmap(p->at, (size_t)p->pages * PAGE);
}

static void resize_piece(struct piece *p) {
  const int64_t pages = any(1, MOST_PAGES);
  long *to = mremap(p->at, (size_t)p->pages * PAGE, (size_t)pages * PAGE,
                    MREMAP_MAYMOVE);
  CHECK(to != MAP_FAILED);
  for (int64_t i = pages; i < p->pages; ++i)
    p->expected[i] = 0;
  p->at = to;
  p->pages = pages;
}

static void move_piece(struct piece *p) {
  const size_t size = (size_t)p->pages * PAGE;
  long *place = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  p->at = mremap(p->at, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  CHECK(p->at == place);
}

// for (i = 0; i < n; i++) for (k = 0; k < pieces[i].pages; k++) ++the first number
static void bump(const void *context, const int64_t *lo, const int64_t *hi,
                 void *partial) {
  struct piece *const *c = context;
  (void)partial;
  for (int64_t i = lo[0]; i < hi[0]; ++i)
    for (int64_t k = 0; k < (*c)[i].pages; ++k)
      ++(*c)[i].at[k * PAGE_LONGS];
}

static void bump_all(struct mover *m) {
  struct ferry_job job = {.worker = bump,
                          .context = &m->pieces,
                          .context_size = sizeof m->pieces,
                          .parallel = 1,
                          .trips = {PIECES}};
  CHECK(run(&job) == FERRY_DONE);
  for (int i = 0; i < PIECES; ++i)
    for (int64_t k = 0; k < m->pieces[i].pages; ++k)
      ++m->pieces[i].expected[k];
}

static void look_at_all(struct mover *m) {
  for (int i = 0; i < PIECES; ++i)
    for (int64_t k = 0; k < m->pieces[i].pages; ++k)
      if (m->pieces[i].at[k * PAGE_LONGS] != m->pieces[i].expected[k]) {
        fprintf(stderr, "piece %d, page %ld at %p: %ld, not %ld\n", i, (long)k,
                (void *)m->pieces[i].at, m->pieces[i].at[k * PAGE_LONGS],
                m->pieces[i].expected[k]);
        ++failures;
      }
}

static void fill_pieces(struct mover *m) {
  for (int i = 0; i < PIECES; ++i)
    for (int64_t k = 0; k < m->pieces[i].pages; ++k)
      m->pieces[i].at[k * PAGE_LONGS] = m->pieces[i].expected[k] =
          any(1, 1 << 30);
}

static void make_pieces(struct mover *m) {
  m->pieces = map(PIECES * sizeof *m->pieces);
  for (int i = 0; i < PIECES; ++i)
    map_piece(&m->pieces[i]);
  fill_pieces(m);
  bump_all(m);
}

static void *move_about(void *mover) {
  struct mover *m = mover;
  seed = m->seed;
  for (int round = 0; round < m->rounds && !failures; ++round) {
    for (int i = 0; i < MOVES; ++i) {
      struct piece *p = &m->pieces[any(0, PIECES - 1)];
      const int64_t what = any(0, 9);
      if (what < 5)
        resize_piece(p);
      else if (what < 7)
        move_piece(p);
      else {
        unmap_piece(p);
        map_piece(p);
      }
    }
    look_at_all(m);
    fill_pieces(m);
    bump_all(m);
  }
  look_at_all(m);
  return NULL;
}

static void move_in_threads(uint64_t seed_of_all, int rounds) {
  enum { MOVERS = 4 };
  struct mover movers[MOVERS] = {{0}};
  pthread_t threads[MOVERS];
  seed = seed_of_all;
  for (int i = 0; i < MOVERS; ++i) {
    movers[i].seed = seed_of_all + (uint64_t)i;
    movers[i].rounds = rounds;
    make_pieces(&movers[i]);
  }
  for (int i = 0; i < MOVERS; ++i)
    pthread_create(&threads[i], NULL, move_about, &movers[i]);
  for (int i = 0; i < MOVERS; ++i)
    pthread_join(threads[i], NULL);
}

static void test_moves(void) {
  pthread_t other;
  start(64 << 20, 0);
  pthread_create(&other, NULL, wait_for_end, NULL); // so there are threads
  move_in_threads((uint64_t)count_option("MIRROR_TEST_SEED", 1),
                  count_option("MIRROR_TEST_STEPS", 20));
}

// What was on the device before there were threads is right, or the program ends
// with a message.
static void test_moves_from_before(void) {
  enum { ROUNDS = 5 };
  int right = 0;
  for (uint64_t round = 1; round <= ROUNDS; ++round) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
      CHECK(freopen("/dev/null", "w", stderr) != NULL);
      start(64 << 20, 0);
      move_in_threads(round, 1);
      _exit(failures ? 2 : 0);
    }
    waitpid(child, &status, 0);
    CHECK(status == 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 1));
    right += status == 0;
  }
  printf("moves-from-before: %d of %d knew the order\n", right, ROUNDS);
}

// The heap shrinks and grows: what was there is gone.
static void test_break(void) {
  start(64 << 20, 0);
  const uintptr_t page = PAGE, now_at = (uintptr_t)sbrk(0);
  sbrk((intptr_t)(-now_at % page));
  long *a = sbrk(1 << 20);
  fill(a, MIB_LONGS);
  CHECK(launch_add(a, MIB_LONGS, 1, 1).to_device >= 256);
  sbrk(-(1 << 19));
  CHECK(sbrk(1 << 19) == a + MIB_LONGS / 2);
  launch_add(a, MIB_LONGS, 1, 1);
  for (int64_t i = 0; i < MIB_LONGS; ++i)
    if (a[i] != (i < MIB_LONGS / 2 ? i + 2 : 1))
      ++failures;
}

static void use_stack(int depth) {
  volatile long on_stack[4000] = {depth};
  on_stack[3999] = depth;
  launch_add((long *)on_stack, 4000, 1, 1);
  if (depth > 0)
    use_stack(depth - 1);
  CHECK(on_stack[0] == depth + 1 && on_stack[3999] == depth + 1 &&
        on_stack[1] == 1);
}
static void test_stack(void) {
  start(64 << 20, 0);
  use_stack(40); // 1.3 MB
  use_stack(80);
  CHECK(now().to_device > 0);
}

static void *use_own_stack(void *unused) {
  use_stack(3);
  return unused;
}
static void test_threads_end(void) {
  pthread_t threads[4];
  start(64 << 20, 0);
  for (int round = 0; round < 10; ++round) {
    for (int i = 0; i < 4; ++i)
      pthread_create(&threads[i], NULL, use_own_stack, NULL);
    for (int i = 0; i < 4; ++i)
      pthread_join(threads[i], NULL);
  }
}

int main(int argc, char **argv) {
  const struct test tests[] = {
      {"moves", test_moves},
      {"moves-from-before", test_moves_from_before},
      {"break", test_break},
      {"stack", test_stack},
      {"threads-end", test_threads_end}};
  return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
