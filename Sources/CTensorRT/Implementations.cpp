// The interfaces that TensorRT calls back: logger, error recorder, progress monitor, profiler, output allocator. An object
// is a pointer to a table of functions whose order depends on the version, with a real type_info before it.
#include <mutex>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "Invoke.h"
#include "Tables.h"
#include "include/CTensorRT.h"

namespace {

struct InterfaceInfo {
  const char *kind;
  int32_t major, minor;
};
static_assert(sizeof(InterfaceInfo) == 16);

/// Only its type_info is used.
class Caller {
 public:
  virtual ~Caller() = default;
};

int32_t language(void *) { return 0; }
int32_t interfaceVersion(void *) { return 1; }
void nothing(void *) {}
// For slots that no known version calls: as a bool, an integer or a pointer it says no.
intptr_t unexpected(void *) { return 0; }

/// What TensorRT sees of an object of ours is its first word, the address of slot 0.
struct Implementation {
  static constexpr int capacity = 24;
  void **methods;
  void *table[2 + capacity];
  void *context;
  const char *kind;
  // The destructor that swoop_trt_implementation_free runs; TensorRT's own calls of the destructor slots do nothing.
  void (*release)(Implementation *);

  Implementation(const swoop_trt_layout *layout, const char *interface, void *context, void (*release)(Implementation *))
      : methods(table + 2), context(context), kind(interface), release(release) {
    table[0] = nullptr;  // offset to top
    table[1] = const_cast<std::type_info *>(&typeid(Caller));
    for (int i = 0; i < capacity; i++) methods[i] = reinterpret_cast<void *>(unexpected);
    set(layout, "complete", reinterpret_cast<void *>(nothing));
    set(layout, "deleting", reinterpret_cast<void *>(nothing));
    set(layout, "getAPILanguage", reinterpret_cast<void *>(language));
    set(layout, "getInterfaceInfo", reinterpret_cast<void *>(info));
    set(layout, "getInterfaceVersion", reinterpret_cast<void *>(interfaceVersion));
  }

  static InterfaceInfo info(void *self) { return {static_cast<Implementation *>(self)->kind, 1, 0}; }

  /// Puts a function where this version has the method; returns whether it has it.
  bool set(const swoop_trt_layout *layout, std::string_view method, void *function, int form = 0) {
    for (int row = 0; row < SWOOP_TRT_ROWS; row++) {
      if (rowNames[row].scope != std::string_view(kind) || rowNames[row].name != method) continue;
      if (form-- > 0) continue;
      if (layout->slots[row] < 0 || layout->slots[row] >= capacity) return false;
      methods[layout->slots[row]] = function;
      return true;
    }
    return false;
  }
};

template <class T>
void release(Implementation *implementation) {
  delete static_cast<T *>(implementation);
}

struct Logger : Implementation {
  void (*sink)(void *, int32_t, const char *);

  Logger(const swoop_trt_layout *layout, void *context, void (*sink)(void *, int32_t, const char *))
      : Implementation(layout, "ILogger", context, ::release<Logger>), sink(sink) {
    set(layout, "log", reinterpret_cast<void *>(log));
  }
  static void log(void *self, int32_t severity, const char *message) {
    auto logger = static_cast<Logger *>(self);
    logger->sink(logger->context, severity, message);
  }
};

struct Recorder : Implementation {
  struct Entry {
    int32_t code;
    std::string description;
  };
  static constexpr size_t limit = 64;
  void (*sink)(void *, int32_t, const char *);
  std::mutex mutex;
  std::vector<Entry> entries;
  bool overflowed = false;
  int32_t references = 0;

