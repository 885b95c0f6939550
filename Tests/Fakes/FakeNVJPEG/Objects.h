#pragma once
// What the fake's handles point to.
#include <vector>

#include "Pictures.h"

namespace fake __attribute__((visibility("hidden"))) {

/// `nvjpegDevAllocatorV2_t` and `nvjpegPinnedAllocatorV2_t`.
struct Allocator {
  int32_t (*take)(void *, void **, size_t, void *);
  int32_t (*give)(void *, void *, size_t, void *);
  void *context;
};

struct Handle {
  int32_t backend;
  // Device and pinned; without functions where the fake has memory of its own.
  Allocator allocators[2] = {};
};

struct Buffer {
  bool pinned;
};

struct Decoder {
  Handle *handle;
};

struct Parameters {
  int32_t format = 0;
};

struct Bitstream {
  Handle *handle;
  Bytes data = nullptr;
  size_t length = 0;
  Header header;
  bool isWhole = false;
};

struct JPEGState {
  Handle *handle;
  // For batches: the size it was prepared for, 0 where it must be prepared.
  int32_t count = 0;
  // For phases.
  Decoder *decoder = nullptr;
  Buffer *pinned = nullptr, *device = nullptr;
  std::vector<unsigned char> coefficients;
  Header header;
  bool isTransferred = false;
  // What batches have taken from the handle's allocators, and how much of it.
  void *memory[2] = {nullptr, nullptr};
  size_t memorySize = 0;
  // The last work of the phases that was queued, and whether it has run.
  std::shared_ptr<bool> done;
};

}  // namespace fake
