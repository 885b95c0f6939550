#pragma once
// The CUDA driver as the fake TensorRT uses it.
#include <cstddef>
#include <cstdint>
#include <string>

struct Driver {
  int32_t (*current)(void **) = nullptr;
  int32_t (*allocateHost)(void **, size_t, uint32_t) = nullptr;
  int32_t (*freeHost)(void *) = nullptr;
  int32_t (*toHost)(void *, uint64_t, size_t, void *) = nullptr;
  int32_t (*toDevice)(uint64_t, const void *, size_t, void *) = nullptr;
  int32_t (*launch)(void *, void (*)(void *), void *) = nullptr;
  int32_t (*synchronize)(void *) = nullptr;
  int32_t (*record)(void *, void *) = nullptr;

  /// Opens the driver; null where there is none.
  static const Driver *shared(const std::string &path);
};
