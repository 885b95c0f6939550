// The controls for tests.
#include "include/FakeNVJPEG.h"

#include <dlfcn.h>

#include <cstdlib>

#include "State.h"

using namespace fake;

extern "C" {

void fake_nvjpeg_set_cuda(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return;
  std::lock_guard lock(state().mutex);
  auto &driver = state().driver;
  driver.current = reinterpret_cast<decltype(driver.current)>(dlsym(library, "cuCtxGetCurrent"));
  driver.launch = reinterpret_cast<decltype(driver.launch)>(dlsym(library, "cuLaunchHostFunc"));
}

// For processes that nobody calls the controls of.
__attribute__((constructor)) static void readEnvironment(void) {
  if (const char *cuda = getenv("FAKE_NVJPEG_CUDA")) fake_nvjpeg_set_cuda(cuda);
}

void fake_nvjpeg_set_version(int32_t major, int32_t minor, int32_t patch) {
  state().version[0] = major;
  state().version[1] = minor;
  state().version[2] = patch;
}

void fake_nvjpeg_set_hardware(bool exists) { state().hasHardware = exists; }

void fake_nvjpeg_set_largest_side(int32_t side) { state().largestSide = side; }

void fake_nvjpeg_fail(const char *function, int32_t nth, int32_t status) {
  std::lock_guard lock(state().mutex);
  if (nth <= 0 || status == 0) state().orders.erase(function);
  else state().orders[function] = {nth, status};
}

void fake_nvjpeg_skip(int32_t picture) { state().skipped = picture; }

int32_t fake_nvjpeg_calls(const char *function) {
  std::lock_guard lock(state().mutex);
  auto found = state().calls.find(function);
  return found == state().calls.end() ? 0 : found->second;
}

int32_t fake_nvjpeg_live(const char *kind) {
  std::lock_guard lock(state().mutex);
  return static_cast<int32_t>(state().live[kind].size());
}

int32_t fake_nvjpeg_flags(int32_t backend) {
  std::lock_guard lock(state().mutex);
  auto found = state().flags.find(backend);
  return found == state().flags.end() ? -1 : found->second;
}

const char *fake_nvjpeg_violations(void) {
  std::lock_guard lock(state().mutex);
  static std::string text;
  text = state().violations;
  return text.c_str();
}

void fake_nvjpeg_reset(void) {
  std::lock_guard lock(state().mutex);
  state().calls.clear();
  state().orders.clear();
  state().violations.clear();
  state().skipped = -1;
}

}  // extern "C"
