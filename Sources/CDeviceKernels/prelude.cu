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

/// Two values fma(x, high, x * low) in float16, each operation rounded; of x there is 1024 + x. All are two numbers each.
__device__ __forceinline__ unsigned swoop_half_values(unsigned x, unsigned high, unsigned low) {
  unsigned result;
  asm("{\n\t.reg .b32 x, p;\n\tsub.rn.f16x2 x, %1, %4;\n\tmul.rn.f16x2 p, x, %3;\n\tfma.rn.f16x2 %0, x, %2, p;\n\t}"
      : "=r"(result) : "r"(x), "r"(high), "r"(low), "r"(0x64006400));
  return result;
}

/// A warp's product of matrices, on top of `sums`: 16 x 32 bytes without a sign times 32 x 8 bytes, which have a sign or
/// not, is 16 x 8. Lane 4 * g + t has rows g and g + 8 of the first at columns 4 * t to 4 * t + 3, then both again 16
/// columns on; column g of the second at rows 4 * t to 4 * t + 3, then 16 rows on; and of the sums rows g and g + 8 at
/// columns 2 * t and 2 * t + 1. All lanes of the warp must come here together.
template <bool isSigned>
__device__ __forceinline__ void swoop_multiply(int (&sums)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if __CUDA_ARCH__ >= 800
  if (isSigned) {
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  } else {
    asm volatile("mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  }
#else
  // Turing's matrices are 8 x 16 and 16 x 8.
#pragma unroll
  for (int i = 0; i < 4; i++) {
    int *const two = sums + i % 2 * 2;
    if (isSigned) {
      asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.u8.s8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
                   : "+r"(two[0]), "+r"(two[1])
                   : "r"(a[i]), "r"(b[i / 2]));
    } else {
      asm volatile("mma.sync.aligned.m8n8k16.row.col.s32.u8.u8.s32 {%0, %1}, {%2}, {%3}, {%0, %1};"
                   : "+r"(two[0]), "+r"(two[1])
                   : "r"(a[i]), "r"(b[i / 2]));
    }
  }
#endif
}

/// `p + count * step` by one instruction; compilers make a product of 64 bits.
__device__ __forceinline__ const unsigned char *swoop_offset(const unsigned char *p, int count, int step) {
  const unsigned char *result;
  asm("mad.wide.s32 %0, %1, %2, %3;" : "=l"(result) : "r"(count), "r"(step), "l"(p));
  return result;
}

/// Four bytes without a sign times four, which have a sign or not, on top of a sum.
__device__ __forceinline__ int swoop_dot_signed(unsigned bytes, unsigned others, int sum) {
  int result;
  asm("dp4a.u32.s32 %0, %1, %2, %3;" : "=r"(result) : "r"(bytes), "r"(others), "r"(sum));
  return result;
}

__device__ __forceinline__ int swoop_dot(unsigned bytes, unsigned others, int sum) {
  return int(__dp4a(bytes, others, unsigned(sum)));
}

/// Four numbers limited to bytes, the first in the lowest.
__device__ __forceinline__ unsigned swoop_pack_bytes(int a, int b, int c, int d) {
  unsigned upper, all;
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(upper) : "r"(d), "r"(c), "r"(0));
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(all) : "r"(b), "r"(a), "r"(upper));
  return all;
}
