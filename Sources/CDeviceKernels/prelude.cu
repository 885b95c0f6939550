// Comes before every other source. The emulator that runs the kernels on the CPU has its own instead.

/// Declares a pointer to the launch's dynamic shared memory, aligned to 16 bytes.
#define SWOOP_DYNAMIC_SHARED(type, name)                            \
  extern __shared__ __align__(16) unsigned char swoop_dynamic_shared[]; \
  type *const name = reinterpret_cast<type *>(swoop_dynamic_shared)

/// Makes a kernel known to the emulator.
#define SWOOP_EMULATED_KERNEL(name)

/// Two numbers rounded to float16, ties to even: the bits of `low` in the low half. NVRTC has no cuda_fp16.h.
__device__ __forceinline__ unsigned swoop_half_bits(float low, float high) {
#if __CUDA_ARCH__ >= 800
  unsigned bits;
  asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low));
  return bits;
#else
  unsigned short a, b;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(a) : "f"(low));
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(b) : "f"(high));
  return a | unsigned(b) << 16;
#endif
}

/// `sum` plus the products of four bytes with a sign and four without.
__device__ __forceinline__ int swoop_dp4a_signed(unsigned withSign, unsigned without, int sum) {
  int result;
  asm("dp4a.s32.u32 %0, %1, %2, %3;" : "=r"(result) : "r"(withSign), "r"(without), "r"(sum));
  return result;
}

/// Four numbers limited to bytes, the first in the lowest.
__device__ __forceinline__ unsigned swoop_pack_bytes(int a, int b, int c, int d) {
  unsigned upper, all;
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(upper) : "r"(d), "r"(c), "r"(0));
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(all) : "r"(b), "r"(a), "r"(upper));
  return all;
}
