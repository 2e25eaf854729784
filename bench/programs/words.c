// Splits a text into words and counts them in a table: bytes and branches.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

typedef struct {
  const char *text;
  int length, count;
} Word;

int main(int argc, char **argv) {
  const int n = size(argc, argv, 20000, 8000000), times = size(argc, argv, 600, 5);
  enum { SLOTS = 1 << 16 };
  Word *words = array(SLOTS, sizeof *words);
  char *text = array(n + 1, 1);
  for (int i = 0; i < n; i++)
    text[i] = random_bits() % 5 ? "etaoinsh"[random_bits() % 8] : ' ';
  for (int t = 0; t < times; t++)
    for (const char *p = text; *p;) {
      while (*p == ' ')
        p++;
      const char *start = p;
      uint32_t hash = 5381;
      for (; *p && *p != ' '; p++)
        hash = hash * 33 ^ (unsigned char)*p;
      const int length = (int)(p - start);
      uint32_t slot = hash % SLOTS;
      for (int tries = 0; tries < 8 && words[slot].count; tries++) {
        if (words[slot].length == length && !memcmp(words[slot].text, start, length))
          break;
        slot = (slot + 1) % SLOTS;
      }
      words[slot].text = start, words[slot].length = length, words[slot].count++;
    }
  double sum = 0;
  for (int i = 0; i < SLOTS; i++)
    sum += words[i].count * (double)(i % 17);
  report(sum, &sum, sizeof sum);
}
