#include "include/FakeCUDA.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "State.h"

using namespace fake;

extern "C" {

void fake_cuda_fail(const char *function, int32_t nth, int32_t result) {
  LOCK;
  if (nth <= 0 || result == 0) state().orders.erase(function);
  else state().orders[function] = {nth, result};
}

int32_t fake_cuda_calls(const char *function) {
  LOCK;
  auto &calls = state().calls;
  auto found = calls.find(function);
  return found == calls.end() ? 0 : found->second;
}

void fake_cuda_set_memory(uint64_t byteCount) {
  LOCK;
  state().memory = byteCount;
}

int32_t fake_cuda_live(const char *kind) {
  LOCK;
  std::string name = kind;
  if (name == "device") return static_cast<int32_t>(state().device.size());
  if (name == "pinned") return static_cast<int32_t>(state().pinned.size());
  if (name == "stream") return static_cast<int32_t>(state().streams.size());
  if (name == "event") return static_cast<int32_t>(state().events.size());
  if (name == "module") return static_cast<int32_t>(state().modules.size());
  if (name == "graph") return static_cast<int32_t>(state().graphs.size());
  if (name == "executable") return static_cast<int32_t>(state().executables.size());
  int32_t retained = 0;
  for (auto &context : state().contexts) retained += context.retained;
  return retained;
}

const char *fake_cuda_violations(void) {
  LOCK;
  static std::string text;
  text = state().violations;
  return text.c_str();
}

void fake_cuda_reset(void) {
  LOCK;
  auto &s = state();
  s.calls.clear();
  s.orders.clear();
  s.repeats.clear();
  s.violations.clear();
  s.memory = uint64_t(4) << 30;
  for (auto &code : s.sticky) code = success;
  s.version = 13000;
  s.attributes.clear();
  s.parameters.clear();
  s.sharedLimits.clear();
  s.kernels.clear();
}

void fake_cuda_set_version(int32_t version) {
  LOCK;
  state().version = version;
}

void fake_cuda_set_attribute(int32_t attribute, int32_t value) {
  LOCK;
  state().attributes[attribute] = value;
}

// MARK: The driver

int32_t cuInit(uint32_t) {
  ENTER("cuInit");
  return success;
}

int32_t cuDriverGetVersion(int32_t *version) {
  ENTER("cuDriverGetVersion");
  *version = state().version;
  return success;
}

int32_t cuGetErrorName(int32_t error, const char **text) {
  switch (error) {
    case success: *text = "CUDA_SUCCESS"; return success;
    case invalidValue: *text = "CUDA_ERROR_INVALID_VALUE"; return success;
    case outOfMemory: *text = "CUDA_ERROR_OUT_OF_MEMORY"; return success;
    case 100: *text = "CUDA_ERROR_NO_DEVICE"; return success;
    case invalidImage: *text = "CUDA_ERROR_INVALID_IMAGE"; return success;
    case 218: *text = "CUDA_ERROR_INVALID_PTX"; return success;
    case notFound: *text = "CUDA_ERROR_NOT_FOUND"; return success;
    case 700: *text = "CUDA_ERROR_ILLEGAL_ADDRESS"; return success;
    case launchFailed: *text = "CUDA_ERROR_LAUNCH_FAILED"; return success;
    case notSupported: *text = "CUDA_ERROR_NOT_SUPPORTED"; return success;
    case captureUnsupported: *text = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED"; return success;
    case captureInvalidated: *text = "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED"; return success;
    case captureUnjoined: *text = "CUDA_ERROR_STREAM_CAPTURE_UNJOINED"; return success;
    default: *text = "CUDA_ERROR_UNKNOWN"; return success;
  }
}

int32_t cuGetErrorString(int32_t error, const char **text) {
  switch (error) {
    case outOfMemory: *text = "out of memory"; return success;
    case 700: *text = "an illegal memory access was encountered"; return success;
    default: *text = "a failure that a test asked for"; return success;
  }
}

int32_t cuDeviceGetCount(int32_t *count) {
  ENTER("cuDeviceGetCount");
  *count = deviceCount;
  return success;
}

int32_t cuDeviceGet(int32_t *device, int32_t ordinal) {
  ENTER("cuDeviceGet");
  if (ordinal < 0 || ordinal >= deviceCount) return invalidDevice;
  *device = ordinal;
  return success;
}

int32_t cuDeviceGetName(char *name, int32_t length, int32_t device) {
  ENTER("cuDeviceGetName");
  std::string text = "Fake GPU " + std::to_string(device);
  strncpy(name, text.c_str(), length > 0 ? length : 0);
  return success;
}

int32_t cuDeviceGetAttribute(int32_t *value, int32_t attribute, int32_t) {
  ENTER("cuDeviceGetAttribute");
  *value = fake::attribute(attribute);
  return success;
}

int32_t cuDeviceTotalMem_v2(size_t *size, int32_t) {
  ENTER("cuDeviceTotalMem_v2");
  *size = state().memory;
  return success;
}

int32_t cuDeviceGetUuid_v2(void *uuid, int32_t device) {
  ENTER("cuDeviceGetUuid_v2");
  memset(uuid, 0xA0 + device, 16);
  return success;
}

int32_t cuDevicePrimaryCtxRetain(void **context, int32_t device) {
  ENTER("cuDevicePrimaryCtxRetain");
  if (device < 0 || device >= deviceCount) return invalidDevice;
  state().contexts[device].retained++;
  *context = &state().contexts[device];
  return success;
}

int32_t cuDevicePrimaryCtxRelease_v2(int32_t device) {
  ENTER("cuDevicePrimaryCtxRelease_v2");
  auto &context = state().contexts[device];
  if (context.retained == 0) {
    violation("the primary context was released more often than retained");
    return invalidContext;
  }
  if (--context.retained == 0) {
    for (auto &block : state().device) {
      if (block.second.device == device) violation("device memory outlives its context");
    }
    for (auto stream : state().streams) {
      if (stream->device == device) violation("a stream outlives its context");
    }
    for (auto module : state().modules) {
      if (module->device == device) violation("a module outlives its context");
    }
  }
  return success;
}

int32_t cuCtxPushCurrent_v2(void *context) {
  ENTER("cuCtxPushCurrent_v2");
  auto pointer = static_cast<Context *>(context);
  if (pointer == nullptr || pointer->retained == 0) {
    violation("a context that is not retained was made current");
    return invalidContext;
  }
  current.push_back(pointer);
  return success;
}

int32_t cuCtxPopCurrent_v2(void **context) {
  LOCK;
  state().calls["cuCtxPopCurrent_v2"]++;
  if (current.empty()) {
    violation("a context was popped where none is current");
    return invalidContext;
  }
  *context = current.back();
  current.pop_back();
  return success;
}

int32_t cuCtxGetCurrent(void **context) {
  ENTER("cuCtxGetCurrent");
  *context = current.empty() ? nullptr : current.back();
  return success;
}

int32_t cuCtxSynchronize(void) {
  ENTER("cuCtxSynchronize");
  if (!needsContext("cuCtxSynchronize")) return invalidContext;
  if (forbidden("cuCtxSynchronize")) return captureUnsupported;
  for (auto stream : state().streams) run(stream, stream->queued);
  return stuck();
}

int32_t cuMemGetInfo_v2(size_t *free, size_t *total) {
  ENTER("cuMemGetInfo_v2");
  if (!needsContext("cuMemGetInfo")) return invalidContext;
  *total = state().memory;
  uint64_t taken = used(current.back()->device);
  *free = taken < state().memory ? state().memory - taken : 0;
  return success;
}

int32_t cuMemAlloc_v2(uint64_t *address, size_t size) {
  ENTER("cuMemAlloc_v2");
  if (!needsContext("cuMemAlloc")) return invalidContext;
  if (forbidden("cuMemAlloc")) return captureUnsupported;
  return allocate(address, size);
}

int32_t cuMemFree_v2(uint64_t address) {
  ENTER("cuMemFree_v2");
  if (forbidden("cuMemFree")) return captureUnsupported;
  auto found = state().device.find(address);
  if (found == state().device.end() || found->second.leaving) {
    violation("device memory was freed that is not allocated");
    return invalidValue;
  }
  // Like the real driver, wait for whatever may still use it.
  for (auto stream : state().streams) run(stream, stream->queued);
  state().device.erase(found);
  free(reinterpret_cast<void *>(address));
  return success;
}

int32_t cuMemHostAlloc(void **pointer, size_t size, uint32_t) {
  ENTER("cuMemHostAlloc");
  if (!needsContext("cuMemHostAlloc")) return invalidContext;
  if (forbidden("cuMemHostAlloc")) return captureUnsupported;
  *pointer = aligned_alloc(4096, (size + 4095) / 4096 * 4096);
  if (*pointer == nullptr) return outOfMemory;
  memset(*pointer, 0xEE, size);
  state().pinned[reinterpret_cast<uintptr_t>(*pointer)] = {size, current.back()->device};
  return success;
}

int32_t cuMemFreeHost(void *pointer) {
  ENTER("cuMemFreeHost");
  if (forbidden("cuMemFreeHost")) return captureUnsupported;
  auto found = state().pinned.find(reinterpret_cast<uintptr_t>(pointer));
  if (found == state().pinned.end()) {
    violation("pinned memory was freed that is not allocated");
    return invalidValue;
  }
  for (auto stream : state().streams) {
    for (auto &work : stream->work) {
      auto host = reinterpret_cast<uintptr_t>(work.host);
      if (host >= found->first && host < found->first + found->second.size) violation("pinned memory was freed while a copy is queued");
    }
  }
  state().pinned.erase(found);
  free(pointer);
  return success;
}

int32_t cuMemcpyHtoDAsync_v2(uint64_t target, const void *source, size_t size, void *handle) {
  ENTER("cuMemcpyHtoDAsync_v2");
  auto stream = static_cast<Stream *>(handle);
  if (!needsContext("cuMemcpyHtoDAsync")) return invalidContext;
  if (!known(stream)) {
    violation("a copy on a stream that is gone");
    return invalidHandle;
  }
  if (!find(state().device, target, size)) {
    violation("a copy beyond the end of device memory");
    return invalidValue;
  }
  auto to = reinterpret_cast<void *>(target);
  if (find(state().pinned, reinterpret_cast<uintptr_t>(source), size)) {
    // Pinned memory is read when the stream comes to it, so writing it too early shows.
    queue(stream, {[=] { memcpy(to, source, size); }, source});
  } else {
    // The real driver reads it again at each launch of the graph, when it may be gone.
    if (stream != nullptr && stream->capture) violation("a copy from memory that is not pinned was captured");
    std::vector<char> bytes(static_cast<const char *>(source), static_cast<const char *>(source) + size);
    queue(stream, {[to, bytes = std::move(bytes)] { memcpy(to, bytes.data(), bytes.size()); }});
  }
  return success;
}

int32_t cuMemcpyDtoHAsync_v2(void *target, uint64_t source, size_t size, void *handle) {
  ENTER("cuMemcpyDtoHAsync_v2");
  auto stream = static_cast<Stream *>(handle);
  if (!needsContext("cuMemcpyDtoHAsync")) return invalidContext;
  if (!known(stream)) {
    violation("a copy on a stream that is gone");
    return invalidHandle;
  }
  if (!find(state().device, source, size)) {
    violation("a copy beyond the end of device memory");
    return invalidValue;
  }
  queue(stream, {[=] { memcpy(target, reinterpret_cast<void *>(source), size); }, target});
  return success;
}

int32_t cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t size, void *handle) {
  ENTER("cuMemcpyDtoDAsync_v2");
  if (!needsContext("cuMemcpyDtoDAsync")) return invalidContext;
  if (!find(state().device, source, size) || !find(state().device, target, size)) {
    violation("a copy beyond the end of device memory");
    return invalidValue;
  }
  queue(static_cast<Stream *>(handle), {[=] {
          memmove(reinterpret_cast<void *>(target), reinterpret_cast<void *>(source), size);
        }});
  return success;
}

