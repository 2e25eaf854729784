// CRC-32 and Adler-32 of a text: each byte needs what the byte before left.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "bench.h"

static uint32_t crc(const uint32_t *table, const unsigned char *p, size_t n) {
  uint32_t c = ~0u;
  for (size_t i = 0; i < n; i++)
    c = table[(c ^ p[i]) & 255] ^ c >> 8;
  return ~c;
}

static uint32_t adler(const unsigned char *p, size_t n) {
  uint32_t a = 1, b = 0;
  for (size_t i = 0; i < n; i++) {
    a = (a + p[i]) % 65521;
    b = (b + a) % 65521;
  }
  return b << 16 | a;
}

int main(int argc, char **argv) {
  const int n = size(argc, argv, 1000, 20000000), times = size(argc, argv, 30000, 3);
  unsigned char *text = array(n, 1);
  uint32_t table[256], sums[2] = {0, 0};
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t c = i;
    for (int k = 0; k < 8; k++)
      c = c & 1 ? 0xedb88320 ^ c >> 1 : c >> 1;
    table[i] = c;
  }
  for (int i = 0; i < n; i++)
    text[i] = random_bits();
  for (int t = 0; t < times; t++) {
    sums[0] ^= crc(table, text, n);
    sums[1] ^= adler(text, n);
    text[t % n]++;
  }
  report(sums[0], sums, sizeof sums);
}
