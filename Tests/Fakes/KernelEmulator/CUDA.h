#pragma once

// The kernels ask for loops to be unrolled, which tells on a GPU; here it is no matter where that is not done.
#pragma clang diagnostic ignored "-Wpass-failed"
// What the kernels' sources need of CUDA C++, for a CPU. Of what warps do together there is the product of matrices alone:
// apart from that, kernels use shared memory, barriers and atomics.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

// NVRTC is told not to fuse multiplications and additions; nor may this compiler.
#pragma clang fp contract(off)

#define SWOOP_EMULATOR 1

#define __global__
#define __device__
#define __host__
#define __constant__ static const
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
// Shared by the coroutines of one block, which are of one thread. Several threads may emulate at once.
#define __shared__ static thread_local

struct uint3 { unsigned x, y, z; };
struct dim3 { unsigned x, y, z; };

// By the compiler's own keyword: accesses need no call that initialises.
extern __thread uint3 threadIdx, blockIdx;
extern __thread dim3 blockDim, gridDim;

namespace emulator {

/// Waits for the block's other threads; `place` says which barrier it is.
void barrier(int place);
/// As `barrier`; the sum of all threads' values.
int barrierSum(int place, int value);
/// Waits for the other threads of the warp.
void warpBarrier(int place);
/// The running thread's warp and its lane in it.
unsigned warp(), lane();
/// The launch's dynamic shared memory, aligned to 16 bytes and full of junk at the start of a block.
void *dynamicShared();

using Invocation = void (*)(void **);
/// Makes a kernel known by its name.
struct Registration {
  Registration(const char *name, Invocation run, const size_t *sizes, int count);
};

template <auto kernel>
struct Kernel;

template <class... Arguments, void (*kernel)(Arguments...)>
struct Kernel<kernel> {
  static constexpr size_t sizes[] = {sizeof(Arguments)..., 0};
  static constexpr int count = sizeof...(Arguments);

  template <size_t... index>
  static void run(void **arguments, std::index_sequence<index...>) {
    (void)arguments;
    kernel(*static_cast<std::remove_cv_t<Arguments> *>(arguments[index])...);
  }
  static void run(void **arguments) { run(arguments, std::index_sequence_for<Arguments...>()); }
};

}  // namespace emulator

/// Ends a source file: makes one of its kernels known to the emulator.
#define SWOOP_EMULATED_KERNEL(name)                                                              \
  static const emulator::Registration registration_##name(#name, emulator::Kernel<&name>::run,   \
                                                          emulator::Kernel<&name>::sizes,        \
                                                          emulator::Kernel<&name>::count);

/// Declares a pointer to dynamic shared memory; the kernels' sources define it for a GPU.
#define SWOOP_DYNAMIC_SHARED(type, name) type *const name = static_cast<type *>(emulator::dynamicShared())

#define __syncthreads() emulator::barrier(__LINE__)
#define __syncthreads_count(predicate) emulator::barrierSum(__LINE__, (predicate) ? 1 : 0)
#define __syncthreads_or(predicate) (emulator::barrierSum(__LINE__, (predicate) ? 1 : 0) != 0)
#define __syncthreads_and(predicate) (emulator::barrierSum(__LINE__, (predicate) ? 0 : 1) == 0)
static inline void __threadfence() {}
static inline void __threadfence_block() {}

// MARK: Vectors. Loads and stores through them must be aligned, as on a GPU.

#define SWOOP_VECTOR(type, element, bytes)                                                          \
  struct alignas(2 * bytes) type##2 { element x, y; };                                              \
  struct alignas(4 * bytes <= 16 ? 4 * bytes : 16) type##4 { element x, y, z, w; };                 \
  static inline type##2 make_##type##2(element x, element y) { return {x, y}; }                     \
  static inline type##4 make_##type##4(element x, element y, element z, element w) { return {x, y, z, w}; }
SWOOP_VECTOR(uchar, unsigned char, 1)
SWOOP_VECTOR(ushort, unsigned short, 2)
SWOOP_VECTOR(short, short, 2)
SWOOP_VECTOR(int, int, 4)
SWOOP_VECTOR(uint, unsigned, 4)
SWOOP_VECTOR(float, float, 4)
SWOOP_VECTOR(double, double, 8)
#undef SWOOP_VECTOR

template <class T>
static inline T __ldg(const T *p) { return *p; }
template <class T>
static inline T __ldcs(const T *p) { return *p; }
template <class T>
static inline void __stcs(T *p, T v) { *p = v; }

// MARK: Arithmetic

// CUDA's min and max mix widths of one signedness.
template <class A, class B>
static inline std::common_type_t<A, B> min(A a, B b) {
  return std::common_type_t<A, B>(b) < std::common_type_t<A, B>(a) ? b : a;
}
template <class A, class B>
static inline std::common_type_t<A, B> max(A a, B b) {
  return std::common_type_t<A, B>(a) < std::common_type_t<A, B>(b) ? b : a;
}

