// What the GPU of FERRY_DEVICE is and can, as one line of JSON. Packed by
// tools/pack-gpu; linked with runtime/cuda/gpu.c and library.c.
// usage: attributes [NUMBER]
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define _GNU_SOURCE
#include "../../runtime/cuda/cuda.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
  const char *name;
  int number; // of CUdevice_attribute
} attributes[] = {{"pageableMemoryAccess", 88},
                  {"pageableMemoryAccessUsesHostPageTables", 100},
                  {"concurrentManagedAccess", 89},
                  {"hostNativeAtomicSupported", 86},
                  {"virtualMemoryManagement", 102},
                  {"computeCapabilityMajor", 75},
                  {"computeCapabilityMinor", 76},
                  {"multiProcessorCount", 16},
                  {"clockRateKHz", 13},
                  {"memoryClockRateKHz", 36},
                  {"memoryBusWidthBits", 37},
                  {"integrated", 18}};

int main(int argc, char **argv) {
  struct ferry_gpu gpu = {.name = "?"};
  char why[512] = "";
  const bool usable = ferry_find_gpu(&gpu, argc > 1 ? atoi(argv[1]) : 0, why, sizeof why);
  printf("{\"usable\":%s,\"name\":\"%s\",\"why\":\"%s\",\"driver\":%d",
         usable ? "true" : "false", gpu.name, why, gpu.driver);
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; ++i) {
    int value;
    if (ferry_cu.device_attribute &&
        !ferry_cu.device_attribute(&value, attributes[i].number, gpu.device))
      printf(",\"%s\":%d", attributes[i].name, value);
  }
  puts("}");
  return 0;
}
