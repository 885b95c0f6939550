// The library's version, and its handles.
#include "Objects.h"

using namespace fake;

extern "C" {

// Nothing in the library refers to these by name, sanitizers included: copies of this library may lack some.
#pragma GCC visibility push(protected)

int32_t nvjpegGetProperty(int32_t property, int32_t *value) {
  ENTER(false);
  if (property < 0 || property > 2) return invalidParameter;
  *value = state().version[property];
  return success;
}

int32_t nvjpegGetCudartProperty(int32_t property, int32_t *value) {
  ENTER(false);
  if (property < 0 || property > 2) return invalidParameter;
  *value = property == 0 ? state().version[0] : 0;
  return success;
}

int32_t nvjpegCreateEx(int32_t backend, void *, void *, uint32_t flags, void **handle) {
  ENTER();
  if (backend < 0 || backend > hardware) return invalidParameter;
  if (backend == hardware && !state().hasHardware) return archMismatch;
  *handle = made("handle", new Handle{backend});
  std::lock_guard lock(state().mutex);
  state().flags[backend] = static_cast<int32_t>(flags);
  return success;
}

int32_t nvjpegCreateExV2(int32_t backend, Allocator *device, Allocator *pinned, uint32_t flags, void **handle) {
  ENTER();
  if (backend < 0 || backend > hardware || device == nullptr || pinned == nullptr) return invalidParameter;
  if (backend == hardware && !state().hasHardware) return archMismatch;
  *handle = made("handle", new Handle{backend, {*device, *pinned}});
  std::lock_guard lock(state().mutex);
  state().flags[backend] = static_cast<int32_t>(flags);
  return success;
}

int32_t nvjpegDestroy(void *handle) {
  ENTER();
  for (auto kind : {"state", "bitstream", "decoder", "parameters", "pinned", "device"}) {
    std::lock_guard lock(state().mutex);
    if (!state().live[kind].empty() && state().live["handle"].size() == 1) {
      state().violations += std::string("a ") + kind + " outlives the last handle\n";
    }
  }
  return destroyed<Handle>("handle", handle);
}

int32_t nvjpegGetHardwareDecoderInfo(void *handle, uint32_t *engines, uint32_t *cores) {
  ENTER();
  ALIVE("handle", handle);
  if (static_cast<Handle *>(handle)->backend != hardware) return implementationNotSupported;
  *engines = 7;
  *cores = 1;
  return success;
}

#pragma GCC visibility pop

}  // extern "C"
