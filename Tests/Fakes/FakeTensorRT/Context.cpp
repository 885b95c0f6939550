// Execution contexts: shapes, addresses and profiles, and executions in stream order.
#include "Driver.h"
#include "Engine.h"
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

bool setInputShape64(void *self, const char *name, const Dims64 *dims) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.setInputShape", context)) return false;
  auto engine = context->engine;
  auto value = engine->find(name);
  auto shape = lengths(*dims);
  if (value == nullptr || !engine->isInput(name) || shape.size() != value->shape.size()) {
    report(context, 3, "setInputShape: no such input, or a wrong rank");
    return false;
  }
  if (context->profile < 0) {
    report(context, 3, "setInputShape: no optimization profile has been chosen");
    return false;
  }
  auto low = lengths(profileShape64(engine, name, context->profile, 0));
  auto high = lengths(profileShape64(engine, name, context->profile, 2));
  for (size_t i = 0; i < shape.size(); i++) {
    bool fits = value->shape[i] >= 0 ? shape[i] == value->shape[i] : low[i] <= shape[i] && shape[i] <= high[i];
    if (fits) continue;
    report(context, 3, "setInputShape: Static dimension mismatch or out of profile bounds while setting input shape.");
    return false;
  }
  context->shapes[name] = shape;
  return true;
}
bool setInputShape32(void *self, const char *name, const Dims32 *dims) {
  Dims64 wideDims = widen(*dims);
  return setInputShape64(self, name, &wideDims);
}

/// The output shapes under the input shapes that are set, by running the graph on zeros.
std::map<std::string, std::vector<int64_t>> outputShapes(Context *context) {
  std::map<std::string, Tensor> values;
  for (size_t i = 0; i < context->engine->inputCount; i++) {
    auto &tensor = context->engine->tensors[i];
    auto shape = context->shapes.find(tensor.name);
    if (shape == context->shapes.end()) return {};
    values[tensor.name] = Tensor::of(tensor.type, shape->second);
  }
  std::map<std::string, std::vector<int64_t>> result;
  for (auto &item : context->engine->graph.run(values)) {
    result[item.first] = item.second.shape;
    if (context->engine->graph.isDataDependent() && !result[item.first].empty()) result[item.first][0] = -1;
  }
  return result;
}

Dims64 contextShape64(void *self, const char *name) {
  auto context = static_cast<Context *>(self);
  auto value = context->engine->find(name);
  if (value == nullptr) return noDims;
  auto set = context->shapes.find(name);
  if (set != context->shapes.end()) return wide(set->second);
  if (context->engine->isInput(name)) return wide(value->shape);
  try {
    auto shapes = outputShapes(context);
    auto found = shapes.find(name);
    return wide(found == shapes.end() ? value->shape : found->second);
  } catch (const std::exception &) {
    return noDims;
  }
}
Dims32 contextShape32(void *self, const char *name) { return narrow(contextShape64(self, name)); }

bool setAddress(void *self, const char *name, void *address) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.setTensorAddress", context)) return false;
  if (context->engine->find(name) == nullptr) {
    report(context, 3, "setTensorAddress: no such tensor");
    return false;
  }
  if (reinterpret_cast<uintptr_t>(address) % 256 != 0) violation(std::string("the address of ") + name + " is not aligned to 256 bytes");
  context->addresses[name] = address;
  return true;
}
const void *address(void *self, const char *name) {
  auto context = static_cast<Context *>(self);
  auto found = context->addresses.find(name ? name : "");
  return found == context->addresses.end() ? nullptr : found->second;
}
int32_t inferShapes(void *self, int32_t capacity, const char **names) {
  auto context = static_cast<Context *>(self);
  int32_t missing = 0;
  for (size_t i = 0; i < context->engine->inputCount; i++) {
    auto &tensor = context->engine->tensors[i];
    if (context->shapes.count(tensor.name)) continue;
    if (missing < capacity) names[missing] = tensor.name.c_str();
    missing++;
  }
  return missing;
}

