// Hash table with chains and a linked list: follows pointers, nothing to launch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

typedef struct Entry {
  struct Entry *next;
  uint32_t key;
  int count;
} Entry;

int main(int argc, char **argv) {
  const int n = size(argc, argv, 1000, 200000), lookups = size(argc, argv, 12000000, 8000000);
  const uint32_t mask = size(argc, argv, 511, 65535);
  Entry **table = array(mask + 1, sizeof *table), *entries = array(n, sizeof *entries);
  for (int i = 0; i < n; i++) {
    entries[i].key = random_bits();
    entries[i].next = table[entries[i].key & mask];
    table[entries[i].key & mask] = &entries[i];
  }
  for (int t = 0; t < lookups; t++) {
    const uint32_t key = entries[random_bits() % n].key;
    Entry *e = table[key & mask];
    while (e && e->key != key)
      e = e->next;
    if (e)
      e->count++;
  }
  long sum = 0;
  for (uint32_t b = 0; b <= mask; b++)
    for (Entry *e = table[b]; e; e = e->next)
      sum += e->count * (long)(b & 7);
  report(sum, &sum, sizeof sum);
}