int32_t cuMemsetD8Async(uint64_t target, uint8_t byte, size_t size, void *handle) {
  ENTER("cuMemsetD8Async");
  if (!needsContext("cuMemsetD8Async")) return invalidContext;
  if (!find(state().device, target, size)) {
    violation("device memory was filled beyond its end");
    return invalidValue;
  }
  queue(static_cast<Stream *>(handle),
        {[=] { memset(reinterpret_cast<void *>(target), byte, size); }, nullptr, "fill"});
  return success;
}

int32_t cuStreamCreate(void **handle, uint32_t) {
  ENTER("cuStreamCreate");
  if (!needsContext("cuStreamCreate")) return invalidContext;
  auto stream = new Stream{current.back()->device, {}, 0, 0, nullptr};
  state().streams.insert(stream);
  *handle = stream;
  return success;
}

int32_t cuStreamDestroy_v2(void *handle) {
  ENTER("cuStreamDestroy_v2");
  auto stream = static_cast<Stream *>(handle);
  if (state().streams.erase(stream) == 0) {
    violation("a stream was destroyed that is none");
    return invalidHandle;
  }
  // Memory given back at the end is nobody's concern.
  bool hasWork = std::any_of(stream->work.begin(), stream->work.end(),
                             [](const Work &work) { return strcmp(work.kind, "free") != 0; });
  if (hasWork) violation("a stream was destroyed with work in it");
  if (stream->capture && stream->capture->origin == stream) violation("a stream was destroyed while it is captured");
  run(stream, stream->queued);
  for (auto event : state().events) {
    if (event->stream == stream) event->stream = nullptr;
  }
  delete stream;
  return success;
}