static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return std::sqrt(a); }
static inline float __fmaf_rn(float a, float b, float c) { return std::fma(a, b, c); }
/// Rounded towards zero; exact before that where product and sum have 53 bits.
static inline float __fmaf_rz(float a, float b, float c) {
  const double exact = double(a) * double(b) + double(c);
  const float near = float(exact);
  return std::fabs(double(near)) > std::fabs(exact) ? std::nextafterf(near, 0) : near;
}
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __dsqrt_rn(double a) { return std::sqrt(a); }
static inline double __fma_rn(double a, double b, double c) { return std::fma(a, b, c); }
static inline float __saturatef(float a) { return a > 0 ? (a < 1 ? a : 1) : 0; }

static inline float __double2float_rn(double a) { return float(a); }
static inline float __int2float_rn(int a) { return float(a); }
static inline float __uint2float_rn(unsigned a) { return float(a); }
static inline int __float2int_rn(float a) { return int(std::nearbyint(a)); }
static inline int __float2int_rz(float a) { return int(a); }
static inline int __float2int_rd(float a) { return int(std::floor(a)); }
static inline int __double2int_rn(double a) { return int(std::nearbyint(a)); }
static inline int __double2int_rz(double a) { return int(a); }
static inline int __double2int_rd(double a) { return int(std::floor(a)); }

template <class To, class From>
static inline To swoop_bits(From a) {
  static_assert(sizeof(To) == sizeof(From));
  To b;
  memcpy(&b, &a, sizeof b);
  return b;
}
static inline int __float_as_int(float a) { return swoop_bits<int>(a); }
static inline unsigned __float_as_uint(float a) { return swoop_bits<unsigned>(a); }
static inline float __int_as_float(int a) { return swoop_bits<float>(a); }
static inline float __uint_as_float(unsigned a) { return swoop_bits<float>(a); }
static inline long long __double_as_longlong(double a) { return swoop_bits<long long>(a); }
static inline double __longlong_as_double(long long a) { return swoop_bits<double>(a); }

static inline int __popc(unsigned a) { return __builtin_popcount(a); }
static inline int __popcll(unsigned long long a) { return __builtin_popcountll(a); }
static inline int __clz(int a) { return a == 0 ? 32 : __builtin_clz(unsigned(a)); }
static inline int __clzll(long long a) { return a == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(a)); }
static inline int __ffs(int a) { return __builtin_ffs(a); }
static inline int __ffsll(long long a) { return __builtin_ffsll(a); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned((uint64_t(a) * b) >> 32); }
static inline int __mulhi(int a, int b) { return int((int64_t(a) * b) >> 32); }
static inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
  return unsigned((uint64_t(high) << 32 | low) >> (shift & 31));
}
static inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector) {
  uint64_t bytes = uint64_t(y) << 32 | x;
  unsigned out = 0;
  for (int i = 0; i < 4; i++) {
    unsigned nibble = selector >> (4 * i) & 15;
    unsigned byte = unsigned(bytes >> (8 * (nibble & 7))) & 255;
    if (nibble & 8) byte = byte & 128 ? 255 : 0;
    out |= byte << (8 * i);
  }
  return out;
}

static inline unsigned __dp2a_lo(unsigned halves, unsigned bytes, unsigned sum) {
  return sum + (halves & 0xFFFF) * (bytes & 255) + (halves >> 16) * (bytes >> 8 & 255);
}
static inline unsigned __dp2a_hi(unsigned halves, unsigned bytes, unsigned sum) {
  return __dp2a_lo(halves, bytes >> 16, sum);
}
/// A warp's product of matrices; the kernels' prelude says which lane has what.
template <bool isFirstSigned, bool isSecondSigned>
static inline void swoop_multiply(int (&sums)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  // Rows of the first, columns of the second; bytes in one order in both, which need not be the lanes'.
  struct Operands { unsigned rows[16][8], columns[8][8]; };
  static thread_local Operands operands[32];
  Operands &own = operands[emulator::warp()];
  const unsigned lane = emulator::lane(), g = lane / 4, t = lane % 4;
  for (unsigned i = 0; i < 4; i++) own.rows[g + i % 2 * 8][t + i / 2 * 4] = a[i];
  for (unsigned i = 0; i < 2; i++) own.columns[g][t + i * 4] = b[i];
  emulator::warpBarrier(__LINE__);
  // Vectors, for this is compiled without optimisation too.
  using First = std::conditional_t<isFirstSigned, int8_t, uint8_t> __attribute__((vector_size(32)));
  using Second = std::conditional_t<isSecondSigned, int8_t, uint8_t> __attribute__((vector_size(32)));
  using Sums = int __attribute__((vector_size(128)));
  for (unsigned i = 0; i < 4; i++) {
    First first;
    Second second;
    memcpy(&first, own.rows[g + i / 2 * 8], sizeof first);
    memcpy(&second, own.columns[t * 2 + i % 2], sizeof second);
    sums[i] += __builtin_reduce_add(__builtin_convertvector(first, Sums) * __builtin_convertvector(second, Sums));
  }
  emulator::warpBarrier(__LINE__);
}
template <class T>
static inline const T *swoop_offset(const T *p, int count, int step) {
  return reinterpret_cast<const T *>(reinterpret_cast<const char *>(p) + int64_t(count) * step);
}
static inline unsigned swoop_shared_address(const void *p) {
  return unsigned(static_cast<const char *>(p) - static_cast<const char *>(emulator::dynamicShared()));
}
template <int size>
static inline void swoop_copy(unsigned to, const unsigned char *from) {
  using Words = unsigned __attribute__((vector_size(size)));
  *reinterpret_cast<Words *>(static_cast<char *>(emulator::dynamicShared()) + to) = *reinterpret_cast<const Words *>(from);
}
static inline void swoop_copies_wait() {}
static inline unsigned swoop_select(unsigned word, unsigned selector) { return __byte_perm(word, 0, selector); }
static inline unsigned swoop_pack_bytes(int a, int b, int c, int d) {
  const int numbers[] = {a, b, c, d};
  unsigned all = 0;
  for (int i = 0; i < 4; i++) all |= unsigned(numbers[i] < 0 ? 0 : numbers[i] > 255 ? 255 : numbers[i]) << (8 * i);
  return all;
}

