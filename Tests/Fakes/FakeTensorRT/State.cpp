#include "State.h"

#include "Objects.h"

namespace fake __attribute__((visibility("hidden"))) {

State &state() {
  static auto *instance = new State;
  return *instance;
}

void violation(const std::string &text) {
  std::lock_guard lock(state().mutex);
  state().violations += text + "\n";
}

const std::vector<const char *> fallibleMethods = {
    "createInferRuntime", "createInferBuilder", "createInferRefitter", "createNvOnnxParser", "IRuntime.deserialize",
    "ICudaEngine.createExecutionContext", "ICudaEngine.createEngineInspector", "ICudaEngine.serialize",
    "IEngineInspector.getEngineInformation", "IExecutionContext.setInputShape", "IExecutionContext.setTensorAddress",
    "IExecutionContext.enqueueV3", "IExecutionContext.enqueueV2", "IExecutionContext.executeV2",
    "IExecutionContext.setOptimizationProfileAsync", "IExecutionContext.setOutputAllocator",
    "IBuilder.createNetworkV2", "IBuilder.createBuilderConfig", "IBuilder.createOptimizationProfile",
    "IBuilder.buildSerializedNetwork", "IOptimizationProfile.setDimensions", "IBuilderConfig.addOptimizationProfile",
    "IBuilderConfig.createTimingCache", "IBuilderConfig.setTimingCache", "IParser.parse", "IRefitter.setNamedWeights",
    "IRefitter.refitCudaEngine", "initLibNvInferPlugins", "execution",
};

int rowOf(const char *scope, const char *name, int form) {
  for (int row = 0; row < SWOOP_TRT_ROWS; row++) {
    if (strcmp(swoop_trt_method_scope(row), scope) || strcmp(swoop_trt_method_name(row), name)) continue;
    if (form-- == 0) return row;
  }
  return -1;
}

void log(int32_t severity, const std::string &text) {
  void *logger = state().logger;
  if (logger == nullptr) return;
  callerMethod<void (*)(void *, int32_t, const char *)>(logger, "ILogger", "log")(logger, severity, text.c_str());
}

void report(Inner *object, int32_t code, const std::string &text) {
  for (auto at = object; at != nullptr; at = at->parent) {
    if (at->recorder == nullptr) continue;
    callerMethod<bool (*)(void *, int32_t, const char *)>(at->recorder, "IErrorRecorder", "reportError")(
        at->recorder, code, text.c_str());
    return;
  }
  log(1, text);
}

bool fails(const char *method, Inner *object) {
  std::string words;
  {
    std::lock_guard lock(state().mutex);
    words = state().words;
    state().calls[method]++;
    auto order = state().orders.find(method);
    if (order == state().orders.end() || order->second <= 0 || --order->second > 0) return false;
    if (auto &left = state().repeats[method]; left > 0) {
      left--;
      order->second = 1;
    }
  }
  report(object, 2, std::string(method) + ": " + words);
  return true;
}

intptr_t unexpected(void *) {
  violation("a method was called that the fake does not have, or this version lacks");
  return 0;
}

intptr_t afterDeath(void *) {
  violation("an object was used after it was gone");
  return 0;
}

}  // namespace fake
