#ifndef SWOOP_POINT_CONVOLUTION_H
#define SWOOP_POINT_CONVOLUTION_H

#include <stddef.h>
#include <stdint.h>

/// A convolution at chosen points.
typedef struct {
  /// For each point, a row of the input for each place of the window, or -1 for zeros: (points, taps).
  const int32_t *rows;
  size_t points;
  size_t taps;
  /// Rows of `channels` numbers, one after another.
  const float *input;
  size_t channels;
  /// `channels` zeros.
  const float *zeros;
  /// (taps, channels, width).
  const float *weights;
  /// `width` numbers.
  const float *bias;
  /// Numbers that are written for a point: a multiple of 16.
  size_t width;
  /// Whether x / (1 + exp(-x)) is applied to the sums.
  int silu;
  /// (points, width).
  float *output;
} swoop_point_convolution;

typedef struct {
  /// The instructions that these functions use: `plain`, `avx2`, `avx512`.
  const char *name;
  /// Complexity: points * taps * channels * width multiplications.
  void (*convolve)(const swoop_point_convolution *);
  /// For `count` anchors whose values lie in `planes` planes one after another: sets `marks` to 1 where any plane has
  /// a value that is not at most `limit` (above it, or no number), else 0.
  void (*mark)(const float *values, size_t planes, size_t count, float limit, uint8_t *marks);
} swoop_point_functions;

/// The level's functions, or NULL where the processor has no such instructions: 0 plain, 1 AVX2 and FMA, 2 AVX-512.
const swoop_point_functions *swoop_point_functions_of_level(int level);

#endif
