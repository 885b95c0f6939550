#include "include/FakeCUDA.h"

#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace {

constexpr int32_t success = 0, invalidValue = 1, outOfMemory = 2, invalidDevice = 101, invalidContext = 201,
                  invalidHandle = 400, notReady = 600;
constexpr int deviceCount = 2;

struct Context {
  int device;
  int retained = 0;
};

struct Event {
  bool timing;
  // The position in a stream that it marks; null where it was never recorded.
  struct Stream *stream = nullptr;
  uint64_t position = 0;
};

struct Work {
  std::function<void()> run;
  // The host memory it reads or writes when it runs; null where it is none.
  const void *host;
};

struct Stream {
  int device;
  std::deque<Work> work;
  uint64_t queued = 0, done = 0;
};

struct Block {
  size_t size;
  int device;
};

struct State {
  // Recursive: what a stream runs may call the driver again.
  std::recursive_mutex mutex;
  Context contexts[deviceCount] = {{0}, {1}};
  std::map<uintptr_t, Block> device, pinned;
  std::set<Stream *> streams;
  std::set<Event *> events;
  std::map<std::string, int> calls;
  std::map<std::string, std::pair<int, int32_t>> orders;
  std::string violations;
  uint64_t memory = uint64_t(4) << 30;
  int32_t sticky = success;
  int32_t capability = 86;
};

State &state() {
  static auto *instance = new State;  // never destroyed: it is used while the process ends
  return *instance;
}

thread_local std::vector<Context *> current;

void violation(const std::string &text) { state().violations += text + "\n"; }

/// Counts a call and says how it is to end: an order, a broken context, or well.
int32_t enter(const char *function) {
  auto &s = state();
  int count = ++s.calls[function];
  auto order = s.orders.find(function);
  if (order != s.orders.end() && order->second.first > 0 && --order->second.first == 0) {
    int32_t result = order->second.second;
    (void)count;
    // Faults on the device break the context for good.
    if (result >= 700 && result < 720) s.sticky = result;
    return result;
  }
  return s.sticky;
}

bool needsContext(const char *function) {
  if (!current.empty()) return true;
  violation(std::string(function) + " without a current context");
  return false;
}

/// The block that holds a range, or null.
const Block *find(const std::map<uintptr_t, Block> &blocks, uintptr_t address, size_t size) {
  auto next = blocks.upper_bound(address);
  if (next == blocks.begin()) return nullptr;
  auto &block = *std::prev(next);
  return address + size <= block.first + block.second.size ? &block.second : nullptr;
}

void run(Stream *stream, uint64_t position) {
  while (stream->done < position && !stream->work.empty()) {
    auto next = std::move(stream->work.front());
    stream->work.pop_front();
    next.run();
    stream->done++;
  }
}

/// Queues work on a stream, or runs it at once on the default stream.
void queue(Stream *stream, std::function<void()> work, const void *host = nullptr) {
  if (stream == nullptr) {
    work();
    return;
  }
  stream->work.push_back({std::move(work), host});
  stream->queued++;
}

bool known(Stream *stream) { return stream == nullptr || state().streams.count(stream) > 0; }

uint64_t used(int device) {
  uint64_t sum = 0;
  for (auto &block : state().device) {
    if (block.second.device == device) sum += block.second.size;
  }
  return sum;
}

}  // namespace

#define LOCK std::lock_guard lock(state().mutex)
#define ENTER(name)                            \
  LOCK;                                        \
  if (int32_t result = enter(name)) return result

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
  s.violations.clear();
  s.memory = uint64_t(4) << 30;
  s.sticky = success;
}

void fake_cuda_set_capability(int32_t capability) {
  LOCK;
  state().capability = capability;
}

// MARK: The driver

int32_t cuInit(uint32_t) {
  ENTER("cuInit");
  return success;
}

int32_t cuDriverGetVersion(int32_t *version) {
  ENTER("cuDriverGetVersion");
  *version = 13000;
  return success;
}