/// A number rounded to float16, ties to even.
static inline unsigned swoop_half_bits(float value) {
  unsigned bits = __float_as_uint(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7FFFFFFF;
  if (magnitude > 0x7F800000) return sign | 0x7E00 | (magnitude >> 13 & 0x3FF);
  // Adding to a number whose last place is the result's makes the hardware round; below 2^-14 places stay 2^-24.
  int exponent = int(magnitude >> 23) - 127;
  float unit = std::ldexp(1.0f, (exponent < -14 ? -14 : exponent) - 10);
  float rounded = std::nearbyint(__uint_as_float(magnitude) / unit) * unit;
  if (exponent > 15 || rounded > 65504) return sign | 0x7C00;
  if (rounded < std::ldexp(1.0f, -14)) return sign | unsigned(rounded / std::ldexp(1.0f, -24));
  return sign | ((__float_as_uint(rounded) - 0x38000000) >> 13);
}
static inline unsigned swoop_half_bits(float low, float high) {
  return swoop_half_bits(low) | swoop_half_bits(high) << 16;
}

static inline float swoop_half_value(unsigned bits) {
  const unsigned exponent = bits >> 10 & 31, fraction = bits & 0x3FF;
  const float magnitude = exponent == 0    ? std::ldexp(float(fraction), -24)
                          : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                                           : std::ldexp(float(fraction | 0x400), int(exponent) - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}
/// Products of a byte and a float16 are exact in 24 bits; of sums only those that the host takes must be.
static inline unsigned swoop_half_values(unsigned x, unsigned high, unsigned low) {
  unsigned result[2];
  for (int i = 0; i < 2; i++) {
    const float number = swoop_half_value(x >> 16 * i & 0xFFFF) - 1024;
    const float part = swoop_half_value(swoop_half_bits(number * swoop_half_value(low >> 16 * i & 0xFFFF)));
    result[i] = swoop_half_bits(std::fma(number, swoop_half_value(high >> 16 * i & 0xFFFF), part));
  }
  return result[0] | result[1] << 16;
}

// MARK: Atomics. A block's threads are coroutines of one thread, and blocks follow one another: plain code is atomic.

template <class T>
static inline T atomicAdd(T *p, std::common_type_t<T> v) { T old = *p; *p = T(old + v); return old; }
template <class T>
static inline T atomicSub(T *p, std::common_type_t<T> v) { T old = *p; *p = T(old - v); return old; }
template <class T>
static inline T atomicMax(T *p, std::common_type_t<T> v) { T old = *p; if (old < v) *p = v; return old; }
template <class T>
static inline T atomicMin(T *p, std::common_type_t<T> v) { T old = *p; if (v < old) *p = v; return old; }
template <class T>
static inline T atomicExch(T *p, std::common_type_t<T> v) { T old = *p; *p = v; return old; }
template <class T>
static inline T atomicOr(T *p, std::common_type_t<T> v) { T old = *p; *p = T(old | v); return old; }
template <class T>
static inline T atomicAnd(T *p, std::common_type_t<T> v) { T old = *p; *p = T(old & v); return old; }
template <class T>
static inline T atomicXor(T *p, std::common_type_t<T> v) { T old = *p; *p = T(old ^ v); return old; }
template <class T>
static inline T atomicCAS(T *p, std::common_type_t<T> compare, std::common_type_t<T> v) {
  T old = *p;
  if (old == compare) *p = v;
  return old;
}
static inline unsigned atomicInc(unsigned *p, unsigned limit) {
  unsigned old = *p;
  *p = old >= limit ? 0 : old + 1;
  return old;
}
