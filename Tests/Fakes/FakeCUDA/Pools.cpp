// Memory that is taken and given back in stream order. It is taken at once, and gone when the stream comes to it.
#include <cstdlib>

#include "State.h"

using namespace fake;

namespace {

// A pool's handle is the address of its device's number here.
int pools[deviceCount] = {0, 1};

int deviceOf(void *pool) {
  for (auto &candidate : pools) {
    if (&candidate == pool) return candidate;
  }
  return -1;
}

}  // namespace

extern "C" {

int32_t cuDeviceGetDefaultMemPool(void **pool, int32_t device) {
  ENTER("cuDeviceGetDefaultMemPool");
  if (device < 0 || device >= deviceCount) return invalidDevice;
  *pool = &pools[device];
  return success;
}

int32_t cuMemPoolSetAttribute(void *pool, int32_t attribute, void *value) {
  ENTER("cuMemPoolSetAttribute");
  int device = deviceOf(pool);
  if (device < 0) return invalidHandle;
  if (attribute != 4) return invalidValue;
  state().releaseThreshold[device] = *static_cast<uint64_t *>(value);
  return success;
}

int32_t cuMemPoolGetAttribute(void *pool, int32_t attribute, void *value) {
  ENTER("cuMemPoolGetAttribute");
  int device = deviceOf(pool);
  if (device < 0) return invalidHandle;
  switch (attribute) {
    case 4: *static_cast<uint64_t *>(value) = state().releaseThreshold[device]; return success;
    // Nothing is held in reserve here.
    case 5: case 7: *static_cast<uint64_t *>(value) = used(device); return success;
    default: return invalidValue;
  }
}

int32_t cuMemPoolTrimTo(void *pool, size_t) {
  ENTER("cuMemPoolTrimTo");
  return deviceOf(pool) < 0 ? invalidHandle : success;
}

int32_t cuMemAllocAsync(uint64_t *address, size_t size, void *handle) {
  ENTER("cuMemAllocAsync");
  if (!needsContext("cuMemAllocAsync")) return invalidContext;
  auto stream = static_cast<Stream *>(handle);
  if (!known(stream)) return invalidHandle;
  // The real driver would make it a node of the graph, which this package does not want.
  if (stream != nullptr && stream->capture) violation("memory of a pool was taken while its stream is captured");
  return allocate(address, size);
}

int32_t cuMemFreeAsync(uint64_t address, void *handle) {
  ENTER("cuMemFreeAsync");
  if (!needsContext("cuMemFreeAsync")) return invalidContext;
  auto stream = static_cast<Stream *>(handle);
  auto found = state().device.find(address);
  if (found == state().device.end() || found->second.leaving) {
    violation("memory of a pool was given back that is not taken");
    return invalidValue;
  }
  if (!known(stream)) {
    violation("memory of a pool was given back on a stream that is gone");
    return invalidHandle;
  }
  if (stream != nullptr && stream->capture) violation("memory of a pool was given back while its stream is captured");
  found->second.leaving = true;
  queue(stream, {[=] {
                   state().device.erase(address);
                   free(reinterpret_cast<void *>(address));
                 },
                 nullptr, "free"});
  return success;
}

}  // extern "C"
