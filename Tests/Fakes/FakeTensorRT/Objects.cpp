#include "Objects.h"

namespace fake __attribute__((visibility("hidden"))) {

void setRecorder(Inner *object, void *recorder) {
  if (object->recorder) callerMethod<int32_t (*)(void *)>(object->recorder, "IErrorRecorder", "decRefCount")(object->recorder);
  object->recorder = recorder;
  if (recorder) callerMethod<int32_t (*)(void *)>(recorder, "IErrorRecorder", "incRefCount")(recorder);
}

/// Keeps what is left of an object that is gone: its first words, so that a later use is found and does not crash. Kept
/// reachable, so that a leak checker does not take it for a leak.
template <class T>
static void keep(T *object) {
  object->table = state().gone.data();
#if __has_feature(address_sanitizer)
  object->end(object);
#else
  state().graves.push_back(object);
#endif
}

void bury(Inner *object) {
  std::lock_guard lock(state().mutex);
  if (!object->alive) {
    violation("a " + object->type + " was freed twice");
    return;
  }
  if (object->children > 0) violation("a " + object->type + " was freed before what was made from it");
  if (object->recorder) setRecorder(object, nullptr);
  object->alive = false;
  if (object->parent != nullptr) object->parent->children--;
  object->outer.own = state().gone.data();
  state().live--;
  keep(object);
}

void buryDirect(Direct *object) {
  std::lock_guard lock(state().mutex);
  if (!object->alive) {
    violation("a " + object->type + " was freed twice");
    return;
  }
  object->alive = false;
  if (object->parent != nullptr) object->parent->children--;
  state().live--;
  keep(object);
}

Memory *memory(std::string bytes, Inner *parent) {
  auto result = make<Memory>("IHostMemory", parent);
  result->bytes = std::move(bytes);
  return result;
}

}  // namespace fake
