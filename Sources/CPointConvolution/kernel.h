// The functions for one set of instructions. Before it is included: LANES (floats in a register), POINTS and COLUMNS (the
// tile's points and registers of outputs a point: POINTS * COLUMNS + COLUMNS + 1 registers are in use), and NAME.
//
// Each sum runs over the window's places and, within one, over channels, in this order; levels differ in whether a product
// is rounded before it is added.

#include "include/CPointConvolution.h"

typedef float vec __attribute__((vector_size(LANES * 4), aligned(4)));
typedef int32_t ivec __attribute__((vector_size(LANES * 4), aligned(4)));

static inline vec splat(float x) { return x - (vec){}; }

// exp(x) for x in -87...88, to about one unit in the last place: 2^n times the series of exp(r) with |r| <= ln(2) / 2.
static inline vec exponential(vec x) {
  // Adding 1.5 * 2^23 rounds to an integer.
  const vec magic = splat(12582912.0f);
  vec shifted = x * splat(1.44269504f) + magic;
  vec n = shifted - magic;
  // ln(2) in two parts, the first of few bits, so that the product with n is exact.
  vec r = x - n * splat(0.693359375f);
  r = r - n * splat(-2.12194440e-4f);
  vec p = splat(1.0f / 5040);
  p = p * r + splat(1.0f / 720);
  p = p * r + splat(1.0f / 120);
  p = p * r + splat(1.0f / 24);
  p = p * r + splat(1.0f / 6);
  p = p * r + splat(0.5f);
  p = p * r + splat(1.0f);
  p = p * r + splat(1.0f);
  ivec exponent = (((ivec)shifted - (ivec)magic) + 127) << 23;
  return p * (vec)exponent;
}

static inline vec silu(vec x) {
  vec low = splat(-87.0f), high = splat(87.0f), y = -x;
  ivec below = y < low, above = y > high;
  y = (vec)(((ivec)low & below) | ((ivec)high & above) | ((ivec)y & ~(below | above)));
  return x / (splat(1.0f) + exponential(y));
}

static inline __attribute__((always_inline)) void tile(const swoop_point_convolution *c, size_t first,
                                                       size_t column, const int points, const int columns) {
  vec sums[POINTS][COLUMNS];
  for (int k = 0; k < columns; k++) {
    vec start = *(const vec *)(c->bias + column + k * LANES);
    for (int p = 0; p < points; p++) sums[p][k] = start;
  }
  const float *weights = c->weights + column;
  for (size_t t = 0; t < c->taps; t++) {
    const float *rows[POINTS];
    int any = 0;
    for (int p = 0; p < points; p++) {
      int32_t row = c->rows[(first + p) * c->taps + t];
      any |= row >= 0;
      rows[p] = row < 0 ? c->zeros : c->input + (size_t)row * c->channels;
    }
    if (!any) {
      weights += c->channels * c->width;
      continue;
    }
    for (size_t i = 0; i < c->channels; i++, weights += c->width) {
      vec w[COLUMNS];
      for (int k = 0; k < columns; k++) w[k] = *(const vec *)(weights + k * LANES);
      for (int p = 0; p < points; p++) {
        vec x = splat(rows[p][i]);
        for (int k = 0; k < columns; k++) sums[p][k] += x * w[k];
      }
    }
  }
  for (int p = 0; p < points; p++)
    for (int k = 0; k < columns; k++) {
      vec value = c->silu ? silu(sums[p][k]) : sums[p][k];
      *(vec *)(c->output + (first + p) * c->width + column + k * LANES) = value;
    }
}

static inline __attribute__((always_inline)) void strip(const swoop_point_convolution *c, size_t column,
                                                        const int columns) {
  size_t first = 0;
  for (; first + POINTS <= c->points; first += POINTS) tile(c, first, column, POINTS, columns);
  for (; first < c->points; first++) tile(c, first, column, 1, columns);
}

static void convolve(const swoop_point_convolution *c) {
  size_t column = 0;
  for (; column + COLUMNS * LANES <= c->width; column += COLUMNS * LANES) strip(c, column, COLUMNS);
  for (; column < c->width; column += LANES) strip(c, column, 1);
}

static void mark(const float *values, size_t planes, size_t count, float limit, uint8_t *marks) {
  const vec most = splat(limit);
  size_t first = 0;
  for (; first + LANES <= count; first += LANES) {
    ivec high = {};
    for (size_t plane = 0; plane < planes; plane++)
      high |= ~(*(const vec *)(values + plane * count + first) <= most);
    for (int lane = 0; lane < LANES; lane++) marks[first + lane] = high[lane] & 1;
  }
  for (; first < count; first++) {
    uint8_t high = 0;
    for (size_t plane = 0; plane < planes; plane++) high |= !(values[plane * count + first] <= limit);
    marks[first] = high;
  }
}

const swoop_point_functions FUNCTIONS = {NAME, convolve, mark};
