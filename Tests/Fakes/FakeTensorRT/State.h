#pragma once
// What the fake keeps besides its objects: the version and its tables, the calls that were made, and what was done wrong.
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "CTensorRT.h"

namespace fake __attribute__((visibility("hidden"))) {

struct Inner;

struct State {
  std::recursive_mutex mutex;
  int32_t reported = 0, laidOut = 0;
  swoop_trt_layout layout;
  bool ready = false, blind = false, bleeding = false, needsPlugins = false, hasPlugins = false;
  std::string cuda;
  void *logger = nullptr;
  std::map<std::string, std::vector<void *>> tables;
  /// The table of objects that are gone, and what is left of them.
  std::vector<void *> gone, graves;
  std::map<std::string, int> calls, orders;
  // How many calls more than one an order is for, and what is said of them.
  std::map<std::string, int> repeats;
  std::string words = "a failure that a test asked for";
  std::string violations;
  int live = 0;
};

State &state();

/// Notes what was done wrong.
void violation(const std::string &text);

/// The row of methods.tsv that a method has; -1 where there is none.
int rowOf(const char *scope, const char *name, int form);

/// A function of an object that the caller gave us, or null where this version has none.
template <class F>
F callerMethod(void *object, const char *scope, const char *name, int form = 0) {
  int slot = swoop_trt_slot(&state().layout, rowOf(scope, name, form));
  return slot < 0 ? nullptr : reinterpret_cast<F>((*static_cast<void ***>(object))[slot]);
}

void log(int32_t severity, const std::string &text);

/// Reports an error through the recorder of an object or its parents, or the log where there is none.
void report(Inner *object, int32_t code, const std::string &text);

/// The methods that a test can make fail.
extern const std::vector<const char *> fallibleMethods;

/// Counts a call, and says whether a test wants it to fail.
bool fails(const char *method, Inner *object);

intptr_t unexpected(void *);
intptr_t afterDeath(void *);

}  // namespace fake
