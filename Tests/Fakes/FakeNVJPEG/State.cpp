// The state, and how calls begin.
#include "State.h"

namespace fake __attribute__((visibility("hidden"))) {

State &state() {
  static auto *instance = new State;  // never destroyed: it is used while the process ends
  return *instance;
}

void violation(const std::string &text) {
  std::lock_guard lock(state().mutex);
  state().violations += text + "\n";
}

int32_t enter(const char *function, bool needsContext) {
  auto &s = state();
  int32_t result = success;
  Driver driver;
  {
    std::lock_guard lock(s.mutex);
    ++s.calls[function];
    auto order = s.orders.find(function);
    if (order != s.orders.end() && order->second.first > 0 && --order->second.first == 0) result = order->second.second;
    driver = s.driver;
  }
  if (needsContext) {
    void *context = nullptr;
    if (driver.current == nullptr || driver.current(&context) != 0 || context == nullptr) {
      violation(std::string(function) + " without a current context");
      return executionFailed;
    }
  }
  return result;
}

bool isAlive(const char *kind, void *object) {
  std::lock_guard lock(state().mutex);
  return state().live[kind].count(object) > 0;
}

}  // namespace fake
