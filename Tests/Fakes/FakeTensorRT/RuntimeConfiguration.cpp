// Runtime configurations and caches of TensorRT for RTX.
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

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

}  // namespace

std::vector<Entry> runtimeConfigurationEntries() {
  return {
    {"IRuntimeConfig", "setExecutionContextAllocationStrategy", 0, F(setStrategy)},
    {"IRuntimeConfig", "getExecutionContextAllocationStrategy", 0, F(strategy)},
    {"IRuntimeConfig", "createRuntimeCache", 0, F(createRuntimeCache)},
    {"IRuntimeConfig", "setRuntimeCache", 0, F(setRuntimeCache)},
    {"IRuntimeConfig", "setDynamicShapesKernelSpecializationStrategy", 0, F(setKernels)},
    {"IRuntimeConfig", "getDynamicShapesKernelSpecializationStrategy", 0, F(kernels)},
    {"IRuntimeConfig", "setCudaGraphStrategy", 0, F(setGraphs)},
    {"IRuntimeConfig", "getCudaGraphStrategy", 0, F(graphs)}, {"IRuntimeConfig", "destroy", 0, F(destroyObject)},
    {"IRuntimeCache", "serialize", 0, F(serializeRuntimeCache)},
    {"IRuntimeCache", "deserialize", 0, F(deserializeRuntimeCache)},
    {"IRuntimeCache", "reset", 0, F(resetRuntimeCache)}, {"IRuntimeCache", "destroy", 0, F(destroyObject)},
  };
}

}  // namespace fake
