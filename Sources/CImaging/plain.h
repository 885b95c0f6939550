#pragma once
// The kernels in plain C. Compilers turn all but the row kernels into vector code for whatever they compile for, so
// this file is also the NEON version. The oracle in Swift proves them, and they prove the others.
#include "include/CImaging.h"

#define INLINE static inline __attribute__((always_inline))

INLINE uint8_t clamp_byte(int32_t v) { return v < 0 ? 0 : v > 255 ? 255 : (uint8_t)v; }

INLINE void plain_linear_row(const uint8_t *row, const int32_t *offsets, const int16_t *weights, size_t first,
                             size_t n, int16_t *planes, size_t stride) {
  for (size_t i = first; i < n; i++) {
    const uint8_t *p = row + offsets[i];
    int a0 = weights[2 * i], a1 = weights[2 * i + 1];
    planes[i] = (int16_t)((p[0] * a0 + p[3] * a1) >> 4);
    planes[stride + i] = (int16_t)((p[1] * a0 + p[4] * a1) >> 4);
    planes[2 * stride + i] = (int16_t)((p[2] * a0 + p[5] * a1) >> 4);
  }
}

INLINE void plain_linear_column(const int16_t *restrict h0, const int16_t *restrict h1, int16_t b0, int16_t b1,
                                size_t first, size_t n, uint8_t *restrict out) {
  for (size_t i = first; i < n; i++) {
    // Each product's high half, as 16-bit multiply instructions give it.
    int16_t upper = (int16_t)((b0 * h0[i]) >> 16), lower = (int16_t)((b1 * h1[i]) >> 16);
    int16_t v = (int16_t)((int16_t)(upper + lower + 2) >> 2);
    out[i] = (uint8_t)(v > 255 ? 255 : v);
  }
}

INLINE void plain_convolve_row(const uint8_t *row, const int32_t *firsts, const int32_t *counts,
                               const int64_t *starts, const int32_t *coefficients, size_t first, size_t n,
                               uint8_t *out) {
  for (size_t i = first; i < n; i++) {
    const uint8_t *p = row + 3 * (size_t)firsts[i];
    const int32_t *k = coefficients + starts[i];
    int32_t r = 1 << 21, g = 1 << 21, b = 1 << 21;
    for (int32_t t = 0; t < counts[i]; t++) {
      r += p[3 * t] * k[t];
      g += p[3 * t + 1] * k[t];
      b += p[3 * t + 2] * k[t];
    }
    out[3 * i] = clamp_byte(r >> 22);
    out[3 * i + 1] = clamp_byte(g >> 22);
    out[3 * i + 2] = clamp_byte(b >> 22);
  }
}

INLINE void plain_convolve_column(const uint8_t *const *rows, size_t count, const int32_t *coefficients,
                                  size_t first, size_t n, uint8_t *out) {
  enum { BLOCK = 32 };
  for (size_t i = first; i < n; i += BLOCK) {
    size_t m = n - i < BLOCK ? n - i : BLOCK;
    int32_t sums[BLOCK];
    for (size_t j = 0; j < BLOCK; j++) sums[j] = 1 << 21;
    for (size_t t = 0; t < count; t++) {
      const uint8_t *p = rows[t] + i;
      int32_t k = coefficients[t];
      if (m == BLOCK) {
        for (size_t j = 0; j < BLOCK; j++) sums[j] += p[j] * k;
      } else {
        for (size_t j = 0; j < m; j++) sums[j] += p[j] * k;
      }
    }
    for (size_t j = 0; j < m; j++) out[i + j] = clamp_byte(sums[j] >> 22);
  }
}

INLINE void plain_deinterleave(const uint8_t *restrict row, size_t first, size_t n, uint8_t *restrict planes,
                               size_t stride) {
  for (size_t i = first; i < n; i++) {
    planes[i] = row[3 * i];
    planes[stride + i] = row[3 * i + 1];
    planes[2 * stride + i] = row[3 * i + 2];
  }
}

INLINE void table_float32(const uint8_t *in, size_t first, size_t n, const float *table, float *out) {
  for (size_t i = first; i < n; i++) out[i] = table[in[i]];
}

INLINE void table_float16(const uint8_t *in, size_t first, size_t n, const uint16_t *table, uint16_t *out) {
  for (size_t i = first; i < n; i++) out[i] = table[in[i]];
}