void compute(void *data) {
  auto job = static_cast<Job *>(data);
  try {
    std::map<std::string, Tensor> values;
    for (auto &input : job->graph->inputs) {
      auto tensor = Tensor::read(input.type, job->shapes[input.name], job->in[input.name]);
      if (job->bleeding && !tensor.shape.empty() && tensor.shape[0] > 1) {
        size_t row = tensor.values.size() / tensor.shape[0];
        for (size_t i = row; i < tensor.values.size(); i++) tensor.values[i] = (tensor.values[i] + tensor.values[i % row]) / 2;
      }
      values[input.name] = tensor;
    }
    job->results = job->graph->run(values);
    for (auto &output : job->graph->outputs) job->results[output.name].type = output.type;
    for (auto &item : job->out) job->results[item.first].write(item.second);
  } catch (const std::exception &) {
    job->failed = true;
  }
  job->done = true;
}

const Driver *driver() { return Driver::shared(state().cuda); }

void release(std::unique_ptr<Job> &job) {
  if (!job) return;
  for (auto list : {&job->in, &job->out}) {
    // Null where there was no memory.
    for (auto &item : *list) if (item.second) driver()->freeHost(item.second);
  }
  job.reset();
}

/// Runs what the bindings say on a stream: copies in, the graph, copies out, all in stream order.
bool execute(Context *context, const std::map<std::string, void *> &addresses, void *stream) {
  auto engine = context->engine;
  auto cuda = driver();
  if (cuda == nullptr) {
    report(context, 7, "no CUDA driver at " + state().cuda);
    return false;
  }
  void *current = nullptr;
  if (cuda->current(&current) != 0 || current == nullptr) violation("an execution without a current CUDA context");
  if (context->userManaged && context->deviceMemory == nullptr) {
    report(context, 4, "an execution without device memory");
    return false;
  }
  if (context->job && context->job->started && !context->job->done) violation("two executions of one context at once");
  release(context->job);
  if (fails("execution", context)) return false;
  auto job = std::make_unique<Job>();
  job->context = context;
  job->graph = &engine->graph;
  job->bleeding = state().bleeding;
  std::map<std::string, std::vector<int64_t>> shapes;
  try {
    shapes = outputShapes(context);
  } catch (const std::exception &error) {
    report(context, 7, error.what());
    return false;
  }
  for (size_t i = 0; i < engine->inputCount; i++) {
    auto &tensor = engine->tensors[i];
    auto shape = context->shapes.find(tensor.name);
    auto from = addresses.find(tensor.name);
    if (shape == context->shapes.end() || from == addresses.end() || from->second == nullptr) {
      report(context, 3, "enqueue: the input " + tensor.name + " has no shape or no address");
      return false;
    }
    job->shapes[tensor.name] = shape->second;
    size_t size = static_cast<size_t>(product(shape->second)) * elementSize(tensor.type);
    void *&room = job->in[tensor.name];
    if (cuda->allocateHost(&room, std::max<size_t>(1, size), 0) != 0 ||
        cuda->toHost(room, reinterpret_cast<uint64_t>(from->second), size, stream) != 0) {
      report(context, 7, "Cuda Runtime (a copy of the input " + tensor.name + " failed)");
      context->job = std::move(job);
      return false;
    }
  }
  context->job = std::move(job);
  auto &run = *context->job;
  if (engine->graph.isDataDependent()) {
    // The sizes are known only when it has been computed.
    if (cuda->synchronize(stream) != 0) return false;
    compute(&run);
    for (auto &item : run.results) {
      auto allocator = context->allocators[item.first];
      size_t size = item.second.values.size() * elementSize(item.second.type);
      void *room = nullptr, *target = nullptr;
      if (allocator == nullptr) {
        report(context, 3, "the output " + item.first + " needs an output allocator");
        return false;
      }
      auto found = addresses.find(item.first);
      void *before = found == addresses.end() ? nullptr : found->second;
      using Now = void *(*)(void *, const char *, void *, uint64_t, uint64_t);
      using Later = void *(*)(void *, const char *, void *, uint64_t, uint64_t, void *);
      if (auto later = callerMethod<Later>(allocator, "IOutputAllocator", "reallocateOutputAsync")) {
        target = later(allocator, item.first.c_str(), before, std::max<size_t>(1, size), 256, stream);
      } else {
        target = callerMethod<Now>(allocator, "IOutputAllocator", "reallocateOutput")(
            allocator, item.first.c_str(), before, std::max<size_t>(1, size), 256);
      }
      if (target == nullptr) {
        report(context, 5, "out of memory: the output allocator gave no room for " + item.first);
        return false;
      }
      auto dims = wide(item.second.shape);
      if (auto notify = callerMethod<void (*)(void *, const char *, const Dims64 *)>(allocator, "IOutputAllocator", "notifyShape", 1)) {
        notify(allocator, item.first.c_str(), &dims);
      } else {
        auto small = narrow(dims);
        callerMethod<void (*)(void *, const char *, const Dims32 *)>(allocator, "IOutputAllocator", "notifyShape")(
            allocator, item.first.c_str(), &small);
      }
      if (size == 0) continue;
      if (cuda->allocateHost(&room, size, 0) != 0) return false;
      run.out[item.first] = room;
      item.second.write(room);
      if (cuda->toDevice(reinterpret_cast<uint64_t>(target), room, size, stream) != 0) return false;
    }
  } else {
    for (auto &output : engine->graph.outputs) {
      auto to = addresses.find(output.name);
      if (to == addresses.end() || to->second == nullptr) {
        report(context, 3, "enqueue: the output " + output.name + " has no address");
        return false;
      }
      size_t size = static_cast<size_t>(product(shapes[output.name])) * elementSize(output.type);
      if (cuda->allocateHost(&run.out[output.name], std::max<size_t>(1, size), 0) != 0) return false;
    }
    if (cuda->launch(stream, compute, &run) != 0) return false;
    run.started = true;
    for (auto &output : engine->graph.outputs) {
      size_t size = static_cast<size_t>(product(shapes[output.name])) * elementSize(output.type);
      auto to = reinterpret_cast<uint64_t>(addresses.at(output.name));
      if (cuda->toDevice(to, run.out[output.name], size, stream) != 0) {
        report(context, 7, "Cuda Runtime (a copy of the output " + output.name + " failed)");
        return false;
      }
    }
  }
  if (context->consumed) cuda->record(context->consumed, stream);
  if (context->profiler) {
    for (auto &node : engine->graph.nodes) {
      callerMethod<void (*)(void *, const char *, float)>(context->profiler, "IProfiler", "reportLayerTime")(
          context->profiler, node.name.c_str(), 0.25F);
    }
  }
  return true;
}