  Recorder(const swoop_trt_layout *layout, void *context, void (*sink)(void *, int32_t, const char *))
      : Implementation(layout, "IErrorRecorder", context, ::release<Recorder>), sink(sink) {
    // TensorRT may keep the address of a description until it clears the recorder.
    entries.reserve(limit);
    set(layout, "getNbErrors", reinterpret_cast<void *>(count));
    set(layout, "getErrorCode", reinterpret_cast<void *>(code));
    set(layout, "getErrorDesc", reinterpret_cast<void *>(description));
    set(layout, "hasOverflowed", reinterpret_cast<void *>(hasOverflowed));
    set(layout, "clear", reinterpret_cast<void *>(clear));
    set(layout, "reportError", reinterpret_cast<void *>(report));
    set(layout, "incRefCount", reinterpret_cast<void *>(retain));
    set(layout, "decRefCount", reinterpret_cast<void *>(drop));
  }
  static Recorder *of(void *self) { return static_cast<Recorder *>(self); }
  static int32_t count(void *self) {
    std::lock_guard lock(of(self)->mutex);
    return static_cast<int32_t>(of(self)->entries.size());
  }
  static int32_t code(void *self, int32_t index) {
    std::lock_guard lock(of(self)->mutex);
    auto &entries = of(self)->entries;
    return index >= 0 && static_cast<size_t>(index) < entries.size() ? entries[index].code : 0;
  }
  static const char *description(void *self, int32_t index) {
    std::lock_guard lock(of(self)->mutex);
    auto &entries = of(self)->entries;
    return index >= 0 && static_cast<size_t>(index) < entries.size() ? entries[index].description.c_str() : "";
  }
  static bool hasOverflowed(void *self) {
    std::lock_guard lock(of(self)->mutex);
    return of(self)->overflowed;
  }
  static void clear(void *self) {
    std::lock_guard lock(of(self)->mutex);
    of(self)->entries.clear();
    of(self)->overflowed = false;
  }
  static bool report(void *self, int32_t code, const char *description) {
    auto recorder = of(self);
    {
      std::lock_guard lock(recorder->mutex);
      if (recorder->entries.size() < limit) {
        recorder->entries.push_back({code, description ? description : ""});
      } else {
        recorder->overflowed = true;
      }
    }
    recorder->sink(recorder->context, code, description);
    return false;  // not fatal by itself: the call that failed says so
  }
  static int32_t retain(void *self) {
    std::lock_guard lock(of(self)->mutex);
    return ++of(self)->references;
  }
  static int32_t drop(void *self) {
    std::lock_guard lock(of(self)->mutex);
    return --of(self)->references;
  }
};

struct Monitor : Implementation {
  void (*onStart)(void *, const char *, const char *, int32_t);
  bool (*onStep)(void *, const char *, int32_t);
  void (*onFinish)(void *, const char *);
  bool known;

  Monitor(
      const swoop_trt_layout *layout, void *context, void (*start)(void *, const char *, const char *, int32_t),
      bool (*step)(void *, const char *, int32_t), void (*finish)(void *, const char *))
      : Implementation(layout, "IProgressMonitor", context, ::release<Monitor>),
        onStart(start), onStep(step), onFinish(finish) {
    known = set(layout, "phaseStart", reinterpret_cast<void *>(phaseStart));
    set(layout, "stepComplete", reinterpret_cast<void *>(stepComplete));
    set(layout, "phaseFinish", reinterpret_cast<void *>(phaseFinish));
  }
  static void phaseStart(void *self, const char *phase, const char *parent, int32_t steps) {
    auto monitor = static_cast<Monitor *>(self);
    monitor->onStart(monitor->context, phase, parent, steps);
  }
  static bool stepComplete(void *self, const char *phase, int32_t step) {
    auto monitor = static_cast<Monitor *>(self);
    return monitor->onStep(monitor->context, phase, step);
  }
  static void phaseFinish(void *self, const char *phase) {
    auto monitor = static_cast<Monitor *>(self);
    monitor->onFinish(monitor->context, phase);
  }
};

struct Profiler : Implementation {
  void (*sink)(void *, const char *, float);

