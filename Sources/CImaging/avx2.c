#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#include "plain.h"

static void linear_row(const uint8_t *row, const int32_t *offsets, const int16_t *weights, size_t n, int16_t *planes,
                       size_t stride) {
  // Two pixels of 8 bytes (left R G B, right R G B, two of the next) to the byte pairs left|right of R, G and B.
  const __m256i pairs = _mm256_setr_epi8(0, 3, 8, 11, 1, 4, 9, 12, 2, 5, 10, 13, -1, -1, -1, -1,  //
                                         0, 3, 8, 11, 1, 4, 9, 12, 2, 5, 10, 13, -1, -1, -1, -1);
  const __m256i zero = _mm256_setzero_si256();
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
#define TWO(j)                                                                                           \
  _mm_castps_si128(_mm_loadh_pi(_mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(row + offsets[i + j]))), \
                                (const __m64 *)(row + offsets[i + j + 1])))
    __m256i x = _mm256_inserti128_si256(_mm256_castsi128_si256(TWO(0)), TWO(4), 1);
    __m256i y = _mm256_inserti128_si256(_mm256_castsi128_si256(TWO(2)), TWO(6), 1);
#undef TWO
    x = _mm256_shuffle_epi8(x, pairs);
    y = _mm256_shuffle_epi8(y, pairs);
    __m256i rg = _mm256_unpacklo_epi32(x, y);  // R of pixels 0-3 (4-7 in the upper lane), then G
    __m256i b = _mm256_unpackhi_epi32(x, y);
    __m256i w = _mm256_loadu_si256((const __m256i *)(weights + 2 * i));
    __m256i sr = _mm256_srai_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi8(rg, zero), w), 4);
    __m256i sg = _mm256_srai_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi8(rg, zero), w), 4);
    __m256i sb = _mm256_srai_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi8(b, zero), w), 4);
    __m256i prg = _mm256_permute4x64_epi64(_mm256_packs_epi32(sr, sg), 0xD8);
    __m256i pb = _mm256_permute4x64_epi64(_mm256_packs_epi32(sb, sb), 0xD8);
    _mm_storeu_si128((__m128i *)(planes + i), _mm256_castsi256_si128(prg));
    _mm_storeu_si128((__m128i *)(planes + stride + i), _mm256_extracti128_si256(prg, 1));
    _mm_storeu_si128((__m128i *)(planes + 2 * stride + i), _mm256_castsi256_si128(pb));
  }
  plain_linear_row(row, offsets, weights, i, n, planes, stride);
}

static void linear_column(const int16_t *h0, const int16_t *h1, int16_t b0, int16_t b1, size_t n, uint8_t *out) {
  const __m256i w0 = _mm256_set1_epi16(b0), w1 = _mm256_set1_epi16(b1), two = _mm256_set1_epi16(2);
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
#define HALF(j)                                                                                             \
  _mm256_srai_epi16(                                                                                        \
      _mm256_add_epi16(                                                                                     \
          _mm256_add_epi16(_mm256_mulhi_epi16(_mm256_loadu_si256((const __m256i *)(h0 + i + j)), w0),       \
                           _mm256_mulhi_epi16(_mm256_loadu_si256((const __m256i *)(h1 + i + j)), w1)),      \
          two),                                                                                             \
      2)
    __m256i packed = _mm256_packus_epi16(HALF(0), HALF(16));
#undef HALF
    _mm256_storeu_si256((__m256i *)(out + i), _mm256_permute4x64_epi64(packed, 0xD8));
  }
  plain_linear_column(h0, h1, b0, b1, i, n, out);
}

// The sums of one column, R, G, B and a fourth that does not count, before the shift by 22.
INLINE __m128i convolved_pixel(const uint8_t *p, const int16_t *k, size_t groups) {
  // Four pixels in 12 bytes, the same in both lanes: pixels 0, 1 below and 2, 3 above as 16-bit pairs of R, G, B.
  const __m256i spread = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,  //
                                          6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m256i pick_high = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
  const __m256i pick_low = _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3);
  __m256i high = _mm256_setzero_si256(), low = _mm256_setzero_si256();
  for (size_t group = 0; group < groups; group++, p += 12, k += 8) {
    __m256i pixels = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)p));
    pixels = _mm256_shuffle_epi8(pixels, spread);
    __m256i both = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)k));
    high = _mm256_add_epi32(high, _mm256_madd_epi16(pixels, _mm256_permutevar8x32_epi32(both, pick_high)));
    low = _mm256_add_epi32(low, _mm256_madd_epi16(pixels, _mm256_permutevar8x32_epi32(both, pick_low)));
  }
  __m256i sum = _mm256_add_epi32(_mm256_slli_epi32(high, 12), low);
  return _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
}