bool enqueueV3(void *self, void *stream) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.enqueueV3", context)) return false;
  return execute(context, context->addresses, stream);
}

std::map<std::string, void *> bound(Context *context, void *const *bindings) {
  auto engine = context->engine;
  std::map<std::string, void *> addresses;
  bool legacy = swoop_trt_slot(&state().layout, rowOf("ICudaEngine", "getBindingIndex", 0)) >= 0;
  for (size_t i = 0; i < engine->tensors.size(); i++) {
    auto &name = engine->tensors[i].name;
    int32_t index = legacy ? bindingIndex(engine, name.c_str()) + context->profile * ioCount(engine) : static_cast<int32_t>(i);
    addresses[name] = bindings[index];
  }
  return addresses;
}

bool executeV2(void *self, void *const *bindings) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.executeV2", context)) return false;
  if (!execute(context, bound(context, bindings), nullptr)) return false;
  if (driver()->synchronize(nullptr) != 0) {
    report(context, 7, "Cuda Runtime (the execution failed)");
    return false;
  }
  return !context->job->failed;
}
bool enqueueV2(void *self, void *const *bindings, void *stream, void **consumed) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.enqueueV2", context)) return false;
  if (!execute(context, bound(context, bindings), stream)) return false;
  if (consumed) driver()->record(*consumed, stream);
  return true;
}
bool setProfile(void *self, int32_t profile, void *) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.setOptimizationProfileAsync", context)) return false;
  if (profile < 0 || profile >= profileCount(context->engine)) {
    report(context, 3, "setOptimizationProfileAsync: no such profile");
    return false;
  }
  if (mustChoose(context->engine)) {
    auto &chosen = context->engine->chosen;
    auto taken = chosen.emplace(profile, context);
    if (!taken.second && taken.first->second != context) {
      report(
          context, 3,
          "setOptimizationProfileAsync: Profile " + std::to_string(profile) + " has been chosen for another IExecutionContext.");
      return false;
    }
    if (context->profile >= 0 && context->profile != profile) chosen.erase(context->profile);
  }
  context->profile = profile;
  for (size_t i = 0; i < context->engine->inputCount; i++) {
    auto &tensor = context->engine->tensors[i];
    if (std::count(tensor.shape.begin(), tensor.shape.end(), -1)) context->shapes.erase(tensor.name);
  }
  return true;
}
int32_t getProfile(void *self) { return static_cast<Context *>(self)->profile; }
bool allSpecified(void *self) { return inferShapes(self, 0, nullptr) == 0; }
bool setOutputAllocator(void *self, const char *name, void *allocator) {
  auto context = static_cast<Context *>(self);
  if (fails("IExecutionContext.setOutputAllocator", context)) return false;
  if (context->engine->find(name) == nullptr || context->engine->isInput(name)) return false;
  context->allocators[name] = allocator;
  return true;
}
int64_t maxOutputSize(void *self, const char *name) {
  auto context = static_cast<Context *>(self);
  auto value = context->engine->find(name);
  if (value == nullptr || context->engine->graph.isDataDependent()) return -1;
  auto shapes = outputShapes(context);
  auto found = shapes.find(name);
  return found == shapes.end() ? -1 : product(found->second) * static_cast<int64_t>(elementSize(value->type));
}
void setProfiler(void *self, void *profiler) { static_cast<Context *>(self)->profiler = profiler; }
bool reportToProfiler(void *) { return true; }
void setEmits(void *self, bool on) { static_cast<Context *>(self)->emitsProfile = on; }
void setDeviceMemory(void *self, void *address_) { static_cast<Context *>(self)->deviceMemory = address_; }
void setDeviceMemoryV2(void *self, void *address_, int64_t) { static_cast<Context *>(self)->deviceMemory = address_; }
uint64_t updateDeviceMemory(void *) { return 4096; }
bool setConsumed(void *self, void *event) {
  static_cast<Context *>(self)->consumed = event;
  return true;
}
void setContextName(void *self, const char *name) { static_cast<Context *>(self)->name = name; }
void destroyContext(void *self) {
  auto context = static_cast<Context *>(static_cast<Object *>(self)->inner);
  if (context->job && context->job->started && !context->job->done) violation("a context was freed while it executes");
  release(context->job);
  if (mustChoose(context->engine) && context->profile >= 0) context->engine->chosen.erase(context->profile);
  bury(context);
}

}  // namespace

