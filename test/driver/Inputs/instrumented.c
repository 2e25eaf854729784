#include <stdio.h>

#define HIDDEN __attribute__((no_instrument_function))
static int a[1000];
static long entered;

HIDDEN void __cyg_profile_func_enter(void *function, void *caller) {
  (void)function, (void)caller;
  ++entered;
}

HIDDEN void __cyg_profile_func_exit(void *function, void *caller) {
  (void)function, (void)caller;
}

__attribute__((noinline)) void fill(int n) {
  for (int i = 0; i < n; i++)
    a[i] = i * 3;
}

HIDDEN int main(void) {
  fill(1000);
  fill(1000);
  printf("entered %ld, %d\n", entered, a[999]);
}
