// Two loops with sites, large enough to ask the runtime, and a sum.
#include <stdio.h>

enum { N = 100000 };
static long a[N];

int main(void) {
  long sum = 0;
  for (int i = 0; i < N; i++)
    a[i] = (long)i % 1000 * (i % 1000);
  for (int i = 0; i < N; i++)
    sum += a[i];
  printf("sum %ld\n", sum / 100);
  return 0;
}