std::vector<Entry> contextEntries() {
  return {
    {"IExecutionContext", "setInputShape", 0, F(setInputShape32)},
    {"IExecutionContext", "setInputShape", 1, F(setInputShape64)},
    {"IExecutionContext", "getTensorShape", 0, F(contextShape32)},
    {"IExecutionContext", "getTensorShape", 1, F(contextShape64)},
    {"IExecutionContext", "setTensorAddress", 0, F(setAddress)},
    {"IExecutionContext", "getTensorAddress", 0, F(address)}, {"IExecutionContext", "inferShapes", 0, F(inferShapes)},
    {"IExecutionContext", "enqueueV3", 0, F(enqueueV3)}, {"IExecutionContext", "enqueueV2", 0, F(enqueueV2)},
    {"IExecutionContext", "executeV2", 0, F(executeV2)},
    {"IExecutionContext", "setOptimizationProfileAsync", 0, F(setProfile)},
    {"IExecutionContext", "getOptimizationProfile", 0, F(getProfile)},
    {"IExecutionContext", "allInputDimensionsSpecified", 0, F(allSpecified)},
    {"IExecutionContext", "setOutputAllocator", 0, F(setOutputAllocator)},
    {"IExecutionContext", "getMaxOutputSize", 0, F(maxOutputSize)},
    {"IExecutionContext", "setProfiler", 0, F(setProfiler)},
    {"IExecutionContext", "reportToProfiler", 0, F(reportToProfiler)},
    {"IExecutionContext", "setEnqueueEmitsProfile", 0, F(setEmits)},
    {"IExecutionContext", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"IExecutionContext", "setDeviceMemory", 0, F(setDeviceMemory)},
    {"IExecutionContext", "setDeviceMemoryV2", 0, F(setDeviceMemoryV2)},
    {"IExecutionContext", "updateDeviceMemorySizeForShapes", 0, F(updateDeviceMemory)},
    {"IExecutionContext", "setInputConsumedEvent", 0, F(setConsumed)},
    {"IExecutionContext", "setName", 0, F(setContextName)}, {"IExecutionContext", "destroy", 0, F(destroyContext)},
  };
}

}  // namespace fake
