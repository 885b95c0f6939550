#include "CUDA.h"

// Kernels that prove the emulator itself.

/// Sums each block's part of `values` by halves, and counts those above a limit; out[2 * block] and out[2 * block + 1].
extern "C" __global__ void probe_sums(const float *values, int count, float limit, float *out) {
  __shared__ float sums[256];
  unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  float value = int(i) < count ? values[i] : 0;
  sums[threadIdx.x] = value;
  int above = __syncthreads_count(value > limit);
  for (unsigned half = blockDim.x / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) sums[threadIdx.x] = __fadd_rn(sums[threadIdx.x], sums[threadIdx.x + half]);
    __syncthreads();
  }
  if (threadIdx.x == 0) {
    out[2 * blockIdx.x] = sums[0];
    out[2 * blockIdx.x + 1] = float(above);
  }
}
SWOOP_EMULATED_KERNEL(probe_sums)

/// Turns bytes of dynamic shared memory around; `total` counts all threads of the grid.
extern "C" __global__ void probe_reverse(unsigned char *bytes, unsigned long long *total) {
  SWOOP_DYNAMIC_SHARED(unsigned char, copy);
  unsigned i = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  unsigned count = blockDim.x * blockDim.y * blockDim.z;
  unsigned char *mine = bytes + size_t(count) * (blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z));
  copy[i] = mine[i];
  atomicAdd(total, 1);
  __syncthreads();
  mine[i] = copy[count - 1 - i];
}
SWOOP_EMULATED_KERNEL(probe_reverse)

/// Waits at two barriers at once, which is an error.
extern "C" __global__ void probe_split() {
  if (threadIdx.x % 2 == 0) {
    __syncthreads();
  } else {
    __syncthreads();
  }
}
SWOOP_EMULATED_KERNEL(probe_split)
