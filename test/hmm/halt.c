// Ends the machine, and QEMU with it.
#include <sys/reboot.h>
#include <unistd.h>

int main(void) {
  sync();
  reboot(RB_AUTOBOOT);
  return 1;
}