int32_t cuStreamSynchronize(void *handle) {
  ENTER("cuStreamSynchronize");
  auto stream = static_cast<Stream *>(handle);
  if (!known(stream)) {
    violation("a stream was waited for that is gone");
    return invalidHandle;
  }
  if (stream != nullptr && stream->capture) {
    violation("a stream was waited for while it is captured");
    stream->capture->invalid = true;
    return captureUnsupported;
  }
  if (stream != nullptr) run(stream, stream->queued);
  return stuck();
}

int32_t cuStreamQuery(void *handle) {
  ENTER("cuStreamQuery");
  auto stream = static_cast<Stream *>(handle);
  if (stream != nullptr && stream->capture) {
    violation("a stream was asked about while it is captured");
    stream->capture->invalid = true;
    return captureUnsupported;
  }
  if (stream == nullptr || stream->done == stream->queued) return success;
  // It goes on meanwhile, so that whoever polls comes to an end.
  run(stream, stream->queued);
  return notReady;
}

int32_t cuStreamWaitEvent(void *handle, void *eventHandle, uint32_t) {
  ENTER("cuStreamWaitEvent");
  auto event = static_cast<Event *>(eventHandle);
  if (state().events.count(event) == 0) return invalidHandle;
  auto waiting = static_cast<Stream *>(handle);
  auto other = event->stream;
  auto position = event->position;
  if (auto capture = event->capture.lock()) {
    // The order of the calls is the order of the graph: waiting is only noted.
    if (waiting == capture->origin) {
      if (auto joined = capture->joined.find(other); joined != capture->joined.end()) {
        joined->second.second = std::max(joined->second.second, position);
      }
    } else if (waiting != nullptr && !waiting->capture) {
      waiting->capture = capture;
      capture->joined[waiting] = {0, 0};
    }
    return success;
  }
  if (other == nullptr) return success;
  queue(waiting, {[=] {
                    if (state().streams.count(other) > 0) run(other, position);
                  },
                  nullptr, "wait"});
  return success;
}

