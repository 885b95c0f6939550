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

/// A warp's product of matrices, on top of `sums`: 16 x 32 bytes times 32 x 8 bytes, of which the ones or the others may
/// have a sign, is 16 x 8. Lane 4 * g + t has rows g and g + 8 of the first at columns 4 * t to 4 * t + 3, then both again
/// 16 columns on; column g of the second at rows 4 * t to 4 * t + 3, then 16 rows on; and of the sums rows g and g + 8 at
/// columns 2 * t and 2 * t + 1. All lanes of the warp must come here together.
template <bool isFirstSigned, bool isSecondSigned>
__device__ __forceinline__ void swoop_multiply(int (&sums)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#if __CUDA_ARCH__ >= 800
#define SWOOP_MULTIPLY(first, second)                                                                                       \
  asm volatile("mma.sync.aligned.m16n8k32.row.col.s32." first "." second                                                   \
               ".s32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"                                       \
               : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])                                                \
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]))
  if (isFirstSigned) SWOOP_MULTIPLY("s8", "u8");
  else if (isSecondSigned) SWOOP_MULTIPLY("u8", "s8");
  else SWOOP_MULTIPLY("u8", "u8");
#else
// Turing's matrices are 8 x 16 and 16 x 8.
#define SWOOP_MULTIPLY(first, second)                                                                                       \
  asm volatile("mma.sync.aligned.m8n8k16.row.col.s32." first "." second ".s32 {%0, %1}, {%2}, {%3}, {%0, %1};"            \
               : "+r"(two[0]), "+r"(two[1])                                                                                \
               : "r"(a[i]), "r"(b[i / 2]))
#pragma unroll
  for (int i = 0; i < 4; i++) {
    int *const two = sums + i % 2 * 2;
    if (isFirstSigned) SWOOP_MULTIPLY("s8", "u8");
    else if (isSecondSigned) SWOOP_MULTIPLY("u8", "s8");
    else SWOOP_MULTIPLY("u8", "u8");
  }
#endif
#undef SWOOP_MULTIPLY
}

/// `count * step` bytes from `p` by one instruction; compilers make a product of 64 bits.
template <class T>
__device__ __forceinline__ const T *swoop_offset(const T *p, int count, int step) {
  const T *result;
  asm("mad.wide.s32 %0, %1, %2, %3;" : "=l"(result) : "r"(count), "r"(step), "l"(p));
  return result;
}

/// Bytes of a word and zeros: of each of the selector's lowest four nibbles, which are 0 to 4, the byte, or zero for 4.
__device__ __forceinline__ unsigned swoop_select(unsigned word, unsigned selector) {
  unsigned result;
  asm("prmt.b32 %0, %1, 0, %2;" : "=r"(result) : "r"(word), "r"(selector));
  return result;
}

/// Four numbers limited to bytes, the first in the lowest.
__device__ __forceinline__ unsigned swoop_pack_bytes(int a, int b, int c, int d) {
  unsigned upper, all;
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(upper) : "r"(d), "r"(c), "r"(0));
  asm("cvt.pack.sat.u8.s32.b32 %0, %1, %2, %3;" : "=r"(all) : "r"(b), "r"(a), "r"(upper));
  return all;
}

/// The address in shared memory of what is there.
__device__ __forceinline__ unsigned swoop_shared_address(const void *p) { return unsigned(__cvta_generic_to_shared(p)); }

/// Copies 4 or 8 bytes to an address in shared memory, where they are once `swoop_copies_wait` has waited for them. Both
/// addresses are aligned to as many.
template <int size>
__device__ __forceinline__ void swoop_copy(unsigned to, const unsigned char *from) {
#if __CUDA_ARCH__ >= 800
  if (size == 8) asm volatile("cp.async.ca.shared.global [%0], [%1], 8;" ::"r"(to), "l"(from) : "memory");
  else asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"(to), "l"(from) : "memory");
#else
  if (size == 8) {
    const uint2 words = __ldg(reinterpret_cast<const uint2 *>(from));
    asm volatile("st.shared.v2.u32 [%0], {%1, %2};" ::"r"(to), "r"(words.x), "r"(words.y) : "memory");
  } else {
    asm volatile("st.shared.u32 [%0], %1;" ::"r"(to), "r"(__ldg(reinterpret_cast<const unsigned *>(from))) : "memory");
  }
#endif
}

/// Waits for the thread's own copies.
__device__ __forceinline__ void swoop_copies_wait() {
#if __CUDA_ARCH__ >= 800
  asm volatile("cp.async.wait_all;" ::: "memory");
#endif
}
