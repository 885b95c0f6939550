// Builders and what they build: plans, and the memory they come in.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <functional>

#include "Plan.h"
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

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

/// Where FAKE_TENSORRT_HOLD names a file, a build makes FILE.started and goes on when FILE is there, so that a test in
/// another process can meet it half-way. Returns false where the monitor stops it meanwhile.
bool hold(const std::function<bool()> &step) {
  const char *file = getenv("FAKE_TENSORRT_HOLD");
  if (file == nullptr || *file == 0) return true;
  if (FILE *started = fopen((std::string(file) + ".started").c_str(), "w")) fclose(started);
  while (access(file, F_OK) != 0) {
    if (!step()) return false;
    usleep(5000);
  }
  return true;
}

bool phases(Config *config) {
  if (config->monitor == nullptr) return hold([] { return true; });
  auto start = callerMethod<void (*)(void *, const char *, const char *, int32_t)>(config->monitor, "IProgressMonitor", "phaseStart");
  auto step = callerMethod<bool (*)(void *, const char *, int32_t)>(config->monitor, "IProgressMonitor", "stepComplete");
  auto finish = callerMethod<void (*)(void *, const char *)>(config->monitor, "IProgressMonitor", "phaseFinish");
  start(config->monitor, "Building Engine", nullptr, 2);
  start(config->monitor, "Tactic Selection", "Building Engine", 3);
  bool goesOn = hold([&] { return step(config->monitor, "Tactic Selection", 0); });
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
  Recipe recipe;
  recipe.source = network->source;
  recipe.name = network->name;
  recipe.profiles = config->profiles;
  recipe.flags = config->flags;
  recipe.verbosity = config->verbosity;
  recipe.hardware = config->hardware;
  int32_t sharing = swoop_trt_value(&state().layout, SWOOP_TRT_PreviewFeature_kPROFILE_SHARING_0806);
  recipe.sharesProfiles = sharing >= 0 && (config->previews >> sharing & 1);
  return hand(memory(writePlan(recipe), builder));
}
void destroyBuilder(void *self) {
  auto builder = static_cast<Builder *>(static_cast<Object *>(self)->inner);
  for (auto profile : builder->profiles) bury(profile);
  builder->profiles.clear();
  bury(builder);
}

void *memoryData(void *self) { return static_cast<Memory *>(self)->bytes.data(); }
uint64_t memorySize(void *self) { return static_cast<Memory *>(self)->bytes.size(); }

}  // namespace

std::vector<Entry> builderEntries() {
  return {
    {"IBuilder", "createBuilderConfig", 0, F(createConfig)}, {"IBuilder", "createNetworkV2", 0, F(createNetwork)},
    {"IBuilder", "createOptimizationProfile", 0, F(createProfile)}, {"IBuilder", "buildSerializedNetwork", 0, F(build)},
    {"IBuilder", "isNetworkSupported", 0, F(supported)}, {"IBuilder", "setErrorRecorder", 0, F(setErrorRecorder)},
    {"IBuilder", "getErrorRecorder", 0, F(getErrorRecorder)}, {"IBuilder", "setMaxThreads", 0, F(builderSetThreads)},
    {"IBuilder", "getMaxThreads", 0, F(builderThreads)}, {"IBuilder", "getLogger", 0, F(getLogger)},
    {"IBuilder", "platformHasFastFp16", 0, F(yes)}, {"IBuilder", "platformHasFastInt8", 0, F(yes)},
    {"IBuilder", "destroy", 0, F(destroyBuilder)}, {"IHostMemory", "data", 0, F(memoryData)},
    {"IHostMemory", "size", 0, F(memorySize)}, {"IHostMemory", "destroy", 0, F(destroyObject)},
  };
}

}  // namespace fake
