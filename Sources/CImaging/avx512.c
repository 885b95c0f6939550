#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(                                                                    \
    __attribute__((target("avx2,fma,f16c,avx512f,avx512bw,avx512vl,avx512vbmi"))), apply_to = function)
#include "plain.h"

extern const swoop_kernels swoop_avx2_kernels;

// The row kernels are bound by loads and shuffles of single pixels: eight taps at a time in 64 bytes were no faster than
// four in 32 on an EPYC of the Zen 4 generation.
static void linear_row(const uint8_t *row, const int32_t *offsets, const int16_t *weights, size_t n, int16_t *planes,
                       size_t stride) {
  swoop_avx2_kernels.linear_row(row, offsets, weights, n, planes, stride);
}

static void convolve_row(const uint8_t *row, const int32_t *firsts, const int32_t *counts, const int64_t *starts,
                         const int32_t *coefficients, const int16_t *pairs, size_t groups, size_t n, uint8_t *out) {
  swoop_avx2_kernels.convolve_row(row, firsts, counts, starts, coefficients, pairs, groups, n, out);
}

static void linear_column(const int16_t *h0, const int16_t *h1, int16_t b0, int16_t b1, size_t n, uint8_t *out) {
  const __m512i w0 = _mm512_set1_epi16(b0), w1 = _mm512_set1_epi16(b1), two = _mm512_set1_epi16(2);
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __m512i upper = _mm512_mulhi_epi16(_mm512_loadu_si512(h0 + i), w0);
    __m512i lower = _mm512_mulhi_epi16(_mm512_loadu_si512(h1 + i), w1);
    __m512i v = _mm512_srai_epi16(_mm512_add_epi16(_mm512_add_epi16(upper, lower), two), 2);
    _mm256_storeu_si256((__m256i *)(out + i), _mm512_cvtusepi16_epi8(v));
  }
  plain_linear_column(h0, h1, b0, b1, i, n, out);
}

static void convolve_column(const uint8_t *const *rows, size_t count, const int32_t *coefficients,
                            const int16_t *pairs, size_t n, uint8_t *out) {
  const __m512i zero = _mm512_setzero_si512(), half = _mm512_set1_epi32(1 << 21);
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    __m512i h0 = zero, h1 = zero, h2 = zero, h3 = zero, l0 = half, l1 = half, l2 = half, l3 = half;
    for (size_t t = 0; t < count; t += 2) {
      const int16_t *k = pairs + 8 * (t >> 2) + (t & 2);
      int32_t kh, kl;
      __builtin_memcpy(&kh, k, 4);
      __builtin_memcpy(&kl, k + 4, 4);
      __m512i vh = _mm512_set1_epi32(kh), vl = _mm512_set1_epi32(kl);
      __m512i a = _mm512_loadu_si512(rows[t] + i), b = _mm512_loadu_si512(rows[t + 1] + i);
      __m512i lower = _mm512_unpacklo_epi8(a, b), upper = _mm512_unpackhi_epi8(a, b);
      __m512i p0 = _mm512_unpacklo_epi8(lower, zero), p1 = _mm512_unpackhi_epi8(lower, zero);
      __m512i p2 = _mm512_unpacklo_epi8(upper, zero), p3 = _mm512_unpackhi_epi8(upper, zero);
      h0 = _mm512_add_epi32(h0, _mm512_madd_epi16(p0, vh));
      h1 = _mm512_add_epi32(h1, _mm512_madd_epi16(p1, vh));
      h2 = _mm512_add_epi32(h2, _mm512_madd_epi16(p2, vh));
      h3 = _mm512_add_epi32(h3, _mm512_madd_epi16(p3, vh));
      l0 = _mm512_add_epi32(l0, _mm512_madd_epi16(p0, vl));
      l1 = _mm512_add_epi32(l1, _mm512_madd_epi16(p1, vl));
      l2 = _mm512_add_epi32(l2, _mm512_madd_epi16(p2, vl));
      l3 = _mm512_add_epi32(l3, _mm512_madd_epi16(p3, vl));
    }
#define VALUE(h, l) _mm512_srai_epi32(_mm512_add_epi32(_mm512_slli_epi32(h, 12), l), 22)
    __m512i lower = _mm512_packs_epi32(VALUE(h0, l0), VALUE(h1, l1));
    __m512i upper = _mm512_packs_epi32(VALUE(h2, l2), VALUE(h3, l3));
#undef VALUE
    _mm512_storeu_si512(out + i, _mm512_packus_epi16(lower, upper));
  }
  plain_convolve_column(rows, count, coefficients, i, n, out);
}

static void deinterleave(const uint8_t *row, size_t n, uint8_t *planes, size_t stride) {
  // Byte j of a plane is byte 3j + c of three registers: the first two give j < 43, the third the rest.
  __attribute__((aligned(64))) uint8_t first[3][64], rest[3][64];
  for (int c = 0; c < 3; c++) {
    for (int j = 0; j < 64; j++) {
      int at = 3 * j + c;
      first[c][j] = (uint8_t)(at < 128 ? at : 0);
      rest[c][j] = (uint8_t)(at < 128 ? j : 64 + at - 128);
    }
  }
  size_t i = 0;
  for (; i + 64 <= n; i += 64) {
    __m512i a = _mm512_loadu_si512(row + 3 * i), b = _mm512_loadu_si512(row + 3 * i + 64);
    __m512i d = _mm512_loadu_si512(row + 3 * i + 128);
    for (int c = 0; c < 3; c++) {
      __m512i v = _mm512_permutex2var_epi8(a, _mm512_load_si512(first[c]), b);
      v = _mm512_permutex2var_epi8(v, _mm512_load_si512(rest[c]), d);
      _mm512_storeu_si512(planes + c * stride + i, v);
    }
  }
  plain_deinterleave(row, i, n, planes, stride);
}

static void emit_float32(const uint8_t *in, size_t n, const float *table, float high, float low, float *out) {
  const __m512 h = _mm512_set1_ps(high), l = _mm512_set1_ps(low);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(in + i))));
    _mm512_storeu_ps(out + i, _mm512_fmadd_ps(x, h, _mm512_mul_ps(x, l)));
  }
  table_float32(in, i, n, table, out);
}

static void emit_float16(const uint8_t *in, size_t n, const uint16_t *table, float high, float low, uint16_t *out) {
  const __m512 h = _mm512_set1_ps(high), l = _mm512_set1_ps(low);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    __m512 x = _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(in + i))));
    x = _mm512_fmadd_ps(x, h, _mm512_mul_ps(x, l));
    _mm256_storeu_si256((__m256i *)(out + i),
                        _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
  table_float16(in, i, n, table, out);
}

const swoop_kernels swoop_avx512_kernels = {
    .name = "avx512",
    .linear_row = linear_row,
    .linear_column = linear_column,
    .convolve_row = convolve_row,
    .convolve_column = convolve_column,
    .deinterleave = deinterleave,
    .emit_float32 = emit_float32,
    .emit_float16 = emit_float16,
};
#pragma clang attribute pop
#else
typedef int swoop_avx512_is_for_x86;
#endif
