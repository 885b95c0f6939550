#pragma once
// The structs that TensorRT passes by value or address, and the layout that every call takes.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Dims of TensorRT 10 and later: 72 bytes. The calls convert from and to the 36 bytes of TensorRT 8 and 9.
typedef struct {
  int32_t count;
  int64_t d[8];
} swoop_trt_dims;

/// Weights: an element type, the address of the values and their number.
typedef struct {
  int32_t type;
  const void *_Nullable values;
  int64_t count;
} swoop_trt_weights;

/// The families of versions whose layouts are known.
typedef enum : int32_t {
  SWOOP_TRT_FAMILY_8 = 0,
  SWOOP_TRT_FAMILY_9 = 1,
  SWOOP_TRT_FAMILY_10 = 2,
  SWOOP_TRT_FAMILY_11 = 3,
  SWOOP_TRT_FAMILY_RTX = 4,
} swoop_trt_family;

/// Where the methods of one version stand and what its enumerators are worth.
typedef struct {
  swoop_trt_family family;
  int32_t major, minor, patch;
  /// A slot per row of methods.tsv; -1 where this version lacks it.
  int16_t slots[320];
  /// A value per row of enumerations.tsv; INT32_MIN where this version lacks it.
  int32_t values[256];
} swoop_trt_layout;

#pragma clang assume_nonnull end