int32_t cuGetErrorName(int32_t error, const char **text) {
  switch (error) {
    case success: *text = "CUDA_SUCCESS"; return success;
    case invalidValue: *text = "CUDA_ERROR_INVALID_VALUE"; return success;
    case outOfMemory: *text = "CUDA_ERROR_OUT_OF_MEMORY"; return success;
    case 100: *text = "CUDA_ERROR_NO_DEVICE"; return success;
    case 700: *text = "CUDA_ERROR_ILLEGAL_ADDRESS"; return success;
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
  *value = attribute == 75 ? state().capability / 10 : attribute == 76 ? state().capability % 10 : attribute == 16 ? 4 : 0;
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
  for (auto stream : state().streams) run(stream, stream->queued);
  return success;
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
  if (size == 0) return invalidValue;
  int device = current.back()->device;
  if (used(device) + size > state().memory) return outOfMemory;
  size_t rounded = (size + 255) / 256 * 256;
  void *pointer = aligned_alloc(256, rounded);
  if (pointer == nullptr) return outOfMemory;
  // Whoever reads what was never written is to see it.
  memset(pointer, 0xCD, rounded);
  state().device[reinterpret_cast<uintptr_t>(pointer)] = {size, device};
  *address = reinterpret_cast<uintptr_t>(pointer);
  return success;
}

int32_t cuMemFree_v2(uint64_t address) {
  ENTER("cuMemFree_v2");
  auto found = state().device.find(address);
  if (found == state().device.end()) {
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
  *pointer = aligned_alloc(4096, (size + 4095) / 4096 * 4096);
  if (*pointer == nullptr) return outOfMemory;
  memset(*pointer, 0xEE, size);
  state().pinned[reinterpret_cast<uintptr_t>(*pointer)] = {size, current.back()->device};
  return success;
}

int32_t cuMemFreeHost(void *pointer) {
  ENTER("cuMemFreeHost");
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
    queue(stream, [=] { memcpy(to, source, size); }, source);
  } else {
    std::vector<char> bytes(static_cast<const char *>(source), static_cast<const char *>(source) + size);
    queue(stream, [to, bytes = std::move(bytes)] { memcpy(to, bytes.data(), bytes.size()); });
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
  queue(stream, [=] { memcpy(target, reinterpret_cast<void *>(source), size); }, target);
  return success;
}

int32_t cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t size, void *handle) {
  ENTER("cuMemcpyDtoDAsync_v2");
  if (!needsContext("cuMemcpyDtoDAsync")) return invalidContext;
  if (!find(state().device, source, size) || !find(state().device, target, size)) {
    violation("a copy beyond the end of device memory");
    return invalidValue;
  }
  queue(static_cast<Stream *>(handle), [=] {
    memmove(reinterpret_cast<void *>(target), reinterpret_cast<void *>(source), size);
  });
  return success;
}

int32_t cuMemsetD8Async(uint64_t target, uint8_t byte, size_t size, void *handle) {
  ENTER("cuMemsetD8Async");
  if (!needsContext("cuMemsetD8Async")) return invalidContext;
  if (!find(state().device, target, size)) {
    violation("device memory was filled beyond its end");
    return invalidValue;
  }
  queue(static_cast<Stream *>(handle), [=] { memset(reinterpret_cast<void *>(target), byte, size); });
  return success;
}

int32_t cuStreamCreate(void **handle, uint32_t) {
  ENTER("cuStreamCreate");
  if (!needsContext("cuStreamCreate")) return invalidContext;
  auto stream = new Stream{current.back()->device, {}, 0, 0};
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
  if (stream->done < stream->queued) violation("a stream was destroyed with work in it");
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
  if (stream != nullptr) run(stream, stream->queued);
  return state().sticky;
}

int32_t cuStreamQuery(void *handle) {
  ENTER("cuStreamQuery");
  auto stream = static_cast<Stream *>(handle);
  if (stream == nullptr || stream->done == stream->queued) return success;
  // It goes on meanwhile, so that whoever polls comes to an end.
  run(stream, stream->queued);
  return notReady;
}

int32_t cuStreamWaitEvent(void *handle, void *eventHandle, uint32_t) {
  ENTER("cuStreamWaitEvent");
  auto event = static_cast<Event *>(eventHandle);
  if (state().events.count(event) == 0) return invalidHandle;
  auto other = event->stream;
  auto position = event->position;
  if (other == nullptr) return success;
  queue(static_cast<Stream *>(handle), [=] {
    if (state().streams.count(other) > 0) run(other, position);
  });
  return success;
}

int32_t cuEventCreate(void **handle, uint32_t flags) {
  ENTER("cuEventCreate");
  if (!needsContext("cuEventCreate")) return invalidContext;
  auto event = new Event{(flags & 2) == 0, nullptr, 0};
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
  queue(static_cast<Stream *>(handle), [=] { function(data); });
  return success;
}

}  // extern "C"
