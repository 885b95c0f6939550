#include "include/FakeTensorRT.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "CTensorRT.h"
#include "Driver.h"
#include "Graph.h"

namespace {

// MARK: State

struct Dims32 {
  int32_t count;
  int32_t d[8];
};
using Dims64 = swoop_trt_dims;

struct Inner;

/// What the library hands out: its own table, and the inner object behind it.
struct Object {
  void **own;
  Inner *inner;
};

struct Inner {
  void **table;  // must be first
  Object outer;
  std::string type;
  Inner *parent = nullptr;
  int children = 0;
  bool alive = true;
  void *recorder = nullptr;
};

/// Objects that are called directly, without an inner one.
struct Direct {
  void **table;  // must be first
  std::string type;
  Inner *parent = nullptr;
  bool alive = true;
};

struct State {
  std::recursive_mutex mutex;
  int32_t reported = 0, laidOut = 0;
  swoop_trt_layout layout;
  bool ready = false, blind = false, bleeding = false;
  std::string cuda;
  void *logger = nullptr;
  std::map<std::string, std::vector<void *>> tables;
  std::vector<void *> gone;
  std::map<std::string, int> calls, orders;
  std::string violations;
  int live = 0;
};

State &state() {
  static auto *instance = new State;
  return *instance;
}

void violation(const std::string &text) {
  std::lock_guard lock(state().mutex);
  state().violations += text + "\n";
}

const char *const fallibleMethods[] = {
    "createInferRuntime", "createInferBuilder", "createInferRefitter", "createNvOnnxParser", "IRuntime.deserialize",
    "ICudaEngine.createExecutionContext", "ICudaEngine.createEngineInspector", "ICudaEngine.serialize",
    "IEngineInspector.getEngineInformation", "IExecutionContext.setInputShape", "IExecutionContext.setTensorAddress",
    "IExecutionContext.enqueueV3", "IExecutionContext.enqueueV2", "IExecutionContext.executeV2",
    "IExecutionContext.setOptimizationProfileAsync", "IExecutionContext.setOutputAllocator",
    "IBuilder.createNetworkV2", "IBuilder.createBuilderConfig", "IBuilder.createOptimizationProfile",
    "IBuilder.buildSerializedNetwork", "IOptimizationProfile.setDimensions", "IBuilderConfig.addOptimizationProfile",
    "IBuilderConfig.createTimingCache", "IBuilderConfig.setTimingCache", "IParser.parse", "IRefitter.setNamedWeights",
    "IRefitter.refitCudaEngine", "execution",
};

int rowOf(const char *scope, const char *name, int form) {
  for (int row = 0; row < SWOOP_TRT_ROWS; row++) {
    if (strcmp(swoop_trt_method_scope(row), scope) || strcmp(swoop_trt_method_name(row), name)) continue;
    if (form-- == 0) return row;
  }
  return -1;
}

/// A function of an object that the caller gave us, or null where this version has none.
template <class F>
F callerMethod(void *object, const char *scope, const char *name, int form = 0) {
  int slot = swoop_trt_slot(&state().layout, rowOf(scope, name, form));
  return slot < 0 ? nullptr : reinterpret_cast<F>((*static_cast<void ***>(object))[slot]);
}

void log(int32_t severity, const std::string &text) {
  void *logger = state().logger;
  if (logger == nullptr) return;
  callerMethod<void (*)(void *, int32_t, const char *)>(logger, "ILogger", "log")(logger, severity, text.c_str());
}

/// Reports an error through the recorder of an object or its parents, or the log where there is none.
void report(Inner *object, int32_t code, const std::string &text) {
  for (auto at = object; at != nullptr; at = at->parent) {
    if (at->recorder == nullptr) continue;
    callerMethod<bool (*)(void *, int32_t, const char *)>(at->recorder, "IErrorRecorder", "reportError")(
        at->recorder, code, text.c_str());
    return;
  }
  log(1, text);
}

/// Counts a call, and says whether a test wants it to fail.
bool fails(const char *method, Inner *object) {
  {
    std::lock_guard lock(state().mutex);
    state().calls[method]++;
    auto order = state().orders.find(method);
    if (order == state().orders.end() || order->second <= 0 || --order->second > 0) return false;
  }
  report(object, 2, std::string(method) + ": a failure that a test asked for");
  return true;
}

void setRecorder(Inner *object, void *recorder) {
  if (object->recorder) callerMethod<int32_t (*)(void *)>(object->recorder, "IErrorRecorder", "decRefCount")(object->recorder);
  object->recorder = recorder;
  if (recorder) callerMethod<int32_t (*)(void *)>(recorder, "IErrorRecorder", "incRefCount")(recorder);
}

intptr_t unexpected(void *) {
  violation("a method was called that the fake does not have, or this version lacks");
  return 0;
}

intptr_t afterDeath(void *) {
  violation("an object was used after it was gone");
  return 0;
}

void prepare();

template <class T>
T *make(const char *type, Inner *parent) {
  std::lock_guard lock(state().mutex);
  auto object = new T;
  object->type = type;
  object->table = state().tables[std::string(type) + " inner"].data();
  object->outer = {state().tables[std::string(type) + " own"].data(), object};
  object->parent = parent;
  if (parent != nullptr) parent->children++;
  state().live++;
  return object;
}

template <class T>
T *makeDirect(const char *type, Inner *parent) {
  std::lock_guard lock(state().mutex);
  auto object = new T;
  object->type = type;
  object->table = state().tables[std::string(type) + " own"].data();
  object->parent = parent;
  if (parent != nullptr) parent->children++;
  state().live++;
  return object;
}

/// What is left of an object that is gone: its first words, so that a later use is found and does not crash. Kept
/// reachable, so that a leak checker does not take it for a leak.
std::vector<void *> &graves() {
  static auto *list = new std::vector<void *>;
  return *list;
}

void bury(Inner *object) {
  std::lock_guard lock(state().mutex);
  if (!object->alive) {
    violation("a " + object->type + " was freed twice");
    return;
  }
  if (object->children > 0) violation("a " + object->type + " was freed before what was made from it");
  if (object->recorder) setRecorder(object, nullptr);
  object->alive = false;
  if (object->parent != nullptr) object->parent->children--;
  object->table = state().gone.data();
  object->outer.own = state().gone.data();
  state().live--;
  graves().push_back(object);
}

void buryDirect(Direct *object) {
  std::lock_guard lock(state().mutex);
  if (!object->alive) {
    violation("a " + object->type + " was freed twice");
    return;
  }
  object->alive = false;
  if (object->parent != nullptr) object->parent->children--;
  object->table = state().gone.data();
  state().live--;
  graves().push_back(object);
}

// MARK: Shapes

Dims64 wide(const std::vector<int64_t> &shape) {
  Dims64 dims = {static_cast<int32_t>(shape.size()), {}};
  for (size_t i = 0; i < shape.size() && i < 8; i++) dims.d[i] = shape[i];
  return dims;
}
Dims32 narrow(const Dims64 &dims) {
  Dims32 result = {dims.count, {}};
  for (int i = 0; i < 8; i++) result.d[i] = static_cast<int32_t>(dims.d[i]);
  return result;
}
Dims64 widen(const Dims32 &dims) {
  Dims64 result = {dims.count, {}};
  for (int i = 0; i < 8; i++) result.d[i] = dims.d[i];
  return result;
}
std::vector<int64_t> lengths(const Dims64 &dims) {
  return dims.count < 0 ? std::vector<int64_t>() : std::vector<int64_t>(dims.d, dims.d + std::min(dims.count, 8));
}
const Dims64 noDims = {-1, {}};

/// TensorRT's number of an element type.
int32_t nativeType(int type) {
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

// MARK: Objects

struct Memory : Inner {
  std::string bytes;
};

struct Bounds {
  std::vector<int64_t> shape[3];
};
using Profile = std::map<std::string, Bounds>;

struct OptimizationProfile : Inner {
  Profile bounds;
};

struct Builder : Inner {
  int32_t threads = 1;
  std::vector<OptimizationProfile *> profiles;
};

struct Tensor_ : Inner {
  const Value *value = nullptr;
};

struct Network : Inner {
  Graph graph;
  std::string source, name = "Unnamed Network 0";
  std::vector<Tensor_ *> inputs, outputs;
};

struct Config : Inner {
  uint32_t flags = 0, previews = 0;
  std::map<int32_t, uint64_t> pools;
  std::vector<Profile> profiles;
  int32_t level = 3, hardware = 0, verbosity = 0, auxiliary = 0;
  void *monitor = nullptr;
  Inner *cache = nullptr;
  std::vector<int32_t> capabilities;
};

struct Runtime : Inner {
  int32_t threads = 1;
  std::string temporary = "/tmp";
  bool hostCode = false;
};

struct Engine : Inner {
  Graph graph;
  std::string source, name;
  std::vector<Profile> profiles;
  std::vector<Value> tensors;
  size_t inputCount = 0;
  uint32_t flags = 0;
  int32_t verbosity = 0, hardware = 0;
  bool fixed = true;
  std::vector<std::string> bindings;

  const Value *find(const char *name_) const {
    for (auto &tensor : tensors) if (name_ && tensor.name == name_) return &tensor;
    return nullptr;
  }
  bool isInput(const char *name_) const {
    for (size_t i = 0; i < inputCount; i++) if (name_ && tensors[i].name == name_) return true;
    return false;
  }
};

struct Context;

/// One execution: what was copied in, and room for what is copied out.
struct Job {
  Context *context;
  const Graph *graph;
  std::map<std::string, std::vector<int64_t>> shapes;
  std::map<std::string, void *> in, out;
  std::map<std::string, Tensor> results;
  bool started = false, done = false, bleeding = false, failed = false;
};

struct Context : Inner {
  Engine *engine = nullptr;
  std::map<std::string, std::vector<int64_t>> shapes;
  std::map<std::string, void *> addresses, allocators;
  int32_t profile = 0;
  bool userManaged = false, emitsProfile = true;
  void *deviceMemory = nullptr, *profiler = nullptr, *consumed = nullptr;
  std::unique_ptr<Job> job;
  std::string name;
};

struct Inspector : Inner {
  Engine *engine = nullptr;
  std::string text;
};

struct RuntimeConfiguration : Inner {
  int32_t strategy = 0, graphs = 0, kernels = 0;
};

struct Cache : Inner {
  std::string bytes;
};

struct Refitter : Inner {
  Engine *engine = nullptr;
  std::map<std::string, Tensor> given;
};

struct ParserFailure {
  void **table;  // must be first
  int32_t code = 0, node = -1;
  std::string text, name, operation;
};

struct Parser : Direct {
  Network *network = nullptr;
  std::vector<ParserFailure> failures;
};

struct ParserRefitter : Direct {
  Refitter *refitter = nullptr;
  std::vector<ParserFailure> failures;
};

Object *hand(Inner *object) { return object ? &object->outer : nullptr; }
template <class T>
T *behind(void *object) {
  return object ? static_cast<T *>(static_cast<Object *>(object)->inner) : nullptr;
}

Memory *memory(std::string bytes, Inner *parent) {
  auto result = make<Memory>("IHostMemory", parent);
  result->bytes = std::move(bytes);
  return result;
}

// MARK: Plans

const char magic[] = "ftrtFAKE";

template <class T>
void put(std::string &bytes, T value) {
  bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}
void put(std::string &bytes, const std::string &text) {
  put(bytes, static_cast<uint64_t>(text.size()));
  bytes += text;
}

struct PlanReader {
  const char *at, *end;
  template <class T>
  T get() {
    T value;
    if (end - at < static_cast<ptrdiff_t>(sizeof value)) throw std::runtime_error("the plan is too short");
    memcpy(&value, at, sizeof value);
    at += sizeof value;
    return value;
  }
  std::string text() {
    auto size = get<uint64_t>();
    if (size > static_cast<uint64_t>(end - at)) throw std::runtime_error("the plan is too short");
    std::string result(at, size);
    at += size;
    return result;
  }
};

uint32_t checksum(const std::string &bytes) {
  uint32_t sum = 2166136261u;
  for (unsigned char byte : bytes) sum = (sum ^ byte) * 16777619u;
  return sum;
}

std::string writePlan(
    const std::string &source, const std::string &name, const std::vector<Profile> &profiles, uint32_t flags, int32_t verbosity,
    int32_t hardware) {
  std::string body;
  put(body, flags);
  put(body, verbosity);
  put(body, hardware);
  put(body, name);
  put(body, static_cast<uint32_t>(profiles.size()));
  for (auto &profile : profiles) {
    put(body, static_cast<uint32_t>(profile.size()));
    for (auto &item : profile) {
      put(body, item.first);
      for (auto &shape : item.second.shape) {
        put(body, static_cast<uint32_t>(shape.size()));
        for (auto length : shape) put(body, length);
      }
    }
  }
  put(body, source);
  std::string plan(magic, 8);
  put(plan, state().reported);
  put(plan, checksum(body));
  return plan + body;
}

/// Versions without int64 give such inputs and outputs as int32.
void narrow64(Graph &graph) {
  if (swoop_trt_value(&state().layout, SWOOP_TRT_DataType_kINT64) != INT32_MIN) return;
  for (auto list : {&graph.inputs, &graph.outputs}) {
    for (auto &value : *list) if (value.type == INT64) value.type = INT32;
  }
}

// MARK: Runtime

void *deserialize(void *self, const void *bytes, uint64_t size) {
  auto runtime = static_cast<Runtime *>(self);
  if (fails("IRuntime.deserialize", runtime)) return nullptr;
  try {
    PlanReader reader{static_cast<const char *>(bytes), static_cast<const char *>(bytes) + size};
    if (size < 16 || memcmp(bytes, magic, 8) != 0) {
      report(runtime, 1, "Serialization assertion stdVersionRead == kSERIALIZATION_VERSION failed. Version tag does not match.");
      return nullptr;
    }
    reader.at += 8;
    auto version = reader.get<int32_t>();
    if (version != state().reported) {
      report(
          runtime, 1,
          "The engine plan file is not compatible with this version of TensorRT, expecting library version " +
              std::to_string(state().reported) + " got " + std::to_string(version) + ", please rebuild.");
      return nullptr;
    }
    auto sum = reader.get<uint32_t>();
    if (checksum(std::string(reader.at, reader.end)) != sum) {
      report(runtime, 1, "Serialization (the plan's checksum is wrong)");
      return nullptr;
    }
    auto engine = make<Engine>("ICudaEngine", runtime);
    engine->flags = reader.get<uint32_t>();
    engine->verbosity = reader.get<int32_t>();
    engine->hardware = reader.get<int32_t>();
    engine->name = reader.text();
    auto profiles = reader.get<uint32_t>();
    for (uint32_t i = 0; i < profiles; i++) {
      Profile profile;
      auto count = reader.get<uint32_t>();
      for (uint32_t k = 0; k < count; k++) {
        auto name = reader.text();
        for (auto &shape : profile[name].shape) {
          auto rank = reader.get<uint32_t>();
          for (uint32_t axis = 0; axis < rank; axis++) shape.push_back(reader.get<int64_t>());
        }
      }
      engine->profiles.push_back(profile);
    }
    engine->source = reader.text();
    engine->graph = Graph::parse(engine->source.data(), engine->source.size());
    narrow64(engine->graph);
    for (auto &input : engine->graph.inputs) engine->tensors.push_back(input);
    engine->inputCount = engine->tensors.size();
    // In the other order than the model's: outputs are to be found by name.
    for (auto i = engine->graph.outputs.rbegin(); i != engine->graph.outputs.rend(); i++) engine->tensors.push_back(*i);
    for (auto &tensor : engine->tensors) {
      if (std::count(tensor.shape.begin(), tensor.shape.end(), -1)) engine->fixed = false;
    }
    return hand(engine);
  } catch (const std::exception &error) {
    report(runtime, 1, std::string("Serialization (") + error.what() + ")");
    return nullptr;
  }
}
void *deserializeLegacy(void *self, const void *bytes, uint64_t size, void *) { return deserialize(self, bytes, size); }

void *getLogger(void *) { return state().logger; }
void setErrorRecorder(void *self, void *recorder) { setRecorder(static_cast<Inner *>(self), recorder); }
void *getErrorRecorder(void *self) { return static_cast<Inner *>(self)->recorder; }
bool runtimeSetThreads(void *self, int32_t count) {
  if (count < 1) return false;
  static_cast<Runtime *>(self)->threads = count;
  return true;
}
int32_t runtimeThreads(void *self) { return static_cast<Runtime *>(self)->threads; }
void setTemporary(void *self, const char *path) { static_cast<Runtime *>(self)->temporary = path; }
const char *temporary(void *self) { return static_cast<Runtime *>(self)->temporary.c_str(); }
void setHostCode(void *self, bool allowed) { static_cast<Runtime *>(self)->hostCode = allowed; }
bool hostCode(void *self) { return static_cast<Runtime *>(self)->hostCode; }
int64_t headerSize(void *) { return 16; }
int32_t validity(void *, const void *bytes, int64_t size, uint64_t *diagnostics) {
  int32_t version = 0;
  if (size >= 12) memcpy(&version, static_cast<const char *>(bytes) + 8, 4);
  bool sound = size >= 16 && memcmp(bytes, magic, 8) == 0;
  *diagnostics = !sound ? 32 : version != state().reported ? 1 : 0;
  return *diagnostics ? 2 : 0;
}
void destroyObject(void *self) { bury(static_cast<Object *>(self)->inner); }

// MARK: Engine

int32_t ioCount(void *self) { return static_cast<int32_t>(static_cast<Engine *>(self)->tensors.size()); }
const char *ioName(void *self, int32_t index) {
  auto engine = static_cast<Engine *>(self);
  return index >= 0 && static_cast<size_t>(index) < engine->tensors.size() ? engine->tensors[index].name.c_str() : nullptr;
}
int32_t ioMode(void *self, const char *name) {
  auto engine = static_cast<Engine *>(self);
  return engine->find(name) == nullptr ? 0 : engine->isInput(name) ? 1 : 2;
}
int32_t ioType(void *self, const char *name) {
  auto value = static_cast<Engine *>(self)->find(name);
  return value ? nativeType(value->type) : 0;
}
Dims64 engineShape64(void *self, const char *name) {
  auto value = static_cast<Engine *>(self)->find(name);
  return value ? wide(value->shape) : noDims;
}
Dims32 engineShape32(void *self, const char *name) { return narrow(engineShape64(self, name)); }
int32_t zero(void *, const char *) { return 0; }
int32_t minusOne(void *, const char *) { return -1; }
int32_t bytesPerComponent(void *self, const char *name) {
  auto value = static_cast<Engine *>(self)->find(name);
  return value ? static_cast<int32_t>(elementSize(value->type)) : -1;
}
const char *formatText(void *, const char *) { return "Row major linear format (kLINEAR)"; }
bool no(void *, const char *) { return false; }
int32_t profileCount(void *self) { return std::max<int32_t>(1, static_cast<Engine *>(self)->profiles.size()); }
Dims64 profileShape64(void *self, const char *name, int32_t profile, int32_t selector) {
  auto engine = static_cast<Engine *>(self);
  auto value = engine->find(name);
  if (value == nullptr || !engine->isInput(name) || selector < 0 || selector > 2 || profile < 0) return noDims;
  if (engine->profiles.empty()) return profile == 0 ? wide(value->shape) : noDims;
  if (static_cast<size_t>(profile) >= engine->profiles.size()) return noDims;
  auto found = engine->profiles[profile].find(name);
  return wide(found == engine->profiles[profile].end() ? value->shape : found->second.shape[selector]);
}
Dims32 profileShape32(void *self, const char *name, int32_t profile, int32_t selector) {
  return narrow(profileShape64(self, name, profile, selector));
}

void *newContext(Engine *engine, bool userManaged, Inner *parent) {
  if (fails("ICudaEngine.createExecutionContext", engine)) return nullptr;
  auto context = make<Context>("IExecutionContext", parent);
  context->engine = engine;
  context->userManaged = userManaged;
  // Fixed inputs have their shape from the start.
  for (size_t i = 0; i < engine->inputCount; i++) {
    auto &tensor = engine->tensors[i];
    if (!std::count(tensor.shape.begin(), tensor.shape.end(), -1)) context->shapes[tensor.name] = tensor.shape;
  }
  return hand(context);
}
void *createContextLegacy(void *self) { return newContext(static_cast<Engine *>(self), false, static_cast<Engine *>(self)); }
void *createContext(void *self, int32_t strategy) {
  return newContext(static_cast<Engine *>(self), strategy == 2, static_cast<Engine *>(self));
}
void *createContextWithout(void *self) { return newContext(static_cast<Engine *>(self), true, static_cast<Engine *>(self)); }
void *createContextWith(void *self, void *config) {
  return newContext(static_cast<Engine *>(self), behind<RuntimeConfiguration>(config)->strategy == 2, static_cast<Engine *>(self));
}
uint64_t deviceMemorySize(void *) { return 4096; }
int64_t deviceMemorySizeV2(void *) { return 4096; }
const char *engineName(void *self) { return static_cast<Engine *>(self)->name.c_str(); }
int32_t engineLayers(void *self) { return static_cast<int32_t>(static_cast<Engine *>(self)->graph.nodes.size()); }
int32_t none(void *) { return 0; }
void *createInspector(void *self) {
  auto engine = static_cast<Engine *>(self);
  if (fails("ICudaEngine.createEngineInspector", engine)) return nullptr;
  auto inspector = make<Inspector>("IEngineInspector", engine);
  inspector->engine = engine;
  return hand(inspector);
}
void *serialize(void *self) {
  auto engine = static_cast<Engine *>(self);
  if (fails("ICudaEngine.serialize", engine)) return nullptr;
  return hand(memory(
      writePlan(engine->source, engine->name, engine->profiles, engine->flags, engine->verbosity, engine->hardware), engine));
}
void *createSerialization(void *self) { return hand(make<RuntimeConfiguration>("ISerializationConfig", static_cast<Engine *>(self))); }
void *serializeWith(void *self, void *) { return serialize(self); }
bool setSerializationFlag(void *, int32_t) { return true; }
int32_t engineVerbosity(void *self) { return static_cast<Engine *>(self)->verbosity; }
int32_t engineHardware(void *self) { return static_cast<Engine *>(self)->hardware; }
bool refittable(void *self) {
  int32_t bit = swoop_trt_value(&state().layout, SWOOP_TRT_BuilderFlag_kREFIT);
  return (static_cast<Engine *>(self)->flags >> bit & 1) != 0;
}
void *createRuntimeConfig(void *self) { return hand(make<RuntimeConfiguration>("IRuntimeConfig", static_cast<Engine *>(self))); }
int32_t bindingCount(void *self) { return ioCount(self) * profileCount(self); }
int32_t bindingIndex(void *self, const char *name) {
  auto engine = static_cast<Engine *>(self);
  // In yet another order than the named tensors: outputs first, as TensorRT 8 is free to do.
  int32_t inputs = static_cast<int32_t>(engine->inputCount), all = ioCount(self);
  for (int32_t i = 0; i < all; i++) {
    if (name && engine->tensors[i].name == name) return i < inputs ? all - inputs + i : i - inputs;
  }
  return -1;
}
bool implicitBatch(void *) { return false; }

const char *layerInformation(void *self, int32_t index, int32_t format) {
  auto inspector = static_cast<Inspector *>(self);
  auto &nodes = inspector->engine->graph.nodes;
  if (index < 0 || static_cast<size_t>(index) >= nodes.size()) return nullptr;
  inspector->text = format == 1 ? "{\"Name\": \"" + nodes[index].name + "\", \"LayerType\": \"" + nodes[index].operation + "\"}"
                                : nodes[index].name;
  return inspector->text.c_str();
}
const char *engineInformation(void *self, int32_t format) {
  auto inspector = static_cast<Inspector *>(self);
  if (fails("IEngineInspector.getEngineInformation", inspector)) return nullptr;
  std::string text = format == 1 ? "{\"Layers\": [" : "";
  bool first = true;
  for (auto &node : inspector->engine->graph.nodes) {
    if (!first) text += format == 1 ? ", " : "\n";
    text += format == 1 ? "\"" + node.name + "\"" : node.name;
    first = false;
  }
  inspector->text = text + (format == 1 ? "]}" : "");
  return inspector->text.c_str();
}
bool inspectContext(void *, void *) { return true; }

// MARK: Context

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
  bury(context);
}

// MARK: Builder

void *createConfig(void *self) {
  auto builder = static_cast<Builder *>(self);
  return fails("IBuilder.createBuilderConfig", builder) ? nullptr : hand(make<Config>("IBuilderConfig", builder));
}
void *createNetwork(void *self, uint32_t flags) {
  auto builder = static_cast<Builder *>(self);
  if (fails("IBuilder.createNetworkV2", builder)) return nullptr;
  int32_t strong = swoop_trt_value(&state().layout, SWOOP_TRT_NetworkDefinitionCreationFlag_kSTRONGLY_TYPED);
  bool always = swoop_trt_value(&state().layout, SWOOP_TRT_BuilderFlag_kFP16) == INT32_MIN;
  int32_t explicitBatch = swoop_trt_value(&state().layout, SWOOP_TRT_NetworkDefinitionCreationFlag_kEXPLICIT_BATCH);
  if (always && !(flags >> strong & 1)) violation("a network that is not strongly typed");
  if (state().layout.major < 10 && state().layout.family != SWOOP_TRT_FAMILY_RTX && !(flags >> explicitBatch & 1)) {
    violation("a network with implicit batch");
  }
  return hand(make<Network>("INetworkDefinition", builder));
}
void *createProfile(void *self) {
  auto builder = static_cast<Builder *>(self);
  if (fails("IBuilder.createOptimizationProfile", builder)) return nullptr;
  auto profile = make<OptimizationProfile>("IOptimizationProfile", nullptr);
  builder->profiles.push_back(profile);
  return hand(profile);
}
bool builderSetThreads(void *self, int32_t count) {
  if (count < 1) return false;
  static_cast<Builder *>(self)->threads = count;
  return true;
}
int32_t builderThreads(void *self) { return static_cast<Builder *>(self)->threads; }
bool yes(void *) { return true; }
bool supported(void *, void *, void *) { return true; }

bool phases(Config *config) {
  if (config->monitor == nullptr) return true;
  auto start = callerMethod<void (*)(void *, const char *, const char *, int32_t)>(config->monitor, "IProgressMonitor", "phaseStart");
  auto step = callerMethod<bool (*)(void *, const char *, int32_t)>(config->monitor, "IProgressMonitor", "stepComplete");
  auto finish = callerMethod<void (*)(void *, const char *)>(config->monitor, "IProgressMonitor", "phaseFinish");
  bool goesOn = true;
  start(config->monitor, "Building Engine", nullptr, 2);
  start(config->monitor, "Tactic Selection", "Building Engine", 3);
  for (int i = 0; i < 3 && goesOn; i++) goesOn = step(config->monitor, "Tactic Selection", i);
  finish(config->monitor, "Tactic Selection");
  for (int i = 0; i < 2 && goesOn; i++) goesOn = step(config->monitor, "Building Engine", i);
  finish(config->monitor, "Building Engine");
  return goesOn;
}

void *build(void *self, void *networkObject, void *configObject) {
  auto builder = static_cast<Builder *>(self);
  auto network = behind<Network>(networkObject);
  auto config = behind<Config>(configObject);
  if (fails("IBuilder.buildSerializedNetwork", builder)) return nullptr;
  log(3, "Building " + network->name);
  if (network->graph.outputs.empty()) {
    report(builder, 4, "Network must have at least one output");
    return nullptr;
  }
  for (auto &input : network->graph.inputs) {
    if (!std::count(input.shape.begin(), input.shape.end(), -1)) continue;
    if (config->profiles.empty()) {
      report(builder, 4, "Network has dynamic or shape inputs, but no optimization profile has been defined.");
      return nullptr;
    }
    for (auto &profile : config->profiles) {
      auto found = profile.find(input.name);
      bool sound = found != profile.end();
      for (int k = 0; sound && k < 3; k++) {
        auto &shape = found->second.shape[k];
        sound = shape.size() == input.shape.size();
        for (size_t i = 0; sound && i < shape.size(); i++) sound = input.shape[i] == -1 || input.shape[i] == shape[i];
      }
      if (!sound) {
        report(builder, 4, "input " + input.name + ": the optimization profile is missing values or does not fit the network.");
        return nullptr;
      }
    }
  }
  auto pool = config->pools.find(0);
  if (pool != config->pools.end() && pool->second < 1024) {
    report(builder, 10, "Could not find any implementation for node; the workspace is too small.");
    return nullptr;
  }
  if (!phases(config)) {
    report(builder, 1, "Engine building cancelled.");
    return nullptr;
  }
  auto plan = memory(
      writePlan(network->source, network->name, config->profiles, config->flags, config->verbosity, config->hardware), builder);
  return hand(plan);
}
void destroyBuilder(void *self) {
  auto builder = static_cast<Builder *>(static_cast<Object *>(self)->inner);
  for (auto profile : builder->profiles) bury(profile);
  builder->profiles.clear();
  bury(builder);
}

int32_t inputCount(void *self) { return static_cast<int32_t>(static_cast<Network *>(self)->inputs.size()); }
int32_t outputCount(void *self) { return static_cast<int32_t>(static_cast<Network *>(self)->outputs.size()); }
void *input(void *self, int32_t index) { return hand(static_cast<Network *>(self)->inputs.at(index)); }
void *output(void *self, int32_t index) { return hand(static_cast<Network *>(self)->outputs.at(index)); }
int32_t networkLayers(void *self) { return static_cast<int32_t>(static_cast<Network *>(self)->graph.nodes.size()); }
void setNetworkName(void *self, const char *name) { static_cast<Network *>(self)->name = name; }
const char *networkName(void *self) { return static_cast<Network *>(self)->name.c_str(); }
void destroyNetwork(void *self) {
  auto network = static_cast<Network *>(static_cast<Object *>(self)->inner);
  for (auto list : {&network->inputs, &network->outputs}) {
    for (auto tensor : *list) bury(tensor);
    list->clear();
  }
  bury(network);
}

const char *tensorName(void *self) { return static_cast<Tensor_ *>(self)->value->name.c_str(); }
Dims64 tensorShape64(void *self) { return wide(static_cast<Tensor_ *>(self)->value->shape); }
Dims32 tensorShape32(void *self) { return narrow(tensorShape64(self)); }
int32_t tensorType(void *self) { return nativeType(static_cast<Tensor_ *>(self)->value->type); }
const char *axisName(void *self, int32_t axis) {
  auto value = static_cast<Tensor_ *>(self)->value;
  return axis >= 0 && static_cast<size_t>(axis) < value->axisNames.size() && !value->axisNames[axis].empty()
             ? value->axisNames[axis].c_str() : nullptr;
}

void setFlag(void *self, int32_t flag) { static_cast<Config *>(self)->flags |= 1u << flag; }
void clearFlag(void *self, int32_t flag) { static_cast<Config *>(self)->flags &= ~(1u << flag); }
bool getFlag(void *self, int32_t flag) { return static_cast<Config *>(self)->flags >> flag & 1; }
void setPool(void *self, int32_t pool, uint64_t size) { static_cast<Config *>(self)->pools[pool] = size; }
uint64_t pool(void *self, int32_t which) {
  auto &pools = static_cast<Config *>(self)->pools;
  auto found = pools.find(which);
  return found == pools.end() ? uint64_t(4) << 30 : found->second;
}
void setLevel(void *self, int32_t level) { static_cast<Config *>(self)->level = level; }
int32_t level(void *self) { return static_cast<Config *>(self)->level; }
void setHardware(void *self, int32_t value) { static_cast<Config *>(self)->hardware = value; }
int32_t hardware(void *self) { return static_cast<Config *>(self)->hardware; }
void setVerbosity(void *self, int32_t value) { static_cast<Config *>(self)->verbosity = value; }
int32_t verbosity(void *self) { return static_cast<Config *>(self)->verbosity; }
int32_t addProfile(void *self, void *profile) {
  auto config = static_cast<Config *>(self);
  if (fails("IBuilderConfig.addOptimizationProfile", config)) return -1;
  for (auto &item : behind<OptimizationProfile>(profile)->bounds) {
    for (auto &shape : item.second.shape) {
      if (shape.empty()) {
        report(config, 4, "the optimization profile for " + item.first + " is incomplete");
        return -1;
      }
    }
  }
  config->profiles.push_back(behind<OptimizationProfile>(profile)->bounds);
  return static_cast<int32_t>(config->profiles.size()) - 1;
}
int32_t configProfiles(void *self) { return static_cast<int32_t>(static_cast<Config *>(self)->profiles.size()); }
void *createTimingCache(void *self, const void *bytes, uint64_t size) {
  auto config = static_cast<Config *>(self);
  if (fails("IBuilderConfig.createTimingCache", config)) return nullptr;
  auto cache = make<Cache>("ITimingCache", config);
  cache->bytes = size ? std::string(static_cast<const char *>(bytes), size) : "";
  return hand(cache);
}
bool setTimingCache(void *self, void *cache, bool) {
  auto config = static_cast<Config *>(self);
  if (fails("IBuilderConfig.setTimingCache", config)) return false;
  auto &bytes = behind<Cache>(cache)->bytes;
  if (!bytes.empty() && bytes.compare(0, 9, "FAKECACHE") != 0) {
    report(config, 3, "the timing cache is of another device");
    return false;
  }
  if (bytes.empty()) bytes = "FAKECACHE";
  bytes += ".";
  config->cache = behind<Cache>(cache);
  return true;
}
void *timingCache(void *self) { return hand(static_cast<Config *>(self)->cache); }
void *serializeCache(void *self) {
  auto cache = static_cast<Cache *>(self);
  return hand(memory(cache->bytes, cache));
}
bool combine(void *, void *, bool) { return true; }
void setMonitor(void *self, void *monitor) { static_cast<Config *>(self)->monitor = monitor; }
void *monitor(void *self) { return static_cast<Config *>(self)->monitor; }
void setAuxiliaryVoid(void *self, int32_t count) { static_cast<Config *>(self)->auxiliary = count; }
bool setAuxiliary(void *self, int32_t count) {
  static_cast<Config *>(self)->auxiliary = count;
  return true;
}
void setPreview(void *self, int32_t feature, bool on) {
  auto &previews = static_cast<Config *>(self)->previews;
  previews = on ? previews | 1u << feature : previews & ~(1u << feature);
}
bool getPreview(void *self, int32_t feature) { return static_cast<Config *>(self)->previews >> feature & 1; }
void setPlugins(void *, void *, int32_t) {}
bool setCapabilityCount(void *self, int32_t count) {
  static_cast<Config *>(self)->capabilities.assign(std::max(0, count), 0);
  return count >= 0;
}
bool setCapability(void *self, int32_t capability, int32_t index) {
  auto &list = static_cast<Config *>(self)->capabilities;
  if (index < 0 || static_cast<size_t>(index) >= list.size()) return false;
  list[index] = capability;
  return true;
}

bool setDimensions64(void *self, const char *name, int32_t selector, const Dims64 *dims) {
  auto profile = static_cast<OptimizationProfile *>(self);
  if (fails("IOptimizationProfile.setDimensions", profile)) return false;
  if (selector < 0 || selector > 2) return false;
  profile->bounds[name].shape[selector] = lengths(*dims);
  return true;
}
bool setDimensions32(void *self, const char *name, int32_t selector, Dims32 dims) {
  Dims64 wideDims = widen(dims);
  return setDimensions64(self, name, selector, &wideDims);
}
Dims64 getDimensions64(void *self, const char *name, int32_t selector) {
  auto profile = static_cast<OptimizationProfile *>(self);
  auto found = profile->bounds.find(name);
  return found == profile->bounds.end() || found->second.shape[selector].empty() ? noDims : wide(found->second.shape[selector]);
}
Dims32 getDimensions32(void *self, const char *name, int32_t selector) { return narrow(getDimensions64(self, name, selector)); }
bool validProfile(void *self) {
  for (auto &item : static_cast<OptimizationProfile *>(self)->bounds) {
    for (auto &shape : item.second.shape) if (shape.empty()) return false;
  }
  return true;
}

void *memoryData(void *self) { return static_cast<Memory *>(self)->bytes.data(); }
uint64_t memorySize(void *self) { return static_cast<Memory *>(self)->bytes.size(); }

// MARK: Runtime configuration, refit

void setStrategy(void *self, int32_t value) { static_cast<RuntimeConfiguration *>(self)->strategy = value; }
int32_t strategy(void *self) { return static_cast<RuntimeConfiguration *>(self)->strategy; }
void *createRuntimeCache(void *self) { return hand(make<Cache>("IRuntimeCache", static_cast<RuntimeConfiguration *>(self))); }
bool setRuntimeCache(void *, void *) { return true; }
void setKernels(void *self, int32_t value) { static_cast<RuntimeConfiguration *>(self)->kernels = value; }
int32_t kernels(void *self) { return static_cast<RuntimeConfiguration *>(self)->kernels; }
bool setGraphs(void *self, int32_t value) {
  static_cast<RuntimeConfiguration *>(self)->graphs = value;
  return true;
}
int32_t graphs(void *self) { return static_cast<RuntimeConfiguration *>(self)->graphs; }
void *serializeRuntimeCache(void *self) {
  auto cache = static_cast<Cache *>(self);
  return hand(memory("RUNTIMECACHE" + cache->bytes, cache));
}
bool deserializeRuntimeCache(void *self, const void *bytes, uint64_t size) {
  if (size < 12 || memcmp(bytes, "RUNTIMECACHE", 12) != 0) return false;
  static_cast<Cache *>(self)->bytes = std::string(static_cast<const char *>(bytes) + 12, size - 12);
  return true;
}
bool resetRuntimeCache(void *self) {
  static_cast<Cache *>(self)->bytes.clear();
  return true;
}

int32_t weightNames(Refitter *refitter, int32_t capacity, const char **names, bool missing) {
  int32_t count = 0;
  for (auto &item : refitter->engine->graph.initializers) {
    if (missing && (refitter->given.empty() || refitter->given.count(item.first))) continue;
    if (missing) continue;  // weights of this fake do not depend on one another
    if (count < capacity) names[count] = item.first.c_str();
    count++;
  }
  return count;
}
int32_t allWeights(void *self, int32_t capacity, const char **names) {
  return weightNames(static_cast<Refitter *>(self), capacity, names, false);
}
int32_t missingWeights(void *self, int32_t capacity, const char **names) {
  return weightNames(static_cast<Refitter *>(self), capacity, names, true);
}
bool setWeights(void *self, const char *name, swoop_trt_weights weights) {
  auto refitter = static_cast<Refitter *>(self);
  if (fails("IRefitter.setNamedWeights", refitter)) return false;
  auto found = refitter->engine->graph.initializers.find(name);
  if (found == refitter->engine->graph.initializers.end() || nativeType(found->second.type) != weights.type ||
      static_cast<size_t>(weights.count) != found->second.values.size()) {
    report(refitter, 3, std::string("the weights ") + name + " do not fit");
    return false;
  }
  refitter->given[name] = Tensor::read(found->second.type, found->second.shape, weights.values);
  return true;
}
bool refit(void *self) {
  auto refitter = static_cast<Refitter *>(self);
  if (fails("IRefitter.refitCudaEngine", refitter)) return false;
  for (auto &item : refitter->given) refitter->engine->graph.initializers[item.first] = item.second;
  refitter->given.clear();
  return true;
}

// MARK: Parser

bool parse(void *self, const void *bytes, uint64_t size, const char *) {
  auto parser = static_cast<Parser *>(self);
  auto network = parser->network;
  ParserFailure failure;
  failure.table = state().tables["IParserError own"].data();
  if (fails("IParser.parse", network)) {
    failure.code = 1;
    failure.text = "a failure that a test asked for";
    parser->failures = {failure};
    return false;
  }
  try {
    network->source = std::string(static_cast<const char *>(bytes), size);
    network->graph = Graph::parse(bytes, size);
  } catch (const NodeError &error) {
    failure.code = 8;
    failure.node = error.node;
    failure.text = error.what();
    failure.name = error.name;
    failure.operation = error.operation;
    parser->failures = {failure};
    report(network, 4, error.what());
    return false;
  } catch (const std::exception &error) {
    failure.code = 3;
    failure.text = error.what();
    parser->failures = {failure};
    report(network, 4, error.what());
    return false;
  }
  narrow64(network->graph);
  for (auto &value : network->graph.inputs) {
    network->inputs.push_back(make<Tensor_>("ITensor", nullptr));
    network->inputs.back()->value = &value;
  }
  for (auto &value : network->graph.outputs) {
    network->outputs.push_back(make<Tensor_>("ITensor", nullptr));
    network->outputs.back()->value = &value;
  }
  return true;
}
int32_t failureCount(void *self) { return static_cast<int32_t>(static_cast<Parser *>(self)->failures.size()); }
const void *failure(void *self, int32_t index) { return &static_cast<Parser *>(self)->failures.at(index); }
void clearFailures(void *self) { static_cast<Parser *>(self)->failures.clear(); }
void destroyDirect(void *self) { buryDirect(static_cast<Direct *>(self)); }
int32_t failureCode(void *self) { return static_cast<ParserFailure *>(self)->code; }
const char *failureText(void *self) { return static_cast<ParserFailure *>(self)->text.c_str(); }
const char *failureFile(void *) { return "Graph.cpp"; }
int32_t failureLine(void *) { return 1; }
const char *failureFunction(void *) { return "parse"; }
int32_t failureNode(void *self) { return static_cast<ParserFailure *>(self)->node; }
const char *failureNodeName(void *self) { return static_cast<ParserFailure *>(self)->name.c_str(); }
const char *failureOperator(void *self) { return static_cast<ParserFailure *>(self)->operation.c_str(); }

bool refitFromBytes(void *self, const void *bytes, uint64_t size, const char *) {
  auto parser = static_cast<ParserRefitter *>(self);
  try {
    auto graph = Graph::parse(bytes, size);
    for (auto &item : graph.initializers) parser->refitter->given[item.first] = item.second;
    return true;
  } catch (const std::exception &error) {
    ParserFailure failure;
    failure.table = state().tables["IParserError own"].data();
    failure.code = 14;
    failure.text = error.what();
    parser->failures = {failure};
    return false;
  }
}
int32_t refitFailureCount(void *self) { return static_cast<int32_t>(static_cast<ParserRefitter *>(self)->failures.size()); }
const void *refitFailure(void *self, int32_t index) { return &static_cast<ParserRefitter *>(self)->failures.at(index); }

// MARK: Tables

struct Entry {
  const char *scope, *name;
  int form;
  void *function;
};

#define F(f) reinterpret_cast<void *>(f)
const Entry entries[] = {
    {"IRuntime", "deserialize", 0, F(deserializeLegacy)}, {"IRuntime", "deserialize", 1, F(deserialize)},
    {"IRuntime", "setErrorRecorder", 0, F(setErrorRecorder)}, {"IRuntime", "getErrorRecorder", 0, F(getErrorRecorder)},
    {"IRuntime", "getLogger", 0, F(getLogger)}, {"IRuntime", "setMaxThreads", 0, F(runtimeSetThreads)},
    {"IRuntime", "getMaxThreads", 0, F(runtimeThreads)}, {"IRuntime", "setTemporaryDirectory", 0, F(setTemporary)},
    {"IRuntime", "getTemporaryDirectory", 0, F(temporary)}, {"IRuntime", "setEngineHostCodeAllowed", 0, F(setHostCode)},
    {"IRuntime", "getEngineHostCodeAllowed", 0, F(hostCode)}, {"IRuntime", "getEngineHeaderSize", 0, F(headerSize)},
    {"IRuntime", "getEngineValidity", 0, F(validity)}, {"IRuntime", "destroy", 0, F(destroyObject)},
    {"ICudaEngine", "getNbIOTensors", 0, F(ioCount)}, {"ICudaEngine", "getIOTensorName", 0, F(ioName)},
    {"ICudaEngine", "getTensorIOMode", 0, F(ioMode)}, {"ICudaEngine", "getTensorDataType", 0, F(ioType)},
    {"ICudaEngine", "getTensorShape", 0, F(engineShape32)}, {"ICudaEngine", "getTensorShape", 1, F(engineShape64)},
    {"ICudaEngine", "getTensorLocation", 0, F(zero)}, {"ICudaEngine", "getTensorFormat", 0, F(zero)},
    {"ICudaEngine", "getTensorBytesPerComponent", 0, F(bytesPerComponent)},
    {"ICudaEngine", "getTensorComponentsPerElement", 0, F(minusOne)}, {"ICudaEngine", "getTensorVectorizedDim", 0, F(minusOne)},
    {"ICudaEngine", "getTensorFormatDesc", 0, F(formatText)}, {"ICudaEngine", "isShapeInferenceIO", 0, F(no)},
    {"ICudaEngine", "getNbOptimizationProfiles", 0, F(profileCount)}, {"ICudaEngine", "getProfileShape", 0, F(profileShape32)},
    {"ICudaEngine", "getProfileShape", 1, F(profileShape64)}, {"ICudaEngine", "createExecutionContext", 0, F(createContextLegacy)},
    {"ICudaEngine", "createExecutionContext", 1, F(createContext)},
    {"ICudaEngine", "createExecutionContextWithoutDeviceMemory", 0, F(createContextWithout)},
    {"ICudaEngine", "createExecutionContextWithConfig", 0, F(createContextWith)},
    {"ICudaEngine", "getDeviceMemorySize", 0, F(deviceMemorySize)}, {"ICudaEngine", "getDeviceMemorySizeV2", 0, F(deviceMemorySizeV2)},
    {"ICudaEngine", "getName", 0, F(engineName)}, {"ICudaEngine", "getNbLayers", 0, F(engineLayers)},
    {"ICudaEngine", "getNbAuxStreams", 0, F(none)}, {"ICudaEngine", "createEngineInspector", 0, F(createInspector)},
    {"ICudaEngine", "serialize", 0, F(serialize)}, {"ICudaEngine", "createSerializationConfig", 0, F(createSerialization)},
    {"ICudaEngine", "serializeWithConfig", 0, F(serializeWith)}, {"ICudaEngine", "getProfilingVerbosity", 0, F(engineVerbosity)},
    {"ICudaEngine", "getHardwareCompatibilityLevel", 0, F(engineHardware)}, {"ICudaEngine", "isRefittable", 0, F(refittable)},
    {"ICudaEngine", "setErrorRecorder", 0, F(setErrorRecorder)}, {"ICudaEngine", "createRuntimeConfig", 0, F(createRuntimeConfig)},
    {"ICudaEngine", "getNbBindings", 0, F(bindingCount)}, {"ICudaEngine", "getBindingIndex", 0, F(bindingIndex)},
    {"ICudaEngine", "hasImplicitBatchDimension", 0, F(implicitBatch)}, {"ICudaEngine", "destroy", 0, F(destroyObject)},
    {"IExecutionContext", "setInputShape", 0, F(setInputShape32)}, {"IExecutionContext", "setInputShape", 1, F(setInputShape64)},
    {"IExecutionContext", "getTensorShape", 0, F(contextShape32)}, {"IExecutionContext", "getTensorShape", 1, F(contextShape64)},
    {"IExecutionContext", "setTensorAddress", 0, F(setAddress)}, {"IExecutionContext", "getTensorAddress", 0, F(address)},
    {"IExecutionContext", "inferShapes", 0, F(inferShapes)}, {"IExecutionContext", "enqueueV3", 0, F(enqueueV3)},
    {"IExecutionContext", "enqueueV2", 0, F(enqueueV2)}, {"IExecutionContext", "executeV2", 0, F(executeV2)},
    {"IExecutionContext", "setOptimizationProfileAsync", 0, F(setProfile)},
    {"IExecutionContext", "getOptimizationProfile", 0, F(getProfile)},
    {"IExecutionContext", "allInputDimensionsSpecified", 0, F(allSpecified)},
    {"IExecutionContext", "setOutputAllocator", 0, F(setOutputAllocator)}, {"IExecutionContext", "getMaxOutputSize", 0, F(maxOutputSize)},
    {"IExecutionContext", "setProfiler", 0, F(setProfiler)}, {"IExecutionContext", "reportToProfiler", 0, F(reportToProfiler)},
    {"IExecutionContext", "setEnqueueEmitsProfile", 0, F(setEmits)}, {"IExecutionContext", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"IExecutionContext", "setDeviceMemory", 0, F(setDeviceMemory)}, {"IExecutionContext", "setDeviceMemoryV2", 0, F(setDeviceMemoryV2)},
    {"IExecutionContext", "updateDeviceMemorySizeForShapes", 0, F(updateDeviceMemory)},
    {"IExecutionContext", "setInputConsumedEvent", 0, F(setConsumed)}, {"IExecutionContext", "setName", 0, F(setContextName)},
    {"IExecutionContext", "destroy", 0, F(destroyContext)},
    {"IBuilder", "createBuilderConfig", 0, F(createConfig)}, {"IBuilder", "createNetworkV2", 0, F(createNetwork)},
    {"IBuilder", "createOptimizationProfile", 0, F(createProfile)}, {"IBuilder", "buildSerializedNetwork", 0, F(build)},
    {"IBuilder", "isNetworkSupported", 0, F(supported)}, {"IBuilder", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"IBuilder", "getErrorRecorder", 0, F(getErrorRecorder)}, {"IBuilder", "setMaxThreads", 0, F(builderSetThreads)},
    {"IBuilder", "getMaxThreads", 0, F(builderThreads)}, {"IBuilder", "getLogger", 0, F(getLogger)},
    {"IBuilder", "platformHasFastFp16", 0, F(yes)}, {"IBuilder", "platformHasFastInt8", 0, F(yes)},
    {"IBuilder", "destroy", 0, F(destroyBuilder)},
    {"INetworkDefinition", "getNbInputs", 0, F(inputCount)}, {"INetworkDefinition", "getInput", 0, F(input)},
    {"INetworkDefinition", "getNbOutputs", 0, F(outputCount)}, {"INetworkDefinition", "getOutput", 0, F(output)},
    {"INetworkDefinition", "getNbLayers", 0, F(networkLayers)}, {"INetworkDefinition", "setName", 0, F(setNetworkName)},
    {"INetworkDefinition", "getName", 0, F(networkName)}, {"INetworkDefinition", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"INetworkDefinition", "destroy", 0, F(destroyNetwork)},
    {"ITensor", "getName", 0, F(tensorName)}, {"ITensor", "getDimensions", 0, F(tensorShape32)},
    {"ITensor", "getDimensions", 1, F(tensorShape64)}, {"ITensor", "getType", 0, F(tensorType)},
    {"ITensor", "getDimensionName", 0, F(axisName)},
    {"IBuilderConfig", "setFlag", 0, F(setFlag)}, {"IBuilderConfig", "clearFlag", 0, F(clearFlag)},
    {"IBuilderConfig", "getFlag", 0, F(getFlag)}, {"IBuilderConfig", "setMemoryPoolLimit", 0, F(setPool)},
    {"IBuilderConfig", "getMemoryPoolLimit", 0, F(pool)}, {"IBuilderConfig", "setBuilderOptimizationLevel", 0, F(setLevel)},
    {"IBuilderConfig", "getBuilderOptimizationLevel", 0, F(level)}, {"IBuilderConfig", "setHardwareCompatibilityLevel", 0, F(setHardware)},
    {"IBuilderConfig", "getHardwareCompatibilityLevel", 0, F(hardware)}, {"IBuilderConfig", "setProfilingVerbosity", 0, F(setVerbosity)},
    {"IBuilderConfig", "getProfilingVerbosity", 0, F(verbosity)}, {"IBuilderConfig", "addOptimizationProfile", 0, F(addProfile)},
    {"IBuilderConfig", "getNbOptimizationProfiles", 0, F(configProfiles)}, {"IBuilderConfig", "createTimingCache", 0, F(createTimingCache)},
    {"IBuilderConfig", "setTimingCache", 0, F(setTimingCache)}, {"IBuilderConfig", "getTimingCache", 0, F(timingCache)},
    {"IBuilderConfig", "setProgressMonitor", 0, F(setMonitor)}, {"IBuilderConfig", "getProgressMonitor", 0, F(monitor)},
    {"IBuilderConfig", "setMaxAuxStreams", 0, F(setAuxiliaryVoid)}, {"IBuilderConfig", "setMaxAuxStreams", 1, F(setAuxiliary)},
    {"IBuilderConfig", "setPreviewFeature", 0, F(setPreview)}, {"IBuilderConfig", "getPreviewFeature", 0, F(getPreview)},
    {"IBuilderConfig", "setPluginsToSerialize", 0, F(setPlugins)}, {"IBuilderConfig", "setNbComputeCapabilities", 0, F(setCapabilityCount)},
    {"IBuilderConfig", "setComputeCapability", 0, F(setCapability)}, {"IBuilderConfig", "destroy", 0, F(destroyObject)},
    {"IOptimizationProfile", "setDimensions", 0, F(setDimensions32)}, {"IOptimizationProfile", "setDimensions", 1, F(setDimensions64)},
    {"IOptimizationProfile", "getDimensions", 0, F(getDimensions32)}, {"IOptimizationProfile", "getDimensions", 1, F(getDimensions64)},
    {"IOptimizationProfile", "isValid", 0, F(validProfile)},
    {"IHostMemory", "data", 0, F(memoryData)}, {"IHostMemory", "size", 0, F(memorySize)}, {"IHostMemory", "destroy", 0, F(destroyObject)},
    {"ITimingCache", "serialize", 0, F(serializeCache)}, {"ITimingCache", "combine", 0, F(combine)},
    {"ITimingCache", "destroy", 0, F(destroyObject)},
    {"ISerializationConfig", "setFlag", 0, F(setSerializationFlag)}, {"ISerializationConfig", "destroy", 0, F(destroyObject)},
    {"IEngineInspector", "setExecutionContext", 0, F(inspectContext)}, {"IEngineInspector", "getLayerInformation", 0, F(layerInformation)},
    {"IEngineInspector", "getEngineInformation", 0, F(engineInformation)}, {"IEngineInspector", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"IEngineInspector", "destroy", 0, F(destroyObject)},
    {"IRuntimeConfig", "setExecutionContextAllocationStrategy", 0, F(setStrategy)},
    {"IRuntimeConfig", "getExecutionContextAllocationStrategy", 0, F(strategy)}, {"IRuntimeConfig", "createRuntimeCache", 0, F(createRuntimeCache)},
    {"IRuntimeConfig", "setRuntimeCache", 0, F(setRuntimeCache)},
    {"IRuntimeConfig", "setDynamicShapesKernelSpecializationStrategy", 0, F(setKernels)},
    {"IRuntimeConfig", "getDynamicShapesKernelSpecializationStrategy", 0, F(kernels)},
    {"IRuntimeConfig", "setCudaGraphStrategy", 0, F(setGraphs)}, {"IRuntimeConfig", "getCudaGraphStrategy", 0, F(graphs)},
    {"IRuntimeConfig", "destroy", 0, F(destroyObject)},
    {"IRuntimeCache", "serialize", 0, F(serializeRuntimeCache)}, {"IRuntimeCache", "deserialize", 0, F(deserializeRuntimeCache)},
    {"IRuntimeCache", "reset", 0, F(resetRuntimeCache)}, {"IRuntimeCache", "destroy", 0, F(destroyObject)},
    {"IRefitter", "setNamedWeights", 0, F(setWeights)}, {"IRefitter", "getMissingWeights", 0, F(missingWeights)},
    {"IRefitter", "getAllWeights", 0, F(allWeights)}, {"IRefitter", "refitCudaEngine", 0, F(refit)},
    {"IRefitter", "setErrorRecorder", 0, F(setErrorRecorder)}, {"IRefitter", "getLogger", 0, F(getLogger)},
    {"IRefitter", "destroy", 0, F(destroyObject)},
    {"IParser", "parse", 0, F(parse)}, {"IParser", "getNbErrors", 0, F(failureCount)}, {"IParser", "getError", 0, F(failure)},
    {"IParser", "clearErrors", 0, F(clearFailures)}, {"IParser", "destroy", 0, F(destroyDirect)},
    {"IParserError", "code", 0, F(failureCode)}, {"IParserError", "desc", 0, F(failureText)}, {"IParserError", "file", 0, F(failureFile)},
    {"IParserError", "line", 0, F(failureLine)}, {"IParserError", "func", 0, F(failureFunction)}, {"IParserError", "node", 0, F(failureNode)},
    {"IParserError", "nodeName", 0, F(failureNodeName)}, {"IParserError", "nodeOperator", 0, F(failureOperator)},
    {"IParserRefitter", "refitFromBytes", 0, F(refitFromBytes)}, {"IParserRefitter", "getNbErrors", 0, F(refitFailureCount)},
    {"IParserRefitter", "getError", 0, F(refitFailure)}, {"IParserRefitter", "destroy", 0, F(destroyDirect)},
};

bool fill(swoop_trt_layout *layout, int32_t reported) {
  int32_t major, minor;
  swoop_trt_family family;
  if (reported >= 100000) {
    major = reported / 10000;
    minor = reported / 100 % 100;
    family = major >= 11 ? SWOOP_TRT_FAMILY_11 : SWOOP_TRT_FAMILY_10;
  } else if (reported >= 10000) {
    major = 1;
    minor = reported / 100 % 100;
    family = SWOOP_TRT_FAMILY_RTX;
  } else {
    major = reported / 1000;
    minor = reported / 100 % 10;
    family = major >= 9 ? SWOOP_TRT_FAMILY_9 : SWOOP_TRT_FAMILY_8;
  }
  return swoop_trt_layout_fill(layout, family, major, minor, reported % 100);
}

void prepare() {
  std::lock_guard lock(state().mutex);
  auto &s = state();
  if (s.ready) return;
  auto variable = [](const char *name, const char *otherwise) {
    const char *value = getenv(name);
    return std::string(value && *value ? value : otherwise);
  };
  if (s.reported == 0) s.reported = atoi(variable("FAKE_TENSORRT_VERSION", "101600").c_str());
  if (s.cuda.empty()) s.cuda = variable("FAKE_TENSORRT_CUDA", "libcuda.so.1");
  fill(&s.layout, s.laidOut ? s.laidOut : s.reported);
  s.gone.assign(128, F(afterDeath));
  for (int row = 0; row < SWOOP_TRT_ROWS; row++) {
    for (auto table : {" inner", " own"}) {
      auto &slots = s.tables[swoop_trt_method_scope(row) + std::string(table)];
      if (slots.empty()) slots.assign(128, F(unexpected));
    }
  }
  for (auto &entry : entries) {
    int slot = swoop_trt_slot(&s.layout, rowOf(entry.scope, entry.name, entry.form));
    if (slot < 0) continue;
    bool direct = std::string(entry.scope).compare(0, 7, "IParser") == 0;
    bool own = direct || std::string(entry.name) == "destroy";
    s.tables[entry.scope + std::string(own ? " own" : " inner")][slot] = entry.function;
  }
  s.ready = true;
}

/// What the lean runtime returns without a GPU: the offset of a member in a null object.
void *nothing() { return reinterpret_cast<void *>(uintptr_t(0x228)); }

}  // namespace

