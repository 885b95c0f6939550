#pragma once
// Pixel kernels that Swift cannot express as vector code for several instruction sets in one binary. They hold no
// logic of images: sizes, tables and scratch memory come from the caller. Every level gives the same bytes.
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Bytes that the kernels may read past the end of a row of pixels, and write past the end of a scratch row.
/// Every buffer given to them has this much memory behind its last row. The bytes read there never count.
#define SWOOP_ROW_SLACK 64

/// Groups of four taps that every column of a row may be padded to.
#define SWOOP_UNIFORM_GROUPS 4

/// One set of kernels, compiled for one instruction set.
///
/// *interleaved* rows are R, G, B bytes; *planar* rows are three runs of n elements, `stride` elements apart.
typedef struct {
  /// `plain`, `avx2` or `avx512`.
  const char *name;

  /// Horizontal half of the bilinear resize of 8-bit RGB. For output column i and channel c:
  /// `planes[c * stride + i] = (row[offsets[i] + c] * weights[2i] + row[offsets[i] + 3 + c] * weights[2i + 1]) >> 4`.
  /// Weights are 11-bit fixed point, so results fit int16.
  void (*linear_row)(const uint8_t *row, const int32_t *offsets, const int16_t *weights, size_t n, int16_t *planes,
                     size_t stride);

  /// Vertical half: `out[i] = min(255, (((b0 * h0[i]) >> 16) + ((b1 * h1[i]) >> 16) + 2) >> 2)`.
  void (*linear_column)(const int16_t *h0, const int16_t *h1, int16_t b0, int16_t b1, size_t n, uint8_t *out);

  /// Horizontal convolution of interleaved RGB with 22-bit fixed-point coefficients. For output column i and channel c:
  /// `out[3i + c] = clamp((2^21 + sum over t of row[3 * (firsts[i] + t) + c] * coefficients[starts[i] + t]) >> 22)`
  /// with counts[i] taps. `pairs` holds the same coefficients split for 16-bit multiplication: each group of four taps
  /// is 8 int16, four high parts (k >> 12) then four low parts (k & 4095); starts[i] is a multiple of 4 and the
  /// coefficients of a column are padded with zeros to whole groups. Where `groups` is not 0, all columns have that
  /// many; it is at most SWOOP_UNIFORM_GROUPS, so that zeros reach no further than the slack. At 0, columns have as many
  /// as they need.
  void (*convolve_row)(const uint8_t *row, const int32_t *firsts, const int32_t *counts, const int64_t *starts,
                       const int32_t *coefficients, const int16_t *pairs, size_t groups, size_t n, uint8_t *out);

  /// Vertical convolution: `out[i] = clamp((2^21 + sum over t of rows[t][i] * coefficients[t]) >> 22)` with count
  /// taps. `rows` has count rounded up to even entries.
  void (*convolve_column)(const uint8_t *_Nonnull const *_Nonnull rows, size_t count, const int32_t *coefficients,
                          const int16_t *pairs, size_t n, uint8_t *out);

  /// RGB bytes to three planes.
  void (*deinterleave)(const uint8_t *row, size_t n, uint8_t *planes, size_t stride);

  /// `out[i] = table[in[i]]`; high and low are such that fma(x, high, x * low) rounds to table[x] for all 256 bytes.
  void (*emit_float32)(const uint8_t *in, size_t n, const float *table, float high, float low, float *out);

  /// As emit_float32, then rounded to float16 (`table` holds the bits of the rounded values).
  void (*emit_float16)(const uint8_t *in, size_t n, const uint16_t *table, float high, float low, uint16_t *out);
} swoop_kernels;

/// Levels in rising order; 0 runs anywhere.
enum { SWOOP_KERNELS_PLAIN = 0, SWOOP_KERNELS_AVX2 = 1, SWOOP_KERNELS_AVX512 = 2 };

/// The kernels of a level, or null where this processor or this build lacks it.
const swoop_kernels *_Nullable swoop_kernels_of_level(int level);

/// Three planes to interleaved bytes: `out[3i + c] = planes[order[c]][i]`, plane p at `planes + p * stride`.
void swoop_interleave(const uint8_t *planes, size_t stride, const uint8_t *order, size_t n, uint8_t *out);

/// Keeps the first three of `bands` 8-bit bands, or repeats the first where there are one or two.
void swoop_rgb_from_bytes(const uint8_t *in, size_t bands, size_t n, uint8_t *out);

/// As above from 16-bit bands, each shifted right by 8.
void swoop_rgb_from_words(const uint16_t *in, size_t bands, size_t n, uint8_t *out);

/// Cyan, magenta, yellow and black (the first four of `bands` bytes) to RGB:
/// `(255 - k) - round((255 - k) * ink / 255)`. With `inverted`, the bytes are stored as Adobe does: 255 - ink.
void swoop_rgb_from_cmyk(const uint8_t *in, size_t bands, int inverted, size_t n, uint8_t *out);

/// Copies n RGB pixels, the destination stepping by `step` bytes a pixel (negative allowed).
void swoop_copy_pixels(const uint8_t *in, size_t n, uint8_t *out, ptrdiff_t step);

/// Reads the codes of a sequential scan without decoding them, and says whether they are exactly as many as there are
/// blocks: 1, or 0 where a code is none, the data ends early or some is left over.
///
/// `data` is the coded data with its stuffed zeros and restart markers, without the marker behind it; FF bytes in it are
/// followed by 00 or D0...D7. A unit has `block_count` blocks (1...10); block_tables[i] is DC table * 16 + AC table, both
/// 0...3. `definitions` are 4 DC tables, then 4 AC tables, as DHT segments have them: 16 counts, then as many symbols, at
/// most 256. Those used are there, and such that all their codes fit.
int swoop_jpeg_check(const uint8_t *data, size_t length, size_t units, size_t interval, int block_count,
                     const uint8_t *block_tables, const uint8_t *_Nullable const *_Nonnull definitions);

#pragma clang assume_nonnull end
