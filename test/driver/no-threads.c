// Where the system gives no threads the loops stay, and force says why.
// RUN: %ferrycc -O2 %s -o %t
// RUN: bash -c "ulimit -v 200000 && FERRY_THRESHOLD=0 FERRY_THREADS=64 FERRY_VERBOSE=1 FERRY_STATS=1 exec %t" > %t.out 2> %t.err
// RUN: %filecheck --check-prefix=OUT %s < %t.out
// RUN: %filecheck --check-prefix=ERR %s < %t.err
// RUN: not bash -c "ulimit -v 200000 && FERRY=force FERRY_THRESHOLD=0 FERRY_THREADS=64 exec %t" 2>&1 | %filecheck --check-prefix=FORCE %s
// OUT: 29999997
// ERR: ferry: device host cannot be used: the system does not give it 64 threads
// ERR-NOT: cannot be used
// ERR: no-device 1
// FORCE: ferry: FERRY=force, but device host cannot be used: the system does not give it 64 threads
#include <stdio.h>
static int a[10000000];
__attribute__((noinline)) static void fill(int *p, int n) {
  for (int i = 0; i < n; i++)
    p[i] = i * 3;
}
int main(void) {
  for (int r = 0; r < 10; r++)
    fill(a, 10000000);
  printf("%d\n", a[9999999]);
}