  Profiler(const swoop_trt_layout *layout, void *context, void (*sink)(void *, const char *, float))
      : Implementation(layout, "IProfiler", context, ::release<Profiler>), sink(sink) {
    set(layout, "reportLayerTime", reinterpret_cast<void *>(report));
  }
  static void report(void *self, const char *layer, float milliseconds) {
    auto profiler = static_cast<Profiler *>(self);
    profiler->sink(profiler->context, layer, milliseconds);
  }
};

struct OutputAllocator : Implementation {
  using Reallocate = void *(*)(void *, const char *, void *, uint64_t, uint64_t, void *);
  using Notify = void (*)(void *, const char *, const swoop_trt_dims *);
  Reallocate onReallocate;
  Notify onNotify;

  OutputAllocator(const swoop_trt_layout *layout, void *context, Reallocate reallocate, Notify notify)
      : Implementation(layout, "IOutputAllocator", context, ::release<OutputAllocator>),
        onReallocate(reallocate), onNotify(notify) {
    set(layout, "reallocateOutput", reinterpret_cast<void *>(reallocateOutput));
    set(layout, "reallocateOutputAsync", reinterpret_cast<void *>(reallocateOutputAsync));
    set(layout, "notifyShape", reinterpret_cast<void *>(notifyShape32), 0);
    set(layout, "notifyShape", reinterpret_cast<void *>(notifyShape64), 1);
  }
  static void *reallocateOutput(void *self, const char *tensor, void *current, uint64_t size, uint64_t alignment) {
    return reallocateOutputAsync(self, tensor, current, size, alignment, nullptr);
  }
  static void *reallocateOutputAsync(
      void *self, const char *tensor, void *current, uint64_t size, uint64_t alignment, void *stream) {
    auto allocator = static_cast<OutputAllocator *>(self);
    return allocator->onReallocate(allocator->context, tensor, current, size, alignment, stream);
  }
  static void notifyShape32(void *self, const char *tensor, const dims32 *shape) {
    swoop_trt_dims wide = widened(*shape);
    notifyShape64(self, tensor, &wide);
  }
  static void notifyShape64(void *self, const char *tensor, const swoop_trt_dims *shape) {
    auto allocator = static_cast<OutputAllocator *>(self);
    allocator->onNotify(allocator->context, tensor, shape);
  }
};

static_assert(offsetof(Implementation, methods) == 0);

}  // namespace

void *swoop_trt_logger_new(
    const swoop_trt_layout *layout, void *context, void (*log)(void *, int32_t, const char *)) {
  return new Logger(layout, context, log);
}

void *swoop_trt_recorder_new(
    const swoop_trt_layout *layout, void *context, void (*report)(void *, int32_t, const char *)) {
  return new Recorder(layout, context, report);
}

void *swoop_trt_monitor_new(
    const swoop_trt_layout *layout, void *context, void (*start)(void *, const char *, const char *, int32_t),
    bool (*step)(void *, const char *, int32_t), void (*finish)(void *, const char *)) {
  auto monitor = new Monitor(layout, context, start, step, finish);
  if (monitor->known) return monitor;
  delete monitor;
  return nullptr;
}

void *swoop_trt_profiler_new(
    const swoop_trt_layout *layout, void *context, void (*report)(void *, const char *, float)) {
  return new Profiler(layout, context, report);
}

void *swoop_trt_output_allocator_new(
    const swoop_trt_layout *layout, void *context,
    void *(*reallocate)(void *, const char *, void *, uint64_t, uint64_t, void *),
    void (*notify)(void *, const char *, const swoop_trt_dims *)) {
  return new OutputAllocator(layout, context, reallocate, notify);
}

void swoop_trt_recorder_clear(void *recorder) { Recorder::clear(recorder); }

void swoop_trt_implementation_free(void *implementation) {
  auto object = static_cast<Implementation *>(implementation);
  object->release(object);
}
