// Engines, their inspectors and their serialisation.
#include "Engine.h"

#include "Plan.h"
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

int32_t ioCount(void *self) { return static_cast<int32_t>(static_cast<Engine *>(self)->tensors.size()); }
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

int32_t bindingIndex(void *self, const char *name) {
  auto engine = static_cast<Engine *>(self);
  // In yet another order than the named tensors: outputs first, as TensorRT 8 is free to do.
  int32_t inputs = static_cast<int32_t>(engine->inputCount), all = ioCount(self);
  for (int32_t i = 0; i < all; i++) {
    if (name && engine->tensors[i].name == name) return i < inputs ? all - inputs + i : i - inputs;
  }
  return -1;
}

bool mustChoose(const Engine *engine) { return !engine->sharesProfiles && !engine->fixed; }

namespace {

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
Dims32 profileShape32(void *self, const char *name, int32_t profile, int32_t selector) {
  return narrow(profileShape64(self, name, profile, selector));
}

void *newContext(Engine *engine, bool userManaged, Inner *parent) {
  if (fails("ICudaEngine.createExecutionContext", engine)) return nullptr;
  auto context = make<Context>("IExecutionContext", parent);
  context->engine = engine;
  context->userManaged = userManaged;
  // A context starts with profile 0, or, where another has it, with none.
  if (mustChoose(engine)) context->profile = engine->chosen.emplace(0, context).second ? 0 : -1;
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
  return hand(memory(writePlan(*engine), engine));
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

}  // namespace

std::vector<Entry> engineEntries() {
  return {
    {"ICudaEngine", "getNbIOTensors", 0, F(ioCount)}, {"ICudaEngine", "getIOTensorName", 0, F(ioName)},
    {"ICudaEngine", "getTensorIOMode", 0, F(ioMode)}, {"ICudaEngine", "getTensorDataType", 0, F(ioType)},
    {"ICudaEngine", "getTensorShape", 0, F(engineShape32)}, {"ICudaEngine", "getTensorShape", 1, F(engineShape64)},
    {"ICudaEngine", "getTensorLocation", 0, F(zero)}, {"ICudaEngine", "getTensorFormat", 0, F(zero)},
    {"ICudaEngine", "getTensorBytesPerComponent", 0, F(bytesPerComponent)},
    {"ICudaEngine", "getTensorComponentsPerElement", 0, F(minusOne)},
    {"ICudaEngine", "getTensorVectorizedDim", 0, F(minusOne)}, {"ICudaEngine", "getTensorFormatDesc", 0, F(formatText)},
    {"ICudaEngine", "isShapeInferenceIO", 0, F(no)}, {"ICudaEngine", "getNbOptimizationProfiles", 0, F(profileCount)},
    {"ICudaEngine", "getProfileShape", 0, F(profileShape32)}, {"ICudaEngine", "getProfileShape", 1, F(profileShape64)},
    {"ICudaEngine", "createExecutionContext", 0, F(createContextLegacy)},
    {"ICudaEngine", "createExecutionContext", 1, F(createContext)},
    {"ICudaEngine", "createExecutionContextWithoutDeviceMemory", 0, F(createContextWithout)},
    {"ICudaEngine", "createExecutionContextWithConfig", 0, F(createContextWith)},
    {"ICudaEngine", "getDeviceMemorySize", 0, F(deviceMemorySize)},
    {"ICudaEngine", "getDeviceMemorySizeV2", 0, F(deviceMemorySizeV2)}, {"ICudaEngine", "getName", 0, F(engineName)},
    {"ICudaEngine", "getNbLayers", 0, F(engineLayers)}, {"ICudaEngine", "getNbAuxStreams", 0, F(none)},
    {"ICudaEngine", "createEngineInspector", 0, F(createInspector)}, {"ICudaEngine", "serialize", 0, F(serialize)},
    {"ICudaEngine", "createSerializationConfig", 0, F(createSerialization)},
    {"ICudaEngine", "serializeWithConfig", 0, F(serializeWith)},
    {"ICudaEngine", "getProfilingVerbosity", 0, F(engineVerbosity)},
    {"ICudaEngine", "getHardwareCompatibilityLevel", 0, F(engineHardware)},
    {"ICudaEngine", "isRefittable", 0, F(refittable)}, {"ICudaEngine", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"ICudaEngine", "createRuntimeConfig", 0, F(createRuntimeConfig)},
    {"ICudaEngine", "getNbBindings", 0, F(bindingCount)}, {"ICudaEngine", "getBindingIndex", 0, F(bindingIndex)},
    {"ICudaEngine", "hasImplicitBatchDimension", 0, F(implicitBatch)}, {"ICudaEngine", "destroy", 0, F(destroyObject)},
    {"ISerializationConfig", "setFlag", 0, F(setSerializationFlag)},
    {"ISerializationConfig", "destroy", 0, F(destroyObject)},
    {"IEngineInspector", "setExecutionContext", 0, F(inspectContext)},
    {"IEngineInspector", "getLayerInformation", 0, F(layerInformation)},
    {"IEngineInspector", "getEngineInformation", 0, F(engineInformation)},
    {"IEngineInspector", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"IEngineInspector", "destroy", 0, F(destroyObject)},
  };
}

}  // namespace fake
