// Our own declarations are NVIDIA's, where their header is installed.
// REQUIRES: cuda-header
// RUN: %cc -std=c11 -fsyntax-only -I/usr/local/cuda/include %s
// RUN: %inputs/versions %root/runtime/cuda/driver.h /usr/local/cuda/include/cudaTypedefs.h
#include "../../runtime/cuda/driver.h"

#include <cuda.h>

#define SAME(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #ours)
SAME(FERRY_CU_SUCCESS, CUDA_SUCCESS);
SAME(FERRY_CU_INVALID_VALUE, CUDA_ERROR_INVALID_VALUE);
SAME(FERRY_CU_OUT_OF_MEMORY, CUDA_ERROR_OUT_OF_MEMORY);
SAME(FERRY_CU_NOT_INITIALIZED, CUDA_ERROR_NOT_INITIALIZED);
SAME(FERRY_CU_STUB_LIBRARY, CUDA_ERROR_STUB_LIBRARY);
SAME(FERRY_CU_NO_DEVICE, CUDA_ERROR_NO_DEVICE);
SAME(FERRY_CU_INVALID_DEVICE, CUDA_ERROR_INVALID_DEVICE);
SAME(FERRY_CU_INVALID_IMAGE, CUDA_ERROR_INVALID_IMAGE);
SAME(FERRY_CU_INVALID_PTX, CUDA_ERROR_INVALID_PTX);
SAME(FERRY_CU_NOT_FOUND, CUDA_ERROR_NOT_FOUND);
SAME(FERRY_CU_ILLEGAL_ADDRESS, CUDA_ERROR_ILLEGAL_ADDRESS);
SAME(FERRY_CU_OUT_OF_RESOURCES, CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES);
SAME(FERRY_CU_LAUNCH_FAILED, CUDA_ERROR_LAUNCH_FAILED);
SAME(FERRY_CU_DRIVER_MISMATCH, CUDA_ERROR_SYSTEM_DRIVER_MISMATCH);
SAME(FERRY_CU_UNKNOWN, CUDA_ERROR_UNKNOWN);

SAME(FERRY_CU_WINDOWS, CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED);
SAME(FERRY_CU_PINNED, CU_MEM_ALLOCATION_TYPE_PINNED);
SAME(FERRY_CU_READ_WRITE, CU_MEM_ACCESS_FLAGS_PROT_READWRITE);
SAME(FERRY_CU_MULTIPROCESSORS, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
SAME(FERRY_CU_MAJOR, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
SAME(FERRY_CU_MINOR, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
SAME(FERRY_CU_PAGEABLE, CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS);
SAME(FERRY_CU_HOST_TABLES,
     CU_DEVICE_ATTRIBUTE_PAGEABLE_MEMORY_ACCESS_USES_HOST_PAGE_TABLES);

SAME(FERRY_CU_FUNCTION_MAX_THREADS, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
SAME(FERRY_CU_STREAM_NON_BLOCKING, CU_STREAM_NON_BLOCKING);
SAME(FERRY_CU_INPUT_PTX, CU_JIT_INPUT_PTX);
SAME(FERRY_CU_INPUT_OBJECT, CU_JIT_INPUT_OBJECT);
SAME(FERRY_CU_MEMORY_HOST, CU_MEMORYTYPE_HOST);
SAME(FERRY_CU_MEMORY_DEVICE, CU_MEMORYTYPE_DEVICE);
SAME(FERRY_CU_LOCATION_DEVICE, CU_MEM_LOCATION_TYPE_DEVICE);
SAME(FERRY_CU_LOCATION_HOST, CU_MEM_LOCATION_TYPE_HOST);
SAME(FERRY_CU_ERROR_LOG, CU_JIT_ERROR_LOG_BUFFER);
SAME(FERRY_CU_ERROR_LOG_SIZE, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);

SAME(sizeof(ferry_cu_device), sizeof(CUdevice));
SAME(sizeof(ferry_cu_address), sizeof(CUdeviceptr));
SAME(sizeof(struct ferry_cu_location), sizeof(CUmemLocation));
SAME(offsetof(struct ferry_cu_location, id), offsetof(CUmemLocation, id));
SAME(sizeof(struct ferry_cu_allocation), sizeof(CUmemAllocationProp));
SAME(offsetof(struct ferry_cu_allocation, type), offsetof(CUmemAllocationProp, type));
SAME(offsetof(struct ferry_cu_allocation, where), offsetof(CUmemAllocationProp, location));
SAME(sizeof(struct ferry_cu_access), sizeof(CUmemAccessDesc));
SAME(offsetof(struct ferry_cu_access, where), offsetof(CUmemAccessDesc, location));
SAME(offsetof(struct ferry_cu_access, flags), offsetof(CUmemAccessDesc, flags));
SAME(sizeof(CUmemGenericAllocationHandle), sizeof(uint64_t));
#define COPY(ours, theirs)                                                     \
  SAME(offsetof(struct ferry_cu_copy_2d, ours), offsetof(CUDA_MEMCPY2D, theirs))
COPY(from_x, srcXInBytes);
COPY(from_y, srcY);
COPY(from_type, srcMemoryType);
COPY(from_host, srcHost);
COPY(from_device, srcDevice);
COPY(from_pitch, srcPitch);
COPY(to_x, dstXInBytes);
COPY(to_y, dstY);
COPY(to_type, dstMemoryType);
COPY(to_host, dstHost);
COPY(to_device, dstDevice);
COPY(to_pitch, dstPitch);
COPY(width, WidthInBytes);
COPY(height, Height);
SAME(sizeof(struct ferry_cu_copy_2d), sizeof(CUDA_MEMCPY2D));
