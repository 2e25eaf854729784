// For LD_PRELOAD: of the children that a process makes, those die whose letter in
// CHILDREN is d; f: there is none.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

pid_t fork(void) {
  static unsigned made;
  const char *fates = getenv("CHILDREN");
  const char fate = made < strlen(fates) ? fates[made] : fates[strlen(fates) - 1];
  ++made;
  if (fate == 'f') {
    errno = EAGAIN;
    return -1;
  }
  const pid_t child = ((pid_t (*)(void))dlsym(RTLD_NEXT, "fork"))();
  if (child == 0 && fate == 'd')
    kill(getpid(), SIGKILL);
  return child;
}
