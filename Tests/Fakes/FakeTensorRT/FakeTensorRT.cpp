// The entry points of the library: those for tests, and TensorRT's own.
#include "include/FakeTensorRT.h"

#include "Tables.h"

using namespace fake;

namespace {

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
void fake_trt_set_needs_plugins(bool needed) {
  std::lock_guard lock(state().mutex);
  state().needsPlugins = needed;
}

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
  state().repeats.clear();
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

bool initLibNvInferPlugins(void *, const char *) {
  if (fails("initLibNvInferPlugins", nullptr)) return false;
  state().hasPlugins = true;
  return true;
}

}  // extern "C"