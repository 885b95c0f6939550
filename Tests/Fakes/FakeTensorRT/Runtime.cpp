// Runtimes.
#include <unistd.h>

#include "Plan.h"
#include "Tables.h"

namespace fake __attribute__((visibility("hidden"))) {

namespace {

void *deserialize(void *self, const void *bytes, uint64_t size) {
  auto runtime = static_cast<Runtime *>(self);
  if (fails("IRuntime.deserialize", runtime)) return nullptr;
  return hand(readPlan(runtime, bytes, size));
}
void *deserializeLegacy(void *self, const void *bytes, uint64_t size, void *) { return deserialize(self, bytes, size); }

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
void *pluginRegistry(void *self) {
  auto runtime = static_cast<Runtime *>(self);
  // Belongs to the runtime, which frees it.
  if (runtime->registry == nullptr) runtime->registry = makeDirect<Registry>("IPluginRegistry", nullptr);
  return runtime->registry;
}
void *loadLibrary(void *self, const char *path) {
  if (access(path, R_OK) != 0) {
    log(1, std::string("Unable to open library: ") + path);
    return nullptr;
  }
  auto &loaded = static_cast<Registry *>(self)->loaded;
  loaded.push_back(path);
  state().hasPlugins = true;
  return &loaded;
}
void *allCreators(void *, int32_t *count) {
  *count = 0;
  return nullptr;
}
void destroyRuntime(void *self) {
  auto runtime = static_cast<Runtime *>(static_cast<Object *>(self)->inner);
  if (runtime->registry) buryDirect(runtime->registry);
  runtime->registry = nullptr;
  bury(runtime);
}
int64_t headerSize(void *) { return 16; }
int32_t validity(void *, const void *bytes, int64_t size, uint64_t *diagnostics) {
  int32_t version = 0;
  if (size >= 12) memcpy(&version, static_cast<const char *>(bytes) + 8, 4);
  bool sound = size >= 16 && memcmp(bytes, magic, 8) == 0;
  *diagnostics = !sound ? 32 : version != state().reported ? 1 : 0;
  return *diagnostics ? 2 : 0;
}

}  // namespace

std::vector<Entry> runtimeEntries() {
  return {
    {"IRuntime", "deserialize", 0, F(deserializeLegacy)}, {"IRuntime", "deserialize", 1, F(deserialize)},
    {"IRuntime", "setErrorRecorder", 0, F(setErrorRecorder)}, {"IRuntime", "getErrorRecorder", 0, F(getErrorRecorder)},
    {"IRuntime", "getLogger", 0, F(getLogger)}, {"IRuntime", "setMaxThreads", 0, F(runtimeSetThreads)},
    {"IRuntime", "getMaxThreads", 0, F(runtimeThreads)}, {"IRuntime", "setTemporaryDirectory", 0, F(setTemporary)},
    {"IRuntime", "getTemporaryDirectory", 0, F(temporary)}, {"IRuntime", "setEngineHostCodeAllowed", 0, F(setHostCode)},
    {"IRuntime", "getEngineHostCodeAllowed", 0, F(hostCode)}, {"IRuntime", "getEngineHeaderSize", 0, F(headerSize)},
    {"IRuntime", "getEngineValidity", 0, F(validity)}, {"IRuntime", "destroy", 0, F(destroyRuntime)},
    {"IRuntime", "getPluginRegistry", 0, F(pluginRegistry)}, {"IPluginRegistry", "loadLibrary", 0, F(loadLibrary)},
    {"IPluginRegistry", "getAllCreators", 0, F(allCreators)}, {"IPluginRegistry", "getPluginCreatorList", 0, F(allCreators)},
  };
}

}  // namespace fake
