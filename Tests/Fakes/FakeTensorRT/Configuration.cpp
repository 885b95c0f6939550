// How engines are built: configurations, optimization profiles, timing caches.
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

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

}  // namespace

std::vector<Entry> configurationEntries() {
  return {
    {"IBuilderConfig", "setFlag", 0, F(setFlag)}, {"IBuilderConfig", "clearFlag", 0, F(clearFlag)},
    {"IBuilderConfig", "getFlag", 0, F(getFlag)}, {"IBuilderConfig", "setMemoryPoolLimit", 0, F(setPool)},
    {"IBuilderConfig", "getMemoryPoolLimit", 0, F(pool)},
    {"IBuilderConfig", "setBuilderOptimizationLevel", 0, F(setLevel)},
    {"IBuilderConfig", "getBuilderOptimizationLevel", 0, F(level)},
    {"IBuilderConfig", "setHardwareCompatibilityLevel", 0, F(setHardware)},
    {"IBuilderConfig", "getHardwareCompatibilityLevel", 0, F(hardware)},
    {"IBuilderConfig", "setProfilingVerbosity", 0, F(setVerbosity)},
    {"IBuilderConfig", "getProfilingVerbosity", 0, F(verbosity)},
    {"IBuilderConfig", "addOptimizationProfile", 0, F(addProfile)},
    {"IBuilderConfig", "getNbOptimizationProfiles", 0, F(configProfiles)},
    {"IBuilderConfig", "createTimingCache", 0, F(createTimingCache)},
    {"IBuilderConfig", "setTimingCache", 0, F(setTimingCache)}, {"IBuilderConfig", "getTimingCache", 0, F(timingCache)},
    {"IBuilderConfig", "setProgressMonitor", 0, F(setMonitor)}, {"IBuilderConfig", "getProgressMonitor", 0, F(monitor)},
    {"IBuilderConfig", "setMaxAuxStreams", 0, F(setAuxiliaryVoid)},
    {"IBuilderConfig", "setMaxAuxStreams", 1, F(setAuxiliary)},
    {"IBuilderConfig", "setPreviewFeature", 0, F(setPreview)},
    {"IBuilderConfig", "getPreviewFeature", 0, F(getPreview)},
    {"IBuilderConfig", "setPluginsToSerialize", 0, F(setPlugins)},
    {"IBuilderConfig", "setNbComputeCapabilities", 0, F(setCapabilityCount)},
    {"IBuilderConfig", "setComputeCapability", 0, F(setCapability)}, {"IBuilderConfig", "destroy", 0, F(destroyObject)},
    {"IOptimizationProfile", "setDimensions", 0, F(setDimensions32)},
    {"IOptimizationProfile", "setDimensions", 1, F(setDimensions64)},
    {"IOptimizationProfile", "getDimensions", 0, F(getDimensions32)},
    {"IOptimizationProfile", "getDimensions", 1, F(getDimensions64)},
    {"IOptimizationProfile", "isValid", 0, F(validProfile)}, {"ITimingCache", "serialize", 0, F(serializeCache)},
    {"ITimingCache", "combine", 0, F(combine)}, {"ITimingCache", "destroy", 0, F(destroyObject)},
  };
}

}  // namespace fake
