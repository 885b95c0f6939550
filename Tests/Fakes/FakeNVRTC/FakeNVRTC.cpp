#include "include/FakeNVRTC.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr int32_t success = 0, invalidInput = 3, invalidProgram = 4, invalidOption = 5, compilation = 6;

struct Program {
  std::string source, log;
  // Whether it was compiled for a real architecture, and so has a cubin.
  bool isCompiled = false, isBinary = false;
};

struct State {
  std::mutex mutex;
  int32_t major = 13, minor = 0;
  std::vector<int32_t> architectures = {75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121};
  std::string log;
  bool isFailing = false;
  std::map<std::string, int> calls;
  std::map<std::string, std::pair<int, int32_t>> orders;
  std::string options;
  std::set<Program *> programs;
  std::string ranges;
  uint64_t rangeCount = 0;

  State() {
    if (auto version = getenv("SWOOP_FAKE_NVRTC_VERSION")) sscanf(version, "%d.%d", &major, &minor);
  }
};

State &state() {
  static auto *instance = new State;  // never destroyed: it is used while the process ends
  return *instance;
}

int32_t enter(const char *function) {
  auto &s = state();
  s.calls[function]++;
  auto order = s.orders.find(function);
  if (order != s.orders.end() && order->second.first > 0 && --order->second.first == 0) return order->second.second;
  return success;
}

Program *find(void *handle) {
  auto program = static_cast<Program *>(handle);
  return state().programs.count(program) > 0 ? program : nullptr;
}

}  // namespace

#define LOCK std::lock_guard lock(state().mutex)
#define ENTER(name)                      \
  LOCK;                                  \
  if (int32_t result = enter(name)) return result

extern "C" {

void fake_nvrtc_set_version(int32_t major, int32_t minor) {
  LOCK;
  state().major = major;
  state().minor = minor;
}

void fake_nvrtc_set_architectures(const int32_t *architectures, int32_t count) {
  LOCK;
  state().architectures.assign(architectures, architectures + count);
}

void fake_nvrtc_set_log(const char *log) {
  LOCK;
  state().isFailing = log != nullptr;
  state().log = log == nullptr ? "" : log;
}

void fake_nvrtc_fail(const char *function, int32_t nth, int32_t result) {
  LOCK;
  if (nth <= 0 || result == 0) state().orders.erase(function);
  else state().orders[function] = {nth, result};
}

int32_t fake_nvrtc_calls(const char *function) {
  LOCK;
  return state().calls[function];
}

const char *fake_nvrtc_options(void) {
  LOCK;
  static std::string text;
  text = state().options;
  return text.c_str();
}

int32_t fake_nvrtc_live(void) {
  LOCK;
  return static_cast<int32_t>(state().programs.size());
}

const char *fake_nvtx_ranges(void) {
  LOCK;
  static std::string text;
  text = state().ranges;
  return text.c_str();
}

// MARK: NVRTC

int32_t nvrtcVersion(int *major, int *minor) {
  ENTER("nvrtcVersion");
  *major = state().major;
  *minor = state().minor;
  return success;
}

int32_t nvrtcGetNumSupportedArchs(int *count) {
  ENTER("nvrtcGetNumSupportedArchs");
  *count = static_cast<int>(state().architectures.size());
  return success;
}

int32_t nvrtcGetSupportedArchs(int *architectures) {
  ENTER("nvrtcGetSupportedArchs");
  for (auto architecture : state().architectures) *architectures++ = architecture;
  return success;
}

const char *nvrtcGetErrorString(int32_t result) {
  switch (result) {
    case success: return "NVRTC_SUCCESS";
    case invalidInput: return "NVRTC_ERROR_INVALID_INPUT";
    case invalidProgram: return "NVRTC_ERROR_INVALID_PROGRAM";
    case invalidOption: return "NVRTC_ERROR_INVALID_OPTION";
    case compilation: return "NVRTC_ERROR_COMPILATION";
    default: return "NVRTC_ERROR unknown";
  }
}

int32_t nvrtcCreateProgram(void **program, const char *source, const char *, int headerCount, const char *const *,
                           const char *const *) {
  ENTER("nvrtcCreateProgram");
  if (headerCount != 0) return invalidInput;
  auto made = new Program{source, {}};
  state().programs.insert(made);
  *program = made;
  return success;
}

int32_t nvrtcDestroyProgram(void **program) {
  ENTER("nvrtcDestroyProgram");
  auto found = find(*program);
  if (found == nullptr) return invalidProgram;
  state().programs.erase(found);
  delete found;
  *program = nullptr;
  return success;
}

int32_t nvrtcCompileProgram(void *handle, int count, const char *const *options) {
  ENTER("nvrtcCompileProgram");
  auto program = find(handle);
  if (program == nullptr) return invalidProgram;
  state().options.clear();
  int32_t architecture = 0;
  for (int i = 0; i < count; i++) {
    state().options += std::string(options[i]) + "\n";
    if (sscanf(options[i], "--gpu-architecture=sm_%d", &architecture) == 1) program->isBinary = true;
    else sscanf(options[i], "--gpu-architecture=compute_%d", &architecture);
  }
  bool isKnown = false;
  for (auto known : state().architectures) isKnown = isKnown || known == architecture;
  if (!isKnown) {
    program->log = "nvrtc: error: invalid value for --gpu-architecture (-arch)\n";
    return invalidOption;
  }
  if (state().isFailing) {
    program->log = state().log;
    return compilation;
  }
  program->isCompiled = true;
  return success;
}

int32_t nvrtcGetProgramLogSize(void *handle, size_t *size) {
  ENTER("nvrtcGetProgramLogSize");
  auto program = find(handle);
  if (program == nullptr) return invalidProgram;
  *size = program->log.size() + 1;
  return success;
}

int32_t nvrtcGetProgramLog(void *handle, char *log) {
  ENTER("nvrtcGetProgramLog");
  auto program = find(handle);
  if (program == nullptr) return invalidProgram;
  memcpy(log, program->log.c_str(), program->log.size() + 1);
  return success;
}

int32_t nvrtcGetCUBINSize(void *handle, size_t *size) {
  ENTER("nvrtcGetCUBINSize");
  auto program = find(handle);
  if (program == nullptr || !program->isCompiled) return invalidProgram;
  *size = program->isBinary ? program->source.size() : 0;
  return success;
}

int32_t nvrtcGetCUBIN(void *handle, char *image) {
  ENTER("nvrtcGetCUBIN");
  auto program = find(handle);
  if (program == nullptr || !program->isCompiled || !program->isBinary) return invalidProgram;
  memcpy(image, program->source.data(), program->source.size());
  return success;
}

int32_t nvrtcGetPTXSize(void *handle, size_t *size) {
  ENTER("nvrtcGetPTXSize");
  auto program = find(handle);
  if (program == nullptr || !program->isCompiled) return invalidProgram;
  *size = program->source.size() + 1;
  return success;
}

int32_t nvrtcGetPTX(void *handle, char *image) {
  ENTER("nvrtcGetPTX");
  auto program = find(handle);
  if (program == nullptr || !program->isCompiled) return invalidProgram;
  memcpy(image, program->source.c_str(), program->source.size() + 1);
  return success;
}

// MARK: NVTX

uint64_t nvtxRangeStartA(const char *name) {
  LOCK;
  state().ranges += std::string(name) + "\n";
  return ++state().rangeCount;
}

void nvtxRangeEnd(uint64_t) {
  LOCK;
  state().ranges += "end\n";
}

}  // extern "C"