// `fixed` is a constant where the compiler may unroll, 0 for as many groups as each column needs.
INLINE void convolve_row_by(const uint8_t *row, const int32_t *firsts, const int32_t *counts, const int64_t *starts,
                            const int16_t *pairs, size_t fixed, size_t n, uint8_t *out) {
  const __m128i half = _mm_set1_epi32(1 << 21);
  const __m128i close = _mm_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
#define SUM(i)                                                                                            \
  _mm_srai_epi32(_mm_add_epi32(convolved_pixel(row + 3 * (size_t)firsts[i], pairs + 2 * starts[i],        \
                                               fixed ? fixed : ((size_t)counts[i] + 3) / 4),              \
                               half),                                                                     \
                 22)
  size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    __m128i a = _mm_packs_epi32(SUM(i), SUM(i + 1)), b = _mm_packs_epi32(SUM(i + 2), SUM(i + 3));
    // Four bytes past the twelve are overwritten by the next columns or are slack.
    _mm_storeu_si128((__m128i *)(out + 3 * i), _mm_shuffle_epi8(_mm_packus_epi16(a, b), close));
  }
  for (; i < n; i++) {
    __m128i v = SUM(i);
    v = _mm_packus_epi16(_mm_packs_epi32(v, v), v);
    int32_t rgb = _mm_cvtsi128_si32(v);
    __builtin_memcpy(out + 3 * i, &rgb, 4);
  }
#undef SUM
}

static void convolve_row(const uint8_t *row, const int32_t *firsts, const int32_t *counts, const int64_t *starts,
                         const int32_t *coefficients, const int16_t *pairs, size_t groups, size_t n, uint8_t *out) {
  switch (groups) {
  case 1: convolve_row_by(row, firsts, counts, starts, pairs, 1, n, out); break;
  case 2: convolve_row_by(row, firsts, counts, starts, pairs, 2, n, out); break;
  case 3: convolve_row_by(row, firsts, counts, starts, pairs, 3, n, out); break;
  case 4: convolve_row_by(row, firsts, counts, starts, pairs, 4, n, out); break;
  default: convolve_row_by(row, firsts, counts, starts, pairs, 0, n, out);
  }
}

static void convolve_column(const uint8_t *const *rows, size_t count, const int32_t *coefficients,
                            const int16_t *pairs, size_t n, uint8_t *out) {
  const __m256i zero = _mm256_setzero_si256(), half = _mm256_set1_epi32(1 << 21);
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __m256i h0 = zero, h1 = zero, h2 = zero, h3 = zero, l0 = half, l1 = half, l2 = half, l3 = half;
    for (size_t t = 0; t < count; t += 2) {
      const int16_t *k = pairs + 8 * (t >> 2) + (t & 2);
      int32_t kh, kl;
      __builtin_memcpy(&kh, k, 4);
      __builtin_memcpy(&kl, k + 4, 4);
      __m256i vh = _mm256_set1_epi32(kh), vl = _mm256_set1_epi32(kl);
      __m256i a = _mm256_loadu_si256((const __m256i *)(rows[t] + i));
      __m256i b = _mm256_loadu_si256((const __m256i *)(rows[t + 1] + i));
      __m256i lower = _mm256_unpacklo_epi8(a, b), upper = _mm256_unpackhi_epi8(a, b);
      __m256i p0 = _mm256_unpacklo_epi8(lower, zero), p1 = _mm256_unpackhi_epi8(lower, zero);
      __m256i p2 = _mm256_unpacklo_epi8(upper, zero), p3 = _mm256_unpackhi_epi8(upper, zero);
      h0 = _mm256_add_epi32(h0, _mm256_madd_epi16(p0, vh));
      h1 = _mm256_add_epi32(h1, _mm256_madd_epi16(p1, vh));
      h2 = _mm256_add_epi32(h2, _mm256_madd_epi16(p2, vh));
      h3 = _mm256_add_epi32(h3, _mm256_madd_epi16(p3, vh));
      l0 = _mm256_add_epi32(l0, _mm256_madd_epi16(p0, vl));
      l1 = _mm256_add_epi32(l1, _mm256_madd_epi16(p1, vl));
      l2 = _mm256_add_epi32(l2, _mm256_madd_epi16(p2, vl));
      l3 = _mm256_add_epi32(l3, _mm256_madd_epi16(p3, vl));
    }
#define VALUE(h, l) _mm256_srai_epi32(_mm256_add_epi32(_mm256_slli_epi32(h, 12), l), 22)
    __m256i lower = _mm256_packs_epi32(VALUE(h0, l0), VALUE(h1, l1));
    __m256i upper = _mm256_packs_epi32(VALUE(h2, l2), VALUE(h3, l3));
#undef VALUE
    _mm256_storeu_si256((__m256i *)(out + i), _mm256_packus_epi16(lower, upper));
  }
  plain_convolve_column(rows, count, coefficients, i, n, out);
}

