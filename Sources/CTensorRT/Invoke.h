#pragma once
// How a method of a TensorRT object is reached: a function pointer from a virtual table (Itanium C++ ABI, 64-bit Linux),
// called with the object as first argument. C struct types give the right code for results in memory and in registers.
#include <exception>

#include "include/Types.h"

/// Dims of TensorRT 8 and 9.
struct dims32 {
  int32_t count;
  int32_t d[8];
};
static_assert(sizeof(dims32) == 36 && sizeof(swoop_trt_dims) == 72 && sizeof(swoop_trt_weights) == 24);

/// A length that 32 bits cannot hold becomes -2, which no version accepts: the runtime refuses it with its own message.
inline dims32 narrowed(const swoop_trt_dims &wide) {
  dims32 result = {wide.count, {}};
  for (int i = 0; i < 8; i++) {
    result.d[i] = wide.d[i] >= INT32_MIN && wide.d[i] <= INT32_MAX ? static_cast<int32_t>(wide.d[i]) : -2;
  }
  return result;
}

inline swoop_trt_dims widened(const dims32 &narrow) {
  swoop_trt_dims result = {narrow.count, {}};
  for (int i = 0; i < 8; i++) result.d[i] = narrow.d[i];
  return result;
}

void noteException(const char *what);

/// Calls slot `row` of the object's own table, or of its inner object's: library objects are {own table, inner object},
/// and their public methods are inline calls of the inner one.
///
/// The parser of TensorRT 8 to 10.0 may throw; an exception ends here as a zero result and a note.
template <class Result, class... Arguments>
Result invoke(const swoop_trt_layout *layout, void *object, int row, bool inner, Arguments... arguments) {
  try {
    void *target = inner ? static_cast<void **>(object)[1] : object;
    void *address = (*static_cast<void ***>(target))[layout->slots[row]];
    return reinterpret_cast<Result (*)(void *, Arguments...)>(address)(target, arguments...);
  } catch (const std::exception &error) {
    noteException(error.what());
  } catch (...) {
    noteException("an exception that is no std::exception");
  }
  if constexpr (!__is_same(Result, void)) return {};
}
