#include "plain.h"

static void linear_row(const uint8_t *row, const int32_t *offsets, const int16_t *weights, size_t n, int16_t *planes,
                       size_t stride) {
  plain_linear_row(row, offsets, weights, 0, n, planes, stride);
}

static void linear_column(const int16_t *h0, const int16_t *h1, int16_t b0, int16_t b1, size_t n, uint8_t *out) {
  plain_linear_column(h0, h1, b0, b1, 0, n, out);
}

static void convolve_row(const uint8_t *row, const int32_t *firsts, const int32_t *counts, const int64_t *starts,
                         const int32_t *coefficients, const int16_t *pairs, size_t groups, size_t n, uint8_t *out) {
  plain_convolve_row(row, firsts, counts, starts, coefficients, 0, n, out);
}

static void convolve_column(const uint8_t *const *rows, size_t count, const int32_t *coefficients,
                            const int16_t *pairs, size_t n, uint8_t *out) {
  plain_convolve_column(rows, count, coefficients, 0, n, out);
}

static void deinterleave(const uint8_t *row, size_t n, uint8_t *planes, size_t stride) {
  plain_deinterleave(row, 0, n, planes, stride);
}

static void emit_float32(const uint8_t *in, size_t n, const float *table, float high, float low, float *out) {
#if defined(__ARM_FEATURE_FMA) || defined(__aarch64__)
  for (size_t i = 0; i < n; i++) {
    float x = in[i];
    out[i] = __builtin_fmaf(x, high, x * low);
  }
#else
  table_float32(in, 0, n, table, out);
#endif
}

static void emit_float16(const uint8_t *in, size_t n, const uint16_t *table, float high, float low, uint16_t *out) {
  table_float16(in, 0, n, table, out);
}

const swoop_kernels swoop_plain_kernels = {
    .name = "plain",
    .linear_row = linear_row,
    .linear_column = linear_column,
    .convolve_row = convolve_row,
    .convolve_column = convolve_column,
    .deinterleave = deinterleave,
    .emit_float32 = emit_float32,
    .emit_float16 = emit_float16,
};

void swoop_interleave(const uint8_t *planes, size_t stride, const uint8_t *order, size_t n, uint8_t *restrict out) {
  const uint8_t *restrict a = planes + order[0] * stride;
  const uint8_t *restrict b = planes + order[1] * stride;
  const uint8_t *restrict c = planes + order[2] * stride;
  for (size_t i = 0; i < n; i++) {
    out[3 * i] = a[i];
    out[3 * i + 1] = b[i];
    out[3 * i + 2] = c[i];
  }
}

void swoop_rgb_from_bytes(const uint8_t *restrict in, size_t bands, size_t n, uint8_t *restrict out) {
  if (bands < 3) {
    for (size_t i = 0; i < n; i++) out[3 * i] = out[3 * i + 1] = out[3 * i + 2] = in[bands * i];
  } else {
    for (size_t i = 0; i < n; i++) {
      out[3 * i] = in[bands * i];
      out[3 * i + 1] = in[bands * i + 1];
      out[3 * i + 2] = in[bands * i + 2];
    }
  }
}

void swoop_rgb_from_words(const uint16_t *restrict in, size_t bands, size_t n, uint8_t *restrict out) {
  for (size_t i = 0; i < n; i++) {
    for (size_t c = 0; c < 3; c++) out[3 * i + c] = (uint8_t)(in[bands * i + (bands < 3 ? 0 : c)] >> 8);
  }
}

void swoop_rgb_from_cmyk(const uint8_t *restrict in, size_t bands, int inverted, size_t n, uint8_t *restrict out) {
  unsigned flip = inverted ? 255 : 0;
  for (size_t i = 0; i < n; i++) {
    unsigned light = 255 - (in[bands * i + 3] ^ flip);
    for (size_t c = 0; c < 3; c++) {
      unsigned product = (in[bands * i + c] ^ flip) * light + 128;
      out[3 * i + c] = (uint8_t)(light - ((product + (product >> 8)) >> 8));
    }
  }
}

void swoop_copy_pixels(const uint8_t *restrict in, size_t n, uint8_t *restrict out, ptrdiff_t step) {
  for (size_t i = 0; i < n; i++, in += 3, out += step) {
    out[0] = in[0];
    out[1] = in[1];
    out[2] = in[2];
  }
}