extern "C" {

void fake_trt_set_version(int32_t reported) {
  std::lock_guard lock(state().mutex);
  state().reported = reported;
  state().ready = false;
  state().tables.clear();
}
void fake_trt_set_layout(int32_t reported) {
  std::lock_guard lock(state().mutex);
  state().laidOut = reported;
  state().ready = false;
  state().tables.clear();
}
void fake_trt_set_cuda(const char *path) {
  std::lock_guard lock(state().mutex);
  state().cuda = path;
}
void fake_trt_set_blind(bool blind) { state().blind = blind; }
void fake_trt_set_bleeding(bool bleeding) { state().bleeding = bleeding; }

void fake_trt_fail(const char *method, int32_t nth) {
  std::lock_guard lock(state().mutex);
  state().orders[method] = nth;
}
int32_t fake_trt_calls(const char *method) {
  std::lock_guard lock(state().mutex);
  auto found = state().calls.find(method);
  return found == state().calls.end() ? 0 : found->second;
}
const char *fake_trt_fallible(void) {
  static const std::string *text = [] {
    auto list = new std::string;
    for (auto method : fallibleMethods) *list += (list->empty() ? "" : " ") + std::string(method);
    return list;
  }();
  return text->c_str();
}
int32_t fake_trt_live(void) {
  std::lock_guard lock(state().mutex);
  return state().live;
}
const char *fake_trt_violations(void) {
  std::lock_guard lock(state().mutex);
  static std::string text;
  text = state().violations;
  return text.c_str();
}
void fake_trt_reset(void) {
  std::lock_guard lock(state().mutex);
  state().calls.clear();
  state().orders.clear();
  state().violations.clear();
  state().blind = state().bleeding = false;
}

// MARK: TensorRT's entry points

int32_t getInferLibVersion(void) {
  prepare();
  return state().reported;
}

int32_t getNvOnnxParserVersion(void) { return 100; }

static void *root(const char *name, void *logger, int32_t version) {
  prepare();
  if (version != state().reported) violation("a factory was given another version than the library reports");
  state().logger = logger;
  if (state().blind) {
    log(1, "Error Code 6: CUDA initialization failure with error: 35. Please check your CUDA installation.");
    return nothing();
  }
  if (fails(name, nullptr)) return nullptr;
  log(4, std::string(name));
  return name == std::string("createInferRuntime") ? hand(make<Runtime>("IRuntime", nullptr))
                                                     : hand(make<Builder>("IBuilder", nullptr));
}

void *createInferRuntime_INTERNAL(void *logger, int32_t version) { return root("createInferRuntime", logger, version); }
void *createInferBuilder_INTERNAL(void *logger, int32_t version) { return root("createInferBuilder", logger, version); }

void *createInferRefitter_INTERNAL(void *engine, void *, int32_t) {
  auto inner = behind<Engine>(engine);
  if (fails("createInferRefitter", inner)) return nullptr;
  auto refitter = make<Refitter>("IRefitter", inner);
  refitter->engine = inner;
  return hand(refitter);
}

void *createNvOnnxParser_INTERNAL(void *network, void *, int32_t version) {
  if (version != 100) violation("the parser's factory was given another version than the parser reports");
  auto inner = behind<Network>(network);
  if (fails("createNvOnnxParser", inner)) return nullptr;
  auto parser = makeDirect<Parser>("IParser", inner);
  parser->network = inner;
  return parser;
}

void *createNvOnnxParserRefitter_INTERNAL(void *refitter, void *, int32_t) {
  auto inner = behind<Refitter>(refitter);
  auto parser = makeDirect<ParserRefitter>("IParserRefitter", inner);
  parser->refitter = inner;
  return parser;
}

bool initLibNvInferPlugins(void *, const char *) { return true; }

}  // extern "C"
