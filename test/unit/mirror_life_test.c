//===- mirror_life_test.c - processes that have a mirror ------------------===//
//
// Part of Ferry, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#define _GNU_SOURCE
#include "mirror.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>

//===- fork ---------------------------------------------------------------===//

static void test_fork(void) {
  start(64 << 20, 0);
  long *a = map(1 << 20);
  fill(a, MIB_LONGS);
  for (int round = 0; round < 10; ++round) {
    int status;
    launch_add(a, MIB_LONGS, 1, 1);
    const pid_t child = fork();
    if (child == 0) {
      bool fine = true;
      for (int64_t i = 0; i < MIB_LONGS; ++i)
        fine = fine && a[i] == i + round + 1;
      if (round == 5) { // a device of its own
        start(64 << 20, 0);
        launch_add(a, MIB_LONGS, 1, 5);
        fine = fine && a[9] == 9 + 6 + 5 && now().to_device >= 256;
      }
      _exit(!fine || failures);
    }
    a[0] += 0;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  launch_add(a, MIB_LONGS, 1, 1);
  CHECK(a[MIB_LONGS - 1] == MIB_LONGS - 1 + 11);
}

// _Fork() and the like call no handlers. Without the right to trace, nobody
// tells.
static void test_raw_fork(void) {
  int status;
  start(64 << 20, 0);
  long *a = map(1 << 20);
  fill(a, MIB_LONGS);
  for (int round = 0; round < 20; ++round) {
    launch_add(a, MIB_LONGS, 1, 1);
    const pid_t child = (pid_t)syscall(SYS_fork);
    if (child == 0) {
      for (int64_t i = 0; i < MIB_LONGS; ++i)
        if (a[i] != i + round + 1)
          _exit(1);
      _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && status == 0);
  }
  CHECK(launch_sum(a, MIB_LONGS, NULL) ==
        (long)MIB_LONGS * (MIB_LONGS - 1) / 2 + 20 * (long)MIB_LONGS);
}

//===- debuggers, libraries, signals --------------------------------------===//

// What a debugger sees that stops all threads: of `a`, -1 if it would wait for ever.
static long look_at(pid_t program, const long *a) {
  char path[64];
  long value = -1;
  snprintf(path, sizeof path, "/proc/%d/mem", (int)program);
  const pid_t child = fork(); // who waits can only be killed
  if (child == 0) {
    alarm(10);
    const int fd = open(path, O_RDONLY);
    _exit(pread(fd, &value, sizeof value, (off_t)(intptr_t)a) == sizeof value
              ? (int)value
              : 255);
  }
  int status;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void go_on_to_stop(pid_t program, bool stopped, int signal) {
  int status;
  do {
    if (stopped)
      ptrace(PTRACE_CONT, program, NULL, (void *)(intptr_t)signal);
    stopped = waitpid(program, &status, 0) == program && WIFSTOPPED(status);
    CHECK(stopped);
  } while (stopped && WSTOPSIG(status) != SIGSTOP);
}

// A program that was started by a debugger.
static void test_debugger(void) {
  int status;
  long *a = map(1 << 20);
  const pid_t child = fork();
  if (child == 0) {
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    start(64 << 20, 0);
    for (long round = 0; round < 3; ++round) {
      launch_add(a, MIB_LONGS, 1, 1);
      kill(getpid(), SIGSTOP);
    }
    // At first they are zero. The kernel brings back what the debugger looks at.
    _exit(failures || now().to_device < (on_hmm() ? 2 : 2 * 256));
  }
  go_on_to_stop(child, false, 0);
  for (long round = 1; round <= 3; ++round) {
    go_on_to_stop(child, true, 0);
    go_on_to_stop(child, true, SIGSTOP); // and now all threads of it
    CHECK(look_at(child, a) == round && look_at(child, &a[MIB_LONGS - 1]) == round);
    kill(child, SIGCONT);
  }
  ptrace(PTRACE_DETACH, child, NULL, NULL);
  waitpid(child, &status, 0);
  CHECK(status == 0);
}

// The device has the code that there was when it was made.
static void test_late_code(void) {
  start(64 << 20, 0);
  long *a = map(PAGE);
  struct ferry_job job = {.context = &a,
                          .context_size = sizeof a,
                          .parallel = 1,
                          .trips = {2}};
  void *library = dlopen("libresolv.so.2", RTLD_NOW);
  *(void **)&job.worker = library ? dlsym(library, "ns_datetosecs") : NULL;
  CHECK(job.worker && run(&job) == FERRY_LATE_CODE);
  launch_add(a, PAGE_LONGS, 1, 1); // others go on
  dlclose(library);
  job.worker = count_up; // something else may be anywhere now
  CHECK(run(&job) == FERRY_LATE_CODE && a[1] == 1);
}

// A handler touches the pages that a loop works on, whenever it comes.
static long *ticked;
static volatile sig_atomic_t ticks;
static void tick(int number) {
  ticks += number == SIGALRM;
  ++ticked[1];
}
static void test_signals(void) {
  const struct itimerval often = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
  long rounds = 0;
  start(64 << 20, 4 << 10);
  long *a = ticked = map(4 * PAGE);
  signal(SIGALRM, tick);
  setitimer(ITIMER_REAL, &often, NULL);
  for (; rounds < 100 || ticks < 20; ++rounds)
    launch_add(a, 4 * PAGE_LONGS / 2, 2, 1);
  setitimer(ITIMER_REAL, &never, NULL);
  CHECK(ticked[1] == ticks);
  for (int64_t i = 0; i < 4 * PAGE_LONGS; i += 2)
    if (a[i] != rounds)
      ++failures;
}

static volatile sig_atomic_t children;
static void on_child(int number) { children += number == SIGCHLD; }

static void test_invisible(void) {
  char line[64];
  signal(SIGCHLD, on_child);
  start(64 << 20, 0);
  long *a = map(PAGE);
  launch_add(a, PAGE_LONGS, 1, 1);
  CHECK(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
  close_range(3, ~0U, 0);
  launch_add(a, PAGE_LONGS, 1, 1);
  FILE *echo = popen("echo hello", "r");
  CHECK(echo && fgets(line, sizeof line, echo) && strcmp(line, "hello\n") == 0);
  pclose(echo);
  launch_add(a, PAGE_LONGS, 1, 1);
  CHECK(a[5] == 3 && children == 1);
}

//===- the end of either --------------------------------------------------===//

static pid_t device_of(pid_t program) {
  char command[64];
  int pid = 0;
  snprintf(command, sizeof command, "pgrep -P %d ferry-device", (int)program);
  FILE *out = popen(command, "r");
  if (!out || fscanf(out, "%d", &pid) != 1)
    pid = 0;
  pclose(out);
  return pid;
}

static bool has_ended(pid_t pid) {
  char name[32], state = 'Z';
  snprintf(name, sizeof name, "/proc/%d/stat", (int)pid);
  FILE *file = fopen(name, "r");
  if (file && fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
    state = 'Z';
  if (file)
    fclose(file);
  return state == 'Z' || state == 'X';
}

// However the program ends, its device does.
static void end_by(int way) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  switch (way) {
  case 0:
    exit(0);
  case 1:
    _exit(0);
  case 2:
    abort();
  case 3:
    raise(SIGKILL);
    break;
  default:
    execl("/bin/sleep", "sleep", "0.1", (char *)NULL);
  }
}
static void test_ends(void) {
  for (int way = 0; way < 5; ++way) {
    int ends[2], tries = 0, status;
    char byte;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
      start(64 << 20, 0);
      launch_add(map(PAGE), PAGE_LONGS, 1, 1);
      CHECK(write(ends[1], "", 1) == 1 && read(ends[1], &byte, 1) == 1);
      end_by(way);
      _exit(1);
    }
    CHECK(read(ends[0], &byte, 1) == 1);
    const pid_t its_device = device_of(child);
    CHECK(its_device > 0 && write(ends[0], "", 1) == 1);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(way == 2   ? WTERMSIG(status) == SIGABRT
          : way == 3 ? WTERMSIG(status) == SIGKILL
                     : status == 0);
    while (!has_ended(its_device) && ++tries < 1000)
      usleep(10000);
    CHECK(has_ended(its_device));
  }
}

static void test_loss_when_idle(void) {
  start(64 << 20, 0);
  long *a = map(1 << 20);
  fill(a, MIB_LONGS);
  launch_add(a, MIB_LONGS, 1, 1);
  const pid_t pid = device_of(getpid());
  CHECK(pid > 0 && kill(pid, SIGKILL) == 0);
  for (int64_t i = 0; i < MIB_LONGS; ++i)
    if (a[i] != i + 1)
      ++failures;
  const struct adding c = {a, 1, 1};
  struct ferry_job job = {.worker = add,
                          .context = &c,
                          .context_size = sizeof c,
                          .parallel = 1,
                          .trips = {MIB_LONGS}};
  usleep(10000);
  CHECK(run(&job) == FERRY_NO_DEVICE);
  CHECK(a[7] == 8);
}

// The device is killed at any moment: the data come back and loops run in place,
// or the program ends with a message, if the loop had begun to store.
static void add_until_lost(size_t size, int go) {
  const int64_t n = (int64_t)(size / sizeof(long));
  long *a = map(size), *model = map(size);
  char byte;
  launch_add(a, n, 1, 1);
  for (int64_t i = 0; i < n; ++i)
    model[i] = 1;
  CHECK(write(go, "", 1) == 1 && read(go, &byte, 1) == 1);
  for (int lost = 0; lost < 3;) {
    const int64_t lo = any(0, n - 2), hi = any(lo + 1, n - 1);
    const struct adding c = {a + lo, 1, 3};
    struct ferry_job job = {.worker = add,
                            .context = &c,
                            .context_size = sizeof c,
                            .parallel = 1,
                            .trips = {hi - lo}};
    if (run(&job) != FERRY_DONE) {
      ++lost;
      for (int64_t i = lo; i < hi; ++i)
        a[i] += 3;
    }
    for (int64_t i = lo; i < hi; ++i)
      model[i] += 3;
    for (int64_t i = any(0, n - 1); i < n; i += 3 * PAGE_LONGS) {
      ++a[i];
      ++model[i];
    }
  }
  if (memcmp(a, model, size) != 0)
    _exit(3);
}

static void test_loss(void) {
  const int kills = count_option("MIRROR_TEST_KILLS", 5);
  int whole = 0, told = 0;
  seed = (uint64_t)count_option("MIRROR_TEST_SEED", 1);
  for (int i = 0; i < kills; ++i) {
    int ends[2], status = 0;
    char byte;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);
      CHECK(freopen("/dev/null", "w", stderr) != NULL);
      start(i % 2 ? 4 << 20 : 64 << 20, 0);
      add_until_lost(i % 3 ? 1 << 20 : 8 << 20, ends[1]);
      _exit(failures ? 2 : 0);
    }
    CHECK(read(ends[0], &byte, 1) == 1);
    const pid_t victim = device_of(child);
    CHECK(victim > 0 && write(ends[0], "", 1) == 1);
    usleep((useconds_t)any(0, 20000));
    kill(victim, SIGKILL);
    waitpid(child, &status, 0);
    whole += status == 0;
    told += WIFEXITED(status) && WEXITSTATUS(status) == 1;
    close(ends[0]);
    close(ends[1]);
  }
  printf("loss: %d kills, %d went on, %d ended with a message\n", kills, whole, told);
  CHECK(whole + told == kills);
}

int main(int argc, char **argv) {
  const struct test tests[] = {
      {"debugger", test_debugger},
      {"late-code", test_late_code},
      {"signals", test_signals},
      {"fork", test_fork},
      {"raw-fork", geteuid() ? NULL : test_raw_fork},
      {"invisible", test_invisible},
      {"ends", test_ends},
      {"loss-when-idle", test_loss_when_idle},
      {"loss", test_loss}};
  return run_tests(tests, sizeof tests / sizeof *tests, argc, argv);
}
