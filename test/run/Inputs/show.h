// What the programs of this folder share. Neither function has a loop that can
// be offloaded, so a launch is always the program's own.
#include <stdio.h>

// A reproducible number, 0 <= number < below.
static inline int draw(int below) {
  static unsigned state = 12345;
  state = state * 1664525u + 1013904223u;
  return (int)((state >> 8) % (unsigned)below);
}

// Every byte, so that a difference in the last bit shows.
static inline void show(const char *name, const void *bytes, size_t size) {
  printf("%s", name);
  for (size_t i = 0; i < size; i++)
    printf("%s%02x", i % 32 ? "" : "\n", ((const unsigned char *)bytes)[i]);
  printf("\n");
}
#define SHOW(object) show(#object, &(object), sizeof(object))