int32_t cuEventCreate(void **handle, uint32_t flags) {
  ENTER("cuEventCreate");
  if (!needsContext("cuEventCreate")) return invalidContext;
  auto event = new Event{(flags & 2) == 0, nullptr, 0, {}};
  state().events.insert(event);
  *handle = event;
  return success;
}

int32_t cuEventDestroy_v2(void *handle) {
  ENTER("cuEventDestroy_v2");
  auto event = static_cast<Event *>(handle);
  if (state().events.erase(event) == 0) {
    violation("an event was destroyed that is none");
    return invalidHandle;
  }
  delete event;
  return success;
}

int32_t cuEventRecord(void *handle, void *streamHandle) {
  ENTER("cuEventRecord");
  auto event = static_cast<Event *>(handle);
  auto stream = static_cast<Stream *>(streamHandle);
  event->stream = stream;
  event->position = stream ? stream->queued : 0;
  event->capture.reset();
  if (stream != nullptr && stream->capture) {
    event->capture = stream->capture;
    event->position = stream->capture->joined[stream].first;
  }
  return success;
}

int32_t cuEventSynchronize(void *handle) {
  ENTER("cuEventSynchronize");
  auto event = static_cast<Event *>(handle);
  if (event->stream != nullptr) run(event->stream, event->position);
  return success;
}

int32_t cuEventQuery(void *handle) {
  ENTER("cuEventQuery");
  auto event = static_cast<Event *>(handle);
  if (event->stream == nullptr || event->stream->done >= event->position) return success;
  run(event->stream, event->position);
  return notReady;
}

int32_t cuEventElapsedTime(float *milliseconds, void *, void *) {
  ENTER("cuEventElapsedTime");
  *milliseconds = 1.5F;
  return success;
}

int32_t cuLaunchHostFunc(void *handle, void (*function)(void *), void *data) {
  ENTER("cuLaunchHostFunc");
  queue(static_cast<Stream *>(handle), {[=] { function(data); }, nullptr, "host"});
  return success;
}

}  // extern "C"