static void deinterleave(const uint8_t *row, size_t n, uint8_t *planes, size_t stride) {
  size_t i = 0;
  // Each of three loads gives 5 or 6 bytes of every plane; the masks put them where they belong.
#define X -1
  const __m128i r0 = _mm_setr_epi8(0, 3, 6, 9, 12, 15, X, X, X, X, X, X, X, X, X, X);
  const __m128i r1 = _mm_setr_epi8(X, X, X, X, X, X, 2, 5, 8, 11, 14, X, X, X, X, X);
  const __m128i r2 = _mm_setr_epi8(X, X, X, X, X, X, X, X, X, X, X, 1, 4, 7, 10, 13);
  const __m128i g0 = _mm_setr_epi8(1, 4, 7, 10, 13, X, X, X, X, X, X, X, X, X, X, X);
  const __m128i g1 = _mm_setr_epi8(X, X, X, X, X, 0, 3, 6, 9, 12, 15, X, X, X, X, X);
  const __m128i g2 = _mm_setr_epi8(X, X, X, X, X, X, X, X, X, X, X, 2, 5, 8, 11, 14);
  const __m128i b0 = _mm_setr_epi8(2, 5, 8, 11, 14, X, X, X, X, X, X, X, X, X, X, X);
  const __m128i b1 = _mm_setr_epi8(X, X, X, X, X, 1, 4, 7, 10, 13, X, X, X, X, X, X);
  const __m128i b2 = _mm_setr_epi8(X, X, X, X, X, X, X, X, X, X, 0, 3, 6, 9, 12, 15);
#undef X
  for (; i + 16 <= n; i += 16) {
    const uint8_t *p = row + 3 * i;
    __m128i a = _mm_loadu_si128((const __m128i *)p);
    __m128i b = _mm_loadu_si128((const __m128i *)(p + 16));
    __m128i c = _mm_loadu_si128((const __m128i *)(p + 32));
#define PLANE(m0, m1, m2) \
  _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(a, m0), _mm_shuffle_epi8(b, m1)), _mm_shuffle_epi8(c, m2))
    _mm_storeu_si128((__m128i *)(planes + i), PLANE(r0, r1, r2));
    _mm_storeu_si128((__m128i *)(planes + stride + i), PLANE(g0, g1, g2));
    _mm_storeu_si128((__m128i *)(planes + 2 * stride + i), PLANE(b0, b1, b2));
#undef PLANE
  }
  plain_deinterleave(row, i, n, planes, stride);
}

static void emit_float32(const uint8_t *in, size_t n, const float *table, float high, float low, float *out) {
  const __m256 h = _mm256_set1_ps(high), l = _mm256_set1_ps(low);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    __m128i bytes = _mm_loadu_si128((const __m128i *)(in + i));
    __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes));
    __m256 y = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_srli_si128(bytes, 8)));
    _mm256_storeu_ps(out + i, _mm256_fmadd_ps(x, h, _mm256_mul_ps(x, l)));
    _mm256_storeu_ps(out + i + 8, _mm256_fmadd_ps(y, h, _mm256_mul_ps(y, l)));
  }
  table_float32(in, i, n, table, out);
}

static void emit_float16(const uint8_t *in, size_t n, const uint16_t *table, float high, float low, uint16_t *out) {
  const __m256 h = _mm256_set1_ps(high), l = _mm256_set1_ps(low);
  size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    __m256 x = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(in + i))));
    x = _mm256_fmadd_ps(x, h, _mm256_mul_ps(x, l));
    _mm_storeu_si128((__m128i *)(out + i), _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC));
  }
  table_float16(in, i, n, table, out);
}

const swoop_kernels swoop_avx2_kernels = {
    .name = "avx2",
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
typedef int swoop_avx2_is_for_x86;
#endif
