#pragma once
// Shapes as TensorRT passes them, of 32 bits in versions 8 and 9 and of 64 bits later.
#include <algorithm>
#include <cstdint>
#include <vector>

#include "CTensorRT.h"
#include "Graph.h"

namespace fake __attribute__((visibility("hidden"))) {

struct Dims32 {
  int32_t count;
  int32_t d[8];
};
using Dims64 = swoop_trt_dims;

inline Dims64 wide(const std::vector<int64_t> &shape) {
  Dims64 dims = {static_cast<int32_t>(shape.size()), {}};
  for (size_t i = 0; i < shape.size() && i < 8; i++) dims.d[i] = shape[i];
  return dims;
}
inline Dims32 narrow(const Dims64 &dims) {
  Dims32 result = {dims.count, {}};
  for (int i = 0; i < 8; i++) result.d[i] = static_cast<int32_t>(dims.d[i]);
  return result;
}
inline Dims64 widen(const Dims32 &dims) {
  Dims64 result = {dims.count, {}};
  for (int i = 0; i < 8; i++) result.d[i] = dims.d[i];
  return result;
}
inline std::vector<int64_t> lengths(const Dims64 &dims) {
  return dims.count < 0 ? std::vector<int64_t>() : std::vector<int64_t>(dims.d, dims.d + std::min(dims.count, 8));
}
const Dims64 noDims = {-1, {}};

/// TensorRT's number of an element type.
inline int32_t nativeType(int type) {
  switch (type) {
    case FLOAT: return 0;
    case HALF: return 1;
    case INT8: return 2;
    case INT32: return 3;
    case BOOL: return 4;
    case UINT8: return 5;
    case INT64: return 8;
    default: return 0;
  }
}

}  // namespace fake
