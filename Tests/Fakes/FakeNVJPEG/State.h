#pragma once
// What the fake nvJPEG keeps besides its objects: what tests ask of it, the calls that were made, which objects are alive,
// and what was done wrong.
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

namespace fake __attribute__((visibility("hidden"))) {

constexpr int32_t success = 0, notInitialized = 1, invalidParameter = 2, badJPEG = 3, notSupported = 4,
                  allocatorFailure = 5, executionFailed = 6, archMismatch = 7, implementationNotSupported = 9, incomplete = 10;
constexpr int32_t hybrid = 1, hardware = 3, interleavedRGB = 5;

struct Driver {
  int32_t (*current)(void **);
  int32_t (*launch)(void *, void (*)(void *), void *);
};

struct State {
  std::mutex mutex;
  std::map<std::string, int> calls;
  std::map<std::string, std::pair<int, int32_t>> orders;
  std::map<std::string, std::set<void *>> live;
  std::map<int32_t, int32_t> flags;
  std::string violations;
  int32_t version[3] = {13, 0, 1};
  bool hasHardware = true;
  int32_t largestSide = 16384;
  int32_t skipped = -1;
  Driver driver = {};
};

State &state();

/// Notes what was done wrong.
void violation(const std::string &text);

/// Counts a call and says how it is to end.
int32_t enter(const char *function, bool needsContext = true);

template <class T>
T *made(const char *kind, T *object) {
  std::lock_guard lock(state().mutex);
  state().live[kind].insert(object);
  return object;
}

bool isAlive(const char *kind, void *object);

template <class T>
int32_t destroyed(const char *kind, void *object) {
  {
    std::lock_guard lock(state().mutex);
    if (state().live[kind].erase(object) == 0) {
      state().violations += std::string("a ") + kind + " was destroyed that is none\n";
      return invalidParameter;
    }
  }
  delete static_cast<T *>(object);
  return success;
}

}  // namespace fake

#define ENTER(...) \
  if (int32_t result = enter(__func__, ##__VA_ARGS__)) return result
#define ALIVE(kind, object)                                            \
  if (!isAlive(kind, object)) {                                        \
    violation(std::string(__func__) + " with a " kind " that is none"); \
    return invalidParameter;                                           \
  }
