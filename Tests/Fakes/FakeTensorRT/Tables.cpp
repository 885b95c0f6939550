#include "Tables.h"

#include <cstdio>
#include <cstdlib>

namespace fake __attribute__((visibility("hidden"))) {

namespace {

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

void place(const Entry &entry) {
  int slot = swoop_trt_slot(&state().layout, rowOf(entry.scope, entry.name, entry.form));
  if (slot < 0) return;
  std::string scope = entry.scope;
  bool direct = scope.compare(0, 7, "IParser") == 0 || scope == "IPluginRegistry";
  bool own = direct || std::string(entry.name) == "destroy";
  state().tables[entry.scope + std::string(own ? " own" : " inner")][slot] = entry.function;
}

}  // namespace

void *getLogger(void *) { return state().logger; }
void setErrorRecorder(void *self, void *recorder) { setRecorder(static_cast<Inner *>(self), recorder); }
void *getErrorRecorder(void *self) { return static_cast<Inner *>(self)->recorder; }
void destroyObject(void *self) { bury(static_cast<Object *>(self)->inner); }
void destroyDirect(void *self) { buryDirect(static_cast<Direct *>(self)); }

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
  if (variable("FAKE_TENSORRT_BLEEDING", "0") == "1") s.bleeding = true;
  // method:call, the call of a method that is to fail; or method:call:times:words for several one after another, and what
  // is said of them.
  auto order = variable("FAKE_TENSORRT_FAIL", "");
  char method[64], words[64] = "";
  int call = 0, times = 1;
  if (sscanf(order.c_str(), "%63[^:]:%d:%d:%63[^:]", method, &call, &times, words) >= 2) {
    s.orders[method] = call;
    s.repeats[method] = times - 1;
    if (*words) s.words = words;
  }
  fill(&s.layout, s.laidOut ? s.laidOut : s.reported);
  s.gone.assign(128, F(afterDeath));
  for (int row = 0; row < SWOOP_TRT_ROWS; row++) {
    for (auto table : {" inner", " own"}) {
      auto &slots = s.tables[swoop_trt_method_scope(row) + std::string(table)];
      if (slots.empty()) slots.assign(128, F(unexpected));
    }
  }
  for (auto subject :
       {runtimeEntries, engineEntries, contextEntries, builderEntries, networkEntries, configurationEntries,
        runtimeConfigurationEntries, refitEntries, parserEntries}) {
    for (auto &entry : subject()) place(entry);
  }
  s.ready = true;
}

}  // namespace fake
